"""Sending a recording: in pieces, and any range of it, as video players ask (RFC 9110 §14)."""

from aiohttp import web

from rtc_server.api.errors import ApiError
from rtc_server.storage.ports import MediaRecord, RecordingStore

PIECE_BYTES = 262_144
"""What is held in memory of one that is being sent."""


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
        piece = await store.part(media.id, first, min(PIECE_BYTES, end - first)) if first < end else b""
    await response.write_eof()
    return response


def _range(request: web.Request, length: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for all: a header that names no range, or several, is ignored."""
    try:
        asked = request.http_range
    except ValueError:
        return None
    if asked.start is None:
        return None
    first = max(0, length + asked.start) if asked.start < 0 else asked.start
    if first >= length:
        whole = {"Content-Range": f"bytes */{length}"}
        raise ApiError(416, "range_not_satisfiable", f"This file has {length} bytes.", headers=whole)
    return first, min(length, asked.stop or length)
