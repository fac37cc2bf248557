"""One clock for media from several sources (pure: time is an argument).

Each peer counts its RTP timestamps from a random origin of its own (RFC 3550 §5.1). Whoever looks on has one stream
all the time, so what a new peer sends is put where the clock on the wall says that it belongs.
"""

JUMP_SECONDS = 1.0
"""A timestamp that differs by more from what the wall clock expects begins another count."""


class Timeline:
    """Maps RTP timestamps of one stream to positions that begin at 0 and go on over every jump."""

    def __init__(self, clock_hz: int) -> None:
        self._clock_hz = clock_hz
        self._last_timestamp: int | None = None
        self._last_position = 0
        self._last_at = 0.0

    def place(self, timestamp: int, *, now: float) -> int:
        """Where this timestamp lies, in ticks of the clock. One that is late lies before the one that came last."""
        if self._last_timestamp is None:
            return self._note(timestamp, 0, now)
        step = signed_32(timestamp - self._last_timestamp)
        elapsed = now - self._last_at
        if abs(step / self._clock_hz - elapsed) > JUMP_SECONDS:
            step = max(1, round(elapsed * self._clock_hz))
        elif step <= 0:
            return max(0, self._last_position + step)
        return self._note(timestamp, self._last_position + step, now)

    def _note(self, timestamp: int, position: int, now: float) -> int:
        self._last_timestamp, self._last_position, self._last_at = timestamp, position, now
        return position


def signed_32(difference: int) -> int:
    """A distance of two 32-bit counters that wrap, by the shorter way."""
    return ((difference + 0x80000000) & 0xFFFFFFFF) - 0x80000000
