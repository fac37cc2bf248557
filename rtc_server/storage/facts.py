"""Facts of ended sessions in the database."""

import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.insight.facts import facts_of
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import seen_by
from rtc_server.storage.ports import (
    TERMINAL,
    FactCounts,
    Json,
    Owner,
    PathNode,
    Place,
    QuietSession,
    Scope,
    SessionFacts,
    SessionRecord,
)
from rtc_server.storage.schema import journal, session_facts, sessions

BATCH = 250
"""Facts that are worked on at once: some milliseconds, so that calls under way do not notice."""

ROWS_AT_ONCE = 1_000
"""Rows of one question to the database: each answer waits for its turn beside those calls."""

BACKFILLED = 200
"""Sessions of former versions whose facts are written in one transaction."""

LINES_AT_ONCE = 50

_FAILED = ("unverified", "incomplete")
_LISTS = ("path", "failures", "node_seconds", "answer_ms")
"""The last fields of the facts, kept as JSON text."""


class SqlFactStore:
    """``FactStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def facts(self, scope: Scope, from_ms: int, to_ms: int) -> AsyncIterator[Sequence[SessionFacts]]:
        """Sessions that ended in a span (its end excluded), oldest first, in batches."""
        finished_at, session_id, reader = from_ms, "", _Reader()
        while rows := await self._rows(scope, finished_at, session_id, to_ms):
            for first in range(0, len(rows), BATCH):
                yield reader.read(rows[first : first + BATCH])
            if len(rows) < ROWS_AT_ONCE:
                return
            finished_at, session_id = rows[-1].finished_at, rows[-1].session_id

    @uninterrupted
    async def counts(self, from_ms: int, to_ms: int) -> dict[Owner, FactCounts]:
        """Of every owner who has any, in a span (its end excluded)."""
        c = session_facts.c
        query = (
            select(
                c.tenant,
                c.sandbox,
                func.count().label("sessions"),
                func.count().filter(c.result.in_(_FAILED)).label("failed"),
                func.count().filter(c.attacked).label("attacked"),
                func.count().filter(c.provider_failed).label("provider_failed"),
            )
            .where(c.finished_at >= from_ms, c.finished_at < to_ms)
            .group_by(c.tenant, c.sandbox)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {
            Owner(row.tenant, row.sandbox): FactCounts(row.sessions, row.failed, row.attacked, row.provider_failed)
            for row in rows
        }

    @uninterrupted
    async def quiet(self, heard_before_ms: int, limit: int = 100) -> list[QuietSession]:
        """Sessions in progress whose journal has not grown since a moment, the longest quiet first."""
        lines = select(journal.c.now).where(journal.c.session_id == sessions.c.id)
        newest = lines.order_by(journal.c.sequence.desc()).limit(1).scalar_subquery()
        query = select(sessions.c.id, sessions.c.tenant, sessions.c.sandbox, sessions.c.started_at, newest.label("now"))
        query = query.where(sessions.c.status == "inProgress", sessions.c.started_at < heard_before_ms)
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        found = [
            QuietSession(row.id, Owner(row.tenant, row.sandbox), row.started_at + round(1000 * (row.now or 0.0)))
            for row in rows
        ]
        quiet = [session for session in found if session.heard_at < heard_before_ms]
        return sorted(quiet, key=lambda session: session.heard_at)[:limit]

    @uninterrupted
    async def uncounted(self, before: Place, limit: int = BACKFILLED) -> list[Place]:
        """Ended sessions that have no facts, the newest first, from behind ``before`` on."""
        place = sessions.c.finished_at, sessions.c.id
        known = exists().where(session_facts.c.session_id == sessions.c.id)
        query = select(*place).where(sessions.c.status.in_(TERMINAL), tuple_(*place) < tuple_(*before), ~known)
        query = query.order_by(*(column.desc() for column in place)).limit(limit)
        async with self.database.read() as connection:
            return [Place(*row) for row in (await connection.execute(query)).all()]

    async def count_sessions(self, session_ids: Sequence[str]) -> None:
        """Write the facts of ended sessions that have none. Another process may do the same."""
        with contextlib.suppress(IntegrityError):
            await self._count(session_ids)

    @uninterrupted
    async def _count(self, session_ids: Sequence[str]) -> None:
        known = exists().where(session_facts.c.session_id == sessions.c.id)
        query = select(sessions).where(sessions.c.id.in_(session_ids), ~known).with_for_update(skip_locked=True)
        async with self.database.write() as connection:
            for row in (await connection.execute(query)).mappings().all():
                await write_facts(connection, SessionRecord(**row))

    @uninterrupted
    async def _rows(self, scope: Scope, finished_at: int, session_id: str, to_ms: int) -> Sequence[Row[Any]]:
        c = session_facts.c
        query = (
            select(*(c[name] for name in SessionFacts._fields))
            .where(tuple_(c.finished_at, c.session_id) > tuple_(finished_at, session_id), c.finished_at < to_ms)
            .where(*seen_by(scope, session_facts))
            .order_by(c.finished_at, c.session_id)
            .limit(ROWS_AT_ONCE)
        )
        async with self.database.read() as connection:
            return (await connection.execute(query)).all()


async def write_facts(connection: AsyncConnection, session: SessionRecord) -> None:
    """Add the facts of a session that has just ended to a transaction that is under way."""
    facts = facts_of(session, await _last_node(connection, session))
    await connection.execute(insert(session_facts), _columns(facts))


async def redact_facts(connection: AsyncConnection, session_id: str) -> None:
    """Forget with what somebody came, in a transaction under way; times, outcomes and the verdict stay."""
    unknown: Json = {"browser": "", "system": "", "mobile": None}
    await connection.execute(update(session_facts).where(session_facts.c.session_id == session_id).values(unknown))


async def _last_node(connection: AsyncConnection, session: SessionRecord) -> tuple[str, str]:
    """Id and type of the node that the journal entered last; empty where there is no journal (any more)."""
    if session.started_at is None:
        return "", ""
    before: int | None = None
    while True:
        query = select(journal.c.sequence, journal.c.commands).where(journal.c.session_id == session.id)
        if before is not None:
            query = query.where(journal.c.sequence < before)
        rows = (await connection.execute(query.order_by(journal.c.sequence.desc()).limit(LINES_AT_ONCE))).all()
        for row in rows:
            for command in reversed(row.commands):
                if command.get("type") == "Enter":
                    return command["node_id"], command["node_type"]
        if len(rows) < LINES_AT_ONCE:
            return "", ""
        before = rows[-1].sequence


def _columns(facts: SessionFacts) -> Json:
    lists: Json = {name: json.dumps(getattr(facts, name), separators=(",", ":")) for name in _LISTS}
    return facts._asdict() | lists


class _Reader:
    """Rows into facts. What is the same in most sessions is read once, all numbers of a batch as one text."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[PathNode, ...]] = {}
        self._failures: dict[str, tuple[str, ...]] = {}

    def read(self, rows: Sequence[Row[Any]]) -> list[SessionFacts]:
        """The facts of rows with the columns of ``session_facts`` in the order of the fields."""
        node_seconds = json.loads(f"[{','.join(row.node_seconds for row in rows)}]")
        answer_ms = json.loads(f"[{','.join(row.answer_ms for row in rows)}]")
        return [
            SessionFacts._make((*row[: -len(_LISTS)], self._path(row.path), self._failure(row.failures), *numbers))
            for row, *numbers in zip(rows, node_seconds, answer_ms, strict=True)
        ]

    def _path(self, text: str) -> tuple[PathNode, ...]:
        path = self._paths.get(text)
        if path is None:
            path = self._paths[text] = tuple(PathNode(*node) for node in json.loads(text))
        return path

    def _failure(self, text: str) -> tuple[str, ...]:
        failures = self._failures.get(text)
        if failures is None:
            failures = self._failures[text] = tuple(json.loads(text))
        return failures
