"""Sessions, journals and events on a relational database: SQLite by default, PostgreSQL by its address."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.chain import SYSTEM, Draft
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.columns import search_text
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.facts import write_facts
from rtc_server.storage.listing import read_page
from rtc_server.storage.outbox import Outbox, write_event, write_status
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import (
    TERMINAL,
    EventRecord,
    JournalLine,
    Json,
    Owner,
    SessionPage,
    SessionQuery,
    SessionRecord,
    Status,
)
from rtc_server.storage.redaction import report_sha256
from rtc_server.storage.retention import Retention
from rtc_server.storage.reviews import open_review
from rtc_server.storage.schema import journal, session_search, sessions

VERDICT = "verdict.reached"
"""What the audit calls the end of a session."""

_SESSION_FIELDS = frozenset(field.name for field in dataclasses.fields(SessionRecord))


class SqlStore:
    """``Store`` on an asynchronous SQLAlchemy engine whose database has been migrated.

    Every method raises StorageError when the database cannot be used: locked, full, damaged, out of reach.
    """

    def __init__(self, database: Database, retention: Retention, audit: SqlAuditLog) -> None:
        self.database = database
        self._audit = audit
        self.outbox = Outbox(database)
        self._retention = retention

    @uninterrupted
    async def create_session(self, record: SessionRecord) -> None:
        """Insert, with the event of its creation; raises ``KeyError`` when the id exists.

        Retention decides when it goes unless ``delete_after`` says so.
        """
        if record.delete_after is None:
            record = record.with_(delete_after=self._retention.of_new(record))
        try:
            async with self.database.write() as connection:
                await connection.execute(insert(sessions), _columns(record))
                await connection.execute(insert(session_search), _search_columns(record))
                await write_status(connection, record, record.created_at)
        except IntegrityError:
            if await self.session(record.id) is None:
                raise
            raise KeyError(record.id) from None
        self.outbox.tell()

    @uninterrupted
    async def session(self, session_id: str, owner: Owner | None = None) -> SessionRecord | None:
        """By id; with ``owner`` only when the session is theirs."""
        query = select(sessions).where(sessions.c.id == session_id)
        if owner is not None:
            query = query.where(*owned_by(owner, sessions))
        async with self.database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return SessionRecord(**row) if row is not None else None

    @uninterrupted
    async def session_by_secret(self, secret_hash: str) -> SessionRecord | None:
        """By the hash of the current client secret."""
        async with self.database.read() as connection:
            query = select(sessions).where(sessions.c.secret_hash == secret_hash)
            row = (await connection.execute(query)).mappings().first()
        return SessionRecord(**row) if row is not None else None

    @uninterrupted
    async def sessions(self, query: SessionQuery) -> SessionPage:
        """One page. An unknown cursor raises ``KeyError``."""
        async with self.database.read() as connection:
            return await read_page(connection, query)

    @uninterrupted
    async def update_session(
        self, /, session_id: str, *, if_generation: int | None = None, **changes: Any
    ) -> SessionRecord:
        """Change some fields and return the record; a terminal session is returned as it is.

        A change of status writes its event. With ``if_generation`` nothing changes unless ``secret_generation`` still
        has that value. Raises ``KeyError`` for an unknown id and ``TypeError`` for a name that is no field.
        """
        if wrong := changes.keys() - (_SESSION_FIELDS - {"id"}):
            raise TypeError(f"a session has no changeable field {', '.join(sorted(wrong))}")
        async with self.database.write() as connection:
            record = await locked_session(connection, session_id)
            stale = if_generation is not None and record.secret_generation != if_generation
            if record.status in TERMINAL or stale or not changes:
                return record
            await connection.execute(update(sessions).where(sessions.c.id == session_id).values(changes))
            changed = record.with_(**changes)
            if changed.status != record.status:
                await write_status(connection, changed, _changed_at(changed))
        if changed.status != record.status:
            self.outbox.tell()
        return changed

    @uninterrupted
    async def append_journal(self, session_id: str, lines: Sequence[JournalLine]) -> None:
        """Add lines; raises ``ValueError`` when their sequence does not continue the stored one.

        Raises ``KeyError`` for an unknown session.
        """
        async with self.database.write() as connection:
            await locked_session(connection, session_id)
            await _append(connection, session_id, lines)

    @uninterrupted
    async def journal(self, session_id: str) -> list[JournalLine]:
        """All lines in order; empty when there are none."""
        query = select(journal).where(journal.c.session_id == session_id).order_by(journal.c.sequence)
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [JournalLine(row.sequence, row.now, row.event, row.commands) for row in rows]

    @uninterrupted
    async def finish_session(
        self,
        session_id: str,
        lines: Sequence[JournalLine],
        *,
        status: Status,
        reason: str,
        report: Json,
        finished_at: int,
    ) -> SessionRecord:
        """Last journal lines, report, terminal status, its event and its entry in the audit in one transaction.

        A session that is terminal already is returned as it is, so a repeated call is harmless. Raises ``KeyError`` for
        an unknown id, ``ValueError`` for a status that is not terminal or lines that do not continue the journal.
        """
        if status not in TERMINAL:
            raise ValueError(f"a session cannot finish as '{status}'")
        changes: Json = {"status": status, "reason": reason, "report": report, "finished_at": finished_at}
        async with self.database.write() as connection:
            record = await locked_session(connection, session_id)
            if record.status in TERMINAL:
                return record
            changes["delete_after"] = self._retention.of_ended(record, finished_at)
            await _append(connection, session_id, lines)
            await connection.execute(update(sessions).where(sessions.c.id == session_id).values(changes))
            finished = record.with_(**changes)
            await write_facts(connection, finished)
            await open_review(connection, finished)
            await write_status(connection, finished, finished_at)
            entry = await self._audit.append(connection, _verdict(finished))
        self._audit.committed(entry)
        self.outbox.tell()
        return finished

    @uninterrupted
    async def add_event(self, session: SessionRecord, event_type: str, data: Json, created_at: int) -> EventRecord:
        """Write an event of a session that is no change of status."""
        async with self.database.write() as connection:
            # One after the other, so that whoever reads on from the last sequence number misses none.
            await connection.execute(select(sessions.c.id).where(sessions.c.id == session.id).with_for_update())
            event = await write_event(connection, session, event_type, data, created_at)
        self.outbox.tell()
        return event

    async def events(self, session_id: str, after_sequence: int = 0, limit: int = 500) -> list[EventRecord]:
        """Events of a session in order."""
        return await self.outbox.of_session(session_id, after_sequence, limit)

    async def close(self) -> None:
        """Let running transactions end, then release connections."""
        await self.database.close()


def _changed_at(record: SessionRecord) -> int:
    """When the latest change of status was."""
    return record.finished_at or record.started_at or record.created_at


def _verdict(finished: SessionRecord) -> Draft:
    """What the audit keeps of an end: the hash of the report shows later whether it is still the same."""
    return Draft(
        at=_changed_at(finished),
        actor=SYSTEM,
        action=VERDICT,
        tenant=finished.tenant,
        sandbox=finished.sandbox,
        session_id=finished.id,
        details={
            "status": finished.status,
            "reason": finished.reason,
            "isVerified": bool(finished.report.get("isVerified")),
            "reportSha256": report_sha256(finished.report),
        },
    )


def _columns(record: SessionRecord) -> Json:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def _search_columns(record: SessionRecord) -> Json:
    text = search_text(record.id, record.client_reference_id, record.settings.get("metadata") or {})
    return {"session_id": record.id, "tenant": record.tenant, "sandbox": record.sandbox, "text": text}


async def locked_session(connection: AsyncConnection, session_id: str) -> SessionRecord:
    """The session, its row locked until the transaction ends (SQLite has locked the whole file by then).

    Raises ``KeyError`` for an unknown id.
    """
    query = select(sessions).where(sessions.c.id == session_id).with_for_update()
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        raise KeyError(session_id)
    return SessionRecord(**row)


async def _append(connection: AsyncConnection, session_id: str, lines: Sequence[JournalLine]) -> None:
    if not lines:
        return
    last = await connection.scalar(select(func.max(journal.c.sequence)).where(journal.c.session_id == session_id))
    expected = 0 if last is None else int(last) + 1
    for sequence, line in enumerate(lines, start=expected):
        if line.sequence != sequence:
            raise ValueError(f"the journal of {session_id} goes on with line {sequence}, not {line.sequence}")
    rows = [
        {"session_id": session_id, "sequence": li.sequence, "now": li.now, "event": li.event, "commands": li.commands}
        for li in lines
    ]
    await connection.execute(insert(journal), rows)
