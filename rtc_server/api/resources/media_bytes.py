"""Sending a recording: in pieces, and any range of it, as video players ask (RFC 9110 §14)."""

import logging
import re

from aiohttp import web

from rtc_server.api.errors import ApiError
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import MediaRecord, RecordingStore

PIECE_BYTES = 262_144
"""What is held in memory of one that is being sent."""

_log = logging.getLogger(__name__)

_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


async def send_recording(
    request: web.Request, store: RecordingStore, media: MediaRecord, headers: dict[str, str]
) -> web.StreamResponse:
    """All of a recording, or the range that is asked for; one that still grows ends where it ends now.

    Raises ApiError: 404 when its bytes are gone, 416 for a range that begins behind its end.
    """
    length = media.size_bytes or await store.length(media.id)
    asked = _range(request, length)
    first, end = asked or (0, length)
    piece = await store.part(media.id, first, min(PIECE_BYTES, end - first))
    if piece is None:
        raise ApiError(404, "media_not_found", "This file is gone: its time was over, or it was erased.")
    response = web.StreamResponse(status=206 if asked else 200, headers={**headers, "Accept-Ranges": "bytes"})
    response.content_type = media.content_type
    response.content_length = end - first
    if asked:
        response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{length}"
    await response.prepare(request)
    while piece:
        await response.write(piece)
        first += len(piece)
        piece = await _next_piece(store, media.id, first, end)
    if first < end:  # on an open connection the client would wait for the rest
        response.force_close()
    await response.write_eof()
    return response


async def _next_piece(store: RecordingStore, media_id: str, first: int, end: int) -> bytes | None:
    """None at the end, and where a recording breaks off: its head is sent, so an error could not be told any more."""
    if first >= end:
        return None
    try:
        return await store.part(media_id, first, min(PIECE_BYTES, end - first))
    except StorageError as error:
        _log.error("a recording breaks off as it is sent: %s", error)
        return None


def _range(request: web.Request, length: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for all: a header that names no range, or several, is ignored.

    Raises ApiError 416 for a range that holds nothing of the file.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return None
    first_given, last_given = asked.groups()
    if not first_given:
        first, end = max(0, length - int(last_given)), length
    else:
        first, end = int(first_given), min(length, int(last_given) + 1) if last_given else length
        if last_given and int(last_given) < first:
            return None
    if first >= length:
        whole = {"Content-Range": f"bytes */{length}"}
        raise ApiError(416, "range_not_satisfiable", f"This file has {length} bytes.", headers=whole)
    return first, end
