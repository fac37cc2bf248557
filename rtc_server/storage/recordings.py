"""Recordings: as other media a row and encrypted bytes, but the row comes first and the bytes grow.

A crash leaves a row whose size is 0 and what was written until then, which can be read and is erased as all else.
"""

import asyncio
import dataclasses
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from rtc_server.storage.database import uninterrupted
from rtc_server.storage.engine import StorageError
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.ports import MediaRecord
from rtc_server.storage.recording_files import GrowingFile, kept_bytes, read_part
from rtc_server.storage.schema import media


class SqlRecordingStore:
    """``RecordingStore`` over the rows and the folder of a media store."""

    def __init__(self, store: SqlMediaStore) -> None:
        self.database = store.database
        self._media = store

    async def begin(self, record: MediaRecord) -> GrowingFile:
        """Note that a part begins, and open it. Raises ``KeyError`` when there is no such session."""
        files = self._media.files
        try:
            await self._media.insert(self._media.with_retention(dataclasses.replace(record, size_bytes=0)))
        except IntegrityError:
            raise KeyError(record.session_id) from None
        return GrowingFile(files, record.id)

    async def finish(self, media_id: str, size_bytes: int) -> bool:
        """Note its length; False, and nothing of it is left, when it was erased meanwhile."""
        if await self._set_size(media_id, size_bytes):
            return True
        await asyncio.to_thread(self._media.files.remove, media_id)
        return False

    async def erase(self, media_ids: Sequence[str]) -> None:
        """Remove parts, finished or not; those that are gone are no error."""
        await self._media.delete(media_ids)

    async def part(self, media_id: str, start: int, size_bytes: int) -> bytes | None:
        """Bytes from there on, fewer at the end; None when the recording is gone.

        Raises StorageError when they are damaged, or missing from a recording that is finished.
        """
        record = await self._media.record(media_id)
        if record is None:
            return None
        found = await asyncio.to_thread(read_part, self._media.files, media_id, start, size_bytes)
        promised = min(size_bytes, record.size_bytes - start)
        if found is not None and len(found) < promised:
            raise StorageError(f"the recording {media_id} is damaged: its end is missing")
        return found

    async def length(self, media_id: str) -> int:
        """How many bytes can be read of it."""
        return await asyncio.to_thread(kept_bytes, self._media.files, media_id)

    @uninterrupted
    async def _set_size(self, media_id: str, size_bytes: int) -> bool:
        async with self.database.write() as connection:
            changed = update(media).where(media.c.id == media_id).values(size_bytes=size_bytes)
            return bool((await connection.execute(changed)).rowcount)
