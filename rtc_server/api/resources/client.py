"""The session page's calls about its call: join, trickle, leave; docs/protocol.md describes them."""

import re
from typing import Any

from aiohttp import web

from rtc_server.api.access.auth import refuse_expired, refuse_finished, session_of_page
from rtc_server.api.body import kind, read_object
from rtc_server.api.checks import anything, array, named, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.ports import Candidate
from rtc_server.api.resources.visitor import visitor_of
from rtc_server.storage.ports import Json

MAX_SDP_CHARACTERS = 65_536
MAX_CANDIDATES = 100
MAX_CANDIDATE_CHARACTERS = 1_024
MAX_LANGUAGE_CHARACTERS = 35
"""Longest tag that RFC 5646 §4.4.1 asks everybody to take."""
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_REQUIRED_SDP = {
    "m=audio": "it has no audio section",
    "m=application": "it has no data channel",
    "a=ice-ufrag:": "it has no ICE credentials",
    "a=fingerprint:": "it has no DTLS fingerprint",
}


async def client_offer(request: web.Request) -> web.Response:
    """``POST /client/offer``: join the call, or rejoin it."""
    context = request.app[CONTEXT]
    record = await session_of_page(request)
    refuse_finished(record)
    body = await read_object(request)
    page_id = _identifier(body, "pageId")
    if body.get("type", "offer") != "offer":
        raise ApiError(400, "invalid_value", "type: must be 'offer'", param="type")
    sdp = _offer_sdp(body)
    language = body.get("language")
    if language is not None and not (isinstance(language, str) and len(language) <= MAX_LANGUAGE_CHARACTERS):
        raise _wrong_type("language", "a short string such as 'en'", language)
    # A secret that runs out during a call must not keep the same page from repairing its connection.
    if not context.calls.holds(record.id, page_id):
        refuse_expired(record, context.now_ms())
    visitor = visitor_of(request, language or "")
    peer_id, answer = await context.calls.offer(record, page_id, sdp, visitor)
    return json_response({"peerId": peer_id, "sdp": answer, "type": "answer"})


async def client_candidates(request: web.Request) -> web.Response:
    """``POST /client/candidates``: trickled ICE candidates of a peer."""
    record = await session_of_page(request)
    refuse_finished(record)
    body = await read_object(request)
    peer_id = _identifier(body, "peerId")
    entries = body.get("candidates")
    if not isinstance(entries, list):
        raise _wrong_type("candidates", "an array", entries)
    if len(entries) > MAX_CANDIDATES:
        message = f"candidates: has {len(entries)} items; at most {MAX_CANDIDATES} are possible"
        raise ApiError(400, "invalid_value", message, param="candidates")
    candidates = [_candidate(entry, f"candidates[{index}]") for index, entry in enumerate(entries)]
    await request.app[CONTEXT].calls.candidates(record.id, peer_id, candidates)
    return web.Response(status=204)


async def client_leave(request: web.Request) -> web.Response:
    """``POST /client/leave``: the person ended the session."""
    record = await session_of_page(request)
    refuse_finished(record)
    body = await read_object(request, allow_empty=True)
    peer_id = _identifier(body, "peerId") if body.get("peerId") is not None else None
    await request.app[CONTEXT].calls.leave(record.id, peer_id)
    return web.Response(status=204)


def _offer_sdp(body: Json) -> str:
    """The offer (RFC 8866), so far as it can be judged without parsing. Raises ApiError 400."""
    sdp = body.get("sdp")
    if not isinstance(sdp, str):
        raise _wrong_type("sdp", "a string", sdp)
    if len(sdp) > MAX_SDP_CHARACTERS:
        problem = f"it is longer than {MAX_SDP_CHARACTERS} characters"
    elif not sdp.startswith("v=0"):
        problem = "it does not begin with 'v=0'"
    else:
        lines = sdp.splitlines()
        missing = (why for start, why in _REQUIRED_SDP.items() if not any(line.startswith(start) for line in lines))
        problem = next(missing, "")
    if problem:
        raise ApiError(400, "invalid_sdp", f"sdp: this offer cannot be answered: {problem}.", param="sdp")
    return sdp


def _candidate(entry: Any, path: str) -> Candidate:
    if not isinstance(entry, dict):
        raise _wrong_type(path, "an object", entry)
    candidate, mid, index = entry.get("candidate"), entry.get("sdpMid"), entry.get("sdpMLineIndex")
    if not isinstance(candidate, str) or len(candidate) > MAX_CANDIDATE_CHARACTERS:
        raise _wrong_type(f"{path}.candidate", f"a string of at most {MAX_CANDIDATE_CHARACTERS} characters", candidate)
    if mid is not None and not (isinstance(mid, str) and len(mid) <= MAX_CANDIDATE_CHARACTERS):
        raise _wrong_type(f"{path}.sdpMid", "a short string", mid)
    if index is not None and not (type(index) is int and 0 <= index <= 65_535):
        raise _wrong_type(f"{path}.sdpMLineIndex", "a number from 0 to 65535", index)
    return Candidate(candidate, mid, index)


def _identifier(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        message = f"{name}: must be 1 to 64 letters, digits, '.', '_', ':' or '-'"
        raise ApiError(400, "parameter_missing" if value is None else "invalid_value", message, param=name)
    return value


def _wrong_type(path: str, expected: str, value: Any) -> ApiError:
    return ApiError(400, "wrong_type", f"{path}: must be {expected}, not {kind(value)}", param=path)


_LONG = text(MAX_SDP_CHARACTERS)
_OFFER = named("Offer", reply({"pageId": text(64), "sdp": _LONG}, {"type": text(10), "language": anything}, open=True))
_ANSWER = named("Answer", reply({"peerId": text(64), "sdp": _LONG, "type": one_of("answer")}))
_CANDIDATE = reply({"candidate": text(MAX_CANDIDATE_CHARACTERS)}, open=True)
_CANDIDATES = named(
    "Candidates", reply({"peerId": text(64), "candidates": array(_CANDIDATE, MAX_CANDIDATES)}, open=True)
)
_LEAVE = named("Leave", reply({}, {"peerId": anything}, open=True))

OPERATIONS = (
    Operation(
        method="POST",
        path="/client/offer",
        handler=client_offer,
        operation_id="offer",
        summary="Join the call, or rejoin it",
        tag="Session page",
        security="client_secret",
        body=_OFFER,
        responses={200: _ANSWER},
        errors=(409, 410),
    ),
    Operation(
        method="POST",
        path="/client/candidates",
        handler=client_candidates,
        operation_id="addCandidates",
        summary="Add ICE candidates",
        tag="Session page",
        security="client_secret",
        body=_CANDIDATES,
        responses={204: None},
        errors=(409,),
    ),
    Operation(
        method="POST",
        path="/client/leave",
        handler=client_leave,
        operation_id="leave",
        summary="The person ends the session",
        tag="Session page",
        security="client_secret",
        body=_LEAVE,
        responses={204: None},
        errors=(409,),
    ),
)
