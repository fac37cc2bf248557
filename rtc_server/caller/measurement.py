"""What a call measures: where sound begins and ends, and percentiles of times (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from conversation.speech.ports import Samples

AUDIBLE_RMS = 0.01
"""-40 dBFS: a stretch of ``WINDOW_SECONDS`` is audible when its root mean square is above this."""
WINDOW_SECONDS = 0.010


def audible_span(samples: Samples, rate_hz: int) -> tuple[int, int] | None:
    """First and past-the-last sample of the audible windows of float32 [n]; None when all is silent."""
    audible = np.flatnonzero(_window_rms(samples, rate_hz) > AUDIBLE_RMS)
    if audible.size == 0:
        return None
    window = round(WINDOW_SECONDS * rate_hz)
    return int(audible[0]) * window, min(samples.size, (int(audible[-1]) + 1) * window)


def _window_rms(samples: Samples, rate_hz: int) -> Samples:
    """Root mean square of each whole window; what is left over at the end is padded with silence."""
    window = round(WINDOW_SECONDS * rate_hz)
    padded = np.pad(samples, (0, -samples.size % window)).reshape(-1, window)
    rms: Samples = np.sqrt(np.mean(padded.astype(np.float64) ** 2, axis=1)).astype(np.float32)
    return rms


@dataclass(slots=True)
class Stretch:
    """Sound without a gap, in the listener's own clock."""

    began_at: float
    ended_at: float


class SoundGate:
    """Fed with what arrives, knows the stretches of sound; a new one begins after ``quiet_seconds`` without any."""

    def __init__(self, rate_hz: int, quiet_seconds: float = 0.2) -> None:
        self._rate_hz = rate_hz
        self._quiet_seconds = quiet_seconds
        self._rest: Samples = np.zeros(0, np.float32)
        self.stretches: list[Stretch] = []

    def feed(self, samples: Samples, at: float) -> None:
        """Take float32 [n] whose first sample would be heard at ``at``."""
        start = at - self._rest.size / self._rate_hz
        samples = np.concatenate([self._rest, samples])
        window = round(WINDOW_SECONDS * self._rate_hz)
        whole = samples.size // window * window
        self._rest = samples[whole:]
        for index, rms in enumerate(_window_rms(samples[:whole], self._rate_hz)):
            if rms > AUDIBLE_RMS:
                self._sound(start + index * WINDOW_SECONDS)

    def _sound(self, at: float) -> None:
        if self.silent_for(at) >= self._quiet_seconds:
            self.stretches.append(Stretch(at, at + WINDOW_SECONDS))
        self.stretches[-1].ended_at = at + WINDOW_SECONDS

    def silent_for(self, now: float) -> float:
        """Seconds since the last sound; infinite before the first."""
        return now - self.stretches[-1].ended_at if self.stretches else math.inf

    def onset_after(self, at: float) -> float | None:
        """Begin of the first stretch that began after a moment."""
        return next((s.began_at for s in self.stretches if s.began_at > at), None)

    def end_of_sound_at(self, at: float) -> float | None:
        """End of the stretch that was going on at a moment; None when it was silent."""
        return next((s.ended_at for s in self.stretches if s.began_at <= at < s.ended_at), None)


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of a series."""

    count: int
    p50: float
    p90: float
    p95: float
    maximum: float

    def to_json(self) -> dict[str, float]:
        """Rounded to tenths."""
        return {
            "count": self.count,
            "p50": round(self.p50, 1),
            "p90": round(self.p90, 1),
            "p95": round(self.p95, 1),
            "max": round(self.maximum, 1),
        }


def spread(values: Sequence[float]) -> Spread | None:
    """Percentiles with linear interpolation (Hyndman and Fan's type 7); None of nothing."""
    if not values:
        return None
    p50, p90, p95, maximum = np.percentile(np.asarray(values, dtype=np.float64), [50, 90, 95, 100])
    return Spread(len(values), float(p50), float(p90), float(p95), float(maximum))
