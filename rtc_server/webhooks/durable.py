"""Deliveries as durable workflows: DBOS keeps what was tried and when to try again, over crashes and restarts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from rtc_server.webhooks.courier import Courier
from rtc_server.webhooks.loop_thread import LoopThread

WORKFLOW = "visavis.deliver"
VERSION = "1"
"""Of the workflow's shape. Only workflows of the same version are taken up again after an update of the server: raise
it with care, when the steps of ``deliver`` change."""
EXECUTOR = "visavis"
"""Always the same, so that a restarted server takes up what it left."""
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
SCHEMA = "visavis_webhooks"
"""Of the tables in PostgreSQL."""
_THREADS = 8
_CONNECTIONS = 8
SHORTEST_SLEEP_SECONDS = 0.001
_POLL_SECONDS = 1.0
"""How long stopping may have to wait for a thread of DBOS."""
_TIDY_BATCH = 1_000


class AlreadyRunning(RuntimeError):
    """DBOS works for another runner of this process."""


class DurableRunner:
    """``Runner`` on DBOS, which is imported and launched with the first delivery.

    DBOS keeps one state for a whole process: a second runner in the same process raises AlreadyRunning until the
    first one is closed. It has its own thread; no console, no telemetry, nothing of a payload in its tables.
    """

    def __init__(
        self, database_url: str, new_courier: Callable[[asyncio.AbstractEventLoop], Courier], now_ms: Callable[[], int]
    ) -> None:
        self._database_url = database_url
        self._new_courier = new_courier
        self._now_ms = now_ms
        self._launching = asyncio.Lock()
        self._engine: _Engine | None = None

    async def start(self, delivery_ids: Sequence[str]) -> None:
        """Begin; harmless for those that were started before."""
        if not delivery_ids:
            return
        async with self._launching:
            if self._engine is None:
                self._engine = await _Engine.launch(self._database_url, self._new_courier, self._now_ms)
        await self._engine.thread.run(self._engine.start(delivery_ids))

    async def tidy(self, before_ms: int) -> None:
        """Forget workflows that ended earlier."""
        if self._engine is not None:
            await self._engine.thread.run(self._engine.tidy(before_ms))

    async def close(self) -> None:
        """Stop within seconds; what is under way goes on at the next start."""
        async with self._launching:
            engine, self._engine = self._engine, None
            if engine is not None:
                await engine.close()


class _Engine:
    """DBOS, launched, on a loop of its own."""

    def __init__(
        self, dbos: Any, set_id: Callable[[str], Any], thread: LoopThread, courier: Courier, now_ms: Callable[[], int]
    ) -> None:
        self.thread = thread
        self._dbos = dbos
        self._set_id = set_id
        self._courier = courier
        self._now_ms = now_ms
        self._workflow: Callable[[str], Awaitable[None]] | None = None

    @classmethod
    async def launch(
        cls, url: str, new_courier: Callable[[asyncio.AbstractEventLoop], Courier], now_ms: Callable[[], int]
    ) -> "_Engine":
        """Import and launch DBOS. Raises AlreadyRunning."""
        if not (log := logging.getLogger("dbos")).handlers:
            log.addHandler(logging.NullHandler())  # else it adds one of its own and keeps its messages from ours
        library = await asyncio.to_thread(_load)
        config = {
            "name": "visavis",
            "system_database_url": url,
            "dbos_system_schema": SCHEMA,
            "sys_db_pool_size": _CONNECTIONS,
            "max_executor_threads": _THREADS,
            "notification_listener_polling_interval_sec": _POLL_SECONDS,
            "serializer": library.DBOSPortableJSONSerializer(),
            "application_version": VERSION,
            "executor_id": EXECUTOR,
            "enable_otlp": False,
            "log_level": "ERROR",
        }
        thread = LoopThread("visavis-webhooks")
        engine = cls(library.DBOS, library.SetWorkflowID, thread, new_courier(asyncio.get_running_loop()), now_ms)
        try:
            await thread.run(engine._launch(config))
        except AlreadyRunning:
            await thread.stop()
            raise
        except BaseException:
            await engine.close()
            raise
        return engine

    async def _launch(self, config: Any) -> None:
        if getattr(self._dbos(config=config), "_launched", False):
            raise AlreadyRunning("webhooks run in this process already")

        async def deliver(delivery_id: str) -> None:  # DBOS writes attributes on it, so it cannot be a method
            await self._deliver(delivery_id)

        # No limit of recoveries: a server that is restarted a hundred times within a delivery still has to deliver.
        self._workflow = self._dbos.workflow(name=WORKFLOW, max_recovery_attempts=None)(deliver)
        self._dbos.launch()

    async def _deliver(self, delivery_id: str) -> None:
        """The workflow. What its steps come to is kept, so it may ask the clock only for how long to sleep."""
        while True:
            due_ms = await self._dbos.run_step_async({"name": "attempt"}, self._courier.attempt, delivery_id)
            if due_ms is None:
                return
            # DBOS records no sleep that takes no time, and a replay has to find the steps of the first run.
            await self._dbos.sleep_async(max(SHORTEST_SLEEP_SECONDS, (due_ms - self._now_ms()) / 1000))

    async def start(self, delivery_ids: Sequence[str]) -> None:
        """Start the workflows that do not exist; those that do are going on, or DBOS is about to take them up."""
        assert self._workflow is not None
        known = await self._dbos.list_workflows_async(
            workflow_ids=list(delivery_ids), load_input=False, load_output=False
        )
        status = {workflow.workflow_id: workflow.status for workflow in known}
        for delivery_id in delivery_ids:
            # An ended workflow of an unfinished delivery: one of the two databases is older than the other.
            ended = status.get(delivery_id) in ENDED
            if delivery_id in status and not ended:
                continue
            with self._set_id(f"{delivery_id}.{self._now_ms()}" if ended else delivery_id):
                await self._dbos.start_workflow_async(self._workflow, delivery_id)

    async def tidy(self, before_ms: int) -> None:
        """Forget workflows that ended earlier."""
        before = datetime.fromtimestamp(before_ms / 1000, UTC).isoformat()
        ended: list[Any] = [None] * _TIDY_BATCH
        while len(ended) == _TIDY_BATCH:
            ended = await self._dbos.list_workflows_async(
                status=list(ENDED), completed_before=before, limit=_TIDY_BATCH, load_input=False, load_output=False
            )
            await self._dbos.delete_workflows_async([workflow.workflow_id for workflow in ended])

    async def close(self) -> None:
        """Leave all workflows as they are, stop the threads."""
        await self.thread.cancel_all()
        await self.thread.run(self._courier.close())
        # In another thread than the loop's, which the threads of DBOS may still be waiting for.
        await asyncio.to_thread(self._dbos.destroy, destroy_registry=True)
        await self.thread.stop()


def _load() -> Any:
    """DBOS; half a second of work, which no event loop should wait for."""
    import dbos

    return dbos
