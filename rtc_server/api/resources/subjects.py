"""Everything of one subject: exported, and erased (GDPR Art. 15, 17, 20)."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import anything, array, described, integer, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.media import media_json
from rtc_server.api.resources.schemas import SESSION, session_json
from rtc_server.audit.chain import Actor
from rtc_server.storage.ports import TERMINAL, Json, Owner
from rtc_server.storage.subject import face_json

_COUNT = integer(0)
_REFERENCE = text(1_000)
EXPORT = reply(
    {
        "clientReferenceId": _REFERENCE,
        "exportedAt": _COUNT,
        "sessions": array(reply({"session": SESSION, "flow": array(anything, 5_000), "journal": anything}), 100_000),
        "faces": described(array(anything, 100_000), "Enrolled faces with what was agreed to, without templates."),
    }
)
ERASURE = reply({"clientReferenceId": _REFERENCE, "cancelled": _COUNT, "redacted": _COUNT, "faces": _COUNT})


async def export_subject(request: web.Request) -> web.Response:
    """All sessions of one ``clientReferenceId`` with their reports, flows, journals and links to kept media."""
    context = request.app[CONTEXT]
    owner, reference = await _subject(request)
    sessions = []
    for record in await context.stores.lifecycle.subject(owner, reference):
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
    faces = [face_json(face) for face in await context.stores.faces.faces_of_subject(owner, reference)]
    found = {"sessions": sessions, "faces": faces}
    return json_response({"clientReferenceId": reference, "exportedAt": context.now_ms(), **found})


async def erase_subject(request: web.Request) -> web.Response:
    """End what still runs, redact every session of the subject, remove enrolled faces. Repeating it is harmless."""
    context = request.app[CONTEXT]
    owner, reference = await _subject(request)
    by = Actor.key((await authenticate(request)).id)
    # First, because those that were enrolled in a session are found through it.
    faces = await context.stores.faces.delete_faces_of_subject(owner, reference, by)
    cancelled = redacted = 0
    for record in await context.stores.lifecycle.subject(owner, reference):
        if record.status not in TERMINAL:
            record = await context.calls.cancel(record.id)
            cancelled += 1
        if record.redacted_at is None:
            await context.stores.lifecycle.redact(record.id, record.owner, context.now_ms(), "subject", by)
            redacted += 1
    counts = {"cancelled": cancelled, "redacted": redacted, "faces": faces}
    return json_response({"clientReferenceId": reference, **counts})


async def _subject(request: web.Request) -> tuple[Owner, str]:
    """Of whom the call is. Raises ApiError 404 when the caller has neither session nor face of them."""
    owner = (await authenticate(request)).owner
    reference, stores = request.match_info["client_reference_id"], request.app[CONTEXT].stores
    storable = not list(_REFERENCE(reference, "clientReferenceId"))
    if not storable or not (
        await stores.lifecycle.subject(owner, reference) or await stores.faces.faces_of_subject(owner, reference)
    ):
        raise ApiError(404, "subject_not_found", "There is no session and no face with this clientReferenceId.")
    return owner, reference


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
