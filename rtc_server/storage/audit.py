"""Adding to the audit: in the transaction of the change that an entry tells about, so that neither exists alone."""

import asyncio
import contextlib
import dataclasses
import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import CUT_OFF, SYSTEM, Actor, Draft, Entry, Head, entry_hash, head_of
from rtc_server.audit.head import HeadError, HeadFile
from rtc_server.audit.signing import AuditKey
from rtc_server.storage.audit_reader import SqlAuditReader
from rtc_server.storage.columns import storable
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.ports import Owner
from rtc_server.storage.schema import audit_entries, audit_head

HEAD_ID = 1
"""There is one row."""

HEAD_EVERY_SECONDS = 0.2
"""Between two writings of the head outside the database, which wait for the disk."""

MAX_NAME = 200
"""Characters of a name that are kept."""

_FIRST_HEAD = text(
    "INSERT INTO audit_head (id, sequence, hash, at) VALUES (:id, :sequence, :hash, :at) ON CONFLICT DO NOTHING"
)

logger = logging.getLogger(__name__)


class SqlAuditLog(SqlAuditReader):
    """``AuditLog`` on a migrated database. Sequence numbers are never given twice, whatever becomes of entries."""

    def __init__(self, database: Database, key: AuditKey, head_file: HeadFile | None = None) -> None:
        """``head_file``: where the head is kept outside the database."""
        super().__init__(database)
        self.key = key
        self._head_file = head_file
        self._known = Head()
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def open(self) -> None:
        """Learn from the file how far the chain had come, so that the next entry notices when it was cut off."""
        if self._head_file is None:
            return
        try:
            found: Head | None = await asyncio.to_thread(self._head_file.read)
            self._known = found or self._known
        except HeadError as error:
            logger.error("the audit's head %s counts for nothing: %s", self._head_file.file, error)

    async def append(self, connection: AsyncConnection, draft: Draft) -> Entry:
        """Add an entry to a transaction that is under way, as its last statement: others wait for its end.

        Call ``committed`` with the entry afterwards. Raises TypeError for details that have no canonical JSON.
        """
        kept, known = await self._locked_head(connection), self._known
        newest = kept if kept == known else await self._compared(connection, (kept, known), draft.at)
        entry = await self._add(connection, draft, newest.sequence + 1, newest.hash)
        await connection.execute(
            update(audit_head)
            .where(audit_head.c.id == HEAD_ID)
            .values(sequence=entry.sequence, hash=entry.hash, at=entry.at)
        )
        return entry

    def committed(self, entry: Entry) -> None:
        """The transaction of an entry was committed: keep the head outside the database too, in the background."""
        if entry.sequence <= self._known.sequence:
            return
        self._known = head_of(entry)
        if self._head_file is not None and self._writing is None:
            self._writing = asyncio.create_task(self._write_heads(self._head_file))

    async def write(
        self,
        actor: Actor,
        action: str,
        owner: Owner | None = None,
        session_id: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Add an entry in a transaction of its own; it stands when this returns."""
        return await self._write(drafted(actor, action, owner, session_id, details))

    async def close(self) -> None:
        """Let the newest head reach the disk."""
        self._closing.set()
        if self._writing is not None:
            await self._writing

    @uninterrupted
    async def _write(self, draft: Draft) -> Entry:
        async with self.database.write() as connection:
            entry = await self.append(connection, draft)
        self.committed(entry)
        return entry

    async def _locked_head(self, connection: AsyncConnection) -> Head:
        """The row that lets one writer in at a time (SQLite has locked the whole file by then)."""
        query = select(audit_head).where(audit_head.c.id == HEAD_ID).with_for_update()
        row = (await connection.execute(query)).first()
        if row is None:
            first = Head()
            await connection.execute(
                _FIRST_HEAD, {"id": HEAD_ID, "sequence": first.sequence, "hash": first.hash, "at": first.at}
            )
            row = (await connection.execute(query)).one()
        return Head(row.sequence, row.hash, row.at)

    async def _compared(self, connection: AsyncConnection, expected: tuple[Head, Head], at_ms: int) -> Head:
        """The newest entry, after one that says what is gone when an expected head is not part of the chain.

        They differ when another server wrote the newest entry, and when somebody cut the chain off.
        """
        newest, present = await self._newest(connection, expected)
        gone = [head for head in expected if head.sequence > 0 and head.hash not in present]
        if not gone:
            return newest
        lost = max(gone)
        logger.error("the audit was cut off: entry %d is not there, or another one", lost.sequence)
        notice = {"sequence": lost.sequence, "hash": lost.hash}
        cut_off = Draft(at=at_ms, actor=SYSTEM, action=CUT_OFF, details=notice)
        used = max(head.sequence for head in (*expected, newest))
        return head_of(await self._add(connection, cut_off, used + 1, newest.hash))

    async def _newest(self, connection: AsyncConnection, expected: Iterable[Head]) -> tuple[Head, frozenset[str]]:
        """The newest entry, and the hashes that stand at the places of the expected ones.

        A statement of its own: PostgreSQL would look at the entries as they were before it waited for the lock.
        """
        columns = audit_entries.c
        newest = select(func.max(columns.sequence)).scalar_subquery()
        numbers = {head.sequence for head in expected}
        query = (
            select(columns.sequence, columns.hash, columns.at)
            .where(or_(columns.sequence == newest, columns.sequence.in_(numbers)))
            .order_by(columns.sequence.desc())
        )
        rows = [Head(row.sequence, row.hash, row.at) for row in (await connection.execute(query)).all()]
        return (rows[0] if rows else Head()), frozenset(head.hash for head in rows)

    async def _add(self, connection: AsyncConnection, draft: Draft, sequence: int, previous: str) -> Entry:
        unsigned = Entry(
            sequence=sequence,
            at=draft.at,
            actor=Actor(storable(draft.actor.id), storable(draft.actor.name)[:MAX_NAME]),
            action=draft.action,
            tenant=storable(draft.tenant),
            sandbox=draft.sandbox,
            session_id=storable(draft.session_id),
            details=draft.details,
            previous=previous,
        )
        digest = entry_hash(unsigned)
        signature = self.key.sign("audit-entry/1", bytes.fromhex(digest))
        entry = dataclasses.replace(unsigned, hash=digest, signature=signature)
        await connection.execute(insert(audit_entries), row_of(entry))
        return entry

    async def _write_heads(self, head_file: HeadFile) -> None:
        """Until the newest one is written; those in between need not be."""
        try:
            written = Head()
            while written != self._known:
                written = self._known
                await asyncio.to_thread(head_file.advance, written)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), HEAD_EVERY_SECONDS)
        except OSError as error:
            logger.error("the audit's head %s cannot be written: %s", head_file.file, error.strerror)
        finally:
            self._writing = None


def drafted(
    actor: Actor,
    action: str,
    owner: Owner | None = None,
    session_id: str = "",
    details: Mapping[str, Any] | None = None,
) -> Draft:
    """What has just been done."""
    tenant, sandbox = owner or ("", False)
    return Draft(
        at=time.time_ns() // 1_000_000,
        actor=actor,
        action=action,
        tenant=tenant,
        sandbox=sandbox,
        session_id=session_id,
        details=details or {},
    )


def row_of(entry: Entry) -> dict[str, Any]:
    """The row of ``audit_entries`` that an entry is kept as."""
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "actor": entry.actor.id,
        "actor_name": entry.actor.name,
        "action": entry.action,
        "tenant": entry.tenant,
        "sandbox": entry.sandbox,
        "session_id": entry.session_id,
        "details": canonical(entry.details).decode(),
        "previous": entry.previous,
        "hash": entry.hash,
        "signature": entry.signature,
    }
