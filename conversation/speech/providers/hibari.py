"""The default voice: hibari-tts (Apache-2.0), 24 kHz English, with the exact time of every phoneme."""

import copy
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from conversation.speech.clauses import clauses
from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import Samples, SpeechChunk
from conversation.speech.providers.onnx_outputs import with_float_output
from conversation.speech.providers.weights import loading, open_onnx, require
from conversation.speech.timbre import Timbre, recoloured
from conversation.speech.trim import audible_span
from conversation.speech.visemes import TimedPhoneme, from_phonemes

_ENGINE = "hibari"
_DURATIONS_TENSOR = "/Clip_output_0"
_SAMPLE_RATE_HZ = 24_000
DURATION_SAMPLES = 600
"""Samples in one unit of phoneme duration (25 ms at 24 kHz)."""
PHONEME_LEAD = 0.060
"""Seconds by which phonemes sound before their durations say: of all shifts from -125 to 50 ms this one agrees best
with the model's own voicing, over six sentences."""
_COMMA_PAUSE = 0.120
_SENTENCE_PAUSE = 0.250
_FADE_SAMPLES = 120
_LONGEST_TEXT = 5_000
_LONGEST_PHONEMES = 400
"""The network's memory grows with them: 400 (26 s of speech) take 70 MB while they run, 1,600 take 300 MB."""
_SLOWEST, _FASTEST = 0.5, 2.0

TIMBRES: Mapping[str, Timbre] = {
    "bright": Timbre(1.06, 1.04),
    "warm": Timbre(0.9, 0.97),
    "tenor": Timbre(0.72, 0.89),
    "baritone": Timbre(0.64, 0.87),
}
"""Voices that are made of the one in the package: ``heart-tenor`` and so on."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What the network made of one clause, nothing trimmed."""

    samples: Samples
    """float32 [n] at 24 kHz."""
    phonemes: tuple[TimedPhoneme, ...]
    """Each symbol as the network timed it; their durations add up to the length of the samples."""


