"""Sessions as staff look for them. First the ids of a page along an index, then what is shown of these few: the rows
themselves are wide, and ten thousand of them would have to be read to be sorted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.columns import search_text
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import seen_by
from rtc_server.storage.ports import HistoryEntry, HistoryQuery, Owner, Scope, SessionRecord
from rtc_server.storage.schema import reviews, session_facts, session_search, sessions

_SHOWN = (
    sessions.c.id,
    sessions.c.tenant,
    sessions.c.sandbox,
    sessions.c.created_at,
    sessions.c.status,
    sessions.c.flow_id,
    sessions.c.client_reference_id,
    sessions.c.finished_at,
    sessions.c.reason,
    sessions.c.redacted_at,
    session_facts.c.result,
    reviews.c.state.label("review"),
    reviews.c.decision,
)


class SqlHistoryStore:
    """``HistoryStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def history(self, query: HistoryQuery) -> list[HistoryEntry]:
        """One page."""
        async with self.database.read() as connection:
            ids = _page(query)
            if query.cursor:
                place = select(sessions.c.created_at, sessions.c.id).where(sessions.c.id == query.cursor)
                if (cursor := (await connection.execute(place)).first()) is not None:
                    ids = ids.where(tuple_(sessions.c.created_at, sessions.c.id) < tuple_(*cursor))
            found = (await connection.scalars(ids.limit(query.limit))).all()
            return await _entries(connection, found)

    @uninterrupted
    async def entries_of(self, scope: Scope, session_ids: Sequence[str]) -> list[HistoryEntry]:
        """The lines of these sessions, newest first; those that the scope does not hold are left out."""
        async with self.database.read() as connection:
            found = await _entries(connection, session_ids)
        return [entry for entry in found if scope.holds(Owner(entry.tenant, entry.sandbox))]

    @uninterrupted
    async def session_of(self, scope: Scope, session_id: str) -> SessionRecord | None:
        """One session; None when there is none, or the scope does not hold it."""
        query = select(sessions).where(sessions.c.id == session_id, *seen_by(scope, sessions))
        async with self.database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return SessionRecord(**row) if row is not None else None


async def _entries(connection: AsyncConnection, session_ids: Sequence[str]) -> list[HistoryEntry]:
    shown = (
        select(*_SHOWN)
        .outerjoin(session_facts, session_facts.c.session_id == sessions.c.id)
        .outerjoin(reviews, reviews.c.session_id == sessions.c.id)
        .where(sessions.c.id.in_(session_ids))
        .order_by(sessions.c.created_at.desc(), sessions.c.id.desc())
    )
    rows = (await connection.execute(shown)).mappings().all()
    return [HistoryEntry(**{**row, "decision": row["decision"] or ""}) for row in rows]


def _page(query: HistoryQuery) -> Select[Any]:
    """Ids in order."""
    conditions: list[ColumnElement[bool]] = seen_by(query.scope, sessions)
    if query.status is not None:
        conditions.append(sessions.c.status == query.status)
    if query.created_from is not None:
        conditions.append(sessions.c.created_at >= query.created_from)
    if query.created_to is not None:
        conditions.append(sessions.c.created_at <= query.created_to)
    statement = select(sessions.c.id).where(*conditions)
    if query.result is not None:
        joined = session_facts.c.session_id == sessions.c.id
        statement = statement.join(session_facts, joined).where(session_facts.c.result == query.result)
    if query.search and query.ids_only:
        statement = statement.where(sessions.c.id.contains(query.search.lower(), autoescape=True))
    elif query.search:
        text = session_search.c.text.contains(search_text(query.search), autoescape=True)
        statement = statement.join(session_search, session_search.c.session_id == sessions.c.id).where(text)
    return statement.order_by(sessions.c.created_at.desc(), sessions.c.id.desc())
