"""A bounded pool of threads for one model, so that inference never runs on the event loop and never piles up."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from conversation.speech.errors import Category, SpeechError

Result = TypeVar("Result")

_REMEMBERED_RUNS = 64


@dataclass(frozen=True, slots=True)
class PoolStatus:
    """What a pool is doing, for metrics."""

    running: int
    """Calls on a thread now."""
    waiting: int
    """Calls that wait for a thread."""
    finished: int
    """Calls that ran to their end, failed ones included, since the pool was made."""
    refused: int
    """Calls that were turned away because the backlog was full."""
    recent_seconds: tuple[float, ...]
    """Time on the thread of the latest finished calls, oldest first, at most 64."""


class ModelPool:
    """``workers`` threads and room for ``backlog`` waiting calls; one more call is refused at once.

    Calls start in the order in which they came. A pool belongs to the event loop that first used it. Cancelling a
    waiting call takes it out of the line; a call that is already on a thread runs to its end and keeps its place.
    """

    def __init__(self, name: str, workers: int = 1, backlog: int = 16) -> None:
        if workers < 1 or backlog < 0:
            raise ValueError(
                f"pool {name}: workers must be at least 1 and backlog at least 0, got {workers}, {backlog}"
            )
        self.name = name
        self.workers = workers
        self._backlog = backlog
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=f"model-{name}")
        self._free = asyncio.Semaphore(workers)
        self._running = 0
        self._waiting = 0
        self._finished = 0
        self._refused = 0
        self._recent_seconds: deque[float] = deque(maxlen=_REMEMBERED_RUNS)
        self._closed = False

    @property
    def status(self) -> PoolStatus:
        """A snapshot for metrics."""
        return PoolStatus(
            running=self._running,
            waiting=self._waiting,
            finished=self._finished,
            refused=self._refused,
            recent_seconds=tuple(self._recent_seconds),
        )

    async def run(self, function: Callable[..., Result], /, *arguments: object) -> Result:
        """Run ``function(*arguments)`` on a thread of the pool and return what it returns.

        Raises ``SpeechError``: BUSY when the backlog is full, PROVIDER when the pool is closed; and whatever the
        function raises.
        """
        self._refuse_when_closed()
        if self._free.locked() and self._waiting >= self._backlog:
            self._refused += 1
            raise SpeechError(Category.BUSY, self.name, f"{self._waiting} calls are waiting already; try again later")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        if self._closed:
            self._free.release()
            self._refuse_when_closed()
        self._running += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._timed, function, arguments)
        future.add_done_callback(self._one_finished)
        # Shielded, because a thread cannot be stopped: its place is free only when it has really finished.
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Refuse new and waiting calls, wait for those on a thread, and join the threads."""
        self._closed = True
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise SpeechError(Category.PROVIDER, self.name, "the pool is closed")

    def _timed(self, function: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
        started = time.perf_counter()
        try:
            return function(*arguments)
        finally:
            self._recent_seconds.append(time.perf_counter() - started)

    def _one_finished(self, _: asyncio.Future[Result]) -> None:
        self._running -= 1
        self._finished += 1
        self._free.release()
