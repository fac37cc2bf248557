"""The outbox: events are written in the transaction of the change that they tell about, so neither exists alone."""

import secrets
import string
from collections.abc import Callable

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.ports import EventRecord, Json, SessionRecord
from rtc_server.storage.schema import events

_ALPHABET = string.ascii_letters + string.digits
_ID_CHARACTERS = 24


async def write_event(
    connection: AsyncConnection, session: SessionRecord, event_type: str, data: Json, created_at: int
) -> EventRecord:
    """Add an event to a transaction that is under way."""
    event_id = "evt_" + "".join(secrets.choice(_ALPHABET) for _ in range(_ID_CHARACTERS))
    event = EventRecord(event_id, session.tenant, session.sandbox, session.id, event_type, created_at, data)
    await connection.execute(
        insert(events).values(
            id=event.id,
            tenant=event.tenant,
            sandbox=event.sandbox,
            session_id=event.session_id,
            type=event.type,
            created_at=event.created_at,
            data=event.data,
        )
    )
    return event


async def write_status(connection: AsyncConnection, session: SessionRecord, created_at: int) -> None:
    """The event of a change of status."""
    await write_event(connection, session, "session.status", {"status": session.status}, created_at)


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
        return [
            EventRecord(
                row.id, row.tenant, row.sandbox, row.session_id, row.type, row.created_at, row.data, row.sequence
            )
            for row in rows
        ]
