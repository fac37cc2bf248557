"""``/console/api/history``: sessions that have been, and one of them with its report."""

from collections.abc import Mapping

from aiohttp import web

from rtc_server.api.checks import Check, described, integer, one_of, text
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import values_of
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.audit import entry_json as audit_json
from rtc_server.console.route import Route
from rtc_server.console.scope import scope_of
from rtc_server.insight.review_steps import Reviewer
from rtc_server.staff.masking import mask_reference, mask_report
from rtc_server.staff.roles import Permission, Role, Staff
from rtc_server.storage.ports import AuditQuery, HistoryEntry, HistoryQuery, Json, MediaRecord, SessionRecord

MOST_ENTRIES = 100
AUDIT_ENTRIES = 50
"""Of the audit, with one session."""

_TIME = integer(0, 10**14)
_QUERY: Mapping[str, Check] = {
    "query": described(text(200), "Text in the id, the client reference or the metadata."),
    "status": one_of("created", "inProgress", "complete", "incomplete"),
    "outcome": one_of("verified", "unverified", "incomplete", "expired"),
    "from": described(_TIME, "Created then or later; Unix milliseconds."),
    "to": described(_TIME, "Created then or earlier; Unix milliseconds."),
    "cursor": text(64),
    "limit": integer(1, MOST_ENTRIES),
}


@staff_only(Permission.OPEN_REPORT)
async def list_history(request: web.Request) -> web.Response:
    """``GET /console/api/history``: a page, newest first."""
    staff = request[STAFF]
    values = values_of(request, _QUERY)
    query = HistoryQuery(
        scope=scope_of(staff),
        search=values.get("query", ""),
        ids_only=not staff.may(Permission.SEE_CONTACT),
        status=values.get("status"),
        result=values.get("outcome"),
        created_from=values.get("from"),
        created_to=values.get("to"),
        cursor=values.get("cursor", ""),
        limit=values.get("limit", 50),
    )
    entries = await request.app[CONSOLE].stores.history.history(query)
    cursor = entries[-1].id if len(entries) == query.limit else None
    return json_response({"sessions": [entry_json(entry, staff) for entry in entries], "cursor": cursor})


@staff_only(Permission.OPEN_REPORT)
async def open_session(request: web.Request) -> web.Response:
    """``GET /console/api/history/{id}``: everything that was kept of a session but pictures and recordings."""
    staff, console = request[STAFF], request.app[CONSOLE]
    record = await session_seen(request)
    stores = console.stores
    await stores.audit.write(Actor.staff(staff.id, staff.name), "report.opened", record.owner, record.id)
    entries = await stores.audit.entries(AuditQuery(limit=AUDIT_ENTRIES, session_id=record.id))
    review = await console.reviews.one(scope_of(staff), reviewer_of(staff), record.id)
    return json_response(
        {
            "session": session_shown(record, staff),
            "report": report_shown(record, staff),
            "media": [_media_json(media) for media in await stores.media.media_of(record.id)],
            "review": review,
            "audit": [audit_json(entry) for entry in entries],
        }
    )


async def session_seen(request: web.Request) -> SessionRecord:
    """The session that the path names, if this account may know of it. Raises ApiError 404."""
    scope = scope_of(request[STAFF])
    record = await request.app[CONSOLE].stores.history.session_of(scope, request.match_info["session_id"])
    if record is None:
        raise ApiError(404, "session_not_found", "There is no session with this id.")
    return record


def session_shown(record: SessionRecord, staff: Staff) -> Json:
    """What is shown of a session beside its report."""
    contact = staff.may(Permission.SEE_CONTACT)
    return {
        "id": record.id,
        "tenant": record.tenant,
        "sandbox": record.sandbox,
        "status": record.status,
        "reason": record.reason,
        "createdAt": record.created_at,
        "startedAt": record.started_at,
        "finishedAt": record.finished_at,
        "redactedAt": record.redacted_at,
        "flowId": record.flow_id,
        "flow": [{"id": node.get("id"), "type": node.get("type")} for node in record.flow],
        "clientReferenceId": record.client_reference_id if contact else mask_reference(record.client_reference_id),
        "device": record.device,
        "consent": record.consent,
    }


def report_shown(record: SessionRecord, staff: Staff) -> Json:
    """The report as this account may see it."""
    return record.report if staff.may(Permission.SEE_CONTACT) else mask_report(record.report)


def reviewer_of(staff: Staff) -> Reviewer:
    """The account as the review queue knows it."""
    return Reviewer(staff.id, staff.name, supervisor=Role.SUPERVISOR in staff.roles)


def entry_json(entry: HistoryEntry, staff: Staff) -> Json:
    """One line of the list as this account may see it."""
    contact = staff.may(Permission.SEE_CONTACT)
    return {
        "id": entry.id,
        "tenant": entry.tenant,
        "sandbox": entry.sandbox,
        "createdAt": entry.created_at,
        "finishedAt": entry.finished_at,
        "status": entry.status,
        "reason": entry.reason,
        "outcome": entry.result,
        "isVerified": entry.result == "verified" if entry.result is not None else None,
        "flowId": entry.flow_id,
        "clientReferenceId": entry.client_reference_id if contact else mask_reference(entry.client_reference_id),
        "redactedAt": entry.redacted_at,
        "review": {"state": entry.review, "decision": entry.decision} if entry.review is not None else None,
    }


def _media_json(media: MediaRecord) -> Json:
    return {
        "id": media.id,
        "kind": media.kind,
        "side": media.side,
        "contentType": media.content_type,
        "sizeBytes": media.size_bytes,
        "createdAt": media.created_at,
    }


ROUTES = (
    Route("GET", "/history", list_history),
    Route("GET", "/history/{session_id}", open_session),
)
