"""Bring a database to the newest revision, from whichever it has, at the start of the server."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from rtc_server.storage.engine import (
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
    prepare_folder(address)
    engine = create_engine(address)
    try:
        if engine.dialect.name == "sqlite" and _size_bytes(address) <= CHECKED_BYTES:
            await _refuse_damage(engine)
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
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


def _size_bytes(address: URL) -> int:
    path = Path(str(address.database))
    return path.stat().st_size if path.exists() else 0


async def _refuse_damage(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        verdict = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar()
    if verdict != "ok":
        raise damaged(engine.url)
