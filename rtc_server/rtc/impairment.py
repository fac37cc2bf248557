"""A bad network, seeded: loss (alone or in bursts), delay, jitter, reordering and duplicates.

``Impairment`` is pure: it says when each datagram arrives, if at all, so that a test can assert exact numbers.
``impair`` applies two of them to one peer connection in this process, which needs neither root nor kernel modules.
"""

import asyncio
import random
from dataclasses import dataclass

from aiortc import RTCPeerConnection

from rtc_server.rtc import seams


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """One direction of a network."""

    loss: float = 0.0
    """Share of datagrams lost, 0 to below 1."""
    mean_burst: float = 0.0
    """Losses in a row on average (Gilbert's two-state model); 0 or 1: each datagram is lost on its own."""
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    """Standard deviation of the delay (normal distribution, never below zero)."""
    keeps_order: bool = False
    """False: a datagram may overtake another one whose delay is longer, as on most wireless paths."""
    duplicates: float = 0.0
    """Share of datagrams that arrive twice."""

    def __post_init__(self) -> None:
        for name, value in (("loss", self.loss), ("duplicates", self.duplicates)):
            if not 0.0 <= value < 1.0:
                raise ValueError(f"{name} must be from 0 to below 1, not {value}")
        for name, value in (
            ("mean_burst", self.mean_burst),
            ("delay_ms", self.delay_ms),
            ("jitter_ms", self.jitter_ms),
        ):
            if value < 0:
                raise ValueError(f"{name} must not be negative, but is {value}")


class Impairment:
    """One direction; the same seed and calls give the same answers."""

    def __init__(self, profile: NetworkProfile, seed: int) -> None:
        self._profile = profile
        self._random = random.Random(seed)
        self._losing = False
        self._last_at = 0.0
        self.passed = 0
        self.lost = 0

    def deliveries(self, *, now: float) -> tuple[float, ...]:
        """When a datagram sent at ``now`` arrives: never (empty), once, or twice."""
        if self._is_lost():
            self.lost += 1
            return ()
        self.passed += 1
        first = self._arrival(now)
        if self._profile.duplicates and self._random.random() < self._profile.duplicates:
            return first, self._arrival(now)
        return (first,)

    def _is_lost(self) -> bool:
        loss, burst = self._profile.loss, self._profile.mean_burst
        if loss == 0.0:
            return False
        draw = self._random.random()
        if burst <= 1.0:
            return draw < loss
        # Gilbert: leave the losing state with 1/burst, enter it so often that the share of time in it is ``loss``.
        leaves, enters = 1.0 / burst, loss / (burst * (1.0 - loss))
        self._losing = draw >= leaves if self._losing else draw < enters
        return self._losing

    def _arrival(self, now: float) -> float:
        delay_ms = self._profile.delay_ms
        if self._profile.jitter_ms:
            delay_ms = max(0.0, self._random.gauss(delay_ms, self._profile.jitter_ms))
        at = now + delay_ms / 1_000.0
        if self._profile.keeps_order:
            at = max(at, self._last_at)
        self._last_at = max(at, self._last_at)
        return at


def impair(connection: RTCPeerConnection, *, outgoing: Impairment, incoming: Impairment) -> None:
    """Send and receive everything but ICE checks through these two; call it once offer and answer were exchanged."""
    loop = asyncio.get_running_loop()

    def wire(impairment: Impairment) -> seams.Wire:
        def carry(data: bytes, forward: seams.Datagram) -> None:
            now = loop.time()
            for at in impairment.deliveries(now=now):
                if at <= now:
                    forward(data)
                else:
                    loop.call_at(at, forward, data)

        return carry

    seams.intercept_datagrams(connection, outgoing=wire(outgoing), incoming=wire(incoming))
