"""The clock of a session: seconds since its start, from the monotonic clock, in whole microseconds."""

import time
from collections.abc import Callable


def unix_ms() -> int:
    """Civil time, Unix milliseconds."""
    return time.time_ns() // 1_000_000


class SessionClock:
    """Counts from ``started_utc_ms``. Civil time is read once; from then on only the monotonic clock counts.

    Rounded to microseconds, so that a journal holds exactly the moments that the machine was given.
    """

    def __init__(self, started_utc_ms: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.started_utc_ms = started_utc_ms
        self._monotonic = monotonic
        self._zero = monotonic() - max(0, unix_ms() - started_utc_ms) / 1000

    def now(self) -> float:
        """Seconds since the start."""
        return round(self._monotonic() - self._zero, 6)
