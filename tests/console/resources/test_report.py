"""The report of a session on paper: who gets it, what the audit says of it, and where pictures stay away."""

import io
from typing import Any

from PIL import Image

from rtc_server.staff.roles import Role
from rtc_server.storage.ports import MediaRecord
from tests.console.resources.opened import REASON, audited
from tests.fakes.console_edge import ConsoleEdge, Tab
from tests.insight.sessions import end_session, ended_record, report
from tests.storage.records import START_MS


async def keep_picture(edge: ConsoleEdge, session_id: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(content, "JPEG")
    record = MediaRecord("m_1", session_id, "document.face", 0, "image/jpeg", len(content.getvalue()), START_MS)
    await edge.stores.media.put(record, content.getvalue())


async def pdf(tab: Tab, method: str, session_id: str, **options: Any) -> bytes:
    response = await tab.call(method, f"/history/{session_id}/report.pdf", **options)
    assert response.status == 200, await response.text()
    assert response.content_type == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    content = await response.read()
    assert content.startswith(b"%PDF-")
    return content


async def test_it_is_written_and_in_the_audit_and_has_no_pictures(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await end_session(edge.stores, report=report(verified=True))
    await keep_picture(edge, session_id)
    assert b"/Subtype /Image" not in await pdf(tab, "GET", session_id)
    assert await audited(edge, session_id) == [("report.opened", {"as": "pdf", "pictures": 0})]


async def test_pictures_need_a_reason_that_is_written_down_first(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await end_session(edge.stores)
    await keep_picture(edge, session_id)
    path = f"/history/{session_id}/report.pdf"
    error = await edge.error(await tab.call("POST", path, json={"reason": " no "}), 400, "invalid_value")
    assert error["param"] == "reason"
    assert await audited(edge, session_id) == []
    assert b"/Subtype /Image" in await pdf(tab, "POST", session_id, json=REASON)
    assert await audited(edge, session_id) == [
        ("media.opened", {"media": "m_1", "kind": "document.face"} | REASON),
        ("report.opened", {"as": "pdf", "pictures": 1}),
    ]


async def test_who_may_not_see_pictures_gets_none(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AUDITOR)
    session_id = await end_session(edge.stores)
    path = f"/history/{session_id}/report.pdf"
    await edge.error(await tab.call("POST", path, json=REASON), 403, "not_allowed")
    await pdf(tab, "GET", session_id)


async def test_what_an_account_does_not_see_is_not_found(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER, tenants=("other",))
    session_id = await end_session(edge.stores)
    for method, body in (("GET", None), ("POST", REASON)):
        response = await tab.call(method, f"/history/{session_id}/report.pdf", json=body)
        await edge.error(response, 404, "session_not_found")


async def test_a_forged_call_opens_nothing(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await end_session(edge.stores)
    path = f"/history/{session_id}/report.pdf"
    forged = await tab.call("POST", path, json=REASON, headers={"X-Visavis-CSRF": None})
    assert forged.status == 403
    assert await audited(edge, session_id) == []


async def test_a_session_in_progress_has_no_report_yet(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    record = ended_record(1).with_(status="created", reason="", started_at=None, finished_at=None)
    await edge.stores.sessions.create_session(record)
    response = await tab.call("GET", f"/history/{record.id}/report.pdf")
    await edge.error(response, 409, "session_not_finished")
