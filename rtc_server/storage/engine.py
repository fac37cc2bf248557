"""Database engines: which driver an address means, how SQLite is tuned, what a broken file is called."""

import json
import logging
import time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another writer before it gives up."""

PING_AFTER_SECONDS = 15.0
"""A connection to PostgreSQL that rested so long is tried before it is used again."""

_USED_AT = "visavis_used_at"

CONNECT_TIMEOUT_SECONDS = 10
"""How long making a connection to PostgreSQL, or waiting for a free one, may take."""

STATEMENT_TIMEOUT_SECONDS = 30
"""How long PostgreSQL may work on one statement."""

CONNECTIONS = 10
"""Connections to PostgreSQL that one process keeps; as many again while it is busy."""

OUT_OF_REACH = (OSError, TimeoutError, PoolTimeoutError)
"""What connecting raises beside the driver's own errors."""

WRITES = "visavis_writes"
"""Execution option of connections that will write: SQLite then takes its write lock at BEGIN."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

_TELLING_CLASSES = ("08", "28", "3D", "42", "53", "55", "57")
"""SQLSTATE classes whose messages name hosts, roles, tables and limits; those of other classes may quote values."""


class StorageError(Exception):
    """The database cannot be used; the text names the file or host and says what to do."""


def database_url(text: str) -> URL:
    """Address as in the settings (``sqlite:///file`` or ``postgresql://host/name``) with its asynchronous driver.

    Raises StorageError for an address that cannot be read, or one that keeps nothing.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        # The text itself may hold a password, so it is not repeated.
        raise StorageError("the database address cannot be read: write sqlite:///path/to/visavis.db") from None
    kind = url.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise StorageError(f"the database address starts with '{url.drivername}': use sqlite:/// or postgresql://")
    url = url.set(drivername=_DRIVERS[kind])
    if kind == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise StorageError("an SQLite database needs a file: write sqlite:///path/to/visavis.db")
        return url.set(database=str(Path(str(url.database)).expanduser()))
    # libpq's name for it, which hosting companies write into the addresses that they give out.
    if "sslmode" in url.query:
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(["sslmode"])
    return url


def create_engine(url: URL) -> AsyncEngine:
    """Engine whose errors never quote stored values and whose waits are bounded; SQLite with WAL and foreign keys."""
    options: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        options = {
            "pool_size": CONNECTIONS,
            "max_overflow": CONNECTIONS,
            "pool_timeout": CONNECT_TIMEOUT_SECONDS,
            "connect_args": {"timeout": CONNECT_TIMEOUT_SECONDS, "command_timeout": STATEMENT_TIMEOUT_SECONDS},
        }
    dumps = partial(json.dumps, allow_nan=False)
    engine = create_async_engine(url, hide_parameters=True, json_serializer=dumps, **options)
    if url.get_backend_name() == "sqlite":
        # At DEBUG this driver logs every parameter, which is what people said.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        event.listen(engine.sync_engine, "checkin", _remember_use)
        event.listen(engine.sync_engine, "checkout", _find_cut)
    return engine


def prepare_folder(url: URL) -> None:
    """Create the folder of an SQLite file; raises StorageError when that is not possible."""
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot create the folder {folder} for the database ({error.strerror}): "
            "choose a writable folder in the database address"
        ) from error


def explain(url: URL, error: BaseException | None) -> StorageError:
    """What a database driver's own error means for the person who runs the server."""
    if url.get_backend_name() == "postgresql":
        return _explain_postgresql(url, error)
    cause = str(error)
    if "not a database" in cause or "malformed" in cause:
        return damaged(url)
    if "unable to open" in cause or "readonly" in cause:
        return StorageError(
            f"the database {url.database} cannot be opened for writing ({cause}): "
            "give this user write permission on the file and its folder, or choose another place"
        )
    if "full" in cause:
        return StorageError(f"there is no room left for the database {url.database}: free space on its disk")
    if "locked" in cause:
        return StorageError(
            f"the database {url.database} stayed locked for {BUSY_TIMEOUT_MS} ms: stop the other program that uses it"
        )
    return StorageError(f"the database {url.database} cannot be used: {cause}")


def _explain_postgresql(url: URL, error: BaseException | None) -> StorageError:
    place = url.host or url.query.get("host") or "localhost"
    name = f"the database {url.database} at {place}"
    if isinstance(error, OUT_OF_REACH):
        return StorageError(f"{name} cannot be reached ({type(error).__name__}): start it, or correct its address")
    state = str(getattr(error, "sqlstate", None) or "")
    what = str(error) if state.startswith(_TELLING_CLASSES) else type(error).__name__
    return StorageError(f"{name} refused the work: {what}{f' (SQLSTATE {state})' if state else ''}")


def damaged(url: URL) -> StorageError:
    """The file is not a whole SQLite database."""
    return StorageError(
        f"the database {url.database} is damaged or is no SQLite database: restore it from a backup, "
        "or move it away (with its -wal and -shm files) to start empty"
    )


def _remember_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = time.monotonic()


def _find_cut(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Find a connection that a restart or a firewall has cut before it costs somebody a session.

    A restart closes the socket, which the driver sees by itself. A firewall says nothing, so a connection that rested
    is tried; ``pool_pre_ping`` would try each one each time, which costs as much as a small transaction.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    now = time.monotonic()
    if now - record.info.get(_USED_AT, now) > PING_AFTER_SECONDS:
        try:
            connection.ping()
        except Exception as error:  # whatever the driver calls it: the pool makes another connection
            raise DisconnectionError from error


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # The driver would otherwise begin transactions by itself, and only before INSERT, UPDATE and DELETE.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer later is refused at once when another writer was faster (SQLITE_BUSY_SNAPSHOT);
    # taking the lock first makes it wait instead.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
