"""Pictures and recordings: a row tells what there is, an encrypted file holds it.

The file is written before the row and removed before it. So a crash leaves a file that no row leads to, which the next
sweep removes, or a row without a file, which reads as gone; never a row that promises more than was erased.
"""

import asyncio
import dataclasses
from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.engine import StorageError
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import MediaRecord
from rtc_server.storage.retention import Retention
from rtc_server.storage.schema import media

ORPHAN_SECONDS = 3_600
"""A file without a row is left alone so long, because its row may be about to come."""

COMPARED_FILES = 1_000
"""Files that are compared with their rows at once."""


class SqlMediaStore:
    """``MediaStore`` on a migrated database and a folder; without a folder nothing can be kept."""

    def __init__(self, database: Database, files: MediaFiles | None, retention: Retention) -> None:
        self.database = database
        self._folder = files
        self._retention = retention

    async def put(self, record: MediaRecord, content: bytes) -> None:
        """Keep. Raises ``KeyError`` when there is no such session."""
        record = self.with_retention(record)
        await asyncio.to_thread(self.files.write, record.id, content)
        try:
            await self.insert(record)
        except IntegrityError:
            await asyncio.to_thread(self.files.remove, record.id)
            raise KeyError(record.session_id) from None

    async def get(self, media_id: str) -> tuple[MediaRecord, bytes] | None:
        """Read back; None when it is gone."""
        record = await self.record(media_id)
        content = None if record is None else await asyncio.to_thread(self.files.read, media_id)
        return None if record is None or content is None else (record, content)

    @uninterrupted
    async def media_of(self, session_id: str) -> list[MediaRecord]:
        """All of a session, oldest first."""
        query = select(media).where(media.c.session_id == session_id).order_by(media.c.created_at, media.c.id)
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [MediaRecord(**row) for row in rows]

    async def delete_media(self, session_id: str) -> int:
        """Remove all of a session; how many there were."""
        return await self.delete([record.id for record in await self.media_of(session_id)])

    async def delete_due(self, now_ms: int, limit: int = 100) -> int:
        """Remove what has been kept long enough; how many there were."""
        return await self.delete(await self._due(now_ms, limit))

    async def sweep_orphans(self) -> int:
        """Remove files that no row leads to; how many there were."""
        old = await asyncio.to_thread(self.files.older_than, ORPHAN_SECONDS)
        removed = 0
        for start in range(0, len(old), COMPARED_FILES):
            some = old[start : start + COMPARED_FILES]
            for media_id in set(some) - await self._known(some):
                removed += await asyncio.to_thread(self.files.remove, media_id)
        return removed

    async def delete(self, media_ids: Sequence[str]) -> int:
        """Remove files and rows; how many were named."""
        for media_id in media_ids:
            await asyncio.to_thread(self.files.remove, media_id)
        if media_ids:
            await self._delete_rows(media_ids)
        return len(media_ids)

    @property
    def files(self) -> MediaFiles:
        """The folder. Raises StorageError when there is none."""
        if self._folder is None:
            raise StorageError("no folder for media was given, so none can be kept or removed")
        return self._folder

    def with_retention(self, record: MediaRecord) -> MediaRecord:
        """With the time at which it is to be removed, where it has none of its own."""
        if record.delete_after is not None:
            return record
        return dataclasses.replace(record, delete_after=self._retention.of_media(record.created_at))

    @uninterrupted
    async def insert(self, record: MediaRecord) -> None:
        """Add the row alone. Raises IntegrityError when there is no such session."""
        async with self.database.write() as connection:
            await connection.execute(insert(media).values(dataclasses.asdict(record)))

    @uninterrupted
    async def record(self, media_id: str) -> MediaRecord | None:
        """What it is; None when it is gone."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(media).where(media.c.id == media_id))).mappings().first()
        return None if row is None else MediaRecord(**row)

    @uninterrupted
    async def _due(self, now_ms: int, limit: int) -> Sequence[str]:
        query = select(media.c.id).where(media.c.delete_after <= now_ms).order_by(media.c.delete_after).limit(limit)
        async with self.database.read() as connection:
            return (await connection.scalars(query)).all()

    @uninterrupted
    async def _known(self, media_ids: Sequence[str]) -> set[str]:
        async with self.database.read() as connection:
            return set((await connection.scalars(select(media.c.id).where(media.c.id.in_(media_ids)))).all())

    @uninterrupted
    async def _delete_rows(self, media_ids: Sequence[str]) -> None:
        async with self.database.write() as connection:
            await connection.execute(delete(media).where(media.c.id.in_(media_ids)))
