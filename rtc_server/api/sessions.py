"""The integrator's calls: create a session, read it, renew its link."""

from aiohttp import web

from rtc_server.api.auth import authenticate, refuse_finished
from rtc_server.api.body import read_object
from rtc_server.api.checks import anything
from rtc_server.api.context import CONTEXT, ApiContext
from rtc_server.api.errors import invalid, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.schemas import CREATE_SESSION, parse_create, secret_json, session_json
from rtc_server.api.secrets import client_secret, lookup_hash, new_id
from rtc_server.storage.ports import Json, SessionRecord


async def create_session(request: web.Request) -> web.Response:
    """``POST /sessions``: judge the body and the flow, keep the session, answer with its link."""
    context = request.app[CONTEXT]
    key = await authenticate(request)
    call, problems = parse_create(await read_object(request, allow_empty=True), context.default_avatar_id)
    if call.flow is None:
        raise invalid(problems)
    check = context.check_flow(call.flow)
    if problems := [*problems, *check.problems]:
        raise invalid(problems)
    now_ms, session_id = context.now_ms(), new_id()
    record = SessionRecord(
        id=session_id,
        tenant=key.tenant,
        sandbox=key.sandbox,
        client_reference_id=call.client_reference_id,
        created_at=now_ms,
        status="created",
        settings=call.settings,
        flow=check.nodes,
        secret_generation=0,
        secret_hash=lookup_hash(client_secret(context.server_key, session_id, 0)),
        secret_created_at=now_ms,
        secret_expires_at=now_ms + round(context.secret_ttl_seconds * 1000),
    )
    await context.stores.sessions.create_session(record)
    answer = _session_and_secret(request, record)
    warnings = [*check.warnings, *_avatar_warning(context, call.avatar_id)]
    return json_response(answer | ({"warnings": warnings} if warnings else {}))


async def get_session(request: web.Request) -> web.Response:
    """``GET /sessions/{id}``: the session and its current link."""
    return json_response(_session_and_secret(request, await _own_session(request)))


async def refresh_session(request: web.Request) -> web.Response:
    """``GET /sessions/{id}/refresh``: a new link; the one before stops working at once, a running call goes on."""
    context = request.app[CONTEXT]
    record = await _own_session(request)
    refuse_finished(record)
    now_ms, generation = context.now_ms(), record.secret_generation + 1
    record = await context.stores.sessions.update_session(
        record.id,
        secret_generation=generation,
        secret_hash=lookup_hash(client_secret(context.server_key, record.id, generation)),
        secret_created_at=now_ms,
        secret_expires_at=now_ms + round(context.secret_ttl_seconds * 1000),
    )
    refuse_finished(record)  # it may have ended in between, and then nothing was renewed
    return json_response(_secret(request, record))


async def _own_session(request: web.Request) -> SessionRecord:
    """The session of the path. One of another tenant answers like one that does not exist."""
    key = await authenticate(request)
    record = await request.app[CONTEXT].stores.sessions.session(request.match_info["session_id"], key.owner)
    if record is None:
        raise unknown_id("session_id")
    return record


def _session_and_secret(request: web.Request, record: SessionRecord) -> Json:
    return {"session": session_json(record), "clientSecret": _secret(request, record)}


def _secret(request: web.Request, record: SessionRecord) -> Json:
    context = request.app[CONTEXT]
    # The page stands at the root. As the original does it, no slash stands between host and query.
    page_url = (context.public_url or str(request.url.origin())).rstrip("/")
    return secret_json(record, client_secret(context.server_key, record.id, record.secret_generation), page_url)


def _avatar_warning(context: ApiContext, avatar_id: str) -> list[str]:
    if avatar_id in context.avatars:
        return []
    known = ", ".join(context.avatars)
    return [f"avatarId '{avatar_id}' is not known here; '{context.default_avatar_id}' speaks instead. Known: {known}."]


OPERATIONS = (
    Operation(
        method="POST",
        path="/sessions",
        handler=create_session,
        operation_id="createSession",
        summary="Create a session",
        tag="Sessions",
        scope="sessions:write",
        body=CREATE_SESSION,
        responses={200: anything},
    ),
    Operation(
        method="GET",
        path="/sessions/{session_id}",
        handler=get_session,
        operation_id="getSession",
        summary="Read a session",
        tag="Sessions",
        scope="sessions:read",
        responses={200: anything},
    ),
    Operation(
        method="GET",
        path="/sessions/{session_id}/refresh",
        handler=refresh_session,
        operation_id="createClientSecret",
        summary="Renew the link to a session",
        tag="Sessions",
        scope="sessions:write",
        responses={200: anything},
        errors=(409,),
    ),
)
