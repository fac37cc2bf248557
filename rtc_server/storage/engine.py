"""Database engines: which driver an address means, how SQLite is tuned, what a broken file is called."""

import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another writer before it gives up."""

WRITES = "visavis_writes"
"""Execution option of connections that will write: SQLite then takes its write lock at BEGIN."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


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
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(f"the database address starts with '{url.drivername}': use sqlite:/// or postgresql://")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise StorageError("an SQLite database needs a file: write sqlite:///path/to/visavis.db")
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(Path(str(url.database)).expanduser()))
    return url


def create_engine(url: URL) -> AsyncEngine:
    """Engine whose errors never quote stored values; SQLite with WAL, foreign keys and a bounded wait for writers.

    Raises StorageError when the driver is not installed.
    """
    try:
        engine = create_async_engine(url, hide_parameters=True, json_serializer=partial(json.dumps, allow_nan=False))
    except ModuleNotFoundError as error:
        raise StorageError(f"the driver of {url.drivername} is missing: pip install {error.name}") from error
    if url.get_backend_name() == "sqlite":
        # At DEBUG this driver logs every parameter, which is what people said.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
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
    if url.get_backend_name() != "sqlite":
        return StorageError(f"the database at {url.host} refused the work: {error}")
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


def damaged(url: URL) -> StorageError:
    """The file is not a whole SQLite database."""
    return StorageError(
        f"the database {url.database} is damaged or is no SQLite database: restore it from a backup, "
        "or move it away (with its -wal and -shm files) to start empty"
    )


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
