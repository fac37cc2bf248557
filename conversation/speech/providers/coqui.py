"""Text to speech by the Coqui ``TTS`` package on PyTorch, behind the extra 'coqui', from model files of one's own."""

import asyncio
import copy
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import Samples, SpeechChunk
from conversation.speech.providers.energy_chunk import finish, pieces
from conversation.speech.providers.weights import loading, require
from conversation.speech.time_stretch import stretched

_ENGINE = "coqui"


class CoquiSynthesizer:
    """Runs a Coqui model (VITS, GlowTTS and others); implements ``Synthesizer``.

    ``model_path`` and ``config_path`` are the files that Coqui's trainer writes. ``speaker`` and ``language`` choose
    among those of a model that has several. Mouth shapes follow the loudness. A model without a length scale is
    stretched in time for a pace other than 1.0. Nothing is ever downloaded.
    """

    def __init__(
        self,
        pool: ModelPool,
        model_path: Path,
        config_path: Path,
        *,
        speaker: str | None = None,
        language: str | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Load the model. Raises ``SpeechError``: MODEL when it, or the extra, is absent or damaged; INPUT for a
        speaker or language that the model does not have.
        """
        try:
            from TTS.api import TTS
        except (ImportError, OSError) as error:  # a torchaudio that was built for another PyTorch gives OSError
            message = f"the package coqui-tts cannot be imported ({type(error).__name__}); see docs/providers.md"
            raise SpeechError(Category.MODEL, _ENGINE, message) from error
        # The package logs the text that it speaks at level INFO.
        logging.getLogger("TTS").setLevel(logging.WARNING)
        for path in (model_path, config_path):
            require(_ENGINE, path)
        with loading(_ENGINE, config_path):
            json.loads(config_path.read_text(encoding="utf-8"))
        with loading(_ENGINE, model_path):
            self._tts: Any = TTS(model_path=str(model_path), config_path=str(config_path), progress_bar=False)
        # The package's own trimming drops everything after the first quiet 0.8 s; ours only takes from both ends.
        self._tts.synthesizer.tts_config.audio["do_trim_silence"] = False
        self._network: Any = self._tts.synthesizer.tts_model
        self._normal_length = getattr(self._network, "length_scale", None)
        self._choice = _choice("speaker", speaker, self._tts.speakers) | _choice(
            "language", language, self._tts.languages
        )
        self._pool = pool
        self._timeout = timeout
        self._model_name = model_path.parent.name or model_path.stem

    @property
    def voice(self) -> str:
        """Engine, folder of the model, and speaker and language where the model has several."""
        return "/".join([_ENGINE, self._model_name, *self._choice.values()])

    def with_voice(self, voice: str) -> "CoquiSynthesizer":
        """The same model with another speaker. Raises ``SpeechError`` (INPUT) for a speaker that it does not have."""
        other = copy.copy(self)
        other._choice = self._choice | _choice("speaker", voice, self._tts.speakers)
        return other

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the chunks, the model's own."""
        return int(self._tts.synthesizer.output_sample_rate)

    async def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        """Yield one chunk for each clause; text without anything to pronounce yields nothing.

        Raises ``SpeechError``: INPUT when the text is longer than 5,000 characters or the rate outside of 0.5 to 2,
        BUSY when the pool is full, TIMEOUT when a clause took too long, PROVIDER when the engine failed.
        """
        spoken = pieces(_ENGINE, text, rate)
        for index, piece in enumerate(spoken):
            try:
                async with asyncio.timeout(self._timeout):
                    samples = await self._pool.run(self._render, piece, rate)
            except TimeoutError:
                raise SpeechError(Category.TIMEOUT, _ENGINE, f"no audio within {self._timeout:g} s") from None
            except (RuntimeError, ValueError, KeyError) as error:
                # The message of the package may quote the text.
                raise SpeechError(Category.PROVIDER, _ENGINE, f"the model failed ({type(error).__name__})") from None
            chunk = finish(piece, samples, self.sample_rate_hz, rate=rate, last=index + 1 == len(spoken))
            if chunk is not None:
                yield chunk

    def _render(self, text: str, rate: float) -> Samples:
        """Return float32 [n] for one clause; blocking, for the pool, which must have one worker for each model."""
        if self._normal_length is not None:
            self._network.length_scale = self._normal_length / rate
        samples = np.asarray(self._tts.tts(text=text, split_sentences=False, **self._choice), dtype=np.float32)
        return samples if self._normal_length is not None else stretched(samples, self.sample_rate_hz, rate)


def _choice(kind: str, wanted: str | None, available: list[str] | None) -> dict[str, str]:
    """Return the argument that selects ``wanted``, or the first of those available; nothing when there is no choice."""
    names = [name.strip() for name in available or []]
    if wanted is None:
        return {kind: names[0]} if names else {}
    if wanted not in names:
        message = f"{kind} {wanted!r} is not in the model; it has {names or 'only one'}"
        raise SpeechError(Category.INPUT, _ENGINE, message)
    return {kind: wanted}
