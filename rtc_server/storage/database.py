"""A migrated database that the stores share: transactions that are finished even when their caller is cancelled."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from rtc_server.storage.engine import BUSY_TIMEOUT_MS, OUT_OF_REACH, WRITES, create_engine, database_url, explain
from rtc_server.storage.migrate import migrate

CLOSE_TIMEOUT_SECONDS = 2 * BUSY_TIMEOUT_MS / 1000
"""How long closing waits for transactions that are under way."""

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """An asynchronous SQLAlchemy engine whose database has been migrated."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        # SQLite polls for its one write lock, which is neither fair nor quick: queue up in the process instead.
        self._one_writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; committed at the end of the block, rolled back when it raises."""
        if self._one_writer is None:
            async with self._writer.begin() as connection:
                yield connection
        else:
            async with self._one_writer, self._writer.begin() as connection:
                yield connection

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let work run to its end when the caller is cancelled; raises StorageError when the database is unusable.

        A cancelled statement goes on in the driver's thread and would keep the write lock of a connection that
        nobody owns any more.
        """
        try:
            return await asyncio.shield(self._in_background(work))
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise explain(self._engine.url, error.orig) from error
        except OUT_OF_REACH as error:
            raise explain(self._engine.url, error) from error

    async def close(self) -> None:
        """Let running transactions end, then release connections."""
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_TIMEOUT_SECONDS)
        await self._engine.dispose()

    def _in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen: whoever was cancelled meanwhile cannot look at it any more


class HasDatabase(Protocol):
    """A store that works on a Database."""

    @property
    def database(self) -> Database:
        """The database."""


S = TypeVar("S", bound=HasDatabase)


def uninterrupted(
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Decorator of a store's methods: ``Database.run``."""

    @functools.wraps(method)
    async def run(store: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await store.database.run(method(store, *args, **kwargs))

    return run


async def open_database(url: str) -> Database:
    """Bring the database at ``url`` up to date (creating it when missing) and open it.

    Raises StorageError naming the file and what to do.
    """
    await migrate(url)
    return Database(create_engine(database_url(url)))
