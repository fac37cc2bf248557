"""``/console/api/history/{id}/report.pdf``: the report of a session on paper, without pictures or with them."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from rtc_server.api.errors import ApiError
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.history import report_shown, session_seen, session_shown
from rtc_server.console.resources.media import note_opening, reason_given
from rtc_server.console.route import Route
from rtc_server.insight.pdf import ReportSheet, report_pdf
from rtc_server.insight.pdf_sections import Picture
from rtc_server.session.clock import unix_ms
from rtc_server.staff.roles import Permission
from rtc_server.storage.ports import TERMINAL, SessionRecord
from rtc_server.storage.redaction import report_sha256

MOST_PICTURES = 24
"""On one report; more than any flow keeps."""


@staff_only(Permission.OPEN_REPORT)
async def get_pdf(request: web.Request) -> web.Response:
    """``GET …/report.pdf``: without pictures."""
    record = await _ended_session(request)
    return await _written(request, record, ())


@staff_only(Permission.OPEN_IMAGES)
async def post_pdf(request: web.Request) -> web.Response:
    """``POST …/report.pdf`` {reason}: with all pictures, each in the audit before it is read."""
    reason = await reason_given(request)
    record = await _ended_session(request)
    stores = request.app[CONSOLE].stores
    pictures = []
    kept = [media for media in await stores.media.media_of(record.id) if media.content_type.startswith("image/")]
    for media in kept[:MOST_PICTURES]:
        await note_opening(request, record, media, reason)
        found = await stores.media.get(media.id)
        if found is not None:
            pictures.append(Picture(media.kind, media.created_at, found[1]))
    return await _written(request, record, pictures)


async def _ended_session(request: web.Request) -> SessionRecord:
    record = await session_seen(request)
    if record.status not in TERMINAL:
        raise ApiError(409, "session_not_finished", "This session has not ended; its report is not written yet.")
    return record


async def _written(request: web.Request, record: SessionRecord, pictures: Sequence[Picture]) -> web.Response:
    staff, stores = request[STAFF], request.app[CONSOLE].stores
    details = {"as": "pdf", "pictures": len(pictures)}
    await stores.audit.write(Actor.staff(staff.id, staff.name), "report.opened", record.owner, record.id, details)
    head = await stores.audit.head()
    report = report_shown(record, staff)
    sheet = ReportSheet(
        session=session_shown(record, staff),
        report=report,
        report_sha256=report_sha256(record.report),
        made_at=unix_ms(),
        made_by=staff.name,
        review=report.get("review"),
        audit_head={"sequence": head.sequence, "hash": head.hash, "at": head.at},
        pictures=pictures,
    )
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="session-{record.id}.pdf"'}
    content = await asyncio.to_thread(report_pdf, sheet)
    return web.Response(body=content, content_type="application/pdf", headers=headers)


ROUTES = (
    Route("GET", "/history/{session_id}/report.pdf", get_pdf),
    Route("POST", "/history/{session_id}/report.pdf", post_pdf),
)
