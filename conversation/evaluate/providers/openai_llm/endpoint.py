"""One OpenAI-compatible chat server: a request with a hard time limit, its failures sorted, its abilities learned."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conversation.evaluate.breaker import CircuitBreaker
from conversation.evaluate.providers.openai_llm.capabilities import Capabilities, OutputFormat, without_refused
from conversation.evaluate.providers.openai_llm.logprobs import Token

logger = logging.getLogger(__name__)


class FailureKind(StrEnum):
    """Why a server gave no usable answer."""

    AUTHENTICATION = "authentication"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    REQUEST = "request"
    ANSWER = "answer"


_RETRYABLE = frozenset({FailureKind.RATE_LIMIT, FailureKind.SERVER, FailureKind.CONNECTION})


class ChatFailure(Exception):
    """A server gave no usable answer. Holds neither what was said nor what the server wrote."""

    def __init__(self, kind: FailureKind, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.retry_after = retry_after
        """Seconds that the server asked us to wait, if it did."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed in a moment."""
        return self.kind in _RETRYABLE


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where a chat server is and how long it may take."""

    name: str
    """What logs call it."""
    base_url: str
    """Up to and including the version, such as ``https://llm.example/v1``."""
    model: str
    api_key: str = field(default="", repr=False)
    """Empty for a local server that asks for none."""
    connect_timeout: float = 0.5
    timeout: float = 1.2
    """Seconds that one request may take in all."""
    trusts_duress: bool = False
    """Whether the model is good enough for its duress flag to count; a small model's is only noted."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked, apart from how a particular server wants it written."""

    messages: tuple[Mapping[str, str], ...]
    schema: Mapping[str, Any] | None = None
    """JSON schema of the answer; None for free text."""
    max_output_tokens: int = 220
    temperature: float = 0.0
    logprobs: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote."""

    text: str
    tokens: tuple[Token, ...] = ()
    """Empty when the server reports no log-probabilities."""


def request_body(request: ChatRequest, model: str, capabilities: Capabilities) -> dict[str, Any]:
    """Return the JSON body of ``POST /v1/chat/completions`` for a server with these capabilities."""
    body: dict[str, Any] = {"model": model, "messages": [dict(message) for message in request.messages]}
    if capabilities.token_limit_parameter is not None:
        body[capabilities.token_limit_parameter] = request.max_output_tokens
    if capabilities.temperature:
        body["temperature"] = request.temperature
    if request.logprobs and capabilities.logprobs:
        body |= {"logprobs": True, "top_logprobs": 5}
    if request.schema is not None and capabilities.output_format is OutputFormat.JSON_SCHEMA:
        named = {"name": "answer", "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif request.schema is not None and capabilities.output_format is OutputFormat.JSON_OBJECT:
        body["response_format"] = {"type": "json_object"}
    return body


class ChatEndpoint:
    """One server. Shared by all sessions, so that what one learns about it serves the others."""

    def __init__(self, settings: EndpointSettings, *, breaker: CircuitBreaker | None = None) -> None:
        import openai

        self.settings = settings
        self.breaker = breaker or CircuitBreaker()
        self.capabilities = Capabilities()
        self._openai = openai
        # The client's own defaults (ten minutes, two silent retries) would outlive any turn of a conversation.
        self._client = openai.AsyncOpenAI(
            base_url=settings.base_url, api_key=settings.api_key or "none", max_retries=0, timeout=settings.timeout
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def complete(self, request: ChatRequest, *, timeout: float | None = None) -> Completion:
        """Ask once, within ``timeout`` seconds (default: the settings'). Raises ``ChatFailure``.

        A request that the server refuses for a parameter is sent again without it, within the same time.
        Failures of the server count towards the circuit breaker; unusable answers do not, because a user's words can
        provoke them and must not be able to switch the server off for everyone.
        """
        limit = self.settings.timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(limit):
                completion = await self._adapted(request, limit)
        except ChatFailure as failure:
            self._report(failure.kind)
            raise
        except TimeoutError:
            self._report(FailureKind.TIMEOUT)
            raise ChatFailure(FailureKind.TIMEOUT, f"no answer within {limit:.2f} s") from None
        except Exception as error:
            sorted_failure = self._failure(error)
            self._report(sorted_failure.kind)
            raise sorted_failure from None
        self.breaker.succeeded()
        return completion

    async def _adapted(self, request: ChatRequest, limit: float) -> Completion:
        """Send the request, leaving out what the server refuses; each round takes one ability away, so it ends."""
        while True:
            tried = self.capabilities
            body = request_body(request, self.settings.model, tried)
            deadlines = self._openai.Timeout(limit, connect=min(limit, self.settings.connect_timeout))
            try:
                response = await self._client.chat.completions.create(**body, timeout=deadlines)
            except (self._openai.BadRequestError, self._openai.UnprocessableEntityError) as error:
                left = without_refused(tried, error.param or error.message)
                if left is None:
                    raise
                logger.info("endpoint %s: refused a parameter, now %s", self.settings.name, left)
                self.capabilities = left
                continue
            return _completion(response)

    def _report(self, kind: FailureKind) -> None:
        """Tell the breaker about a failure that is the server's."""
        if kind is FailureKind.AUTHENTICATION:
            self.breaker.rejected()
        elif kind not in (FailureKind.ANSWER, FailureKind.REQUEST):
            self.breaker.failed(time.monotonic())
        logger.warning("endpoint %s: %s", self.settings.name, kind)

    def _failure(self, error: Exception) -> ChatFailure:
        """Sort an exception of the client library. Its text is dropped: servers quote the request in it."""
        if isinstance(error, self._openai.APITimeoutError):
            return ChatFailure(FailureKind.TIMEOUT, "the connection timed out")
        if isinstance(error, self._openai.APIConnectionError):
            return ChatFailure(FailureKind.CONNECTION, "cannot connect, or the connection broke")
        if isinstance(error, self._openai.APIStatusError):
            status = error.status_code
            if status in (401, 403):
                return ChatFailure(FailureKind.AUTHENTICATION, f"HTTP {status}: check the API key")
            if status == 429:
                waited = _seconds(error.response.headers.get("retry-after"))
                return ChatFailure(FailureKind.RATE_LIMIT, "HTTP 429", retry_after=waited)
            return ChatFailure(FailureKind.SERVER if status >= 500 else FailureKind.REQUEST, f"HTTP {status}")
        return ChatFailure(FailureKind.SERVER, f"unreadable response ({type(error).__name__})")


def _seconds(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110 §10.2.3); None for a date or rubbish."""
    try:
        return None if header is None else max(0.0, float(header))
    except ValueError:
        return None


def _completion(response: object) -> Completion:
    """Read the first choice of a response, which the client library passes on unchecked."""
    choices = getattr(response, "choices", None)
    message = getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
    if not isinstance(choices, list) or message is None:
        raise ChatFailure(FailureKind.SERVER, "the response has no choices")
    if getattr(message, "refusal", None):
        raise ChatFailure(FailureKind.ANSWER, "the model refused")
    if (finish := getattr(choices[0], "finish_reason", None)) != "stop":
        raise ChatFailure(FailureKind.ANSWER, "cut off" if finish == "length" else "not finished")
    text = getattr(message, "content", None)
    if not isinstance(text, str) or not text.strip():
        raise ChatFailure(FailureKind.ANSWER, "empty")
    reported = getattr(getattr(choices[0], "logprobs", None), "content", None) or []
    return Completion(text, tuple(_token(token) for token in reported))


def _token(reported: Any) -> Token:
    """Read one entry of ``logprobs.content``."""
    rivals = getattr(reported, "top_logprobs", None) or []
    return Token(reported.token, reported.logprob, tuple((rival.token, rival.logprob) for rival in rivals))
