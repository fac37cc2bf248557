"""The session page's look at its connection before the call; docs/protocol.md describes it."""

from aiohttp import web

from rtc_server.api.access.auth import refuse_expired, refuse_finished, session_of_page
from rtc_server.api.body import kind, read_object
from rtc_server.api.checks import named, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.client import MAX_SDP_CHARACTERS


async def client_preflight(request: web.Request) -> web.Response:
    """``POST /client/preflight``: answer the offer of a connection that is only measured."""
    context = request.app[CONTEXT]
    record = await session_of_page(request)
    refuse_finished(record)
    refuse_expired(record, context.now_ms())
    body = await read_object(request)
    sdp = body.get("sdp")
    if not isinstance(sdp, str) or len(sdp) > MAX_SDP_CHARACTERS:
        message = f"sdp: must be a string of at most {MAX_SDP_CHARACTERS} characters, not {kind(sdp)}"
        raise ApiError(400, "parameter_missing" if sdp is None else "wrong_type", message, param="sdp")
    if context.preflights is None:
        raise ApiError(503, "preflight_unavailable", "This server measures no connections.")
    return json_response({"sdp": await context.preflights.answer(record.id, sdp), "type": "answer"})


_LONG = text(MAX_SDP_CHARACTERS)

OPERATIONS = (
    Operation(
        method="POST",
        path="/client/preflight",
        handler=client_preflight,
        operation_id="preflight",
        summary="Measure the connection before the call",
        description="The offer has one data channel, `preflight`, and nothing else. The server sends data for 1.5 s, "
        "then `{roundTripMs, kilobitsPerSecond, transport}`. It closes after 10 s.",
        tag="Session page",
        security="client_secret",
        body=named("PreflightOffer", reply({"sdp": _LONG}, open=True)),
        responses={200: named("PreflightAnswer", reply({"sdp": _LONG, "type": one_of("answer")}))},
        errors=(409, 410),
    ),
)
