"""Bring a database to the newest revision, from whichever it has, at the start of the server."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from rtc_server.storage.engine import (
    BUSY_TIMEOUT_MS,
    OUT_OF_REACH,
    WRITES,
    StorageError,
    create_engine,
    damaged,
    database_url,
    explain,
    prepare_folder,
)

CHECKED_BYTES = 256 * 2**20
"""SQLite files up to this size are read through at start, to find damage before a session does."""


async def migrate(url: str) -> None:
    """Create or upgrade the tables in one transaction; does nothing when they are up to date.

    Raises StorageError naming the file and what to do.
    """
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        await asyncio.to_thread(_check_file, address)
    engine = create_engine(address)
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
        raise explain(address, error.orig) from error
    except OUT_OF_REACH as error:
        raise explain(address, error) from error
    except CommandError as error:
        raise StorageError(
            f"the database {address.database} was written by another version ({error}): start the newer Visavis with it"
        ) from error
    finally:
        await engine.dispose()


def alembic_config() -> Config:
    """Alembic's settings without a file, so that an installed package can migrate too."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check_file(address: URL) -> None:
    """Find a file that cannot be opened, written or trusted, before the engine does, which reports it less well."""
    prepare_folder(address)
    path = Path(str(address.database))
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            if path.stat().st_size <= CHECKED_BYTES:
                (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise damaged(address)
    except sqlite3.Error as error:
        raise explain(address, error) from error
