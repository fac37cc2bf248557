"""All stores of a server on one database."""

from dataclasses import dataclass

from rtc_server.storage.database import Database, open_database
from rtc_server.storage.flows import SqlFlowStore
from rtc_server.storage.idempotency import SqlIdempotencyStore
from rtc_server.storage.keys import SqlKeyStore
from rtc_server.storage.mailbox import SqlMailboxStore
from rtc_server.storage.sql import SqlStore


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of thing that is kept."""

    database: Database
    sessions: SqlStore
    keys: SqlKeyStore
    mailbox: SqlMailboxStore
    flows: SqlFlowStore
    idempotency: SqlIdempotencyStore

    async def close(self) -> None:
        """Let running transactions end, then release connections."""
        await self.database.close()


async def open_stores(url: str) -> Stores:
    """Bring the database at ``url`` up to date (creating it when missing) and open everything in it.

    Raises StorageError naming the file and what to do.
    """
    database = await open_database(url)
    return Stores(
        database=database,
        sessions=SqlStore(database),
        keys=SqlKeyStore(database),
        mailbox=SqlMailboxStore(database),
        flows=SqlFlowStore(database),
        idempotency=SqlIdempotencyStore(database),
    )
