"""Reading the audit; needs no key, and works on a database that nobody serves."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import Actor, Entry, Head
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by, seen_by
from rtc_server.storage.ports import AuditQuery, Json, Owner
from rtc_server.storage.schema import audit_entries, audit_head, erasures

ENTRIES_AT_ONCE = 250
"""A few milliseconds of work on the event loop of a server that checks itself."""

HASHES_AT_ONCE = 500

UNREADABLE: Json = {"unreadable": True}
"""Stands for details that the server did not write so; the hash then does not fit."""


class SqlAuditReader:
    """``AuditReader`` on a database that has the tables."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def entries(self, query: AuditQuery) -> list[Entry]:
        """One page, newest first."""
        columns = audit_entries.c
        found = select(audit_entries).where(*seen_by(query.scope, audit_entries))
        if query.before is not None:
            found = found.where(columns.sequence < query.before)
        if query.action.endswith("."):
            found = found.where(columns.action.startswith(query.action, autoescape=True))
        elif query.action:
            found = found.where(columns.action == query.action)
        if query.actor:
            found = found.where(columns.actor == query.actor)
        if query.session_id:
            found = found.where(columns.session_id == query.session_id)
        found = found.order_by(columns.sequence.desc()).limit(query.limit)
        async with self.database.read() as connection:
            return [_entry(row) for row in (await connection.execute(found)).all()]

    @uninterrupted
    async def head(self) -> Head:
        """The newest entry as the database keeps it beside the entries."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(audit_head))).first()
        return Head(row.sequence, row.hash, row.at) if row is not None else Head()

    async def walk(self) -> AsyncIterator[Sequence[Entry]]:
        """All entries in the order of their numbers, many at a time."""
        last: int | None = None
        while page := await self._page_after(last):
            yield page
            last = page[-1].sequence

    @uninterrupted
    async def positions(self, hashes: Sequence[str]) -> Mapping[str, int]:
        """Where entries with these hashes stand."""
        found: dict[str, int] = {}
        columns = audit_entries.c
        async with self.database.read() as connection:
            for first in range(0, len(hashes), HASHES_AT_ONCE):
                some = hashes[first : first + HASHES_AT_ONCE]
                rows = await connection.execute(select(columns.hash, columns.sequence).where(columns.hash.in_(some)))
                found |= {row.hash: row.sequence for row in rows}
        return found

    @uninterrupted
    async def deletion_proof(self, session_id: str, owner: Owner | None = None) -> Json | None:
        """The newest signed proof that a session was erased."""
        where = [erasures.c.session_id == session_id, erasures.c.proof.is_not(None)]
        if owner is not None:
            where += owned_by(owner, erasures)
        query = select(erasures.c.proof).where(*where).order_by(erasures.c.erased_at.desc(), erasures.c.id).limit(1)
        async with self.database.read() as connection:
            proof: Json | None = await connection.scalar(query)
        return proof

    @uninterrupted
    async def _page_after(self, sequence: int | None) -> list[Entry]:
        query = select(audit_entries).order_by(audit_entries.c.sequence).limit(ENTRIES_AT_ONCE)
        if sequence is not None:
            query = query.where(audit_entries.c.sequence > sequence)
        async with self.database.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]


def _entry(row: Row[Any]) -> Entry:
    """The entry of a row, whatever somebody may have written into it."""
    return Entry(
        sequence=row.sequence,
        at=row.at,
        actor=Actor(row.actor, row.actor_name),
        action=row.action,
        tenant=row.tenant,
        sandbox=row.sandbox,
        session_id=row.session_id,
        details=_details(row.details),
        previous=str(row.previous),
        hash=str(row.hash),
        signature=str(row.signature),
    )


def _details(text: str) -> Json:
    """Two texts may mean the same; only the one that was written counts."""
    try:
        details = json.loads(text)
        written = isinstance(details, dict) and canonical(details).decode() == text
    except (ValueError, TypeError, RecursionError):
        return UNREADABLE
    return details if written else UNREADABLE
