"""A local server that speaks OpenAI's published wire format, and misbehaves on request.

Chat completions, transcriptions, speech and models, as in https://platform.openai.com/docs/api-reference. It is a
double for a service, not for our client: requests travel over HTTP through the real ``openai`` package.
"""

import asyncio
import contextlib
import io
import json
import math
import wave
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import numpy as np
from aiohttp import web

SPEECH_RATE_HZ = 24_000
_MAX_SILENCE_SECONDS = 30.0
_CHAT_PARAMETERS = frozenset(
    {"model", "messages", "max_completion_tokens", "max_tokens", "temperature", "logprobs", "top_logprobs"}
    | {"response_format", "stream"}
)


class Behaviour(StrEnum):
    """What the server does with a request."""

    OK = "ok"
    SLOW = "slow"
    """Answers after ``delay`` seconds."""
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate_limited"
    """429 with ``Retry-After: retry_after``."""
    SERVER_ERROR = "server_error"
    REFUSAL = "refusal"
    CUT_OFF = "cut_off"
    NONSENSE = "nonsense"
    """Prose instead of the JSON that was asked for."""
    MALFORMED_JSON = "malformed_json"
    """A response body that breaks off in the middle of the JSON, with a correct length."""
    WRONG_SHAPE = "wrong_shape"
    """Valid JSON that is no chat completion."""
    ILLEGAL_ID = "illegal_id"
    UNGROUNDED_QUOTE = "ungrounded_quote"
    DROPPED = "dropped"
    """The connection breaks in the middle of the body."""
    SILENT = "silent"
    """Never answers."""


@dataclass(slots=True)
class Received:
    """One request, as it arrived."""

    path: str
    body: dict[str, Any]
    """The JSON body, or the form fields; a file is there as its bytes."""


