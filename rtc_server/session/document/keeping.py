"""Keeps the pictures of a document with the session's media, encrypted, and tells the integrator of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from rtc_server.crypto.ids import new_id
from rtc_server.observe.failures import log_failure
from rtc_server.session.clock import unix_ms
from rtc_server.session.document.scan_end import ScanEnd
from rtc_server.session.vision.picture import encode_jpeg
from rtc_server.storage.ports import Json, MediaRecord, MediaStore, SessionRecord, Store
from rtc_server.webhooks.payload import DOCUMENT_PHOTO_EVENT
from vision.ports import RgbImage

KEEP_SECONDS = 3.0
"""A scan is not held up longer by a slow disk."""

Keep = Callable[[ScanEnd], Awaitable[None]]
"""Keeps the pictures of a scan. Never raises."""

Link = Callable[[str], Json]
"""Where a stored picture can be fetched by its id, and until when: ``url`` and ``expires``; empty = nobody knows."""

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps pictures for one session."""

    def __init__(self, media: MediaStore, store: Store, record: SessionRecord, link: Link) -> None:
        self._media = media
        self._store = store
        self._record = record
        self._link = link

    async def __call__(self, end: ScanEnd) -> None:
        """Each side's best picture, and the portrait. A picture that is lost is no reason to fail a scan."""
        pictures = [("document.document", side, page) for side, page in end.pages]
        if end.portrait is not None:
            pictures.append(("document.face", end.portrait_side, end.portrait))
        await asyncio.gather(*(self._keep(*picture) for picture in pictures))

    async def _keep(self, kind: str, side: int, image: RgbImage) -> None:
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                content = await asyncio.to_thread(encode_jpeg, image)
                now_ms = unix_ms()
                kept = MediaRecord(new_id("m_"), self._record.id, kind, side, "image/jpeg", len(content), now_ms)
                await self._media.put(kept, content)
                # The shape of contract §6.2.
                told = {"id": kept.id, "createdAt": now_ms, "contentType": kept.content_type, **self._link(kept.id)}
                await self._store.add_event(self._record, DOCUMENT_PHOTO_EVENT, {"media": told}, now_ms)
        except Exception as error:
            log_failure(logger, f"keeping a picture of a document of session {self._record.id}", error)


async def keep_nothing(end: ScanEnd) -> None:
    """Where pictures can be kept nowhere."""
