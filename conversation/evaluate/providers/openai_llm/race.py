"""Several chat servers asked as one: in order of preference, hedged, retried once, within one time budget."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from conversation.evaluate.providers.openai_llm.endpoint import (
    ChatEndpoint,
    ChatFailure,
    ChatRequest,
    Completion,
)

T = TypeVar("T")
_Running: TypeAlias = dict[asyncio.Task[T], tuple[ChatEndpoint, float]]
"""The requests under way, with the server and the moment of the start, in order of preference."""

_PAUSE_BEFORE_RETRY = 0.05
_SECONDS_TO_CANCEL = 0.2


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The first answer that was accepted."""

    value: T
    endpoint: ChatEndpoint


class NoAnswer(Exception):
    """No server gave an acceptable answer in time. ``failures`` says why, in the order in which they failed."""

    def __init__(self, failures: Sequence[ChatFailure]) -> None:
        super().__init__("; ".join(map(str, failures)) or "no server may be asked now")
        self.failures = tuple(failures)


class ChatRace:
    """Asks the first server; asks the next one as well when it fails or is silent for ``hedge_after`` seconds.

    A server gets one retry after a rate limit, a server error or a broken connection, if ``retry_floor`` seconds
    would still be left. Servers whose circuit breaker is open are passed over.
    """

    def __init__(
        self, endpoints: Sequence[ChatEndpoint], *, hedge_after: float = 0.7, retry_floor: float = 0.8
    ) -> None:
        self.endpoints = tuple(endpoints)
        self._hedge_after = hedge_after
        self._retry_floor = retry_floor

    async def aclose(self) -> None:
        """Close the connections of every server."""
        for endpoint in self.endpoints:
            await endpoint.aclose()

    async def ask(self, request: ChatRequest, accept: Callable[[Completion], T], *, budget: float) -> Answer[T]:
        """Return the first completion that ``accept`` takes, within ``budget`` seconds.

        ``accept`` turns a completion into a value, or raises ``ChatFailure`` when it cannot be used.
        Raises ``NoAnswer`` when no server answers acceptably in time.
        """
        deadline = time.monotonic() + budget
        waiting = deque(self.endpoints)
        failures: list[ChatFailure] = []
        running: _Running[T] = {}
        async with _cancelled_at_the_end(running):
            while True:
                self._start_next(running, waiting, request, accept, deadline)
                left = deadline - time.monotonic()
                if not running or left <= 0:
                    self._blame_the_silent(running)
                    raise NoAnswer(failures)
                patience = min(left, self._hedge_after) if waiting else left
                done, _ = await asyncio.wait(running, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in running if task in done]:
                    endpoint, _ = running.pop(task)
                    try:
                        value = task.result()
                    except ChatFailure as failure:
                        failures.append(failure)
                        continue
                    self._blame_the_silent(running)
                    return Answer(value, endpoint)

    def _start_next(
        self,
        running: _Running[T],
        waiting: deque[ChatEndpoint],
        request: ChatRequest,
        accept: Callable[[Completion], T],
        deadline: float,
    ) -> None:
        """Start the next server that may be asked, if there is one."""
        while waiting:
            endpoint, now = waiting.popleft(), time.monotonic()
            if endpoint.breaker.allows(now):
                task = asyncio.create_task(self._ask_one(endpoint, request, accept, deadline))
                running[task] = (endpoint, now)
                return

    async def _ask_one(
        self, endpoint: ChatEndpoint, request: ChatRequest, accept: Callable[[Completion], T], deadline: float
    ) -> T:
        """Ask one server, with one retry."""
        try:
            return accept(await endpoint.complete(request, timeout=self._limit(endpoint, deadline)))
        except ChatFailure as failure:
            pause = _PAUSE_BEFORE_RETRY if failure.retry_after is None else failure.retry_after
            left = deadline - time.monotonic() - pause
            if not failure.retryable or left < self._retry_floor or not endpoint.breaker.allows(time.monotonic()):
                raise
        await asyncio.sleep(pause)
        return accept(await endpoint.complete(request, timeout=self._limit(endpoint, deadline)))

    def _limit(self, endpoint: ChatEndpoint, deadline: float) -> float:
        """Seconds that a request sent now may take."""
        return min(endpoint.settings.timeout, deadline - time.monotonic())

    def _blame_the_silent(self, running: _Running[T]) -> None:
        """Count a server that was overtaken, or never answered, as failing: else a slow one is asked first for ever."""
        now = time.monotonic()
        for task, (endpoint, started) in running.items():
            if not task.done() and now - started >= self._hedge_after:
                endpoint.breaker.failed(now)


@asynccontextmanager
async def _cancelled_at_the_end(running: _Running[T]) -> AsyncIterator[None]:
    """Cancel the requests that are still under way at the end, so that none outlives its question."""
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        if running:
            done, _ = await asyncio.wait(running, timeout=_SECONDS_TO_CANCEL)
            for task in done:
                if not task.cancelled():
                    task.exception()  # looked at, so that asyncio does not report it as lost