class HibariSynthesizer:
    """Text to speech a clause at a time; implements ``Synthesizer``.

    The same text, voice and rate give the same samples on the same machine, so renderings may be cached. The bundled
    voice is used unless ``model_path`` names another file; nothing is ever downloaded. A voice may be followed by the
    name of a timbre, as in ``heart-tenor``.
    """

    def __init__(self, pool: ModelPool, voice: str = "heart", model_path: Path | None = None, seed: int = 0) -> None:
        """Load the network; the pronunciation dictionary follows with the first text or ``warm_up``.

        Raises ``SpeechError``: MODEL when the file is absent or damaged, INPUT when the voice is not bundled.
        """
        from hibari import Hibari, dsp
        from hibari.voices import ASSETS, VOICES, voice_path

        self._name, _, timbre = voice.partition("-")
        if self._name not in VOICES or not (model_path or VOICES[self._name].get("bundled")):
            message = f"voice {voice!r} is not in the package; use 'heart', or model_path with one of {list(VOICES)}"
            raise SpeechError(Category.INPUT, _ENGINE, message)
        path = require(_ENGINE, model_path or Path(voice_path(self._name, download_missing=False)))
        self._session = open_onnx(_ENGINE, path, model=with_float_output(path.read_bytes(), _DURATIONS_TENSOR))
        vocabulary = Path(ASSETS) / "vocab.json"
        with loading(_ENGINE, vocabulary):
            self._ids: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))
        # The package's own Hibari object is not used: it would load the network again, without the durations.
        self._split_sentences: Callable[[str], list[str]] = Hibari.split_sentences
        self._waveform = dsp.synth
        self._dictionary = _Dictionary(british=bool(VOICES[self._name]["british"]))
        self._pool = pool
        self._timbre = _timbre(timbre)
        self._voice = voice
        self._file = "" if model_path is None else f":{path.name}"
        self._seed = seed

    @property
    def voice(self) -> str:
        """Engine and voice."""
        return f"{_ENGINE}/{self._voice}{self._file}"

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the chunks, 24 kHz."""
        return _SAMPLE_RATE_HZ

    def with_voice(self, voice: str) -> "HibariSynthesizer":
        """The same engine in another timbre. Raises ``SpeechError`` (INPUT) for a voice that it does not have."""
        name, _, timbre = voice.partition("-")
        if name != self._name:
            raise SpeechError(Category.INPUT, _ENGINE, f"voice {name!r} is not loaded; this one is {self._name!r}")
        other = copy.copy(self)
        other._timbre, other._voice = _timbre(timbre), voice
        return other

    async def warm_up(self) -> None:
        """Load the pronunciation dictionary and run once, so that the first reply is as fast as the others."""
        await self._pool.run(self._render_clause, "Hello there.", 1.0)

    async def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        """Yield one chunk for each clause as soon as it is ready; a natural pause ends every chunk but the last.

        Text without anything to pronounce yields nothing. Raises ``SpeechError``: INPUT when the text is longer than
        5,000 characters or the rate outside of 0.5 to 2, BUSY when the pool is full.
        """
        if len(text) > _LONGEST_TEXT:
            raise SpeechError(
                Category.INPUT, _ENGINE, f"text has {len(text)} characters, at most {_LONGEST_TEXT} allowed"
            )
        if not _SLOWEST <= rate <= _FASTEST:
            raise SpeechError(Category.INPUT, _ENGINE, f"rate must be {_SLOWEST} to {_FASTEST}, got {rate}")
        pieces = list(clauses(self._split_sentences(text)))
        for index, piece in enumerate(pieces):
            rendering = await self._pool.run(self._render_clause, piece, rate)
            pause = _pause_after(piece) / rate if index + 1 < len(pieces) else 0.0
            chunk = self._finish(piece, rendering, pause)
            if chunk is not None:
                yield chunk

    def _render_clause(self, text: str, rate: float) -> Rendering:
        parts = [self.render(part, rate) for part in _at_most(_LONGEST_PHONEMES, self._dictionary.phonemes(text))]
        return parts[0] if len(parts) == 1 else _joined(parts)

    def render(self, phonemes: str, rate: float) -> Rendering:
        """Turn a phoneme string of misaki's alphabet into samples; blocking, for the pool."""
        known = [symbol for symbol in phonemes if symbol in self._ids]
        if not any(symbol.isalpha() for symbol in known):
            return Rendering(np.zeros(0, dtype=np.float32), ())
        ids = np.asarray([[0, *(self._ids[symbol] for symbol in known), 0]], dtype=np.int64)
        *spectrum, durations = self._session.run(None, {"ids": ids, "speed": np.asarray([rate], dtype=np.float32)})
        samples = self._waveform(*(part[0] for part in spectrum), np.random.default_rng(self._seed))
        samples = samples.astype(np.float32, copy=False)
        if self._timbre is not None:
            samples = recoloured(samples, self.sample_rate_hz, spectrum[-1][0], self._timbre)
        return Rendering(samples, self._timed(known, durations.reshape(-1)))

    def _timed(self, symbols: Sequence[str], durations: npt.NDArray[Any]) -> tuple[TimedPhoneme, ...]:
        unit = DURATION_SAMPLES / self.sample_rate_hz
        ends = np.cumsum(durations) * unit
        # The network speaks a silent id before and after the text.
        framed = [".", *symbols, "."]
        return tuple(
            TimedPhoneme(symbol, float(end - duration * unit), float(duration * unit))
            for symbol, end, duration in zip(framed, ends, durations, strict=True)
        )

    def _finish(self, text: str, rendering: Rendering, pause: float) -> SpeechChunk | None:
        rate_hz = self.sample_rate_hz
        span = audible_span(rendering.samples, rate_hz)
        if span is None:
            return None
        start, stop = span
        spoken = rendering.samples[start:stop].copy()
        fade = min(_FADE_SAMPLES, len(spoken))
        spoken[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        shift = start / rate_hz + PHONEME_LEAD
        shifted = [TimedPhoneme(p.symbol, p.start - shift, p.duration) for p in rendering.phonemes]
        visemes = from_phonemes(shifted, len(spoken) / rate_hz)
        silence = np.zeros(round(pause * rate_hz), dtype=np.float32)
        return SpeechChunk(text, np.concatenate([spoken, silence]), visemes)


class _Dictionary:
    """How words are pronounced; 110 MB, loaded with the first text, shared by all timbres."""

    def __init__(self, *, british: bool) -> None:
        self._british = british
        self._pronounce: Callable[[str], str] | None = None

    def phonemes(self, text: str) -> str:
        if self._pronounce is None:
            # On a thread of the pool; should two do it at the same time, one dictionary is dropped.
            from hibari.g2p import G2P

            self._pronounce = G2P(british=self._british)
        return self._pronounce(text)


def _timbre(name: str) -> Timbre | None:
    if name and name not in TIMBRES:
        raise SpeechError(Category.INPUT, _ENGINE, f"timbre {name!r} is not known; choose one of {', '.join(TIMBRES)}")
    return TIMBRES.get(name)


def _at_most(limit: int, phonemes: str) -> list[str]:
    """Cut a phoneme string between words; long numbers can give five phonemes a character."""
    lines = [""]
    for word in phonemes.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _joined(parts: Sequence[Rendering]) -> Rendering:
    phonemes: list[TimedPhoneme] = []
    samples = 0
    for part in parts:
        shift = samples / _SAMPLE_RATE_HZ
        phonemes += [TimedPhoneme(p.symbol, p.start + shift, p.duration) for p in part.phonemes]
        samples += len(part.samples)
    return Rendering(np.concatenate([part.samples for part in parts]), tuple(phonemes))


def _pause_after(clause: str) -> float:
    return _SENTENCE_PAUSE if clause.rstrip("\"')”’]")[-1:] in ".!?…" else _COMMA_PAUSE
