"""Speech to text by OpenAI's own ``openai-whisper`` package on PyTorch, behind the extra 'whisper'.

Slower than the default engine on a CPU; it is here for those who have PyTorch, a GPU or fine-tuned checkpoints.
"""

import asyncio
import math
import time
from pathlib import Path
from typing import Any

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Transcript
from conversation.speech.providers.weights import loading, require

_ENGINE = "openai-whisper"
_SHORTEST_SPEECH = 0.1
_LONGEST_SPEECH = 600.0


class OpenAIWhisperTranscriber:
    """Runs a Whisper checkpoint; implements ``Transcriber``.

    ``checkpoint`` is a file of the openai-whisper package, its own or one that ``ct2_checkpoint.convert`` wrote.
    """

    def __init__(self, pool: ModelPool, checkpoint: Path, *, device: str = "cpu", timeout: float = 30.0) -> None:
        """Load the checkpoint. Raises ``SpeechError``: MODEL when it, or the extra, is absent or damaged."""
        try:
            import whisper
            from whisper.tokenizer import LANGUAGES
        except ImportError as error:
            message = "the package openai-whisper cannot be imported; install the extra: pip install 'visavis[whisper]'"
            raise SpeechError(Category.MODEL, _ENGINE, message) from error
        path = require(_ENGINE, checkpoint)
        with loading(_ENGINE, path):
            self._model = whisper.load_model(str(path.resolve()), device=device)
        self._pool = pool
        self._name = path.stem
        self._half_precision = device != "cpu"
        self._timeout = timeout
        spoken = frozenset(code for code in LANGUAGES if len(code) == 2)
        self._languages = spoken if self._model.is_multilingual else frozenset({"en"})

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"{_ENGINE}/{self._name}"

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the checkpoint understands."""
        return self._languages

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """Transcribe float32 [n] at 16 kHz, up to 600 s. Less than 0.1 s is nothing said.

        Raises ``SpeechError``: INPUT for a language that the checkpoint does not understand or longer speech, BUSY
        when the pool is full, TIMEOUT when it took too long, PROVIDER when the engine failed.
        """
        seconds = len(speech) / SAMPLE_RATE_HZ
        if language not in self._languages:
            raise SpeechError(Category.INPUT, self.name, f"language {language!r} is not among those it understands")
        if seconds > _LONGEST_SPEECH:
            raise SpeechError(Category.INPUT, self.name, f"{seconds:.0f} s of speech, at most {_LONGEST_SPEECH:.0f}")
        if seconds < _SHORTEST_SPEECH:
            return Transcript("", language, 1.0, 1.0, 0.0, self._name)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._pool.run(self._decode, speech, language, hint)
        except TimeoutError:
            raise SpeechError(Category.TIMEOUT, self.name, f"no text within {self._timeout:g} s") from None
        except RuntimeError as error:
            # PyTorch's message may quote shapes and devices; the words are not in it, but its kind is enough.
            raise SpeechError(Category.PROVIDER, self.name, f"PyTorch failed ({type(error).__name__})") from error

    def _decode(self, speech: Samples, language: str, hint: str) -> Transcript:
        """Decode greedily, once: the package's own retries at higher temperatures cost up to six times as long."""
        started = time.perf_counter()
        heard: dict[str, Any] = self._model.transcribe(
            speech,
            language=language,
            temperature=0.0,
            fp16=self._half_precision,
            condition_on_previous_text=False,
            initial_prompt=hint or None,
        )
        segments = heard["segments"]
        spans = [max(1e-3, segment["end"] - segment["start"]) for segment in segments]
        logprob = _weighted([segment["avg_logprob"] for segment in segments], spans, default=0.0)
        return Transcript(
            text=heard["text"].strip(),
            language=language,
            confidence=min(1.0, math.exp(logprob)),
            no_speech=_weighted([segment["no_speech_prob"] for segment in segments], spans, default=1.0),
            decode_seconds=time.perf_counter() - started,
            model=self._name,
        )


def _weighted(values: list[float], weights: list[float], *, default: float) -> float:
    """Return the mean of ``values`` by ``weights``, or ``default`` when there are none."""
    if not values:
        return default
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
