"""One attempt of a delivery from end to end, with bounds on how many there are at once."""

import asyncio
import logging
from collections.abc import Callable
from weakref import WeakValueDictionary

from rtc_server.observe.failures import log_failure
from rtc_server.storage.engine import StorageError
from rtc_server.webhooks.desk import Desk
from rtc_server.webhooks.loop_thread import run_on
from rtc_server.webhooks.sender import Order, Sender

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 32
MAX_AT_ONCE_PER_ENDPOINT = 4
"""So that one slow receiver cannot hold up the others."""
TROUBLE_SECONDS = 30.0
"""When to try again after trouble of our own, such as a database out of reach."""


class Courier:
    """Works on the loop of the delivery thread; the desk and its database stay on the server's loop."""

    def __init__(self, desk: Desk, sender: Sender, home: asyncio.AbstractEventLoop, now_ms: Callable[[], int]) -> None:
        self._desk = desk
        self._sender = sender
        self._home = home
        self._now_ms = now_ms
        self._all = asyncio.Semaphore(MAX_AT_ONCE)
        self._endpoints: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def attempt(self, delivery_id: str) -> int | None:
        """When the next attempt is due (Unix ms); None when the delivery is finished. Never raises."""
        try:
            endpoint_id = await run_on(self._home, self._desk.endpoint_of(delivery_id))
            if endpoint_id is None:
                return None
            async with self._endpoints.setdefault(endpoint_id, asyncio.Semaphore(MAX_AT_ONCE_PER_ENDPOINT)), self._all:
                return await self._attempt(delivery_id)
        except StorageError as error:
            logger.warning("delivery %s waits for the database: %s", delivery_id, error)
        except Exception as error:
            # A workflow that fails would be over for good.
            log_failure(logger, f"delivery {delivery_id}", error)
        return self._now_ms() + round(1000 * TROUBLE_SECONDS)

    async def _attempt(self, delivery_id: str) -> int | None:
        # Prepared only now, because the signature holds the time.
        prepared = await run_on(self._home, self._desk.prepare(delivery_id))
        if prepared is None:
            return None
        assignment, order = prepared
        sent = await self._sender.send(order) if isinstance(order, Order) else order
        return await run_on(self._home, self._desk.record(assignment, sent))

    async def close(self) -> None:
        """Release connections."""
        await self._sender.close()
