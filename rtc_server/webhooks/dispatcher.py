"""From the outbox to deliveries under way: one task that wakes at news and looks by itself now and then."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from rtc_server.observe.failures import log_failure
from rtc_server.storage.engine import StorageError
from rtc_server.webhooks.ports import DeliveryStore, Runner

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often it looks without news: another process may have written events."""
GATHER_SECONDS = 0.02
"""How long it waits after news for more of it, so that a busy server makes one transaction of many events."""
BATCH = 100
KEEP_DAYS = 30
"""How long the log of deliveries is kept."""
_TIDY_SECONDS = 3_600.0
_TIDY_BATCH = 1_000


class Dispatcher:
    """Makes deliveries of events and has them run. A crash loses nothing: whatever is pending is started again."""

    def __init__(self, store: DeliveryStore, runner: Runner, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._runner = runner
        self._now_ms = now_ms
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with what the last run of the server left behind."""
        self._task = asyncio.create_task(self._run(), name="webhook dispatcher")

    def wake(self) -> None:
        """Events were committed."""
        self._news.set()

    async def run_now(self, delivery_ids: Sequence[str]) -> None:
        """Have deliveries run that were made elsewhere, as by a replay; where nothing is delivered they wait."""
        if self._task is not None and delivery_ids:
            await self._runner.start(delivery_ids)

    async def close(self) -> None:
        """Stop; the runner is stopped too."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._runner.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        resumed, tidied_at = False, loop.time()
        while True:
            self._news.clear()
            try:
                if not resumed:
                    await self._resume()
                    resumed = True
                await self._dispatch_all()
                if loop.time() - tidied_at >= _TIDY_SECONDS:
                    tidied_at = loop.time()
                    resumed = False  # a workflow that broke is made good at the latest now
                    await self._tidy()
            except StorageError as error:
                logger.warning("webhooks wait for the database: %s", error)
            except Exception as error:
                # Whatever it is, the database keeps events and deliveries.
                resumed = False
                log_failure(logger, "dispatching webhooks", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)

    async def _tidy(self) -> None:
        before_ms = self._now_ms() - KEEP_DAYS * 86_400_000
        removed = _TIDY_BATCH
        while removed == _TIDY_BATCH:
            removed = await self._store.remove_old(before_ms, _TIDY_BATCH)
        await self._runner.tidy(before_ms)

    async def _resume(self) -> None:
        pending = await self._store.pending()
        for first in range(0, len(pending), BATCH):
            await self._runner.start(pending[first : first + BATCH])

    async def _dispatch_all(self) -> None:
        looked_at = BATCH
        while looked_at == BATCH:
            made, looked_at = await self._store.dispatch(self._now_ms(), BATCH)
            if made:
                await self._runner.start(made)
