"""When the person spoke, from the windows of the voice-activity model."""

from dataclasses import dataclass

SPEECH = 0.5
"""Probability from which a window counts as speech."""

PAUSE_SECONDS = 0.3
"""A shorter silence belongs to the speech around it."""


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """Somebody spoke, on the session's clock."""

    started_at: float
    ended_at: float


class SpeechSpans:
    """Joins windows into spans."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._heard = 0.0

    def window(self, probability: float, now: float) -> SpeechSpan | None:
        """The next window; the span that it ends."""
        if probability >= SPEECH:
            if self._started is None:
                self._started = now
            self._heard = now
            return None
        if self._started is None or now - self._heard < PAUSE_SECONDS:
            return None
        span = SpeechSpan(self._started, self._heard)
        self._started = None
        return span
