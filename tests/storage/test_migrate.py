"""Databases of every condition: empty, up to date, damaged, from the future, out of reach."""

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from rtc_server.storage import migrate as migrate_module
from rtc_server.storage.engine import StorageError, create_engine
from rtc_server.storage.engine import database_url as address
from rtc_server.storage.migrate import migrate
from rtc_server.storage.schema import metadata


def tables(path: Path) -> dict[str, str]:
    with sqlite3.connect(path) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())


async def test_an_empty_place_gets_all_tables(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "100 %" / "visavis.db"
    await migrate(f"sqlite:///{path}")
    assert {"sessions", "journal", "api_keys", "events", "alembic_version"} <= set(tables(path))


async def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visavis.db"
    await migrate(f"sqlite:///{path}")
    before = tables(path)
    await migrate(f"sqlite:///{path}")
    assert tables(path) == before


async def test_the_revisions_make_the_declared_tables(new_database_url: str) -> None:
    await migrate(new_database_url)

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    engine = create_engine(address(new_database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "visavis.db"
    path.write_bytes(b"these are not the pages you are looking for" * 200)
    with pytest.raises(StorageError, match=r"visavis\.db is damaged or is no SQLite database.*backup"):
        await migrate(f"sqlite:///{path}")


async def test_damage_inside_the_file_is_found_at_start(tmp_path: Path) -> None:
    path = tmp_path / "visavis.db"
    await migrate(f"sqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[4096 : 2 * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"visavis\.db is damaged"):
        await migrate(f"sqlite:///{path}")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match=r"cannot create the folder .*occupied.*choose a writable folder"):
        await migrate(f"sqlite:///{tmp_path / 'occupied' / 'visavis.db'}")


async def test_a_place_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "visavis.db").mkdir()
    with pytest.raises(StorageError, match=r"visavis\.db cannot be opened for writing.*permission"):
        await migrate(f"sqlite:///{tmp_path / 'visavis.db'}")


async def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "visavis.db"
    await migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="another version"):
        await migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "sqlite:///"),
        ("mysql://someone:pass-word@host/name", "postgresql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(text: str, says: str) -> None:
    with pytest.raises(StorageError, match=says) as refused:
        address(text)
    assert "pass-word" not in str(refused.value)


def test_addresses_get_their_asynchronous_driver() -> None:
    assert address("sqlite:///a.db").drivername == "sqlite+aiosqlite"
    assert address("postgres://user@host/name").drivername == "postgresql+asyncpg"
    assert address("postgresql+asyncpg://user@host/name").drivername == "postgresql+asyncpg"


def test_the_names_that_hosting_companies_use_are_understood() -> None:
    url = address("postgres://user:secret@host/name?sslmode=require")
    assert dict(url.query) == {"ssl": "require"}


@pytest.mark.parametrize(
    "text", ["postgresql://u:pass-word@127.0.0.1:1/x", "postgresql://u:pass-word@/x?host=/no-such-folder"]
)
async def test_a_postgresql_that_does_not_answer_is_named_without_its_password(text: str) -> None:
    with pytest.raises(StorageError, match=r"the database x at .* cannot be reached .*: start it") as refused:
        await migrate(text)
    assert "pass-word" not in str(refused.value)


async def test_a_postgresql_database_that_does_not_exist_is_named(postgres_url: str) -> None:
    with pytest.raises(StorageError, match='database "nowhere" does not exist'):
        await migrate(re.sub(r"/visavis_\d+", "/nowhere", postgres_url))


def test_a_copied_package_migrates_from_anywhere(tmp_path: Path) -> None:
    """As installed: the package in some folder, the working directory in another."""
    package = Path(migrate_module.__file__).parents[1]
    for part in ("__init__.py", "storage"):
        source, target = package / part, tmp_path / "site packages" / "rtc_server" / part
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.parent.mkdir(parents=True)
            shutil.copy(source, target)
    program = (
        "import asyncio, rtc_server; from rtc_server.storage.migrate import migrate; "
        "asyncio.run(migrate('sqlite:///visavis.db')); print(rtc_server.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site packages")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "site packages" in done.stdout
    assert "sessions" in tables(tmp_path / "visavis.db")
