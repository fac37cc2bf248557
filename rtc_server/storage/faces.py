"""Enrolled faces in the database. What is biometric, and what a recognition tells, is sealed before it gets there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.storage.audit import SqlAuditLog, drafted
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.engine import StorageError
from rtc_server.storage.face_rows import change_size, in_set, is_set, lock_set, remove_faces
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import FaceRecord, FaceSet, Json, Owner, SealedTemplate, Templates
from rtc_server.storage.redaction import redacted_reference
from rtc_server.storage.retention import Retention
from rtc_server.storage.schema import face_sets, faces, sessions

DELETED = "faces.deleted"
"""What the audit calls it."""

_KNOWN = tuple(column for column in faces.c if column.name not in ("template", "delete_after"))
_TEMPLATE = (faces.c.id, faces.c.number, faces.c.template)


class FaceLimitError(StorageError):
    """An owner has as many faces as may be kept; the text says how many."""


class SqlFaceStore:
    """``FaceStore`` on a migrated database; without a seal nothing can be kept or read."""

    def __init__(self, database: Database, seal: FaceSeal | None, retention: Retention, audit: SqlAuditLog) -> None:
        self.database = database
        self._audit = audit
        self._given_seal = seal
        self._retention = retention

    @uninterrupted
    async def face_set(self, owner: Owner, embedder: str) -> FaceSet:
        """How many there are, and the number of the newest."""
        query = select(face_sets.c.last_number, face_sets.c.size).where(*is_set(owner, embedder))
        async with self.database.read() as connection:
            row = (await connection.execute(query)).first()
        return FaceSet() if row is None else FaceSet(row.last_number, row.size)

    @uninterrupted
    async def save_face(
        self, record: FaceRecord, template: Templates, *, if_last: int, at_most: int
    ) -> FaceRecord | None:
        """Store a new face, or another template for one that has a number; None when somebody was quicker."""
        async with self.database.write() as connection:
            known = await lock_set(connection, record.owner, record.embedder, len(template))
            if known["last_number"] != if_last:
                return None
            if known["dimensions"] != len(template):
                raise ValueError(
                    f"templates of {record.embedder} have {known['dimensions']} numbers, not {len(template)}"
                )
            number = known["last_number"] + 1
            sealed = self._seal.close_template(record.owner, record.embedder, record.id, template)
            delete_after = self._retention.of_face(sandbox=record.owner.sandbox, enrolled_at=record.updated_at)
            row = self._row(record) | {"number": number, "template": sealed, "delete_after": delete_after}
            if record.number:
                await _replace(connection, record, row)
            elif known["size"] >= at_most:
                raise FaceLimitError(
                    f"{at_most} faces are enrolled, and no more may be: delete some, or raise the limit"
                )
            else:
                await connection.execute(insert(faces).values(row))
            await change_size(connection, record.owner, record.embedder, 1)
            await connection.execute(
                update(face_sets).where(*is_set(record.owner, record.embedder)).values(last_number=number)
            )
            return _record(row, record.fields)

    @uninterrupted
    async def describe_face(self, record: FaceRecord) -> bool:
        """Store fields and consent of a face, and leave the rest; whether it is still there."""
        row = self._row(record)
        changes = {name: row[name] for name in ("fields", "consent", "updated_at")}
        async with self.database.write() as connection:
            where = faces.c.id == record.id, *owned_by(record.owner, faces)
            return bool((await connection.execute(update(faces).where(*where).values(changes))).rowcount)

    @uninterrupted
    async def face(self, face_id: str, owner: Owner) -> FaceRecord | None:
        """One."""
        found = await self._read(select(*_KNOWN).where(faces.c.id == face_id, *owned_by(owner, faces)))
        return found[0] if found else None

    @uninterrupted
    async def faces(
        self, owner: Owner, limit: int, cursor: str = "", reference: str | None = None
    ) -> tuple[list[FaceRecord], bool]:
        """Newest first; whether there are more."""
        query = select(*_KNOWN).where(*owned_by(owner, faces))
        if reference is not None:
            query = query.where(faces.c.reference == reference)
        if cursor:
            query = query.where(await self._after(cursor, owner))
        found = await self._read(query.order_by(faces.c.created_at.desc(), faces.c.id.desc()).limit(limit + 1))
        return found[:limit], len(found) > limit

    @uninterrupted
    async def faces_numbered(self, owner: Owner, embedder: str, numbers: Sequence[int]) -> list[FaceRecord]:
        """Those of the numbers that are still there."""
        return await self._read(select(*_KNOWN).where(*in_set(owner, embedder), faces.c.number.in_(numbers)))

    @uninterrupted
    async def face_of(self, owner: Owner, embedder: str, reference: str) -> FaceRecord | None:
        """The face of a person; None for an empty reference."""
        where = *in_set(owner, embedder), faces.c.reference == reference
        found = await self._read(select(*_KNOWN).where(*where).order_by(faces.c.number)) if reference else []
        return found[0] if found else None

    @uninterrupted
    async def faces_of_subject(self, owner: Owner, reference: str) -> list[FaceRecord]:
        """All of a person, of every model: by the reference, and by sessions with that ``clientReferenceId``."""
        query = select(*_KNOWN).where(*_subject(owner, reference)).order_by(faces.c.created_at, faces.c.id)
        return await self._read(query) if reference else []

    @uninterrupted
    async def templates_after(self, owner: Owner, embedder: str, number: int, limit: int) -> list[SealedTemplate]:
        """The next ones, by number."""
        where = *in_set(owner, embedder), faces.c.number > number
        return await self._sealed(select(*_TEMPLATE).where(*where).order_by(faces.c.number).limit(limit))

    @uninterrupted
    async def templates(self, owner: Owner, embedder: str, numbers: Sequence[int]) -> list[SealedTemplate]:
        """Those of the numbers that are still there, by number."""
        where = *in_set(owner, embedder), faces.c.number.in_(numbers)
        return await self._sealed(select(*_TEMPLATE).where(*where).order_by(faces.c.number))

    @uninterrupted
    async def numbers(self, owner: Owner, embedder: str) -> npt.NDArray[np.int64]:
        """All numbers of a set, rising."""
        query = select(faces.c.number).where(*in_set(owner, embedder)).order_by(faces.c.number)
        async with self.database.read() as connection:
            return np.fromiter((await connection.scalars(query)).all(), np.int64)

    def opened(self, owner: Owner, embedder: str, sealed: Sequence[SealedTemplate]) -> Templates:
        """Shape (len(sealed), dimensions). Blocks."""
        return self._seal.open_templates(owner, embedder, list(sealed))

    async def delete_face(self, face_id: str, owner: Owner, by: Actor = SYSTEM) -> bool:
        """Remove with the template; whether there was one."""
        where = faces.c.id == face_id, *owned_by(owner, faces)
        return bool(await self._remove(where, owner, {"cause": "api", "face": face_id}, by))

    async def delete_faces_of_subject(self, owner: Owner, reference: str, by: Actor = SYSTEM) -> int:
        """Remove all of a person; how many there were."""
        return await self._remove(_subject(owner, reference), owner, {"cause": "subject"}, by) if reference else 0

    async def delete_due_faces(self, now_ms: int, limit: int = 100) -> int:
        """Remove those that were kept long enough; how many there were."""
        due = select(faces.c.id).where(faces.c.delete_after <= now_ms).order_by(faces.c.delete_after).limit(limit)
        return await self._remove((faces.c.id.in_(due),), None, {"cause": "retention"}, SYSTEM)

    @property
    def _seal(self) -> FaceSeal:
        if self._given_seal is None:
            raise StorageError("no server key was given, so enrolled faces can be neither kept nor read")
        return self._given_seal

    @uninterrupted
    async def _remove(self, where: Sequence[ColumnElement[bool]], owner: Owner | None, details: Json, by: Actor) -> int:
        async with self.database.write() as connection:
            count = await remove_faces(connection, *where)
            if not count:
                return 0
            entry = await self._audit.append(connection, drafted(by, DELETED, owner, "", {"count": count, **details}))
        self._audit.committed(entry)
        return count

    async def _read(self, query: Select[Any]) -> list[FaceRecord]:
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_record(row, self._seal.open_fields(_owner(row), row["id"], row["fields"])) for row in rows]

    async def _sealed(self, query: Select[Any]) -> list[SealedTemplate]:
        async with self.database.read() as connection:
            return [SealedTemplate(row.id, row.number, bytes(row.template)) for row in await connection.execute(query)]

    async def _after(self, cursor: str, owner: Owner) -> ColumnElement[bool]:
        async with self.database.read() as connection:
            where = faces.c.id == cursor, *owned_by(owner, faces)
            created_at = await connection.scalar(select(faces.c.created_at).where(*where))
        if created_at is None:
            raise KeyError(cursor)
        same_moment = and_(faces.c.created_at == created_at, faces.c.id < cursor)
        return or_(faces.c.created_at < created_at, same_moment)

    def _row(self, record: FaceRecord) -> Json:
        return {
            "id": record.id,
            "tenant": record.owner.tenant,
            "sandbox": record.owner.sandbox,
            "embedder": record.embedder,
            "reference": record.reference,
            "fields": self._seal.close_fields(record.owner, record.id, record.fields),
            "consent": record.consent,
            "session_id": record.session_id or None,
            "created_at": record.created_at,
            "updated_at": record.updated_at,
        }


async def _replace(connection: AsyncConnection, record: FaceRecord, row: Json) -> None:
    """Raises ``KeyError`` when the face is gone. It may have come from another model, thus from another set."""
    where = faces.c.id == record.id, *owned_by(record.owner, faces)
    former = await connection.scalar(select(faces.c.embedder).where(*where).with_for_update())
    if former is None:
        raise KeyError(record.id)
    await connection.execute(update(faces).where(*where).values(row))
    await change_size(connection, record.owner, former, -1)


def _subject(owner: Owner, reference: str) -> tuple[ColumnElement[bool], ...]:
    names = (reference, redacted_reference(reference))
    theirs = select(sessions.c.id).where(*owned_by(owner, sessions), sessions.c.client_reference_id.in_(names))
    return *owned_by(owner, faces), or_(faces.c.reference == reference, faces.c.session_id.in_(theirs))


def _owner(row: Any) -> Owner:
    return Owner(row["tenant"], row["sandbox"])


def _record(row: Any, fields: Any) -> FaceRecord:
    return FaceRecord(
        id=row["id"],
        owner=_owner(row),
        embedder=row["embedder"],
        reference=row["reference"],
        fields=fields,
        consent=row["consent"],
        session_id=row["session_id"] or "",
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        number=row["number"],
    )
