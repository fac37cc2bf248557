"""The ports of hearing and speaking. Providers implement them, the audio driver and the session use them.

Audio at these ports is mono float32 in [-1, 1]; what is heard is always at ``SAMPLE_RATE_HZ``.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from conversation.turn.stream import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from conversation.turn.stream import WINDOW_SAMPLES as WINDOW_SAMPLES

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a transcriber heard in one stretch of audio."""

    text: str
    """Words as written by the engine, casing and punctuation kept; empty when nothing was said."""
    language: str
    """ISO 639-1 code that the text is in."""
    confidence: float
    """exp(mean token log-probability), 0 to 1; 1.0 from engines that do not report it."""
    no_speech: float
    """Probability that there was no speech at all, 0 to 1; 0.0 from engines that do not report it."""
    decode_seconds: float
    """Wall time the engine took."""
    model: str
    """Name of the model that did the work."""
    alternatives: tuple[str, ...] = ()
    """Other readings of the same speech, the likelier first; only where several were asked for."""


@dataclass(frozen=True, slots=True)
class VisemeMark:
    """The mouth reaches a shape at a moment."""

    at: float
    """Seconds from the first sample of the chunk that the mark belongs to."""
    viseme: str
    """One of the fifteen Oculus shapes: sil PP FF TH DD kk CH SS nn RR aa E I O U."""
    weight: float
    """Strength of the shape, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """One clause of synthesised speech, leading and trailing silence trimmed."""

    text: str
    """The words spoken in this chunk."""
    samples: Samples
    """float32 [n] at the synthesizer's rate."""
    visemes: tuple[VisemeMark, ...]
    """In order of time; the last one closes the mouth (``sil``)."""


class VoiceActivity(Protocol):
    """Speech probability per window; one instance per session, because engines keep state between windows."""

    async def probabilities(self, windows: Samples) -> list[float]:
        """Take float32 [n, WINDOW_SAMPLES] in stream order; return n probabilities, 0 to 1."""

    def reset(self) -> None:
        """Forget the past, for a new stream."""


class TurnDetector(Protocol):
    """Whether a stretch of speech sounds finished."""

    async def probability(self, speech: Samples) -> float:
        """Take float32 [n] at 16 kHz ending in a little silence; return P(the turn is over), 0 to 1."""


class Transcriber(Protocol):
    """Speech to text for one finished (or perhaps finished) utterance."""

    @property
    def name(self) -> str:
        """Engine and model, as it appears in evidence."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the engine understands."""

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """Transcribe float32 [n] at 16 kHz. ``hint`` is text that may help the decoder, such as the question.

        ``readings`` is how many different readings are wanted at most; an engine that knows only one gives that.
        Raises ``SpeechError`` when the engine cannot do it.
        """


class Synthesizer(Protocol):
    """Text to speech, a clause at a time."""

    @property
    def voice(self) -> str:
        """Engine and voice; together with the text it identifies a rendering, so it may key a cache."""

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the chunks."""

    def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        """Yield chunks as soon as each is ready. ``rate`` is the pace, 1.0 normal, 0.5 half as fast.

        Raises ``SpeechError`` when the engine cannot do it.
        """


class ManyVoices(Synthesizer, Protocol):
    """A synthesizer that may have several voices."""

    def with_voice(self, voice: str) -> Synthesizer:
        """The same engine speaking with another of its voices, by the engine's own name for it.

        Raises ``SpeechError`` (INPUT) where it is known that there is no such voice.
        """


class AudioSink(Protocol):
    """Where speech goes; ``rtc_server.rtc.audio_out`` fits."""

    def play(self, utterance_id: str, samples: Samples, sample_rate_hz: int, last: bool) -> int:
        """Queue a clause; return the RTP timestamp of its first sample."""

    def pause(self) -> None:
        """Hold."""

    def resume(self) -> int:
        """Go on; return the RTP timestamp of the first sample from there."""

    def stop_speaking(self) -> None:
        """Drop what is queued."""

    @property
    def speaking(self) -> tuple[str, float] | None:
        """The utterance that is being said and the seconds of it that were sent."""

    def begin_relay(self) -> None:
        """From now on a person speaks in the avatar's place; its speech was stopped before. May be called again."""

    def relay(self, payload: bytes) -> None:
        """The next 20 ms of that person's voice, an Opus packet; ignored outside a relay."""

    def end_relay(self) -> None:
        """The avatar has the line back. May be called again."""
