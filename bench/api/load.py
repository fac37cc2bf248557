"""Load on a server: as much as it takes, or so many requests a second whatever it takes (no coordinated omission)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import numpy as np

Request = Callable[[], Awaitable[int]]
"""One request; its HTTP status."""


@dataclass
class Load:
    """What was measured."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return (len(self.latencies_ms) - self.failures) / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds."""
        return float(np.percentile(self.latencies_ms, percent))


async def closed(request: Request, count: int, clients: int) -> Load:
    """So many clients, each with its next request as soon as it has an answer."""
    load = Load()
    waiting = iter(range(count))
    started_at = time.perf_counter()

    async def client() -> None:
        for _ in waiting:
            await _timed(request, time.perf_counter(), load)

    await asyncio.gather(*(client() for _ in range(clients)))
    load.seconds = time.perf_counter() - started_at
    return load


async def open_loop(request: Request, per_second: float, seconds: float) -> Load:
    """Requests at even times; each latency counts from the moment at which it was due."""
    load, tasks = Load(), []
    started_at = time.perf_counter()
    for number in range(round(per_second * seconds)):
        due_at = started_at + number / per_second
        await asyncio.sleep(max(0.0, due_at - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(request, due_at, load)))
    await asyncio.gather(*tasks)
    load.seconds = time.perf_counter() - started_at
    return load


async def _timed(request: Request, from_time: float, load: Load) -> None:
    status = await request()
    load.latencies_ms.append(1000 * (time.perf_counter() - from_time))
    load.failures += status != 200
