"""``/console/api/live``: the sessions that run now, one of them as it runs, and what an agent does in it."""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from rtc_server.api.body import read_object
from rtc_server.api.checks import shape, text
from rtc_server.api.errors import ApiError, invalid
from rtc_server.api.middleware import json_response
from rtc_server.api.ports import CallError
from rtc_server.api.streams import open_stream
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, require, signed_in, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.ports import AgentRef
from rtc_server.console.route import Route
from rtc_server.staff.roles import Permission, Staff
from rtc_server.storage.ports import Json, Owner

MOST_EVENTS = 2_000
"""Events that wait for a slow reader; beyond it the stream ends, and the page comes back for a fresh view."""

LOOK_SECONDS = 1.0
"""How often it is looked whether somebody still reads a quiet stream; aiohttp says it to nobody who does not write."""

ASK_SECONDS = 2.0
"""How often it is asked whether they may still read it; a line then keeps proxies from closing a quiet stream."""

_REASON = text(300)
_ACTS: Mapping[str, Any] = {
    "whisper": shape({"type": text(20), "text": text(2_000)}, required=("text",)),
    "takeOver": shape({"type": text(20)}),
    "handBack": shape({"type": text(20)}),
    "skip": shape({"type": text(20), "reason": _REASON}),
    "force": shape(
        {"type": text(20), "nodeId": text(256), "outcome": text(256), "reason": _REASON},
        required=("nodeId", "outcome", "reason"),
    ),
    "end": shape({"type": text(20), "reason": _REASON}, required=("reason",)),
}
_MEDIA = shape({"sdp": text(100_000)}, required=("sdp",))
_PERMISSIONS: Mapping[str, Permission] = {
    "whisper": Permission.WHISPER,
    "takeOver": Permission.TAKE_OVER,
    "handBack": Permission.TAKE_OVER,
    "skip": Permission.DECIDE,
    "force": Permission.DECIDE,
    "end": Permission.DECIDE,
}
_ACTIONS: Mapping[str, str] = {
    "whisper": "session.whispered",
    "takeOver": "session.taken_over",
    "handBack": "session.handed_back",
    "skip": "session.skipped",
    "force": "session.forced",
    "end": "session.ended",
}
"""How the audit names each act."""


@staff_only(Permission.LIST_LIVE)
async def live_list(request: web.Request) -> web.StreamResponse:
    """``GET /console/api/live``: ``list`` with all sessions, then ``changes`` with what changed; ``?once=1`` answers
    with the list alone."""
    staff = request[STAFF]
    reader = request.app[CONSOLE].live.open(staff)
    try:
        first = reader.first()
        if request.query.get("once"):
            return web.Response(text=first, content_type="application/json")
        response = await open_stream(request, 0)
        await _write(response, "list", first)
        licence = _Licence(request, response)
        async for words in reader.changes(LOOK_SECONDS):
            if not await licence.holds():
                break
            if words:
                await _write(response, "changes", words)
    except ConnectionResetError:
        pass  # the reader has gone
    finally:
        reader.close()
    return response


@staff_only(Permission.WATCH)
async def live_session(request: web.Request) -> web.StreamResponse:
    """``GET /console/api/live/{id}``: ``snapshot``, then what changes, ``ended`` at last. The person is told."""
    staff, session_id = request[STAFF], request.match_info["session_id"]
    summary = _seen(request, session_id)
    console = request.app[CONSOLE]
    owner = Owner(summary["tenant"], summary["sandbox"])
    actor = Actor.staff(staff.id, staff.name)
    await console.audit.write(actor, "session.watched", owner, session_id)
    events: asyncio.Queue[tuple[str, Json]] = asyncio.Queue(MOST_EVENTS)
    overflown = False

    def take(name: str, data: Json) -> None:
        nonlocal overflown
        try:
            events.put_nowait((name, data))
        except asyncio.QueueFull:
            overflown = True

    watch = console.supervision.watch(session_id, agent_of(staff), take)
    try:
        response = await open_stream(request, 0)
        licence = _Licence(request, response)
        while not overflown and await licence.holds():
            if (event := await _next(events)) is not None:
                name, data = event
                await _write(response, name, json.dumps(data, separators=(",", ":"), allow_nan=False))
                if name == "ended":
                    break
    except ConnectionResetError:
        pass  # the agent has gone
    finally:
        watch.close()
        await console.audit.write(actor, "session.left", owner, session_id)
    return response


