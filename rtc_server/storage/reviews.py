"""The review queue in the database."""

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.chain import Actor, Draft
from rtc_server.insight.review_rule import review_causes
from rtc_server.insight.review_steps import report_member
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.outbox import Outbox, write_event
from rtc_server.storage.owned import seen_by
from rtc_server.storage.ports import (
    ChangeReview,
    Json,
    Judgement,
    ReviewRecord,
    ReviewState,
    Scope,
    SessionRecord,
)
from rtc_server.storage.schema import reviews, sessions
from rtc_server.webhooks.payload import REVIEWED_EVENT

JUDGED = "review.decided"
"""What the audit calls each judgement, the first of two as well."""


class SqlReviewStore:
    """``ReviewStore`` on a migrated database."""

    def __init__(self, database: Database, outbox: Outbox, audit: SqlAuditLog) -> None:
        self.database = database
        self._outbox = outbox
        self._audit = audit

    @uninterrupted
    async def review(self, session_id: str, scope: Scope) -> ReviewRecord | None:
        """The review of a session that the scope holds; None when there is none."""
        query = select(reviews).where(reviews.c.session_id == session_id, *seen_by(scope, reviews))
        async with self.database.read() as connection:
            row = (await connection.execute(query)).first()
        return _review(row) if row is not None else None

    @uninterrupted
    async def reviews(
        self, scope: Scope, states: Sequence[ReviewState], limit: int = 50, cursor: str = ""
    ) -> list[ReviewRecord]:
        """Oldest first while open, newest first once decided; from behind the session ``cursor`` on.

        Raises ``KeyError`` when the scope holds no review of that session.
        """
        c = reviews.c
        newest_first = "decided" in states
        place, seen = tuple_(c.created_at, c.session_id), seen_by(scope, reviews)
        query = select(reviews).where(c.state.in_(states), *seen).limit(limit)
        order = (c.created_at.desc(), c.session_id.desc()) if newest_first else (c.created_at, c.session_id)
        async with self.database.read() as connection:
            if cursor:
                where = select(c.created_at, c.session_id).where(c.session_id == cursor, *seen)
                last = (await connection.execute(where)).first()
                if last is None:
                    raise KeyError(cursor)
                query = query.where(place < tuple_(*last) if newest_first else place > tuple_(*last))
            return [_review(row) for row in (await connection.execute(query.order_by(*order))).all()]

    @uninterrupted
    async def change_review(
        self, session_id: str, scope: Scope, change: ChangeReview, now_ms: int
    ) -> ReviewRecord | None:
        """Change a locked review; None when there is none. ``change`` may raise, and nothing happens then."""
        mine = reviews.c.session_id == session_id, *seen_by(scope, reviews)
        async with self.database.write() as connection:
            # The session first, as everybody who changes what hangs on it does.
            session = await _locked(connection, session_id)
            row = (await connection.execute(select(reviews).where(*mine).with_for_update())).first()
            if session is None or row is None:
                return None
            changed = change(_review(row))
            values = _columns(changed)
            await connection.execute(update(reviews).where(reviews.c.session_id == session_id).values(values))
            if changed.state == "decided":
                await _tell(connection, session, changed, now_ms)
            entry = await self._audit.append(connection, _judgement_entry(changed, now_ms))
        self._audit.committed(entry)
        if changed.state == "decided":
            self._outbox.tell()
        return changed

    @uninterrupted
    async def open_counts(self, scope: Scope) -> Json:
        """How many there are in each state that is not decided."""
        query = (
            select(reviews.c.state, func.count().label("number"))
            .where(reviews.c.state.in_(("open", "second", "disputed")), *seen_by(scope, reviews))
            .group_by(reviews.c.state)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {"open": 0, "second": 0, "disputed": 0} | {row.state: row.number for row in rows}


async def open_review(connection: AsyncConnection, session: SessionRecord) -> None:
    """Put a session that has just ended into the queue, when it belongs there, in a transaction under way."""
    causes = review_causes(session)
    if causes:
        review = ReviewRecord(session.id, session.tenant, session.sandbox, session.finished_at or 0, causes)
        await connection.execute(insert(reviews), _columns(review))


async def redact_review(connection: AsyncConnection, session_id: str) -> None:
    """Redact what people wrote about a session, in a transaction under way; who decided what and when stays.

    A review that is not decided goes: nothing is left to look at.
    """
    mine = reviews.c.session_id == session_id
    await connection.execute(delete(reviews).where(mine, reviews.c.state != "decided"))
    judgements = await connection.scalar(select(reviews.c.judgements).where(mine))
    if judgements:
        silent = [judgement | {"reason": ""} for judgement in judgements]
        await connection.execute(update(reviews).where(mine).values(judgements=silent))


async def _locked(connection: AsyncConnection, session_id: str) -> SessionRecord | None:
    row = (await connection.execute(select(sessions).where(sessions.c.id == session_id).with_for_update())).first()
    return SessionRecord(**row._mapping) if row is not None else None


async def _tell(connection: AsyncConnection, session: SessionRecord, review: ReviewRecord, now_ms: int) -> None:
    """Write the decision into the report and the outbox."""
    if session.redacted_at is None:
        report = session.report | {"review": report_member(review)}
        await connection.execute(update(sessions).where(sessions.c.id == session.id).values(report=report))
    await write_event(connection, session, REVIEWED_EVENT, {"decision": review.decision}, now_ms)


def _judgement_entry(review: ReviewRecord, now_ms: int) -> Draft:
    """What the audit keeps of the newest judgement; of its reason only the hash, because a reason names people."""
    judgement = review.judgements[-1]
    return Draft(
        at=now_ms,
        actor=Actor.staff(judgement.by_id, judgement.by_name),
        action=JUDGED,
        tenant=review.tenant,
        sandbox=review.sandbox,
        session_id=review.session_id,
        details={
            "decision": judgement.decision,
            "state": review.state,
            "reasonSha256": hashlib.sha256(judgement.reason.encode("utf-8", "surrogatepass")).hexdigest(),
        },
    )


def _columns(review: ReviewRecord) -> Json:
    columns = {field.name: getattr(review, field.name) for field in dataclasses.fields(review)}
    judgements = [dataclasses.asdict(judgement) for judgement in review.judgements]
    return columns | {"causes": list(review.causes), "judgements": judgements}


def _review(row: Row[Any]) -> ReviewRecord:
    values = dict(row._mapping)
    values["causes"] = tuple(values["causes"])
    values["judgements"] = tuple(Judgement(**judgement) for judgement in values["judgements"])
    return ReviewRecord(**values)
