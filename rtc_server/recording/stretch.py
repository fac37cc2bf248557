"""Timestamps of one stream on the clock of a recording (pure: time is an argument).

A peer counts RTP timestamps from a random origin (RFC 3550 §5.1), so whoever takes over begins another stretch. Where
a stretch begins is told by the packet that travelled fastest: the first one, of a key frame, takes long.
"""

from collections.abc import Iterable

from rtc_server.rtc.timeline import JUMP_SECONDS, signed_32


class Stretch:
    """Timestamps that count on from each other."""

    def __init__(self, clock_hz: int, timestamp: int, *, now: float) -> None:
        self._clock_hz = clock_hz
        self._timestamp = timestamp
        self._ticks = 0
        self._at = now
        self._begins: int | None = None

    def ticks(self, timestamp: int, *, now: float) -> int | None:
        """Ticks since the stretch's first packet; None when this one does not count on from it."""
        step = signed_32(timestamp - self._timestamp)
        if abs(step / self._clock_hz - (now - self._at)) > JUMP_SECONDS:
            return None
        ticks = self._ticks + step
        if step > 0:
            self._timestamp, self._ticks, self._at = timestamp, ticks, now
        return ticks

    def settle(self, came: Iterable[tuple[float, int]]) -> None:
        """Decide where it begins, by when (seconds of the recording) its first packets came. Once."""
        if self._begins is None:
            self._begins = min(round(at * self._clock_hz) - ticks for at, ticks in came)

    def place(self, ticks: int) -> int:
        """Ticks since the recording began. Only after ``settle``."""
        if self._begins is None:
            raise RuntimeError("nobody has decided where this stretch begins")
        return max(0, self._begins + ticks)