@staff_only(Permission.LIST_LIVE)
async def act(request: web.Request) -> web.Response:
    """``POST /console/api/live/{id}/acts``: what an agent does; in the audit before it is done."""
    staff, session_id = request[STAFF], request.match_info["session_id"]
    body = await read_object(request)
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in _ACTS:
        raise ApiError(400, "invalid_value", f"type: must be one of {', '.join(_ACTS)}", param="type")
    if problems := list(_ACTS[kind](body, "")):
        raise invalid(problems)
    require(staff, _PERMISSIONS[kind])
    summary = _seen(request, session_id)
    console = request.app[CONSOLE]
    owner, actor = Owner(summary["tenant"], summary["sandbox"]), Actor.staff(staff.id, staff.name)
    await console.audit.write(actor, _ACTIONS[kind], owner, session_id, _details(body, summary))
    try:
        await console.supervision.act(session_id, agent_of(staff), body)
    except CallError as error:
        refused = {"act": kind, "code": error.code}
        await console.audit.write(actor, "session.act_refused", owner, session_id, refused)
        raise
    return web.Response(status=204)


@staff_only(Permission.WATCH)
async def open_media(request: web.Request) -> web.Response:
    """``POST /console/api/live/{id}/media`` {sdp}: video, and audio for who may listen."""
    staff, session_id = request[STAFF], request.match_info["session_id"]
    body = await read_object(request)
    if problems := list(_MEDIA(body, "")):
        raise invalid(problems)
    summary = _seen(request, session_id)
    console = request.app[CONSOLE]
    answer = await console.supervision.media(session_id, agent_of(staff), body["sdp"])
    owner, actor = Owner(summary["tenant"], summary["sandbox"]), Actor.staff(staff.id, staff.name)
    heard = {"audio": staff.may(Permission.LISTEN)}
    try:
        await console.audit.write(actor, "session.media_joined", owner, session_id, heard)
    except BaseException:
        await console.supervision.leave_media(session_id, agent_of(staff), answer["viewerId"])
        raise
    return json_response(answer)


@staff_only(Permission.WATCH)
async def close_media(request: web.Request) -> web.Response:
    """``DELETE /console/api/live/{id}/media/{viewer}``."""
    session_id, viewer_id = request.match_info["session_id"], request.match_info["viewer_id"]
    _seen(request, session_id)
    await request.app[CONSOLE].supervision.leave_media(session_id, agent_of(request[STAFF]), viewer_id)
    return web.Response(status=204)


def agent_of(staff: Staff) -> AgentRef:
    """The account as the session sees it."""
    return AgentRef(
        staff.id,
        staff.name,
        may_listen=staff.may(Permission.LISTEN),
        sees_contact=staff.may(Permission.SEE_CONTACT),
    )


def _seen(request: web.Request, session_id: str) -> Json:
    """The summary of a session that this account may know of. Raises ApiError 404."""
    summary = request.app[CONSOLE].supervision.summary(session_id)
    if summary is None or not request[STAFF].sees(summary["tenant"], summary["sandbox"]):
        raise ApiError(404, "session_not_live", "No session of this id runs just now; look for it in the history.")
    return summary


def _details(body: Json, summary: Json) -> Json:
    """What the audit keeps of an act: of a line only its length and hash, because it may name anything."""
    details: Json = {"nodeId": summary["nodeId"]}
    if (line := body.get("text")) is not None:
        details["characters"] = len(line)
        details["sha256"] = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
    for name in ("outcome", "reason"):
        if body.get(name):
            details[name] = body[name]
    return details


class _Licence:
    """Whether somebody reads a stream, and may."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self._response = response
        self._asked_at = asyncio.get_running_loop().time()

    async def holds(self) -> bool:
        """False once they have gone, or are signed out, which the page is told."""
        if self._request.transport is None:
            return False
        now = asyncio.get_running_loop().time()
        if now - self._asked_at < ASK_SECONDS:
            return True
        self._asked_at = now
        if await signed_in(self._request):
            await self._response.write(b": still here\n\n")
            return True
        await _write(self._response, "signed_out", "{}")
        return False


async def _next(events: asyncio.Queue[tuple[str, Json]]) -> tuple[str, Json] | None:
    """The next event; None when there was none for a while."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            return await events.get()
    return None


async def _write(response: web.StreamResponse, name: str, words: str) -> None:
    await response.write(f"event: {name}\ndata: {words}\n\n".encode())


ROUTES = (
    Route("GET", "/live", live_list),
    Route("GET", "/live/{session_id}", live_session),
    Route("POST", "/live/{session_id}/acts", act),
    Route("POST", "/live/{session_id}/media", open_media),
    Route("DELETE", "/live/{session_id}/media/{viewer_id}", close_media),
)
