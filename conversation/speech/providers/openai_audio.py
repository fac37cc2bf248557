"""Hearing and speaking through any server with OpenAI's audio API: /v1/audio/transcriptions and /v1/audio/speech."""

import asyncio
import copy
import io
import math
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, SpeechChunk, Transcript
from conversation.speech.providers.energy_chunk import finish, pieces

PCM_RATE_HZ = 24_000
"""Rate of ``response_format=pcm``: 16-bit signed little-endian, mono."""

SHORTEST_SPEECH = 0.1
"""Seconds; the API refuses shorter files, and nobody says anything in less."""
LONGEST_SPEECH = 780.0
"""Seconds; the API takes files of up to 25 MB."""

_LANGUAGES = (
    "af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko lt lv mi mk mr ms ne "
    "nl no pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh"
)
"""Those that OpenAI's speech-to-text guide lists as supported."""


@dataclass(frozen=True, slots=True)
class AudioServer:
    """Where the audio API is and how long one request may take."""

    base_url: str
    """Up to and including the version, such as ``https://audio.example/v1``."""
    api_key: str = field(default="", repr=False)
    """Empty for a local server that asks for none."""
    connect_timeout: float = 0.5
    timeout: float = 8.0
    """Seconds from sending a request to having all of its answer."""


class _Connection:
    """One client with hard time limits, whose errors become ``SpeechError``."""

    def __init__(self, server: AudioServer, engine: str) -> None:
        import openai

        self._openai = openai
        self._server = server
        self._engine = engine
        self.client = openai.AsyncOpenAI(
            base_url=server.base_url,
            api_key=server.api_key or "none",
            max_retries=0,
            timeout=openai.Timeout(server.timeout, connect=server.connect_timeout),
        )

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Bound what happens inside and sort its errors. Their text is dropped: servers quote the request in it."""
        try:
            async with asyncio.timeout(self._server.timeout):
                yield
        except SpeechError:
            raise
        except TimeoutError:
            message = f"no answer within {self._server.timeout:g} s"
            raise SpeechError(Category.TIMEOUT, self._engine, message) from None
        except Exception as error:
            raise self._sorted(error) from None

    def _sorted(self, error: Exception) -> SpeechError:
        if isinstance(error, self._openai.APITimeoutError):
            return SpeechError(Category.TIMEOUT, self._engine, "the connection timed out")
        if isinstance(error, self._openai.APIStatusError):
            return SpeechError(_category(error.status_code), self._engine, _advice(error.status_code))
        # What breaks in the middle of a body comes straight from the HTTP library below the client.
        if isinstance(error, self._openai.APIConnectionError) or type(error).__module__.startswith("httpx"):
            return SpeechError(Category.NETWORK, self._engine, "cannot connect, or the connection broke")
        return SpeechError(Category.PROVIDER, self._engine, f"unreadable response ({type(error).__name__})")


class OpenAITranscriber:
    """Speech to text by ``audio.transcriptions``; implements ``Transcriber``.

    ``logprobs`` asks for token probabilities, which only the gpt-4o family reports; without them confidence is 1.0.
    """

    def __init__(
        self,
        server: AudioServer,
        model: str,
        *,
        languages: frozenset[str] = frozenset(_LANGUAGES.split()),
        logprobs: bool = False,
    ) -> None:
        self._model = model
        self._languages = languages
        self._logprobs = logprobs
        self._connection = _Connection(server, self.name)

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"openai-audio/{self._model}"

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the model understands."""
        return self._languages

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.client.close()

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """Transcribe float32 [n] at 16 kHz. Less than 0.1 s is nothing said, without a request.

        Raises ``SpeechError``: INPUT above 780 s or for a language that is not understood, AUTHENTICATION,
        RATE_LIMIT, NETWORK, TIMEOUT, PROVIDER or MODEL for what the server does.
        """
        seconds = len(speech) / SAMPLE_RATE_HZ
        if seconds > LONGEST_SPEECH:
            raise SpeechError(Category.INPUT, self.name, f"{seconds:.0f} s of speech, at most {LONGEST_SPEECH:.0f}")
        if language not in self._languages:
            raise SpeechError(Category.INPUT, self.name, f"language {language!r} is not among those it understands")
        if seconds < SHORTEST_SPEECH:
            return Transcript("", language, 1.0, 1.0, 0.0, self._model)
        options: dict[str, Any] = {"include": ["logprobs"]} if self._logprobs else {}
        if hint:
            options["prompt"] = hint
        started = time.perf_counter()
        async with self._connection.request():
            response = await self._connection.client.audio.transcriptions.create(
                file=("speech.wav", wav_bytes(speech), "audio/wav"),
                model=self._model,
                language=language,
                response_format="json",
                **options,
            )
            text = getattr(response, "text", None)
            if not isinstance(text, str):
                raise SpeechError(Category.PROVIDER, self.name, "the response has no text")
        taken = time.perf_counter() - started
        return Transcript(text.strip(), language, _confidence(response), 0.0, taken, self._model)


