"""The store on a relational database: SQLite by default, PostgreSQL by its address."""

import asyncio
import dataclasses
import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from rtc_server.storage.engine import BUSY_TIMEOUT_MS, WRITES, StorageError, create_engine, database_url, explain
from rtc_server.storage.migrate import migrate
from rtc_server.storage.ports import TERMINAL, ApiKey, JournalLine, Json, SessionRecord, Status
from rtc_server.storage.schema import api_keys, journal, sessions

_SESSION_FIELDS = frozenset(field.name for field in dataclasses.fields(SessionRecord))


CLOSE_TIMEOUT_SECONDS = 2 * BUSY_TIMEOUT_MS / 1000
"""How long closing waits for transactions that are under way."""

P = ParamSpec("P")
T = TypeVar("T")


def _uninterrupted(
    method: Callable[Concatenate["SqlStore", P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate["SqlStore", P], Coroutine[Any, Any, T]]:
    """Let the transaction run to its end when the caller is cancelled; name the database when it cannot be used.

    A cancelled statement goes on in the driver's thread and would keep the write lock of a connection that nobody
    owns any more.
    """

    @functools.wraps(method)
    async def run(store: "SqlStore", /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await asyncio.shield(store.in_background(method(store, *args, **kwargs)))
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise store.explain(error) from error

    return run


async def open_store(url: str) -> "SqlStore":
    """Bring the database at ``url`` up to date (creating it when missing) and open it.

    Raises StorageError naming the file and what to do.
    """
    await migrate(url)
    return SqlStore(create_engine(database_url(url)))


class SqlStore:
    """``Store`` on an asynchronous SQLAlchemy engine whose database has been migrated.

    Every method raises StorageError when the database cannot be used: locked, full, damaged, out of reach.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        # SQLite polls for its one write lock, which is neither fair nor quick: queue up in the process instead.
        self._one_writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._running: set[asyncio.Task[Any]] = set()

    @_uninterrupted
    async def create_session(self, record: SessionRecord) -> None:
        """Insert; raises ``KeyError`` when the id exists."""
        try:
            async with self._write() as connection:
                await connection.execute(insert(sessions).values(_columns(record)))
        except IntegrityError:
            if await self.session(record.id) is None:
                raise
            raise KeyError(record.id) from None

    @_uninterrupted
    async def session(self, session_id: str, tenant: str | None = None) -> SessionRecord | None:
        """By id; with ``tenant`` only when it owns the session."""
        query = select(sessions).where(sessions.c.id == session_id)
        if tenant is not None:
            query = query.where(sessions.c.tenant == tenant)
        async with self._engine.begin() as connection:
            row = (await connection.execute(query)).mappings().first()
        return SessionRecord(**row) if row is not None else None

    @_uninterrupted
    async def session_by_secret(self, secret_hash: str) -> SessionRecord | None:
        """By the hash of the current client secret."""
        async with self._engine.begin() as connection:
            query = select(sessions).where(sessions.c.secret_hash == secret_hash)
            row = (await connection.execute(query)).mappings().first()
        return SessionRecord(**row) if row is not None else None

    @_uninterrupted
    async def update_session(self, /, session_id: str, **changes: Any) -> SessionRecord:
        """Change some fields and return the record; a terminal session is returned as it is.

        Raises ``KeyError`` for an unknown id and ``TypeError`` for a name that is no field.
        """
        if wrong := changes.keys() - (_SESSION_FIELDS - {"id"}):
            raise TypeError(f"a session has no changeable field {', '.join(sorted(wrong))}")
        async with self._write() as connection:
            record = await _locked(connection, session_id)
            if record.status in TERMINAL or not changes:
                return record
            await connection.execute(update(sessions).where(sessions.c.id == session_id).values(changes))
        return record.with_(**changes)

    @_uninterrupted
    async def append_journal(self, session_id: str, lines: Sequence[JournalLine]) -> None:
        """Add lines; raises ``ValueError`` when their sequence does not continue the stored one.

        Raises ``KeyError`` for an unknown session.
        """
        async with self._write() as connection:
            await _locked(connection, session_id)
            await _append(connection, session_id, lines)

    @_uninterrupted
    async def journal(self, session_id: str) -> list[JournalLine]:
        """All lines in order; empty when there are none."""
        query = select(journal).where(journal.c.session_id == session_id).order_by(journal.c.sequence)
        async with self._engine.begin() as connection:
            rows = (await connection.execute(query)).all()
        return [JournalLine(row.sequence, row.now, row.event, row.commands) for row in rows]

    @_uninterrupted
    async def finish_session(
        self,
        session_id: str,
        lines: Sequence[JournalLine],
        *,
        status: Status,
        reason: str,
        report: Json,
        finished_at: int,
    ) -> SessionRecord:
        """Last journal lines, report and terminal status in one transaction.

        A session that is terminal already is returned as it is, so a repeated call is harmless. Raises ``KeyError`` for
        an unknown id, ``ValueError`` for a status that is not terminal or lines that do not continue the journal.
        """
        if status not in TERMINAL:
            raise ValueError(f"a session cannot finish as '{status}'")
        changes: Json = {"status": status, "reason": reason, "report": report, "finished_at": finished_at}
        async with self._write() as connection:
            record = await _locked(connection, session_id)
            if record.status in TERMINAL:
                return record
            await _append(connection, session_id, lines)
            await connection.execute(update(sessions).where(sessions.c.id == session_id).values(changes))
        return record.with_(**changes)

    @_uninterrupted
    async def add_key(self, key: ApiKey) -> None:
        """Insert or, when the hash exists, leave as it is."""
        async with self._write() as connection:
            known = await connection.scalar(select(api_keys.c.id).where(api_keys.c.hash == key.hash))
            if known is None:
                await connection.execute(insert(api_keys).values(_columns(key)))

    @_uninterrupted
    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with that hash."""
        async with self._engine.begin() as connection:
            row = (await connection.execute(select(api_keys).where(api_keys.c.hash == key_hash))).mappings().first()
        return ApiKey(**row) if row is not None else None

    async def close(self) -> None:
        """Let running transactions end, then release connections."""
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_TIMEOUT_SECONDS)
        await self._engine.dispose()

    def explain(self, error: DBAPIError) -> StorageError:
        """What a driver's error means here."""
        return explain(self._engine.url, error.orig)

    def in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that ``close`` waits for, whoever else still does."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen: whoever was cancelled meanwhile cannot look at it any more

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        if self._one_writer is None:
            async with self._writer.begin() as connection:
                yield connection
        else:
            async with self._one_writer, self._writer.begin() as connection:
                yield connection


def _columns(record: SessionRecord | ApiKey) -> Json:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


async def _locked(connection: AsyncConnection, session_id: str) -> SessionRecord:
    """The session, its row locked until the transaction ends (SQLite has locked the whole file by then)."""
    query = select(sessions).where(sessions.c.id == session_id).with_for_update()
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        raise KeyError(session_id)
    return SessionRecord(**row)


async def _append(connection: AsyncConnection, session_id: str, lines: Sequence[JournalLine]) -> None:
    if not lines:
        return
    last = await connection.scalar(select(func.max(journal.c.sequence)).where(journal.c.session_id == session_id))
    expected = 0 if last is None else int(last) + 1
    for sequence, line in enumerate(lines, start=expected):
        if line.sequence != sequence:
            raise ValueError(f"the journal of {session_id} goes on with line {sequence}, not {line.sequence}")
    rows = [
        {"session_id": session_id, "sequence": li.sequence, "now": li.now, "event": li.event, "commands": li.commands}
        for li in lines
    ]
    await connection.execute(insert(journal), rows)
