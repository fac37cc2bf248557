"""Pages of an owner's sessions (contract §1.6), read along an index from where the last page ended.

A sort order is cut into segments, each of which one index holds in order: the finished and the unfinished sessions,
or one segment a status. So NULL needs no place among numbers, where SQLite and PostgreSQL disagree, and statuses come
in the order of a session's life rather than that of the alphabet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.columns import search_text
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import SessionPage, SessionQuery, SessionRecord, Status
from rtc_server.storage.schema import session_search, sessions

STATUSES: tuple[Status, ...] = get_args(Status)
"""In the order of a session's life."""

FEW = 1_000
"""Up to so many sessions that a search finds are looked up one by one; the others are met soon on the way."""

Condition = ColumnElement[bool]


class Place(NamedTuple):
    """Where in every order a session stands."""

    id: str
    created_at: int
    finished_at: int | None
    status: Status


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the order that one index holds."""

    where: Condition | None
    columns: tuple[ColumnElement[Any], ...]
    """Sorted by these; the last one is the id, so there are no ties."""
    cursor_at: tuple[Any, ...] | None = None
    """Values of ``columns`` in the last session of the page before, when that one is in this segment."""
    asked_for: bool = True
    """Whether the filters let sessions of this segment through."""


async def read_page(connection: AsyncConnection, query: SessionQuery) -> SessionPage:
    """One page of full records. An unknown cursor raises ``KeyError``."""
    filters = _filters(query)
    if query.search:
        filters.append(await _found(connection, query))
    cursor = await _cursor(connection, query) if query.cursor else None
    found: list[SessionRecord] = []
    for segment in _segments(query, cursor):
        statement = _statement(query, filters, segment).limit(query.limit + 1 - len(found))
        rows = (await connection.execute(statement)).mappings().all()
        found += [SessionRecord(**row) for row in rows]
        if len(found) > query.limit:
            break
    total = None
    if query.include_total:
        total = int(await connection.scalar(select(func.count()).select_from(sessions).where(*filters)) or 0)
    return SessionPage(found[: query.limit], has_more=len(found) > query.limit, total=total)


async def _cursor(connection: AsyncConnection, query: SessionQuery) -> Place:
    columns = (sessions.c.id, sessions.c.created_at, sessions.c.finished_at, sessions.c.status)
    mine = owned_by(query.owner, sessions)
    row = (await connection.execute(select(*columns).where(sessions.c.id == query.cursor, *mine))).first()
    if row is None:
        raise KeyError(query.cursor)
    return Place(*row)


def _filters(query: SessionQuery) -> list[Condition]:
    filters: list[Condition] = [*owned_by(query.owner, sessions)]
    if query.flow_id:
        filters.append(sessions.c.flow_id == query.flow_id)
    if query.client_reference_id:
        filters.append(sessions.c.client_reference_id == query.client_reference_id)
    if query.statuses:
        filters.append(sessions.c.status.in_(query.statuses))
    if query.from_date is not None:
        filters.append(sessions.c.created_at >= query.from_date)
    if query.to_date is not None:
        filters.append(sessions.c.created_at <= query.to_date)
    return filters


async def _found(connection: AsyncConnection, query: SessionQuery) -> Condition:
    """The sessions that the search finds: it reads the whole of a narrow table, which at 100,000 takes some 30 ms."""
    c = session_search.c
    text = c.text.contains(search_text(query.search), autoescape=True)
    matching = select(c.session_id).where(*owned_by(query.owner, session_search), text)
    ids = (await connection.scalars(matching.limit(FEW + 1))).all()
    if len(ids) <= FEW:
        return sessions.c.id.in_(ids)
    return exists().where(c.session_id == sessions.c.id, text)


def _segments(query: SessionQuery, cursor: Place | None) -> Iterator[Segment]:
    """Segments that the page may take from, in order."""
    in_order = _all_segments(query, cursor)
    if not query.descending:
        in_order = in_order[::-1]
    started = cursor is None
    for segment in in_order:
        started = started or segment.cursor_at is not None
        if started and segment.asked_for:
            yield segment


def _all_segments(query: SessionQuery, cursor: Place | None) -> Sequence[Segment]:
    """All segments in descending order."""
    c = sessions.c
    if query.sort_by == "createdAt":
        return [Segment(None, (c.created_at, c.id), None if cursor is None else (cursor.created_at, cursor.id))]
    if query.sort_by == "finishedAt":
        at = None if cursor is None else (cursor.finished_at, cursor.id)
        ended = cursor is not None and cursor.finished_at is not None
        return [
            Segment(c.finished_at.is_not(None), (c.finished_at, c.id), at if ended else None),
            Segment(c.finished_at.is_(None), (c.finished_at, c.id), None if ended else at),
        ]
    return [
        Segment(
            c.status == status,
            (c.created_at, c.id),
            (cursor.created_at, cursor.id) if cursor is not None and cursor.status == status else None,
            asked_for=not query.statuses or status in query.statuses,
        )
        for status in reversed(STATUSES)
    ]


def _statement(query: SessionQuery, filters: Sequence[Condition], segment: Segment) -> Select[Any]:
    statement = select(sessions).where(*filters)
    if segment.where is not None:
        statement = statement.where(segment.where)
    if segment.cursor_at is not None:
        columns, values = segment.columns, segment.cursor_at
        if values[0] is None:  # all rows of the segment have NULL there
            columns, values = columns[1:], values[1:]
        here, there = tuple_(*columns), tuple_(*values)
        statement = statement.where(here < there if query.descending else here > there)
    return statement.order_by(*(column.desc() if query.descending else column.asc() for column in segment.columns))
