"""``POST /sessions``: judge the call, find the flow that it wants, keep the session, answer with its link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from conversation.flow.graph import build_graph
from conversation.flow.schema.problems import Problem
from conversation.flow.ways import possible_outcomes, target_of
from rtc_server.api.access.auth import authenticate
from rtc_server.api.access.secrets import client_secret, lookup_hash
from rtc_server.api.body import read_object
from rtc_server.api.context import CONTEXT, ApiContext
from rtc_server.api.errors import invalid
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.create_body import CreateSession, parse_create
from rtc_server.api.resources.legacy import caller_of, session_for
from rtc_server.api.resources.links import client_secret_json
from rtc_server.api.resources.schemas import CREATE_SESSION, SESSION_AND_SECRET, session_json
from rtc_server.crypto.ids import new_id
from rtc_server.session.languages import normalize_language
from rtc_server.session.options import compiled_modules
from rtc_server.storage.ports import ApiKey, Json, Owner, SessionRecord


@dataclass(frozen=True, slots=True)
class ChosenFlow:
    """The flow that a session will run."""

    nodes: list[Json]
    warnings: tuple[str, ...] = ()
    normalizations: tuple[Json, ...] = ()
    flow_id: str = ""
    flow_version: int = 0


async def create_session(request: web.Request) -> web.Response:
    """Answers 200 with the session, its link, and ``warnings`` when there are some."""
    context, caller = request.app[CONTEXT], caller_of(request.headers)
    key = await authenticate(request)
    body = await read_object(request, allow_empty=True)
    call, problems = parse_create(body, context.default_avatar_id, lenient=caller.vendor or context.lenient)
    if problems:
        # Nothing else of a call with wrong types can be relied on, but its author wants to hear of the flow too.
        if call.flow is not None:
            problems += (await context.judge_flow(call.flow, lenient=call.lenient)).problems
        raise invalid(problems)
    flow, problems = await _flow_of(context, key.owner, call)
    problems += _sandbox_problems(call.sandbox, key, flow.nodes)
    if problems:
        raise invalid(problems)
    record = _record(context, key, call, flow)
    await context.stores.sessions.create_session(record)
    answer: Json = {
        "session": session_for(caller, session_json(record)),
        "clientSecret": client_secret_json(request, record),
    }
    if warnings := [*call.warnings, *flow.warnings, *_unavailable(context, call)]:
        answer["warnings"] = warnings
    return json_response(answer)


async def _flow_of(context: ApiContext, owner: Owner, call: CreateSession) -> tuple[ChosenFlow, list[Problem]]:
    """The flow, from wherever the call takes it, and what is wrong with it."""
    if call.flow is not None:
        check = await context.judge_flow(call.flow, lenient=call.lenient)
        return ChosenFlow(check.nodes, tuple(check.warnings), tuple(check.normalizations)), list(check.problems)
    if call.flow_id:
        return await _stored_flow(context, owner, call.flow_id, call.flow_version)
    if call.modular:
        compiled = compiled_modules(call.options)
        if compiled.problems:
            return ChosenFlow([], compiled.warnings), list(compiled.problems)
        built = await context.judge_flow(compiled.nodes)
        return ChosenFlow(built.nodes, (*compiled.warnings, *built.warnings)), list(built.problems)
    message = "is required: a list of nodes (docs/flows.md), or flowId, or modules"
    return ChosenFlow([]), [Problem("flow", "parameter_missing", message)]


async def _stored_flow(
    context: ApiContext, owner: Owner, flow_id: str, version: int | None
) -> tuple[ChosenFlow, list[Problem]]:
    stored = await context.stores.flows.flow(flow_id, owner, version)
    if stored is None:
        known = version is not None and await context.stores.flows.flow(flow_id, owner) is not None
        place, what = ("flowVersion", "version of the flow") if known else ("flowId", "flow")
        return ChosenFlow([]), [Problem(place, "invalid_value", f"there is no such {what}")]
    if stored.archived_at is not None:
        return ChosenFlow([]), [Problem("flowId", "invalid_value", "this flow is archived; choose another one")]
    return ChosenFlow(stored.nodes, stored.warnings, stored.normalizations, stored.id, stored.version), []


def _sandbox_problems(sandbox: Mapping[str, Any], key: ApiKey, nodes: Sequence[Json]) -> list[Problem]:
    """Why outcomes cannot be forced: not with this key, not in this flow."""
    if not sandbox:
        return []
    if not key.sandbox:
        return [Problem("sandbox", "invalid_value", "forces outcomes only with a test key (sk_test_…)")]
    if not nodes:
        return []  # the flow has problems of its own
    problems = []
    known = build_graph(list(nodes)).nodes
    for node_id, outcome in sandbox.items():
        node = known.get(node_id)
        if node is None:
            problems.append(Problem(f"sandbox.{node_id}", "invalid_value", "there is no node with this id in the flow"))
            continue
        possible = possible_outcomes(node)
        if not possible or target_of(node, outcome) is None:
            message = (
                f"'{outcome}' is no outcome of this {node.type} node; possible are {', '.join(possible) or 'none'}"
            )
            problems.append(Problem(f"sandbox.{node_id}", "invalid_value", message))
    return problems


def _record(context: ApiContext, key: ApiKey, call: CreateSession, flow: ChosenFlow) -> SessionRecord:
    now_ms, session_id = context.now_ms(), new_id()
    settings = call.settings
    if flow.normalizations:
        settings = settings | {"flowNormalizations": list(flow.normalizations)}
    return SessionRecord(
        id=session_id,
        tenant=key.tenant,
        sandbox=key.sandbox,
        client_reference_id=call.client_reference_id,
        created_at=now_ms,
        status="created",
        settings=settings,
        flow=flow.nodes,
        flow_id=flow.flow_id,
        flow_version=flow.flow_version,
        secret_generation=0,
        secret_hash=lookup_hash(client_secret(context.server_key, session_id, 0)),
        secret_created_at=now_ms,
        secret_expires_at=now_ms + round(context.secret_ttl_seconds * 1000),
        api_key_id=key.id,
    )


def _unavailable(context: ApiContext, call: CreateSession) -> list[str]:
    """What the call asks for and this server does not have."""
    warnings = []
    if call.avatar_id not in context.avatars:
        replaced = f"'{context.default_avatar_id}' speaks instead. Known: {', '.join(context.avatars)}"
        warnings.append(f"avatarId '{call.avatar_id}' is not known here; {replaced}.")
    if foreign := [tag for tag in call.languages if normalize_language(tag) not in context.languages]:
        spoken = ", ".join(context.languages)
        warnings.append(f"{', '.join(foreign)}: no conversation can be held in it here. Spoken: {spoken}.")
    return warnings


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
        responses={200: SESSION_AND_SECRET},
    ),
)