@dataclass(slots=True)
class FakeOpenAI:
    """The server and its switches; use it as an async context manager."""

    condition: str = ""
    """The outcome whose condition holds this text is chosen; none when no condition does."""
    evidence: str | None = None
    """What the model cites; the reply itself when None."""
    data: dict[str, Any] = field(default_factory=dict)
    duress: bool = False
    probability: float = 0.9
    """P(alias) reported in the log-probabilities; the next legal alias gets the rest."""
    line: str = "Could you tell me your name, please?"
    """What it writes when no JSON is asked for."""
    transcript: str = "My name is Anna Kovacs."
    unsupported: set[str] = field(default_factory=set)
    """Parameters that are refused with an error 400 naming them; ``json_schema`` refuses that format."""
    enforces_schema: bool = True
    """Whether a schema constrains the answer; if not, the server does what the message says."""
    delay: float = 1.0
    retry_after: str = "0.1"
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _script: deque[Behaviour] = field(default_factory=lambda: deque([Behaviour.OK]))
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    def behave(self, *behaviours: Behaviour) -> None:
        """Do this, one behaviour for each request; the last one stays."""
        self._script = deque(behaviours)

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=32 * 2**20)
        application.router.add_post("/v1/chat/completions", self._chat)
        application.router.add_post("/v1/audio/transcriptions", self._transcriptions)
        application.router.add_post("/v1/audio/speech", self._speech)
        application.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(application, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.received.append(Received(request.path, body))
        behaviour = self._next()
        if (problem := await self._trouble(request, behaviour)) is not None:
            return problem
        for name in sorted(body.keys() - _CHAT_PARAMETERS):
            return _error(400, f"Unrecognized request argument supplied: {name}", "invalid_request_error", name)
        for name in sorted(self.unsupported & body.keys()):
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            return _error(400, message, "invalid_request_error", name)
        kind = body.get("response_format", {}).get("type", "text")
        if kind in self.unsupported:
            message = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
            return _error(400, message, "invalid_request_error", "response_format")
        return await _send(request, self._completion(body, behaviour), behaviour)

    def _completion(self, body: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
        if behaviour is Behaviour.WRONG_SHAPE:
            return {"result": "yes"}
        text, rivals = self._text(body, behaviour)
        refusal = "I cannot help with that." if behaviour is Behaviour.REFUSAL else None
        message = {"role": "assistant", "content": None if refusal else text, "refusal": refusal}
        finish = "length" if behaviour is Behaviour.CUT_OFF else "stop"
        choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        if body.get("logprobs"):
            choice["logprobs"] = {"content": self._tokens(text, rivals), "refusal": None}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": body["model"],
            "choices": [choice],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }

    def _text(self, body: dict[str, Any], behaviour: Behaviour) -> tuple[str, list[str]]:
        """Return what the model writes, and the aliases that it could have written."""
        if behaviour is Behaviour.NONSENSE:
            return "Bananas are berries, botanically speaking.", []
        asked = body["messages"][-1]["content"]
        payload = json.loads(asked) if asked.startswith("{") else {}
        if "outcomes" not in payload:
            schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
            if schema and self.enforces_schema:
                return json.dumps({name: value["enum"][0] for name, value in schema["properties"].items()}), []
            return (asked.removeprefix("Answer exactly ") if "Answer exactly" in asked else self.line), []
        outcomes = payload["outcomes"]
        met = [alias for alias, text in outcomes.items() if self.condition and self.condition in text]
        alias = "o99" if behaviour is Behaviour.ILLEGAL_ID else (met or ["none"])[0]
        evidence = payload["reply"] if self.evidence is None else self.evidence
        if behaviour is Behaviour.UNGROUNDED_QUOTE:
            evidence = "I hereby confirm everything"
        empty = dict.fromkeys(("name", "email", "phone", "dateOfBirth", "age", "code"))
        answer = {"evidence": evidence, "outcome": alias, "duress": self.duress, "data": empty | self.data}
        if body.get("response_format", {}).get("type", "text") == "text":
            return f"I would say {alias}.", []
        return json.dumps(answer), [*outcomes, "none"]

    def _tokens(self, text: str, rivals: list[str]) -> list[dict[str, Any]]:
        """Return one token per character, with the doubt about the alias at its last character."""
        tokens = [{"token": c, "logprob": 0.0, "bytes": list(c.encode()), "top_logprobs": []} for c in text]
        key = '"outcome": "'
        if not rivals or key not in text:
            return tokens
        at = text.index(key) + len(key)
        lead = 1 if text[at] == "o" else 0
        chosen = text[at + lead]
        others = {rival[lead] for rival in rivals if rival[:lead] == text[at : at + lead]} - {chosen}
        share = (1 - self.probability) / max(1, len(others))
        # "x" leads to no legal alias: a raw probability, from before a grammar took it away.
        ranked = {chosen: self.probability, **dict.fromkeys(sorted(others), share), "x": 0.5}
        tokens[at + lead]["logprob"] = math.log(self.probability)
        tokens[at + lead]["top_logprobs"] = [
            {"token": c, "logprob": math.log(p), "bytes": list(c.encode())} for c, p in ranked.items() if p > 0
        ]
        return tokens

    async def _transcriptions(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        fields: dict[str, Any] = {
            name: value.file.read() if isinstance(value, web.FileField) else value for name, value in form.items()
        }
        self.received.append(Received(request.path, fields))
        behaviour = self._next()
        if (problem := await self._trouble(request, behaviour)) is not None:
            return problem
        try:
            wave.open(io.BytesIO(fields["file"])).close()
        except (wave.Error, EOFError, KeyError, TypeError):
            return _error(400, "Invalid file format.", "invalid_request_error", "file")
        answer: dict[str, Any] = {"text": self.transcript, "usage": {"type": "duration", "seconds": 1}}
        if behaviour is Behaviour.WRONG_SHAPE:
            answer = {"segments": []}
        elif fields.get("include[]") == "logprobs":
            answer["logprobs"] = [{"token": "a", "logprob": math.log(self.probability), "bytes": [97]}] * 3
        return await _send(request, answer, behaviour)

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.received.append(Received(request.path, body))
        behaviour = self._next()
        if (problem := await self._trouble(request, behaviour)) is not None:
            return problem
        if body.get("response_format") != "pcm":
            return _error(400, "This server only speaks pcm.", "invalid_request_error", "response_format")
        pcm = _voice(body["input"], body.get("speed", 1.0))
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        # Odd sizes, so that a sample is torn between two pieces.
        for start in range(0, len(pcm), 4_801):
            await response.write(pcm[start : start + 4_801])
            if behaviour is Behaviour.DROPPED and request.transport is not None:
                request.transport.abort()
                return response
        await response.write_eof()
        return response

    async def _models(self, request: web.Request) -> web.Response:
        models = [{"id": "fake-model", "object": "model", "created": 1_700_000_000, "owned_by": "tests"}]
        return web.json_response({"object": "list", "data": models})

    def _next(self) -> Behaviour:
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    async def _trouble(self, request: web.Request, behaviour: Behaviour) -> web.StreamResponse | None:
        """Return the error that a behaviour gives on every route, after any wait."""
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return _error(401, "You didn't provide an API key.", "invalid_request_error", None)
        if behaviour is Behaviour.UNAUTHORIZED:
            return _error(401, "Incorrect API key provided.", "invalid_request_error", None, "invalid_api_key")
        if behaviour is Behaviour.RATE_LIMITED:
            response = _error(429, "Rate limit reached.", "requests", None, "rate_limit_exceeded")
            response.headers["Retry-After"] = self.retry_after
            return response
        if behaviour is Behaviour.SERVER_ERROR:
            return _error(500, "The server had an error.", "server_error", None)
        wait = {Behaviour.SLOW: self.delay, Behaviour.SILENT: _MAX_SILENCE_SECONDS}.get(behaviour, 0.0)
        if wait:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), wait)
        return None


def _error(status: int, message: str, kind: str, parameter: str | None, code: str | None = None) -> web.Response:
    body = {"error": {"message": message, "type": kind, "param": parameter, "code": code}}
    return web.json_response(body, status=status)


async def _send(request: web.Request, answer: dict[str, Any], behaviour: Behaviour) -> web.StreamResponse:
    """Send a JSON body, or what is left of it when the behaviour breaks it."""
    body = json.dumps(answer).encode()
    if behaviour is Behaviour.MALFORMED_JSON:
        return web.Response(body=body[: len(body) // 2], content_type="application/json")
    if behaviour is not Behaviour.DROPPED:
        return web.Response(body=body, content_type="application/json")
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response


def _voice(text: str, speed: float) -> bytes:
    """Return a tone of 60 ms for each character between two silences of 200 ms: s16le, mono, 24 kHz."""
    seconds = 0.06 * len(text) / speed
    tone = 0.3 * np.sin(2 * np.pi * 180 * np.arange(int(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ)
    silence = np.zeros(SPEECH_RATE_HZ // 5)
    samples = np.concatenate([silence, tone, silence])
    return (samples * 32767).astype("<i2").tobytes()
