"""A handful of running effects: started together, ended together, and no failure goes unseen."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from rtc_server.observe.failures import log_failure

logger = logging.getLogger(__name__)


class Tasks:
    """Keeps tasks from being forgotten."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run it; an exception that it lets out is logged."""
        task = asyncio.create_task(coroutine, name=self._name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def close(self) -> None:
        """Cancel all and wait for them."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def finish(self) -> None:
        """Wait for all to end by themselves."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_failure(logger, self._name, error)
