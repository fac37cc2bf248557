"""``/console/api/history/{id}/media``: kept pictures and recordings, each opened with a reason that the audit keeps."""

from aiohttp import web

from rtc_server.api.body import read_object
from rtc_server.api.checks import shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, invalid
from rtc_server.api.middleware import json_response
from rtc_server.api.resources.media import signed_url
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.history import session_seen
from rtc_server.console.route import Route
from rtc_server.staff.roles import Permission
from rtc_server.storage.ports import RECORDING_KINDS, Json, MediaRecord, SessionRecord

SHORTEST_REASON = 5

PLAYING_MS = 2 * 3_600_000
"""How long a recording can be played once it was opened: players read it in ranges, by a link that needs no cookie."""

_OPENING = shape({"reason": text(300)}, required=("reason",))


@staff_only(Permission.OPEN_IMAGES)
async def open_media(request: web.Request) -> web.Response:
    """``POST /console/api/history/{id}/media/{media}`` {reason}: the bytes of a picture; of a recording ``{url,
    contentType, expiresAt}``, a link on this origin. In the audit before either is sent."""
    reason = await reason_given(request)
    record = await session_seen(request)
    stores, media_id = request.app[CONSOLE].stores, request.match_info["media_id"]
    media = next((media for media in await stores.media.media_of(record.id) if media.id == media_id), None)
    if media is None:
        raise _gone()
    if media.kind in RECORDING_KINDS:
        await note_opening(request, record, media, reason)
        return json_response(_link(request, media))
    found = await stores.media.get(media_id)
    if found is None:
        raise _gone()
    await note_opening(request, record, media, reason)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "sandbox", "Content-Disposition": "inline"}
    return web.Response(body=found[1], content_type=media.content_type, headers=headers)


async def note_opening(request: web.Request, record: SessionRecord, media: MediaRecord, reason: str) -> None:
    """Put into the audit that somebody opens a picture or recording."""
    staff, details = request[STAFF], {"media": media.id, "kind": media.kind, "reason": reason}
    audit = request.app[CONSOLE].stores.audit
    await audit.write(Actor.staff(staff.id, staff.name), "media.opened", record.owner, record.id, details)


async def reason_given(request: web.Request) -> str:
    """Why somebody opens pictures or recordings, as their body says. Raises ApiError 400."""
    body = await read_object(request)
    if problems := list(_OPENING(body, "")):
        raise invalid(problems)
    reason = " ".join(body["reason"].split())
    if len(reason) < SHORTEST_REASON:
        message = f"reason: say in {SHORTEST_REASON} characters or more why you open it"
        raise ApiError(400, "invalid_value", message, param="reason")
    return reason


def _link(request: web.Request, media: MediaRecord) -> Json:
    context = request.app[CONTEXT]
    expires_ms = context.now_ms() + PLAYING_MS
    return {
        "url": signed_url(context.server_key, "", media.id, expires_ms),
        "contentType": media.content_type,
        "expiresAt": expires_ms,
    }


def _gone() -> ApiError:
    return ApiError(404, "media_not_found", "This file is gone: its time was over, or it was erased.")


ROUTES = (Route("POST", "/history/{session_id}/media/{media_id}", open_media),)
