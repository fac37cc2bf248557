"""Messages that the sandbox did not send, in the database."""

import dataclasses

from sqlalchemy import insert, select

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.ports import MailboxMessage
from rtc_server.storage.schema import mailbox


class SqlMailboxStore:
    """``MailboxStore`` on a migrated database. Messages go when their session goes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def add_message(self, message: MailboxMessage) -> None:
        """Insert."""
        values = {field.name: getattr(message, field.name) for field in dataclasses.fields(message)}
        async with self.database.write() as connection:
            await connection.execute(insert(mailbox).values(values))

    @uninterrupted
    async def messages(self, tenant: str, session_id: str = "", limit: int = 100) -> list[MailboxMessage]:
        """Newest first."""
        query = select(mailbox).where(mailbox.c.tenant == tenant)
        if session_id:
            query = query.where(mailbox.c.session_id == session_id)
        query = query.order_by(mailbox.c.created_at.desc(), mailbox.c.id.desc()).limit(limit)
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [MailboxMessage(**row) for row in rows]
