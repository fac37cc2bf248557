"""A circuit breaker: stop asking a server that keeps failing, and try it again later. Pure; time is an argument."""

from collections import deque
from enum import StrEnum


class State(StrEnum):
    """Whether requests may pass."""

    CLOSED = "closed"
    """Everything passes."""
    OPEN = "open"
    """Nothing passes until ``open_for`` seconds are over; then one trial request does."""
    REJECTED = "rejected"
    """The server refused our credentials; nothing passes until ``reset``."""


class CircuitBreaker:
    """Opens for ``open_for`` seconds after ``failures`` failures within ``within`` seconds.

    After that one trial request may pass at a time: its success closes the breaker. A trial that never reports back
    blocks others for another ``open_for`` seconds only.
    """

    def __init__(self, *, failures: int = 3, within: float = 30.0, open_for: float = 60.0) -> None:
        self._failures = failures
        self._within = within
        self._open_for = open_for
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._open_until: float | None = None
        self._rejected = False

    @property
    def state(self) -> State:
        """The state after the last report; an open breaker stays ``OPEN`` until a trial has succeeded."""
        if self._rejected:
            return State.REJECTED
        return State.CLOSED if self._open_until is None else State.OPEN

    def allows(self, now: float) -> bool:
        """Whether a request may be sent now. True from an open breaker hands out the trial, so send one then."""
        if self._rejected:
            return False
        if self._open_until is None:
            return True
        if now < self._open_until:
            return False
        self._open_until = now + self._open_for
        return True

    def succeeded(self) -> None:
        """Report that a request was served."""
        self._failed_at.clear()
        self._open_until = None

    def failed(self, now: float) -> None:
        """Report a request that was not served: connection, time-out, rate limit or server error."""
        self._failed_at.append(now)
        burst = len(self._failed_at) == self._failures and now - self._failed_at[0] <= self._within
        if burst or self._open_until is not None:
            self._open_until = now + self._open_for

    def rejected(self) -> None:
        """Report that the server refused our credentials (401, 403): retrying cannot help."""
        self._rejected = True

    def reset(self) -> None:
        """Forget everything, for a server that was reconfigured."""
        self._rejected = False
        self.succeeded()
