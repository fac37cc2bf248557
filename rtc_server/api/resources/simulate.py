"""``POST /sessions/{id}/simulate``: a test key moves a session without a page; events and report are the real ones."""

from aiohttp import web

from rtc_server.api.access.auth import refuse_finished
from rtc_server.api.checks import described, mapping, named, one_of, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.operation import Operation, body_of
from rtc_server.api.ports import Simulation
from rtc_server.api.resources.schemas import SESSION_ALONE
from rtc_server.api.resources.sessions import own_session, session_alone

_ID = text(256)

SIMULATION = named(
    "Simulation",
    shape(
        {
            "action": described(
                one_of("start", "outcome", "complete", "fail", "cancel"),
                "start: the page is opened. outcome: the current node comes to its outcome. complete, fail: the whole "
                "flow is walked by the good or the bad outcomes. cancel: the person leaves.",
            ),
            "outcome": described(_ID, "With outcome: which one."),
            "nodeId": described(_ID, "With outcome: where the flow must stand."),
            "outcomes": described(
                mapping(_ID, max_bytes=50_000),
                "With complete and fail: id of a node and an outcome other than the usual.",
            ),
        },
        required=("action",),
    ),
)


async def simulate_session(request: web.Request) -> web.Response:
    """Take a step, answer with the session as it stands then."""
    body = await body_of(request)
    record = await own_session(request)
    if not record.sandbox:
        message = "Only sessions of a test key (sk_test_…) can be simulated."
        raise ApiError(403, "sandbox_only", message)
    refuse_finished(record)
    simulation = Simulation(
        body["action"], body.get("outcome") or "", body.get("nodeId") or "", body.get("outcomes") or {}
    )
    if simulation.action == "outcome" and not simulation.outcome:
        raise ApiError(400, "parameter_missing", "outcome: is required with this action", param="outcome")
    return session_alone(request, await request.app[CONTEXT].calls.simulate(record, simulation))


OPERATIONS = (
    Operation(
        method="POST",
        path="/sessions/{session_id}/simulate",
        handler=simulate_session,
        operation_id="simulateSession",
        summary="Move a sandbox session without a person",
        tag="Sandbox",
        scope="sessions:write",
        body=SIMULATION,
        responses={200: SESSION_ALONE},
        errors=(403, 409),
    ),
)
