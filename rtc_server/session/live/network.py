"""How good the connection of a person is, from what their page measures (pure)."""

from collections import deque
from typing import Literal

from rtc_server.rtc.messages import Statistics
from rtc_server.session.report import Moment
from rtc_server.storage.ports import Json

MOST_MEASUREMENTS = 300
"""A quarter of an hour, as the page sends one every few seconds."""

PACKETS_PER_SECOND = 50
"""Of the avatar's audio: 20 ms each, also when it is silent."""

LEAST_SECONDS = 0.5
"""Between two measurements that count; pages send them seconds apart."""

_MOST_MS = 60_000.0
_MOST_COUNTED = 2**53

Quality = Literal["unknown", "good", "fair", "poor"]

FAIR = (200.0, 120.0, 1.0)
POOR = (400.0, 250.0, 5.0)
"""From which round trip (ms), jitter buffer (ms) or loss (per cent) on a connection is worse than good, and bad. ITU-T
G.114 calls 150 ms one way comfortable and 400 ms the limit; the rest is judgement."""


class Network:
    """Fed with the measurements of one page after the other."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._history: deque[Json] = deque(maxlen=MOST_MEASUREMENTS)
        self._before: tuple[float, int] | None = None
        self._lost_percent: float | None = None
        self._now: Statistics | None = None

    @property
    def history(self) -> list[Json]:
        """The newest last."""
        return list(self._history)

    def to_json(self) -> Json:
        """Of this moment; what nobody measured is None."""
        if self._now is None:
            return {"quality": "unknown", "roundTripMs": None, "jitterBufferMs": None, "lostPercent": None}
        return {
            "quality": self._quality(self._now),
            "roundTripMs": round(self._now.round_trip_ms),
            "jitterBufferMs": round(self._now.jitter_buffer_ms),
            "lostPercent": self._lost_percent,
        }

    def take(self, statistics: Statistics, now: float) -> Json | None:
        """A measurement, and as it is kept; None when it comes too soon after the one before to tell anything."""
        measured = _plausible(statistics)
        if self._before is not None:
            before_at, before_lost = self._before
            if now - before_at < LEAST_SECONDS:
                return None
            expected = (now - before_at) * PACKETS_PER_SECOND
            lost = max(0, measured.packets_lost - before_lost)
            self._lost_percent = round(min(100.0, 100.0 * lost / expected), 1)
        self._before, self._now = (now, measured.packets_lost), measured
        entry = {
            "at": self._moment(now),
            "roundTripMs": round(measured.round_trip_ms),
            "jitterBufferMs": round(measured.jitter_buffer_ms),
            "packetsLost": measured.packets_lost,
            "concealedSamples": measured.concealed_samples,
        }
        self._history.append(entry)
        return entry

    def forget(self) -> None:
        """The page is gone; another one counts anew."""
        self._before = self._now = self._lost_percent = None

    def _quality(self, statistics: Statistics) -> Quality:
        measured = (statistics.round_trip_ms, statistics.jitter_buffer_ms, self._lost_percent or 0.0)
        if any(value >= limit for value, limit in zip(measured, POOR, strict=True)):
            return "poor"
        return "fair" if any(value >= limit for value, limit in zip(measured, FAIR, strict=True)) else "good"


def _plausible(statistics: Statistics) -> Statistics:
    """The nearest that can be true: a page can say anything."""
    return Statistics(
        min(max(statistics.round_trip_ms, 0.0), _MOST_MS),
        min(max(statistics.jitter_buffer_ms, 0.0), _MOST_MS),
        min(max(statistics.packets_lost, 0), _MOST_COUNTED),
        min(max(statistics.concealed_samples, 0), _MOST_COUNTED),
    )
