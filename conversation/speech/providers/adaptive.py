"""Two transcribers, the better one while the host can afford it: hysteresis on the measured decode time."""

from collections.abc import Callable
from dataclasses import dataclass

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Transcriber, Transcript

_TYPICAL_SPEECH_SECONDS = 9.0
"""Up to here the context, and so the work, is the same; beyond it decode time is scaled down to this length."""
_NEW_WEIGHT = 0.3
"""Share of the latest measurement in the moving average; a lone slow call does not reach the threshold by itself
unless it took several times as long."""
_RETURN_BELOW = 0.75
"""The primary comes back at this share of the threshold, so that a load near the threshold causes no flapping."""


@dataclass(frozen=True, slots=True)
class AdaptiveStatus:
    """Which engine is in use, for metrics."""

    on_fallback: bool
    switches: int
    """Changes of engine in either direction."""
    primary_seconds: float
    """Moving average of the primary's decode time for a short answer; 0.0 before the first."""


class AdaptiveTranscriber:
    """The ``primary`` while it answers within ``threshold_seconds``, the ``fallback`` while it does not.

    The fallback takes over when the moving average of the primary's decode time exceeds the threshold, or when its pool
    is full. After ``probe_seconds`` on the fallback one utterance goes to the primary: when that is fast the primary is
    back, otherwise the next probe waits twice as long, up to ``longest_probe_seconds``. Languages that the fallback
    lacks always go to the primary, and do not count.
    """

    def __init__(
        self,
        primary: Transcriber,
        fallback: Transcriber,
        clock: Callable[[], float],
        *,
        threshold_seconds: float = 0.4,
        probe_seconds: float = 20.0,
        longest_probe_seconds: float = 160.0,
    ) -> None:
        self._primary = primary
        self._fallback = fallback
        self._clock = clock
        self._threshold = threshold_seconds
        self._first_probe_wait = probe_seconds
        self._longest_probe_wait = longest_probe_seconds
        self._probe_wait = probe_seconds
        self._probe_at: float | None = None
        self._average: float | None = None
        self._switches = 0

    @property
    def name(self) -> str:
        """Both engines."""
        return f"{self._primary.name} or {self._fallback.name}"

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the primary understands."""
        return self._primary.languages

    @property
    def status(self) -> AdaptiveStatus:
        """A snapshot for metrics."""
        return AdaptiveStatus(self._probe_at is not None, self._switches, self._average or 0.0)

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """Transcribe with the engine of the moment; ``Transcript.model`` tells which it was.

        Raises ``SpeechError`` when that engine cannot do it; a busy primary is not an error, the fallback takes over.
        """
        if language not in self._fallback.languages:
            return await self._primary.transcribe(speech, language=language, hint=hint, readings=readings)
        if self._probe_at is not None and self._clock() < self._probe_at:
            return await self._fallback.transcribe(speech, language=language, hint=hint, readings=readings)
        probing = self._probe_at is not None
        if probing:
            # Set before the probe runs, so that utterances of other sessions do not probe at the same time.
            self._probe_at = self._clock() + self._probe_wait
        started = self._clock()
        try:
            transcript = await self._primary.transcribe(speech, language=language, hint=hint, readings=readings)
        except SpeechError as error:
            if error.category is not Category.BUSY:
                raise
            self._leave_primary()
            return await self._fallback.transcribe(speech, language=language, hint=hint, readings=readings)
        self._learn(self._clock() - started, len(speech) / SAMPLE_RATE_HZ, probing)
        return transcript

    def _learn(self, seconds: float, speech_seconds: float, probing: bool) -> None:
        """Update the average with one call of the primary, time in its queue included, and choose the next engine."""
        normalised = seconds * min(1.0, _TYPICAL_SPEECH_SECONDS / max(speech_seconds, 1e-3))
        if self._probe_at is not None:
            if not probing:
                return  # began before the switch: it says how the host was, not how it is
            self._average = normalised
            if normalised <= self._threshold * _RETURN_BELOW:
                self._probe_at = None
                self._probe_wait = self._first_probe_wait
                self._switches += 1
            else:
                self._wait_longer()
            return
        previous = normalised if self._average is None else self._average
        self._average = previous + _NEW_WEIGHT * (normalised - previous)
        if self._average > self._threshold:
            self._leave_primary()

    def _leave_primary(self) -> None:
        if self._probe_at is None:
            self._switches += 1
            self._probe_at = self._clock() + self._probe_wait
        else:
            self._wait_longer()

    def _wait_longer(self) -> None:
        self._probe_wait = min(2 * self._probe_wait, self._longest_probe_wait)
        self._probe_at = self._clock() + self._probe_wait
