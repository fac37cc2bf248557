"""How often one may call: token buckets per API key, per session page, and per address that fails to authenticate."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from rtc_server.api.errors import ApiError, retry_after

MAX_BUCKETS = 10_000
"""Callers that are remembered, of each kind. Who is forgotten has not called for longest and starts afresh."""


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Calls a minute; 0 = as many as you like."""

    sandbox_per_minute: int = 100
    """Calls a minute with one sandbox key; 0 = no limit."""
    production_per_minute: int = 1000
    """Calls a minute with one production key; 0 = no limit."""
    page_per_minute: int = 600
    """Calls a minute of one session's page; 0 = no limit."""
    failures_per_minute: int = 60
    """Wrong or missing API keys and client secrets a minute from one address; 0 = no limit."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a bucket holds after a call."""

    limit: int
    remaining: int
    full_after: float
    """Seconds until the whole limit is there again."""
    wait: float
    """Seconds until the next call is possible; 0 = at once."""

    def headers(self, now_ms: int) -> dict[str, str]:
        """The contract's headers (§1.10)."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(math.ceil(now_ms / 1000 + self.full_after)),
        }


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Buckets:
    """One token bucket for each caller: a minute's worth at once, then a steady flow. The table is bounded."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = per_minute
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, caller: str) -> Allowance | None:
        """Count a call; None without a limit. A call that comes too early (``wait`` above 0) costs nothing."""
        if not self._limit:
            return None
        bucket = self._filled(caller)
        allowed = bucket.tokens >= 1
        if allowed:
            bucket.tokens -= 1
        return self._allowance(bucket, 0.0 if allowed else (1 - bucket.tokens) / self._rate)

    def wait(self, caller: str) -> float:
        """Seconds until a call would be possible; counts nothing and remembers nobody."""
        if not self._limit or caller not in self._buckets:
            return 0.0
        return max(0.0, 1 - self._filled(caller).tokens) / self._rate

    def _filled(self, caller: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = _Bucket(self._limit, now)
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(caller)
        bucket.tokens = min(self._limit, bucket.tokens + (now - bucket.filled_at) * self._rate)
        bucket.filled_at = now
        return bucket

    def _allowance(self, bucket: _Bucket, wait: float) -> Allowance:
        full_after = (self._limit - bucket.tokens) / self._rate
        return Allowance(self._limit, math.floor(bucket.tokens), full_after, wait)


@dataclass(frozen=True, slots=True)
class Limits:
    """The buckets of a server."""

    sandbox: Buckets
    production: Buckets
    pages: Buckets
    failures: Buckets

    @classmethod
    def of(cls, settings: LimitSettings, clock: Callable[[], float] = time.monotonic) -> "Limits":
        """Full buckets."""
        return cls(
            Buckets(settings.sandbox_per_minute, clock),
            Buckets(settings.production_per_minute, clock),
            Buckets(settings.page_per_minute, clock),
            Buckets(settings.failures_per_minute, clock),
        )


LIMITS: web.AppKey[Limits] = web.AppKey("visavis_limits", Limits)
ALLOWANCE: web.RequestKey[Allowance] = web.RequestKey("visavis_allowance", Allowance)
"""What the caller of a request has left; sent with its reply."""


def count(request: web.Request, buckets: Buckets, caller: str) -> None:
    """Count a call of somebody. Raises ApiError 429."""
    allowance = buckets.take(caller)
    if allowance is not None:
        request[ALLOWANCE] = allowance
        refuse_early(allowance.wait)


def refuse_early(wait: float) -> None:
    """Raises ApiError 429 unless ``wait`` seconds are none."""
    if wait > 0:
        message = f"Too many calls; the next one is possible in {math.ceil(wait)} s."
        raise ApiError(429, "rate_limit_exceeded", message, headers=retry_after(wait))


def address_of(request: web.Request, trusted_proxy: bool) -> str:
    """IP address of the caller, empty when unknown.

    With ``trusted_proxy`` it is the last one in ``X-Forwarded-For``: the one that our own proxy has seen and added.
    """
    if trusted_proxy and (forwarded := request.headers.getall("X-Forwarded-For", [])):
        return forwarded[-1].rsplit(",", 1)[-1].strip()[:64]
    return request.remote or ""