class OpenAISynthesizer:
    """Text to speech by ``audio.speech``, a clause a request, the next one under way meanwhile.

    Implements ``Synthesizer``; mouth shapes follow the loudness, because the API gives no timing.
    """

    def __init__(self, server: AudioServer, model: str, voice: str) -> None:
        self._model = model
        self._voice = voice
        self._connection = _Connection(server, self.voice)

    @property
    def voice(self) -> str:
        """Engine, model and voice."""
        return f"openai-audio/{self._model}/{self._voice}"

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the chunks, 24 kHz."""
        return PCM_RATE_HZ

    def with_voice(self, voice: str) -> "OpenAISynthesizer":
        """The same server and model with another voice; whether it has that voice shows with the first request."""
        other = copy.copy(self)
        other._voice = voice
        return other

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.client.close()

    async def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        """Yield one chunk for each clause; text without anything to pronounce yields nothing.

        Raises ``SpeechError``: INPUT when the text is longer than 5,000 characters or the rate outside of 0.5 to 2,
        AUTHENTICATION, RATE_LIMIT, NETWORK, TIMEOUT, PROVIDER or MODEL for what the server does.
        """
        waiting = pieces(self.voice, text, rate)
        under_way: list[asyncio.Task[Samples]] = []
        try:
            for index, piece in enumerate(waiting):
                for ahead in waiting[index + len(under_way) : index + 2]:
                    under_way.append(asyncio.create_task(self._render(ahead, rate)))
                samples = await under_way.pop(0)
                chunk = finish(piece, samples, PCM_RATE_HZ, rate=rate, last=index + 1 == len(waiting))
                if chunk is not None:
                    yield chunk
        finally:
            for task in under_way:
                task.cancel()
            # Looked at, so that asyncio does not report the failure of a clause that nobody waits for any more.
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _render(self, text: str, rate: float) -> Samples:
        """Return float32 [n] at 24 kHz for one clause."""
        options: dict[str, Any] = {} if rate == 1.0 else {"speed": rate}
        pcm = bytearray()
        async with (
            self._connection.request(),
            self._connection.client.audio.speech.with_streaming_response.create(
                model=self._model, voice=self._voice, input=text, response_format="pcm", **options
            ) as response,
        ):
            async for received in response.iter_bytes():
                pcm += received
        whole = len(pcm) // 2 * 2
        return np.frombuffer(bytes(pcm[:whole]), dtype="<i2").astype(np.float32) / 32768.0


def wav_bytes(speech: Samples) -> bytes:
    """Return float32 [n] at 16 kHz as a WAV file with 16-bit samples; what exceeds [-1, 1] is clipped."""
    samples = (np.clip(np.nan_to_num(speech), -1.0, 1.0) * 32767.0).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE_HZ)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def _confidence(response: object) -> float:
    """Return exp(mean token log-probability), or 1.0 when the server reports none."""
    reported = getattr(response, "logprobs", None) or []
    logprobs = [token.logprob for token in reported if isinstance(token.logprob, float | int)]
    return min(1.0, math.exp(sum(logprobs) / len(logprobs))) if logprobs else 1.0


def _category(status: int) -> Category:
    """Sort an HTTP status."""
    known = {
        401: Category.AUTHENTICATION,
        403: Category.AUTHENTICATION,
        404: Category.MODEL,
        408: Category.TIMEOUT,
        429: Category.RATE_LIMIT,
        503: Category.BUSY,
    }
    return known.get(status, Category.INPUT if status < 500 else Category.PROVIDER)


def _advice(status: int) -> str:
    """Say what to do about an HTTP status."""
    advice = {401: "check the API key", 403: "check the rights of the API key", 404: "check the model and the base URL"}
    return f"HTTP {status}" + (f": {advice[status]}" if status in advice else "")
