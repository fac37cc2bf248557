"""What time does to sessions: expiry, retention, redaction, erasure.

Each change to a session is one transaction. Its media go before it, so that after a crash nothing can be read that the
database calls erased; all of it can be repeated.
"""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, select, tuple_, update

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.erasure import RETENTION, Warrant, delete_session, redact_session
from rtc_server.storage.facts import write_facts
from rtc_server.storage.outbox import Outbox, write_status
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import TERMINAL, Ended, Json, MediaStore, Owner, SessionRecord
from rtc_server.storage.redaction import redacted_reference, unquoted_report
from rtc_server.storage.retention import Retention
from rtc_server.storage.schema import deliveries, events, journal, sessions
from rtc_server.storage.sql import locked_session

EXPIRED = "expired"
"""Reason of a session that nobody opened in time."""


class SqlLifecycleStore:
    """``LifecycleStore`` on a migrated database."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        media: MediaStore,
        retention: Retention,
        audit: SqlAuditLog,
        journal_dir: Path | None = None,
    ) -> None:
        """``journal_dir``: where copies of journals lie, which go with their session."""
        self.database = database
        self._audit = audit
        self._journal_dir = journal_dir
        self._outbox = outbox
        self._media = media
        self._retention = retention

    @uninterrupted
    async def expire_unused(self, now_ms: int, grace_ms: int, limit: int = 100) -> int:
        """End ``created`` sessions whose secret expired longer than ``grace_ms`` ago."""
        due = sessions.c.status == "created", sessions.c.secret_expires_at < now_ms - grace_ms
        # Two servers that sweep at once share the work.
        query = select(sessions).where(*due).limit(limit).with_for_update(skip_locked=True)
        async with self.database.write() as connection:
            rows = (await connection.execute(query)).mappings().all()
            for row in rows:
                record = SessionRecord(**row)
                changes: Json = {"status": "incomplete", "reason": EXPIRED, "finished_at": now_ms}
                changes["delete_after"] = self._retention.of_ended(record, now_ms)
                await connection.execute(update(sessions).where(sessions.c.id == record.id).values(changes))
                await write_facts(connection, record.with_(**changes))
                await write_status(connection, record.with_(**changes), now_ms)
        if rows:
            self._outbox.tell()
        return len(rows)

    @uninterrupted
    async def stalled(self, started_before_ms: int, limit: int = 100) -> list[SessionRecord]:
        """Sessions in progress that started before a moment, the longest-running first."""
        where = sessions.c.status == "inProgress", sessions.c.started_at < started_before_ms
        return await self._read(select(sessions).where(*where).order_by(sessions.c.started_at).limit(limit))

    @uninterrupted
    async def subject(self, owner: Owner, client_reference_id: str) -> list[SessionRecord]:
        """Every session of one subject, oldest first, redacted ones too."""
        names = (client_reference_id, redacted_reference(client_reference_id))
        where = (
            *owned_by(owner, sessions),
            sessions.c.client_reference_id.in_(names),
        )
        return await self._read(select(sessions).where(*where).order_by(sessions.c.created_at, sessions.c.id))

    async def redact(
        self, session_id: str, owner: Owner, now_ms: int, cause: str, by: Actor = SYSTEM
    ) -> SessionRecord | None:
        """Erase everything personal of a terminal session; see ``redaction`` for what stays."""
        record = await self._owned(session_id, owner)
        if record is None or record.redacted_at is not None:
            return record
        if record.status not in TERMINAL:
            raise ValueError(f"session {session_id} has not ended: cancel it first")
        media_count = await self._media.delete_media(session_id)
        redacted = await self._redact(record, media_count, Warrant(now_ms, cause, by))
        await self._remove_copy(session_id)
        return redacted

    async def delete(self, session_id: str, owner: Owner, now_ms: int, cause: str, by: Actor = SYSTEM) -> bool:
        """Remove a session with all that hangs on it; whether there was one. The proof stays."""
        record = await self._owned(session_id, owner)
        if record is None:
            return False
        media_count = await self._media.delete_media(session_id)
        deleted = await self._delete(record, media_count, Warrant(now_ms, cause, by))
        await self._remove_copy(session_id)
        return deleted

    async def delete_due(self, now_ms: int, limit: int = 100) -> list[str]:
        """Remove sessions whose time is over, with all that hangs on them; their ids.

        One in progress is left until it has ended.
        """
        warrant = Warrant(now_ms, RETENTION, SYSTEM)
        deleted = []
        for record in await self._due(now_ms, limit):
            media_count = await self._media.delete_media(record.id)
            if await self._delete(record, media_count, warrant, unless_running=True):
                await self._remove_copy(record.id)
                deleted.append(record.id)
        return deleted

    @uninterrupted
    async def ended(self, finished_before_ms: int, after: Ended, limit: int = 100) -> list[Ended]:
        """Sessions that ended before a moment, from where ``after`` left off."""
        place = tuple_(sessions.c.finished_at, sessions.c.id)
        query = (
            select(sessions.c.finished_at, sessions.c.id, sessions.c.tenant, sessions.c.sandbox)
            .where(sessions.c.finished_at < finished_before_ms)
            .where(place > tuple_(after.finished_at, after.session_id))
            .order_by(sessions.c.finished_at, sessions.c.id)
            .limit(limit)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Ended(row.finished_at, row.id, Owner(row.tenant, row.sandbox)) for row in rows]

    @uninterrupted
    async def drop_transcript(self, session_id: str) -> None:
        """Remove what was said from the report of a session that has ended."""
        async with self.database.write() as connection:
            try:
                record = await locked_session(connection, session_id)
            except KeyError:
                return
            report = unquoted_report(record.report)
            if report != record.report:
                await connection.execute(update(sessions).where(sessions.c.id == session_id).values(report=report))

    async def drop_journal(self, session_id: str) -> None:
        """Remove the journal of a session that has ended."""
        await self._drop_journal(session_id)
        await self._remove_copy(session_id)

    @uninterrupted
    async def _drop_journal(self, session_id: str) -> None:
        async with self.database.write() as connection:
            await connection.execute(delete(journal).where(journal.c.session_id == session_id))

    @uninterrupted
    async def drop_events(self, created_before_ms: int, limit: int = 1000) -> int:
        """Remove old events and the log of their deliveries, the oldest first; how many there were."""
        oldest = select(events.c.sequence, events.c.id, events.c.created_at).order_by(events.c.sequence).limit(limit)
        async with self.database.write() as connection:
            rows = (await connection.execute(oldest)).all()
            old = [row for row in rows if row.created_at < created_before_ms]
            if old:
                await connection.execute(delete(deliveries).where(deliveries.c.event_id.in_([row.id for row in old])))
                await connection.execute(delete(events).where(events.c.sequence.in_([row.sequence for row in old])))
        return len(old)

    @uninterrupted
    async def _owned(self, session_id: str, owner: Owner) -> SessionRecord | None:
        where = sessions.c.id == session_id, *owned_by(owner, sessions)
        found = await self._read(select(sessions).where(*where))
        return found[0] if found else None

    @uninterrupted
    async def _due(self, now_ms: int, limit: int) -> list[SessionRecord]:
        where = sessions.c.delete_after <= now_ms, sessions.c.status != "inProgress"
        return await self._read(select(sessions).where(*where).order_by(sessions.c.delete_after).limit(limit))

    @uninterrupted
    async def _redact(self, record: SessionRecord, media_count: int, warrant: Warrant) -> SessionRecord | None:
        async with self.database.write() as connection:
            try:
                current = await locked_session(connection, record.id)
            except KeyError:
                return None
            if current.redacted_at is not None:
                return current
            redacted, entry = await redact_session(connection, current, media_count, warrant, self._audit)
        self._audit.committed(entry)
        self._outbox.tell()
        return redacted

    @uninterrupted
    async def _delete(
        self, record: SessionRecord, media_count: int, warrant: Warrant, *, unless_running: bool = False
    ) -> bool:
        async with self.database.write() as connection:
            try:
                current = await locked_session(connection, record.id)
            except KeyError:
                return False
            if unless_running and current.status == "inProgress":
                return False  # it began since we looked
            entry = await delete_session(connection, current, media_count, warrant, self._audit)
        self._audit.committed(entry)
        return True

    async def _remove_copy(self, session_id: str) -> None:
        if self._journal_dir is not None:
            await asyncio.to_thread((self._journal_dir / f"{session_id}.jsonl").unlink, missing_ok=True)

    async def _read(self, query: Select[Any]) -> list[SessionRecord]:
        async with self.database.read() as connection:
            return [SessionRecord(**row) for row in (await connection.execute(query)).mappings().all()]
