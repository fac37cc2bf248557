"""The flash challenge from the command to its result: asked for once, shown or declined, measured when it is over."""

import math

from vision.liveness.commands import ShowFlash
from vision.liveness.flash import FlashResponse, flash_response, flash_seconds
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record

CLOCK_TOLERANCE = 1.0
"""Seconds by which the page's account of the beginning may lie before our command."""


class FlashShow:
    """Ends within a bounded time, whatever the page does."""

    def __init__(self, plan: Plan, policy: LivenessPolicy) -> None:
        self._plan = plan
        self._policy = policy
        self._seconds = flash_seconds(plan.flash, policy)
        self._asked_at: float | None = None
        self._started_at: float | None = None
        self.done = not plan.flash
        self.response: FlashResponse | None = None
        self.why_not = "no colours were planned"

    @property
    def deadline(self) -> float | None:
        """When it ends or is given up."""
        if self.done or self._asked_at is None:
            return None
        if self._started_at is not None:
            return self._started_at + self._seconds + self._policy.flash_lag_seconds
        return self._asked_at + self._seconds + self._policy.flash_wait_seconds

    def shown(self, started_at: float, now: float) -> bool:
        """The page says when it showed the first colour. False when nothing was asked for."""
        if self.done or self._asked_at is None or self._started_at is not None:
            return False
        if math.isfinite(started_at) and self._asked_at - CLOCK_TOLERANCE <= started_at <= now:
            self._started_at = started_at
        else:
            self._give_up("the page told an impossible time")
        return True

    def declined(self, reason: str) -> bool:
        """The page does not show them. False when nothing was asked for."""
        if self.done or self._asked_at is None:
            return False
        reasons = {
            "photosensitivity": "the person wants no flashing light",
            "reduced_motion": "the person asked for reduced motion",
        }
        self._give_up(reasons.get(reason, "the page cannot show them"))
        return True

    def advance(self, now: float, record: Record) -> ShowFlash | None:
        """Ask, measure, or give up, when it is time."""
        if self.done:
            return None
        if self._asked_at is None:
            self._asked_at = now
            self.why_not = "the page gave no answer"
            return ShowFlash(self._plan.flash, self._policy.flash_symbol_ms)
        deadline = self.deadline
        if deadline is not None and now >= deadline:
            if self._started_at is not None:
                self._measure(self._started_at, deadline, record)
            self.done = True
        return None

    def _measure(self, started_at: float, end: float, record: Record) -> None:
        views = list(record.between(started_at, end))
        self.response = flash_response(views, self._plan.flash, started_at, self._plan.seed, self._policy)
        self.why_not = "too few frames while the colours were shown"

    def _give_up(self, why: str) -> None:
        self.why_not = why
        self.done = True
