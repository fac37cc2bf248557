"""When a delivery is tried again, and what an answer means. Pure: the jitter follows from the delivery's id."""

import email.utils
import hashlib
import math
from dataclasses import dataclass
from typing import Literal

DELAYS = (5.0, 30.0, 120.0, 600.0, 3_600.0, 7_200.0, 18_000.0, 36_000.0, 86_400.0)
"""Seconds after the first, second … failed attempt: 42 hours in all. The first five are the vendor's (contract
§6.4)."""

MAX_RETRY_AFTER_SECONDS = 86_400.0

Verdict = Literal["delivered", "failed", "gone"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A first attempt at once, then one after each delay."""

    delays: tuple[float, ...] = DELAYS
    """Seconds."""
    jitter: float = 0.1
    """Each delay is made longer or shorter by up to this share, so that retries do not come in step."""

    def __post_init__(self) -> None:
        if any(not math.isfinite(delay) or delay < 0 for delay in self.delays) or not 0 <= self.jitter < 1:
            raise ValueError("delays must be finite and not negative, the jitter at least 0 and below 1")

    def delay_after(self, delivery_id: str, failures: int, retry_after: float | None = None) -> float | None:
        """Seconds from the ``failures``-th failed attempt (1, 2 …) to the next; None when it was the last.

        ``retry_after``, what the receiver asked for, can only make the wait longer, up to a day.
        """
        if not 1 <= failures <= len(self.delays):
            return None
        share = int.from_bytes(hashlib.sha256(f"{delivery_id}:{failures}".encode()).digest()[:8], "big") / 2**64
        delay = self.delays[failures - 1] * (1 + self.jitter * (2 * share - 1))
        return max(delay, min(retry_after or 0.0, MAX_RETRY_AFTER_SECONDS))


def judge(status_code: int | None) -> Verdict:
    """What an answer means: 2xx arrived, 410 = never send here again, all else (redirects too) = try again."""
    if status_code is not None and 200 <= status_code < 300:
        return "delivered"
    return "gone" if status_code == 410 else "failed"


def parse_retry_after(value: str | None, now_ms: int) -> float | None:
    """Seconds from a ``Retry-After`` header (RFC 9110 §10.2.3: seconds or a date); None when there is none to read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:18]), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(0.0, moment - now_ms / 1000), MAX_RETRY_AFTER_SECONDS)


def is_worn_out(failing_since_ms: int | None, now_ms: int, days: float) -> bool:
    """Whether an endpoint has given nothing but failures for so long that it is disabled; ``days`` 0 = never."""
    return days > 0 and failing_since_ms is not None and now_ms - failing_since_ms >= days * 86_400_000
