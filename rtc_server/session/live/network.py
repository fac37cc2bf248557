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

    def take(self, statistics: Statistics, now: float) -> Json:
        """A measurement, and as it is kept."""
        lost = max(0, statistics.packets_lost)
        if self._before is not None and now > self._before[0] and lost >= self._before[1]:
            expected = (now - self._before[0]) * PACKETS_PER_SECOND
            self._lost_percent = round(min(100.0, 100.0 * (lost - self._before[1]) / expected), 1)
        self._before, self._now = (now, lost), statistics
        entry = {
            "at": self._moment(now),
            "roundTripMs": round(statistics.round_trip_ms),
            "jitterBufferMs": round(statistics.jitter_buffer_ms),
            "packetsLost": lost,
            "concealedSamples": statistics.concealed_samples,
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
