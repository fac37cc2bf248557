"""Facts of ended sessions in the database."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.insight.facts import facts_of
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import seen_by
from rtc_server.storage.ports import (
    TERMINAL,
    FactCounts,
    Json,
    NodePassed,
    Owner,
    QuietSession,
    Scope,
    SessionFacts,
    SessionRecord,
)
from rtc_server.storage.schema import journal, session_facts, sessions

BATCH = 500
"""Facts that are read at once: some milliseconds of work, so that calls under way do not notice."""

LINES_AT_ONCE = 50

_FAILED = ("unverified", "incomplete")


class SqlFactStore:
    """``FactStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def facts(self, scope: Scope, from_ms: int, to_ms: int) -> AsyncIterator[Sequence[SessionFacts]]:
        """Sessions that ended in a span (its end excluded), oldest first, in batches."""
        finished_at, session_id = from_ms, ""
        while batch := await self._batch(scope, finished_at, session_id, to_ms):
            yield batch
            if len(batch) < BATCH:
                return
            finished_at, session_id = batch[-1].finished_at, batch[-1].session_id

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
        newest = select(func.max(journal.c.now)).where(journal.c.session_id == sessions.c.id).scalar_subquery()
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
    async def backfill(self, limit: int = BATCH) -> int:
        """Write the facts of ended sessions that have none, the newest first; how many there were."""
        known = exists().where(session_facts.c.session_id == sessions.c.id)
        query = select(sessions).where(sessions.c.status.in_(TERMINAL), sessions.c.finished_at.is_not(None), ~known)
        query = query.order_by(sessions.c.finished_at.desc()).limit(limit).with_for_update(skip_locked=True)
        async with self.database.write() as connection:
            rows = (await connection.execute(query)).mappings().all()
            for row in rows:
                await write_facts(connection, SessionRecord(**row))
        return len(rows)

    @uninterrupted
    async def _batch(self, scope: Scope, finished_at: int, session_id: str, to_ms: int) -> list[SessionFacts]:
        c = session_facts.c
        query = (
            select(session_facts)
            .where(tuple_(c.finished_at, c.session_id) > tuple_(finished_at, session_id), c.finished_at < to_ms)
            .where(*seen_by(scope, session_facts))
            .order_by(c.finished_at, c.session_id)
            .limit(BATCH)
        )
        async with self.database.read() as connection:
            return [_facts(row) for row in (await connection.execute(query)).all()]


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
    names = (
        *("session_id", "tenant", "sandbox", "finished_at", "result", "reason", "flow_id", "started_at", "language"),
        *("browser", "system", "mobile", "liveness", "attacked", "provider_failed"),
    )
    details = {
        "last": list(facts.last_node),
        "nodes": [list(node) for node in facts.nodes],
        "failures": list(facts.failures),
        "answerMs": list(facts.answer_ms),
    }
    return {name: getattr(facts, name) for name in names} | {"details": details}


def _facts(row: Row[Any]) -> SessionFacts:
    details = row.details
    return SessionFacts(
        session_id=row.session_id,
        tenant=row.tenant,
        sandbox=row.sandbox,
        finished_at=row.finished_at,
        result=row.result,
        reason=row.reason,
        flow_id=row.flow_id,
        started_at=row.started_at,
        language=row.language,
        browser=row.browser,
        system=row.system,
        mobile=row.mobile,
        liveness=row.liveness,
        attacked=row.attacked,
        provider_failed=row.provider_failed,
        last_node=tuple(details["last"]),
        nodes=[NodePassed(*node) for node in details["nodes"]],
        failures=details["failures"],
        answer_ms=details["answerMs"],
    )
