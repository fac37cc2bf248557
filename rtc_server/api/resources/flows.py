"""Stored flows by REST: versioned, so that a session keeps the version it was created with."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.body import read_object
from rtc_server.api.checks import anything, array, boolean, described, integer, named, reply, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, invalid, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import OPERATION, Operation, body_of, query_of
from rtc_server.api.ports import FlowCheck
from rtc_server.crypto.ids import new_id
from rtc_server.storage.ports import FlowRecord, Json

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100

_NODE = reply({"id": text(256), "type": text(64)}, open=True)
_FLOW_INPUT = described(anything, "The nodes; every form that a create call takes. See docs/flows.md.")
_NAME = described(text(200, min_characters=1), "To recognise it by.", "wire transfer")
_PROBLEM = reply({"path": text(10_000), "rule": text(64), "message": text(10_000)})
_NORMALIZATIONS = array(anything, max_items=100_000)
_WARNINGS = array(text(10_000), max_items=100_000)
_FLOW = named(
    "StoredFlow",
    reply(
        {
            "id": described(text(64), "For `flowId` of a create call."),
            "name": text(200),
            "version": described(integer(1), "1, 2, 3 …; a version never changes."),
            "createdAt": integer(),
            "updatedAt": described(integer(), "When this version was stored."),
            "nodes": described(array(_NODE, max_items=1_000_000), "The flow in its canonical form."),
            "warnings": described(_WARNINGS, "What is allowed but looks unwise."),
            "flowNormalizations": described(_NORMALIZATIONS, "What was repaired: `{nodeId, outcome, filledWith}`."),
        },
        {"archivedAt": integer()},
    ),
    "A flow of yours that sessions can name instead of carrying it.",
)
_VERDICT = named(
    "FlowVerdict",
    reply(
        {
            "valid": boolean,
            "problems": array(_PROBLEM, max_items=100_000),
            "warnings": _WARNINGS,
            "flowNormalizations": _NORMALIZATIONS,
            "nodes": described(array(_NODE, max_items=1_000_000), "The canonical form; empty with problems."),
        }
    ),
)
_STORE = shape({"name": _NAME, "flow": _FLOW_INPUT}, required=("name", "flow"))
_PAGE = reply({"flows": array(_FLOW, max_items=MAX_PAGE_SIZE), "hasMore": boolean}, {"nextCursor": text(256)})


async def create_flow(request: web.Request) -> web.Response:
    """``POST /flows``: version 1."""
    context = request.app[CONTEXT]
    caller = await authenticate(request)
    body, check = await _name_and_flow(request)
    now_ms = context.now_ms()
    flow = FlowRecord(
        id=new_id("flow_"),
        owner=caller.owner,
        name=body["name"],
        version=1,
        created_at=now_ms,
        updated_at=now_ms,
        nodes=check.nodes,
        warnings=tuple(check.warnings),
        normalizations=tuple(check.normalizations),
    )
    await context.stores.flows.add_flow(flow)
    return json_response(flow_json(flow))


async def list_flows(request: web.Request) -> web.Response:
    """``GET /flows``: the newest version of each."""
    caller = await authenticate(request)
    query = query_of(request)
    limit = int(query.get("limit", PAGE_SIZE))
    try:
        flows, more = await request.app[CONTEXT].stores.flows.flows(caller.owner, limit, query.get("cursor", ""))
    except KeyError:
        message = "cursor: is not the 'nextCursor' of an earlier page"
        raise ApiError(400, "invalid_value", message, param="cursor") from None
    following = {"nextCursor": flows[-1].id} if more and flows else {}
    return json_response({"flows": [flow_json(flow) for flow in flows], "hasMore": more, **following})


async def get_flow(request: web.Request) -> web.Response:
    """``GET /flows/{id}``: the newest version, or the one asked for."""
    caller = await authenticate(request)
    version = query_of(request).get("version")
    stores = request.app[CONTEXT].stores
    return json_response(
        flow_json(_known(await stores.flows.flow(request.match_info["flow_id"], caller.owner, version)))
    )


async def replace_flow(request: web.Request) -> web.Response:
    """``PUT /flows/{id}``: the next version."""
    context = request.app[CONTEXT]
    caller = await authenticate(request)
    flow_id = request.match_info["flow_id"]
    known = _known(await context.stores.flows.flow(flow_id, caller.owner))
    body, check = await _name_and_flow(request)
    draft = FlowRecord(
        id=flow_id,
        owner=caller.owner,
        name=body.get("name") or known.name,
        version=known.version,
        created_at=known.created_at,
        updated_at=context.now_ms(),
        nodes=check.nodes,
        warnings=tuple(check.warnings),
        normalizations=tuple(check.normalizations),
    )
    stored = await context.stores.flows.add_version(draft)
    if stored is None:
        raise ApiError(409, "flow_archived", "This flow is archived, so it gets no further version; store a new one.")
    return json_response(flow_json(stored))


async def archive_flow(request: web.Request) -> web.Response:
    """``POST /flows/{id}/archive``: no new session may use it."""
    context = request.app[CONTEXT]
    caller = await authenticate(request)
    flow_id = request.match_info["flow_id"]
    archived = await context.stores.flows.archive_flow(flow_id, caller.owner, context.now_ms())
    return json_response(flow_json(_known(archived)))


async def check_flow(request: web.Request) -> web.Response:
    """``POST /flows/check``: judge a flow, store nothing."""
    await authenticate(request)
    body = await body_of(request)
    check = await request.app[CONTEXT].judge_flow(body["flow"])
    problems = [{"path": p.path, "rule": p.rule, "message": p.message} for p in check.problems]
    return json_response(
        {
            "valid": not problems,
            "problems": problems,
            "warnings": list(check.warnings),
            "flowNormalizations": list(check.normalizations),
            "nodes": [] if problems else check.nodes,
        }
    )


def flow_json(flow: FlowRecord) -> Json:
    """A stored flow as the API shows it."""
    archived = {"archivedAt": flow.archived_at} if flow.archived_at is not None else {}
    return {
        "id": flow.id,
        "name": flow.name,
        "version": flow.version,
        "createdAt": flow.created_at,
        "updatedAt": flow.updated_at,
        "nodes": flow.nodes,
        "warnings": list(flow.warnings),
        "flowNormalizations": list(flow.normalizations),
        **archived,
    }


async def _name_and_flow(request: web.Request) -> tuple[Json, FlowCheck]:
    """The body and the verdict on its flow; raises ApiError 400 with the problems of both."""
    body = await read_object(request, allow_empty=True)
    rules = request[OPERATION].body
    problems = list(rules(body, "")) if rules is not None else []
    if body.get("flow") is None:
        raise invalid(problems)
    check = await request.app[CONTEXT].judge_flow(body["flow"])
    if problems := [*problems, *check.problems]:
        raise invalid(problems)
    return body, check


def _known(flow: FlowRecord | None) -> FlowRecord:
    if flow is None:
        raise unknown_id("flow_id")
    return flow


OPERATIONS = (
    Operation(
        method="POST",
        path="/flows",
        handler=create_flow,
        operation_id="createFlow",
        summary="Store a flow",
        tag="Flows",
        scope="flows:write",
        description="Sessions name it by `flowId` and keep the version of that moment.",
        body=_STORE,
        responses={200: _FLOW},
    ),
    Operation(
        method="GET",
        path="/flows",
        handler=list_flows,
        operation_id="listFlows",
        summary="List stored flows",
        tag="Flows",
        scope="flows:read",
        description="The newest version of each flow that is not archived, newest flow first.",
        query={
            "limit": described(integer(0, MAX_PAGE_SIZE), f"Flows on a page; default {PAGE_SIZE}."),
            "cursor": described(text(256), "`nextCursor` of the page before."),
        },
        responses={200: _PAGE},
    ),
    Operation(
        method="GET",
        path="/flows/{flow_id}",
        handler=get_flow,
        operation_id="getFlow",
        summary="Read a stored flow",
        tag="Flows",
        scope="flows:read",
        query={"version": described(integer(1), "Default: the newest.")},
        responses={200: _FLOW},
    ),
    Operation(
        method="PUT",
        path="/flows/{flow_id}",
        handler=replace_flow,
        operation_id="replaceFlow",
        summary="Store the next version of a flow",
        tag="Flows",
        scope="flows:write",
        body=shape({"name": _NAME, "flow": _FLOW_INPUT}, required=("flow",)),
        responses={200: _FLOW},
        errors=(409,),
    ),
    Operation(
        method="POST",
        path="/flows/{flow_id}/archive",
        handler=archive_flow,
        operation_id="archiveFlow",
        summary="Retire a stored flow",
        tag="Flows",
        scope="flows:write",
        description="No new session may use it; those that run it go on.",
        responses={200: _FLOW},
    ),
    Operation(
        method="POST",
        path="/flows/check",
        handler=check_flow,
        operation_id="checkFlow",
        summary="Judge a flow without storing it",
        tag="Flows",
        scope="flows:read",
        body=shape({"flow": _FLOW_INPUT}, required=("flow",)),
        responses={200: _VERDICT},
    ),
)
