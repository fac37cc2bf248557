"""A chain in a real database, and the means of somebody who may do anything there but has no key."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.breaks import Verdict
from rtc_server.audit.chain import SYSTEM, Actor, Entry, Head
from rtc_server.audit.head import HeadFile
from rtc_server.audit.verify import verify_chain
from rtc_server.storage.ports import AuditQuery, Owner
from rtc_server.storage.stores import Stores, open_stores

SERVER_KEY = b"s" * 32
ACME = Owner("acme", sandbox=False)
ROBIN = Actor.staff("stf_1", "Robin Example")

_TRIGGERS = (
    *("audit_entries_no_update", "audit_entries_no_delete", "audit_entries_no_replace"),
    *("audit_head_no_delete", "audit_head_no_return"),
)


def head_file(folder: Path) -> HeadFile:
    """As a server with this data folder has it."""
    return HeadFile.in_folder(folder, SERVER_KEY)


async def open_audited(url: str, folder: Path) -> Stores:
    """Stores whose audit is signed and keeps its head in ``folder``."""
    return await open_stores(url, audit_head=head_file(folder))


async def fill(stores: Stores, count: int) -> list[Entry]:
    """Entries of several actors and kinds."""
    return [
        await stores.audit.write(
            *((ROBIN, "session.watched") if number % 2 else (SYSTEM, "verdict.reached")),
            ACME,
            f"session-{number}",
            {"number": number},
        )
        for number in range(1, count + 1)
    ]


@asynccontextmanager
async def tampering(stores: Stores) -> AsyncIterator[AsyncConnection]:
    """A transaction of somebody who owns the database: the triggers are out of the way."""
    async with stores.database.write() as connection:
        if stores.database.dialect == "sqlite":
            for trigger in _TRIGGERS:
                await connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        else:
            await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection


async def tamper(stores: Stores, *statements: str) -> None:
    """Run statements in the place of somebody who owns the database."""
    async with tampering(stores) as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def verdict(stores: Stores, *heads: Head, every_signature: bool = True) -> Verdict:
    """What a walk finds."""
    return await verify_chain(stores.audit, [stores.audit.key.public], heads, every_signature=every_signature)


async def found(stores: Stores, *heads: Head, every_signature: bool = True) -> list[tuple[str, int, int]]:
    """Kinds and places of the breaks."""
    breaks = (await verdict(stores, *heads, every_signature=every_signature)).breaks
    return [(one.kind, one.sequence, one.until) for one in breaks]


async def newest(stores: Stores, limit: int = 50) -> Sequence[Entry]:
    """Entries, newest first."""
    return await stores.audit.entries(AuditQuery(limit=limit))
