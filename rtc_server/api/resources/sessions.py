"""The integrator's calls on one session: read it, renew its link, end it, erase it, see its flow."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate, refuse_finished
from rtc_server.api.access.secrets import client_secret, lookup_hash
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.legacy import caller_of, session_for
from rtc_server.api.resources.links import client_secret_json
from rtc_server.api.resources.media import media_json
from rtc_server.api.resources.schemas import CLIENT_SECRET, FLOW_NODES, SESSION_ALONE, SESSION_AND_SECRET, session_json
from rtc_server.audit.chain import Actor
from rtc_server.storage.ports import TERMINAL, Json, SessionRecord

CANCELLED = "cancelled"
"""``reason`` of a session that somebody ended."""


async def own_session(request: web.Request) -> SessionRecord:
    """The session of the path. One of another tenant answers like one that does not exist. Raises ApiError 404."""
    key = await authenticate(request)
    record = await request.app[CONTEXT].stores.sessions.session(request.match_info["session_id"], key.owner)
    if record is None:
        raise ApiError(404, "session_not_found", "There is no session with this id.", param="sessionId")
    return record


async def get_session(request: web.Request) -> web.Response:
    """The session and its current link."""
    record = await own_session(request)
    session = session_json(record, await media_json(request, record))
    shown = session_for(caller_of(request.headers), session)
    return json_response({"session": shown, "clientSecret": client_secret_json(request, record)})


async def refresh_session(request: web.Request) -> web.Response:
    """A new link; the one before stops working at once, a running call goes on.

    Of several refreshes at the same time one makes the link, and all answer with it: no reply carries a dead one.
    """
    context = request.app[CONTEXT]
    record = await own_session(request)
    refuse_finished(record)
    now_ms, generation = context.now_ms(), record.secret_generation + 1
    record = await context.stores.sessions.update_session(
        record.id,
        if_generation=record.secret_generation,
        secret_generation=generation,
        secret_hash=lookup_hash(client_secret(context.server_key, record.id, generation)),
        secret_created_at=now_ms,
        secret_expires_at=now_ms + round(context.secret_ttl_seconds * 1000),
    )
    refuse_finished(record)  # it may have ended in between, and then nothing was renewed
    return json_response(client_secret_json(request, record))


async def cancel_session(request: web.Request) -> web.Response:
    """End a session, running or not. Repeating it is harmless; one that ended otherwise answers 409."""
    record = await own_session(request)
    if record.status not in TERMINAL:
        record = await request.app[CONTEXT].calls.cancel(record.id)
    if record.reason != CANCELLED:
        refuse_finished(record)
    return session_alone(request, record)


async def redact_session(request: web.Request) -> web.Response:
    """Erase everything personal of a session that has ended; ids, times, outcomes and the proof stay."""
    context = request.app[CONTEXT]
    record = await own_session(request)
    by = Actor.key((await authenticate(request)).id)
    if record.status not in TERMINAL:
        message = "This session has not ended; cancel it first (POST /sessions/{id}/cancel)."
        raise ApiError(409, "session_not_finished", message, extra={"status": record.status})
    redacted = await context.stores.lifecycle.redact(record.id, record.owner, context.now_ms(), "api", by)
    return session_alone(request, redacted or record)


async def session_flow(request: web.Request) -> web.Response:
    """The nodes that the session runs: what ``modules`` and older forms were compiled to, repairs included."""
    record = await own_session(request)
    stored: Json = {"flowId": record.flow_id, "flowVersion": record.flow_version} if record.flow_id else {}
    return json_response({"flow": record.flow} | stored)


def session_alone(request: web.Request, record: SessionRecord) -> web.Response:
    """``{session}``, for calls after which a link makes no sense."""
    return json_response({"session": session_for(caller_of(request.headers), session_json(record))})


OPERATIONS = (
    Operation(
        method="GET",
        path="/sessions/{session_id}",
        handler=get_session,
        operation_id="getSession",
        summary="Read a session",
        tag="Sessions",
        scope="sessions:read",
        responses={200: SESSION_AND_SECRET},
    ),
    Operation(
        method="GET",
        path="/sessions/{session_id}/refresh",
        handler=refresh_session,
        operation_id="createClientSecret",
        summary="Renew the link to a session",
        description="A GET with an effect, as the contract has it: the link before stops working at once.",
        tag="Sessions",
        scope="sessions:write",
        responses={200: CLIENT_SECRET},
        errors=(409,),
    ),
    Operation(
        method="POST",
        path="/sessions/{session_id}/cancel",
        handler=cancel_session,
        operation_id="cancelSession",
        summary="End a session",
        tag="Sessions",
        scope="sessions:write",
        responses={200: SESSION_ALONE},
        errors=(409,),
    ),
    Operation(
        method="POST",
        path="/sessions/{session_id}/redact",
        handler=redact_session,
        operation_id="redactSession",
        summary="Erase the personal data of a session",
        tag="Sessions",
        scope="sessions:write",
        responses={200: SESSION_ALONE},
        errors=(409,),
    ),
    Operation(
        method="GET",
        path="/sessions/{session_id}/flow",
        handler=session_flow,
        operation_id="getSessionFlow",
        summary="See the flow that a session runs",
        tag="Sessions",
        scope="sessions:read",
        responses={200: FLOW_NODES},
    ),
)
