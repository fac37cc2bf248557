"""Keeps one good picture of a check with the session's media, encrypted, where the operator wants that."""

import asyncio
import logging
from collections.abc import Sequence

from rtc_server.crypto.ids import new_id
from rtc_server.observe.failures import log_failure
from rtc_server.session.clock import unix_ms
from rtc_server.session.vision.faces import Face
from rtc_server.session.vision.picture import encode_jpeg
from rtc_server.storage.ports import MediaRecord, MediaStore

KEEP_SECONDS = 3.0
"""A check is not held up longer by a slow disk."""

logger = logging.getLogger(__name__)


async def keep_best(media: MediaStore, session_id: str, faces: Sequence[Face]) -> None:
    """Store the first picture, if there is one. Never raises: a picture that is lost is no reason to fail a check."""
    if not faces:
        return
    try:
        async with asyncio.timeout(KEEP_SECONDS):
            content = await asyncio.to_thread(encode_jpeg, faces[0].image)
            record = MediaRecord(new_id("m_"), session_id, "userPhoto", 0, "image/jpeg", len(content), unix_ms())
            await media.put(record, content)
    except Exception as error:
        log_failure(logger, f"keeping a picture of session {session_id}", error)
