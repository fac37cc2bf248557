"""Everything of one subject: exported, and erased (GDPR Art. 15, 17, 20)."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import anything, array, integer, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.media import media_json
from rtc_server.api.resources.schemas import SESSION, session_json
from rtc_server.storage.ports import TERMINAL, Json, SessionRecord

_COUNT = integer(0)
_REFERENCE = text(1_000)
EXPORT = reply(
    {
        "clientReferenceId": _REFERENCE,
        "exportedAt": _COUNT,
        "sessions": array(reply({"session": SESSION, "flow": array(anything, 5_000), "journal": anything}), 100_000),
    }
)
ERASURE = reply({"clientReferenceId": _REFERENCE, "cancelled": _COUNT, "redacted": _COUNT})


async def export_subject(request: web.Request) -> web.Response:
    """All sessions of one ``clientReferenceId`` with their reports, flows, journals and links to kept media."""
    context = request.app[CONTEXT]
    records = await _sessions(request)
    sessions = []
    for record in records:
        journal = await context.stores.sessions.journal(record.id)
        entry: Json = {
            "session": session_json(record, await media_json(request, record)),
            "flow": record.flow,
            "journal": [
                {"sequence": line.sequence, "now": line.now, "event": line.event, "commands": line.commands}
                for line in journal
            ],
        }
        sessions.append(entry)
    reference = request.match_info["client_reference_id"]
    return json_response({"clientReferenceId": reference, "exportedAt": context.now_ms(), "sessions": sessions})


async def erase_subject(request: web.Request) -> web.Response:
    """End what still runs, then redact every session of the subject. Repeating it is harmless."""
    context = request.app[CONTEXT]
    cancelled = redacted = 0
    for record in await _sessions(request):
        if record.status not in TERMINAL:
            record = await context.calls.cancel(record.id)
            cancelled += 1
        if record.redacted_at is None:
            await context.stores.lifecycle.redact(record.id, record.owner, context.now_ms(), "subject")
            redacted += 1
    reference = request.match_info["client_reference_id"]
    return json_response({"clientReferenceId": reference, "cancelled": cancelled, "redacted": redacted})


async def _sessions(request: web.Request) -> list[SessionRecord]:
    """The subject's sessions of the caller. Raises ApiError 404 when there are none."""
    key = await authenticate(request)
    reference = request.match_info["client_reference_id"]
    storable = not list(_REFERENCE(reference, "clientReferenceId"))
    records = await request.app[CONTEXT].stores.lifecycle.subject(key.owner, reference) if storable else []
    if not records:
        raise ApiError(404, "subject_not_found", "There is no session with this clientReferenceId.")
    return records


OPERATIONS = (
    Operation(
        method="GET",
        path="/subjects/{client_reference_id}/export",
        handler=export_subject,
        operation_id="exportSubject",
        summary="Export everything of one subject",
        description=(
            "The subject is a `clientReferenceId`, percent-encoded. The answer holds personal data: reports, what was "
            "said, and links to media that work for 15 minutes."
        ),
        tag="Subjects",
        scope="sessions:read",
        responses={200: EXPORT},
    ),
    Operation(
        method="DELETE",
        path="/subjects/{client_reference_id}",
        handler=erase_subject,
        operation_id="eraseSubject",
        summary="Erase everything of one subject",
        description="Running sessions are cancelled first. What stays is described in docs/report.md.",
        tag="Subjects",
        scope="subjects:write",
        responses={200: ERASURE},
    ),
)
