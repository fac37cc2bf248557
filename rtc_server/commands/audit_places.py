"""What the actions of ``visavis audit`` work with: a database to read, keys that count, heads, files to write."""

import argparse
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import URL, Connection, inspect

from rtc_server.audit.chain import Head
from rtc_server.audit.head import HeadError, HeadFile, checked_head, parsed_head
from rtc_server.audit.signing import AuditKey, PublicKey, read_public_key
from rtc_server.commands.options import settings_from
from rtc_server.server_key import load_server_key
from rtc_server.storage.audit_reader import SqlAuditReader
from rtc_server.storage.database import Database
from rtc_server.storage.engine import create_engine, database_url
from rtc_server.storage.schema import audit_entries

LARGEST_FILE_BYTES = 1_000_000
"""Of a proof or a head, which have less than a thousand."""


class AuditCommandError(Exception):
    """Something that cannot be done; the text says what to do instead."""


@asynccontextmanager
async def opened(arguments: argparse.Namespace) -> AsyncIterator[SqlAuditReader]:
    """The audit of ``--database`` or of the settings, as it is: nothing is created or brought up to date."""
    database = Database(create_engine(_present_database(arguments)))
    try:
        if not await database.run(_has_audit(database)):
            raise AuditCommandError("this database has no audit yet: start 'visavis serve' with it once")
        yield SqlAuditReader(database)
    finally:
        await database.close()


def head_file(arguments: argparse.Namespace) -> HeadFile | None:
    """The head of the settings' data folder; None where no server has its key. Raises SettingsError."""
    data_dir = Path(settings_from(arguments).data_dir)
    if not (data_dir / "server.key").is_file():  # looking must not make one
        return None
    return HeadFile.in_folder(data_dir, load_server_key(data_dir))


def own_key(arguments: argparse.Namespace) -> AuditKey:
    """The server's signing key."""
    found = head_file(arguments)
    if found is None:
        raise AuditCommandError("the data folder has no server.key: run this where the server runs, or give --config")
    return found.key


def trusted_keys(arguments: argparse.Namespace) -> tuple[PublicKey, ...]:
    """Those of ``--public-key``, or else the server's own; empty where neither is known. Raises KeyFileError."""
    if arguments.public_key:
        return tuple(read_public_key(file) for file in arguments.public_key)
    found = head_file(arguments)
    return () if found is None else (found.key.public,)


def known_heads(arguments: argparse.Namespace, keys: tuple[PublicKey, ...]) -> list[tuple[str, Head]]:
    """Heads of ``--head``, or the one in the data folder, each with where it is from.

    Raises HeadError for one that counts for nothing.
    """
    if not arguments.head:
        found = None if arguments.database else head_file(arguments)
        head = found.read() if found is not None else None
        return [] if found is None or head is None else [(str(found.file), head)]
    return [(text, _head(text, keys)) for text in arguments.head]


def read_text(file: Path) -> str:
    """A small file."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise AuditCommandError(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE_BYTES:
        raise AuditCommandError(f"{file} is too large to be a proof or a head")
    return content.decode("utf-8", "replace")


@contextmanager
def new_file(file: Path) -> Iterator[TextIO]:
    """A file that must not exist yet, and exists only when everything was written."""
    unfinished = file.with_name(file.name + ".part")
    try:
        if file.exists():
            raise AuditCommandError(f"{file} exists: choose another name, or remove it")
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as stream:
            yield stream
        unfinished.replace(file)
    except OSError as error:
        raise AuditCommandError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def moment_ms(text: str | None) -> int | None:
    """Unix milliseconds of ``2026-11-22`` or ``2026-11-22T18:30``, in UTC unless it says otherwise."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise AuditCommandError(f"'{text}' is no time: write 2026-11-22, or 2026-11-22T18:30") from None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def time_text(unix_ms: int) -> str:
    """For people."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _present_database(arguments: argparse.Namespace) -> URL:
    url = database_url(arguments.database or settings_from(arguments).storage_url())
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise AuditCommandError(f"there is no database {url.database}: name one with --database, or with --config")
    return url


async def _has_audit(database: Database) -> bool:
    def has_table(connection: Connection) -> bool:
        return inspect(connection).has_table(audit_entries.name)

    async with database.read() as connection:
        return await connection.run_sync(has_table)


def _head(text: str, keys: tuple[PublicKey, ...]) -> Head:
    if re.match(r"[0-9]+:", text):
        return parsed_head(text)
    try:
        return checked_head(read_text(Path(text)), keys)
    except HeadError as error:
        raise HeadError(f"{text}: {error}") from error
