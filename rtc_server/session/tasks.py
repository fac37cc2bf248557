"""A handful of running effects: started together, ended together, and no failure goes unseen."""

import asyncio
import logging
import traceback
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)


def log_failure(log: logging.Logger, what: str, error: BaseException | None) -> None:
    """Type and place only: the text of an exception may quote what a person said."""
    if error is not None:
        place = "".join(traceback.format_tb(error.__traceback__)[-3:])
        log.error("%s failed with %s\n%s", what, type(error).__name__, place)


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

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log_failure(logger, self._name, task.exception())
