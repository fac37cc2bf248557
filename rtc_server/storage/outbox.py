"""The outbox: events are written in the transaction of the change that they tell about, so neither exists alone."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.crypto.ids import new_id
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import EventRecord, Json, Owner, SessionRecord
from rtc_server.storage.schema import events
from rtc_server.webhooks.payload import STATUS_EVENT


async def write_event(
    connection: AsyncConnection, session: SessionRecord, event_type: str, data: Json, created_at: int
) -> EventRecord:
    """Add an event of a session to a transaction that is under way."""
    return await write_owner_event(connection, session.owner, event_type, data, created_at, session.id)


async def write_owner_event(
    connection: AsyncConnection, owner: Owner, event_type: str, data: Json, created_at: int, session_id: str = ""
) -> EventRecord:
    """Add an event to a transaction that is under way; ``session_id`` is empty when it belongs to no session."""
    event_id = new_id("evt_")
    event = EventRecord(event_id, owner.tenant, owner.sandbox, session_id, event_type, created_at, data)
    row = {
        "id": event.id,
        "tenant": event.tenant,
        "sandbox": event.sandbox,
        "session_id": event.session_id,
        "type": event.type,
        "created_at": event.created_at,
        "data": event.data,
    }
    await connection.execute(insert(events), row)
    return event


async def write_status(connection: AsyncConnection, session: SessionRecord, created_at: int) -> None:
    """The event of a change of status."""
    await write_event(connection, session, STATUS_EVENT, {"status": session.status}, created_at)


class Outbox:
    """Reads events, and tells those who wait for new ones that there are some."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._listeners: set[Callable[[], None]] = set()

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each commit of this process that wrote events; returns how to end that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def tell(self) -> None:
        """Events were committed."""
        for listener in tuple(self._listeners):
            listener()

    @uninterrupted
    async def of_session(self, session_id: str, after_sequence: int = 0, limit: int = 500) -> list[EventRecord]:
        """Events of a session in order."""
        query = (
            select(events)
            .where(events.c.session_id == session_id, events.c.sequence > after_sequence)
            .order_by(events.c.sequence)
            .limit(limit)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [event_of(row) for row in rows]

    @uninterrupted
    async def of_owner(self, owner: Owner, after_sequence: int, limit: int = 500) -> list[EventRecord]:
        """Events of an owner in order, of all sessions and of none."""
        query = (
            select(events)
            .where(*owned_by(owner, events))
            .where(events.c.sequence > after_sequence)
            .order_by(events.c.sequence)
            .limit(limit)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [event_of(row) for row in rows]

    @uninterrupted
    async def last_sequence(self) -> int:
        """Of the newest event; 0 when there is none."""
        async with self.database.read() as connection:
            return int(await connection.scalar(select(func.max(events.c.sequence))) or 0)


def event_of(row: Row[Any]) -> EventRecord:
    """The record of a row of ``events``."""
    return EventRecord(
        row.id, row.tenant, row.sandbox, row.session_id, row.type, row.created_at, row.data, row.sequence
    )
