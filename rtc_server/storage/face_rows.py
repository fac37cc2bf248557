"""Rows of enrolled faces inside a transaction: counted sets, and removal, which erasures use too.

Whoever changes a set holds the lock of its row first. So numbers are committed in their order, and whoever has read up
to one of them has seen all before it.
"""

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import ColumnElement, RowMapping, and_, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports.owner import Owner
from rtc_server.storage.schema import face_sets, faces, idempotency

_NEW_SET = text(
    "INSERT INTO face_sets (tenant, sandbox, embedder, dimensions, last_number, size)"
    " VALUES (:tenant, :sandbox, :embedder, :dimensions, 0, 0) ON CONFLICT DO NOTHING"
)


def is_set(owner: Owner, embedder: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on the row of a set."""
    return *owned_by(owner, face_sets), face_sets.c.embedder == embedder


def in_set(owner: Owner, embedder: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on the faces of a set."""
    return *owned_by(owner, faces), faces.c.embedder == embedder


async def lock_set(connection: AsyncConnection, owner: Owner, embedder: str, dimensions: int) -> RowMapping:
    """The row of a set, made when there is none, and locked until the transaction ends."""
    place = {"tenant": owner.tenant, "sandbox": owner.sandbox, "embedder": embedder}
    await connection.execute(_NEW_SET, place | {"dimensions": dimensions})
    query = select(face_sets).where(*is_set(owner, embedder)).with_for_update()
    return (await connection.execute(query)).mappings().one()


async def remove_faces(connection: AsyncConnection, *where: ColumnElement[bool]) -> int:
    """Delete faces with their templates and what repeats their fields; how many there were."""
    query = select(faces.c.tenant, faces.c.sandbox, faces.c.embedder, faces.c.id).where(*where)
    found = sorted((await connection.execute(query)).all())  # everybody locks sets in the same order
    removed = 0
    for (tenant, sandbox, embedder), rows in groupby(found, lambda row: tuple(row[:3])):
        removed += await _remove(connection, Owner(tenant, sandbox), embedder, [row.id for row in rows])
    return removed


async def _remove(connection: AsyncConnection, owner: Owner, embedder: str, ids: list[str]) -> int:
    await connection.execute(select(face_sets).where(*is_set(owner, embedder)).with_for_update())
    deleted = await connection.execute(delete(faces).where(*in_set(owner, embedder), faces.c.id.in_(ids)))
    await change_size(connection, owner, embedder, -deleted.rowcount)
    await connection.execute(delete(idempotency).where(*owned_by(owner, idempotency), _answers_about(ids)))
    return int(deleted.rowcount)


async def change_size(connection: AsyncConnection, owner: Owner, embedder: str, by: int) -> None:
    """Tell how many faces came or went."""
    changed = update(face_sets).where(*is_set(owner, embedder)).values(size=face_sets.c.size + by)
    await connection.execute(changed)


def _answers_about(ids: Iterable[str]) -> ColumnElement[bool]:
    """Kept answers to enrolments. They are sealed; before the seal stands whom they are about."""
    starts = [idempotency.c.body.startswith(f"{face_id}:", autoescape=True) for face_id in ids]
    return and_(idempotency.c.body != "", or_(*starts))
