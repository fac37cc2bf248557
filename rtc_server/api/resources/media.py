"""Kept pictures and recordings: links that run out soon, and the bytes behind them (contract §4.10)."""

import hashlib
import hmac

from aiohttp import web

from rtc_server.api.checks import anything, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.operation import Operation
from rtc_server.api.resources.links import base_url
from rtc_server.api.resources.media_bytes import send_recording
from rtc_server.crypto.seal import derived_key
from rtc_server.storage.ports import (
    AVATAR_AUDIO,
    RECORDING_KINDS,
    USER_AUDIO,
    USER_VIDEO,
    Json,
    MediaRecord,
    SessionRecord,
)

LINK_MS = 15 * 60_000
"""How long a link works."""

_SINGLE = {
    USER_VIDEO: "userVideo",
    USER_AUDIO: "userVideo",
    AVATAR_AUDIO: "avatarVideo",
    "userPhoto": "userPhoto",
}
"""Kinds of which the report shows the newest. The contract has no place for sound alone (§4.10)."""
_DOCUMENT = "document."


def signature(server_key: bytes, media_id: str, expires_ms: int) -> str:
    """HMAC-SHA256, hex, of a link, with a key of its own that is derived from the server's."""
    key = derived_key(server_key, "visavis media links v1")
    return hmac.new(key, f"{media_id}:{expires_ms}".encode(), hashlib.sha256).hexdigest()


def signed_url(server_key: bytes, base: str, media_id: str, expires_ms: int) -> str:
    """Where a file can be fetched until then; ``base`` is the server's address, without a slash at its end."""
    return f"{base}/media/{media_id}?expires={expires_ms}&signature={signature(server_key, media_id, expires_ms)}"


async def media_json(request: web.Request, record: SessionRecord) -> Json | None:
    """``media`` of a report; None when nothing was kept of the person."""
    kept = await request.app[CONTEXT].stores.media.media_of(record.id)
    if not kept:
        return None
    media: Json = {}
    for file in kept:
        shown = _file_json(request, file)
        if file.kind == "screenshot":
            media.setdefault("screenshots", []).append(shown)
        elif file.kind in _SINGLE:
            media[_SINGLE[file.kind]] = shown
        elif file.kind.startswith(_DOCUMENT):
            image = {"side": file.side, "type": file.kind.removeprefix(_DOCUMENT), "file": shown}
            media.setdefault("documentImages", []).append(image)
        if file.kind in RECORDING_KINDS:
            part = {"kind": file.kind, "part": file.side, "finished": file.size_bytes > 0, "file": shown}
            media.setdefault("recordings", []).append(part)
    return media or None


async def get_media(request: web.Request) -> web.StreamResponse:
    """``GET /media/{id}?expires=…&signature=…``: the bytes. The signature is the permission; there is no key."""
    context, media_id = request.app[CONTEXT], request.match_info["media_id"]
    expires, given = request.query.get("expires", ""), request.query.get("signature", "")
    expires_ms = int(expires) if expires.isdecimal() and len(expires) <= 15 else 0
    expected = signature(context.server_key, media_id, expires_ms)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise ApiError(403, "invalid_signature", "This link is not one of ours, or copied incompletely.")
    if context.now_ms() >= expires_ms:
        raise ApiError(403, "link_expired", "This link has run out; read the session again for a fresh one.")
    headers = {"Cache-Control": "no-store", "Content-Disposition": "inline", "Content-Security-Policy": "sandbox"}
    media = await context.stores.media.record(media_id)
    if media is not None and media.kind in RECORDING_KINDS:
        return await send_recording(request, context.stores.recordings, media, headers)
    found = await context.stores.media.get(media_id)
    if found is None:
        raise ApiError(404, "media_not_found", "This file is gone: its time was over, or it was erased.")
    media, content = found
    return web.Response(body=content, content_type=media.content_type, headers=headers)


def _file_json(request: web.Request, file: MediaRecord) -> Json:
    """SessionMedia of the contract."""
    context = request.app[CONTEXT]
    expires_ms = context.now_ms() + LINK_MS
    return {
        "id": file.id,
        "createdAt": file.created_at,
        "expireAt": expires_ms,
        "contentType": file.content_type,
        "url": signed_url(context.server_key, base_url(request), file.id, expires_ms),
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/media/{media_id}",
        handler=get_media,
        operation_id="getMedia",
        summary="Fetch a kept picture or recording",
        description="The link stands in a session's report and works for 15 minutes. Ranges of recordings can be read.",
        tag="Sessions",
        security="none",
        query={"expires": text(15), "signature": text(64)},
        responses={200: anything},
        media_type="application/octet-stream",
        errors=(403, 416),
    ),
)
