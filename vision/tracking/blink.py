"""When a person blinks: a transition open, closed, open against their own baseline (pure).

No fixed threshold works: a still picture of narrow eyes or glasses scores 0.6, the open eyes of others 0.05.

What a frame rate cannot tell is not claimed: a closure lasts at least from its first to its last closed frame, and at
most from the open frame before to the open frame after. At 15 frames a second most blinks are seen. At 5 many fall
between two frames and are missed, and one closed frame between two open ones is enough. At 30 a single odd frame is too
short to be a blink. A closure while the head moves is not counted: the blendshape follows the head too.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class BlinkPolicy:
    """Measured on the clips of docs/seeing.md, unless the source is named."""

    baseline_seconds: float = 1.2
    """Window whose median is the person's open eye."""
    baseline_minimum_seconds: float = 0.4
    """Nothing is judged before a baseline of this length."""
    rise: float = 0.25
    """Of the eye-closure blendshape over the baseline. The noise of open eyes stays below 0.15."""
    opened: float = 0.5
    """Share of the highest rise below which the eyes count as open again."""
    shortest: float = 0.08
    longest: float = 0.5
    """Seconds of a closure; spontaneous blinks take 0.1 to 0.4 (Stern, Walrath and Goldstein 1984)."""
    gap: float = 0.45
    """Seconds between two frames over which nothing is concluded; two frames at 5 a second are 0.4 apart."""
    steady_degrees: float = 6.0
    """Pitch and yaw may change by this much: a head that nods or a photo that is tilted changes the blendshape too."""


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    closure: float
    pitch: float
    yaw: float


class BlinkDetector:
    """Fed with every frame that shows the face."""

    def __init__(self, policy: BlinkPolicy | None = None) -> None:
        self._policy = policy or BlinkPolicy()
        self._open: deque[_Sample] = deque()
        self._closed: list[_Sample] = []
        self.count = 0
        """Blinks since the beginning."""

    def receive(self, at: float, closure: float, pitch: float = 0.0, yaw: float = 0.0) -> bool:
        """One frame, with the numbers of its ``FaceView``; True when a blink ended with it."""
        sample = _Sample(at, closure, pitch, yaw)
        before = self._closed[-1] if self._closed else self._open[-1] if self._open else None
        if before is not None and not 0.0 < at - before.at <= self._policy.gap:
            self._begin(sample)
            return False
        while self._open and self._open[0].at < at - self._policy.baseline_seconds - self._policy.longest:
            self._open.popleft()
        if not self._has_baseline():
            self._open.append(sample)
            return False
        baseline = median(item.closure for item in self._open)
        if not self._closed:
            if closure < baseline + self._policy.rise:
                self._open.append(sample)
            else:
                self._closed.append(sample)
            return False
        highest = max(item.closure for item in self._closed)
        if closure > baseline + self._policy.opened * (highest - baseline):
            return self._stay_closed(sample)
        blinked = self._is_blink(sample)
        self._closed.clear()
        self._open.append(sample)
        self.count += blinked
        return blinked

    def _begin(self, sample: _Sample) -> None:
        self._open.clear()
        self._closed.clear()
        self._open.append(sample)

    def _has_baseline(self) -> bool:
        return len(self._open) >= 3 and self._open[-1].at - self._open[0].at >= self._policy.baseline_minimum_seconds

    def _stay_closed(self, sample: _Sample) -> bool:
        """Eyes that stay closed, or a new way of looking, become the baseline."""
        self._closed.append(sample)
        if sample.at - self._closed[0].at > self._policy.baseline_seconds:
            self._open = deque(self._closed)
            self._closed = []
        return False

    def _is_blink(self, after: _Sample) -> bool:
        before, first, last = self._open[-1], self._closed[0], self._closed[-1]
        at_least, at_most = last.at - first.at, after.at - before.at
        steady = all(
            abs(item.pitch - before.pitch) <= self._policy.steady_degrees
            and abs(item.yaw - before.yaw) <= self._policy.steady_degrees
            for item in (*self._closed, after)
        )
        return steady and at_most >= self._policy.shortest and at_least <= self._policy.longest
