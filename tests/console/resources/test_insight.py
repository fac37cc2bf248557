"""Reviews, fleet numbers and alerts over HTTP: who may what, of whose sessions, and what is refused how."""

from typing import Any

import pytest

from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery
from tests.fakes.console_edge import START_MS, ConsoleEdge, Tab
from tests.insight.sessions import end_session, node, report

DOUBTFUL = report(node("live", "liveness_detection", "inconclusive", 3, verdict="inconclusive"))
NASTY = "<script>alert(1)</script> she is fine"


async def queue(tab: Tab, state: str = "open") -> list[dict[str, Any]]:
    reviews: list[dict[str, Any]] = (await tab.get(f"/reviews?state={state}"))["reviews"]
    return reviews


async def test_a_reviewer_finds_judges_and_is_in_the_audit(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await end_session(edge.stores, report=DOUBTFUL, client_reference_id="order-77")
    (waiting,) = await queue(tab)
    assert (waiting["sessionId"], waiting["causes"]) == (session_id, ["inconclusive"])
    assert waiting["session"]["clientReferenceId"] == "order-77"
    response = await tab.call("POST", f"/reviews/{session_id}", json={"decision": "approve", "reason": NASTY})
    assert response.status == 200
    assert response.content_type == "application/json"
    assert (await response.json())["state"] == "decided"
    assert await queue(tab) == []
    (decided,) = await queue(tab, "decided")
    assert decided["judgements"][0]["reason"] == NASTY, "shown as text, so it is kept as it was written"
    (entry,) = await edge.stores.audit.entries(AuditQuery(limit=1, session_id=session_id))
    assert (entry.action, entry.actor.id) == ("review.decided", f"staff:{tab.staff_id}")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"decision": "perhaps", "reason": "not so sure"}, 400, "invalid_decision"),
        ({"decision": "approve", "reason": "ok"}, 400, "invalid_reason"),
    ],
)
async def test_what_is_no_decision_is_refused(edge: ConsoleEdge, body: Any, status: int, code: str) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await end_session(edge.stores, report=DOUBTFUL)
    await edge.error(await tab.call("POST", f"/reviews/{session_id}", json=body), status, code)


async def test_reviews_of_other_tenants_are_not_found_and_forged_calls_refused(edge: ConsoleEdge) -> None:
    session_id = await end_session(edge.stores, report=DOUBTFUL)
    body = {"decision": "approve", "reason": "looks fine"}
    other = await edge.tab(Role.REVIEWER, tenants=("other",))
    assert await queue(other) == []
    await edge.error(await other.call("POST", f"/reviews/{session_id}", json=body), 404, "not_found")
    mine = await edge.tab(Role.REVIEWER)
    for headers in ({"X-Visavis-CSRF": None}, {"Origin": "https://evil.example"}):
        response = await mine.call("POST", f"/reviews/{session_id}", json=body, headers=headers)
        assert response.status == 403
    assert len(await queue(mine)) == 1


async def test_each_page_needs_its_permission(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AGENT)
    for method, path in (("GET", "/reviews"), ("POST", "/reviews/s1"), ("GET", "/alerts"), ("POST", "/alerts/test")):
        await edge.error(await tab.call(method, path, json={} if method == "POST" else None), 403, "not_allowed")
    assert (await tab.get("/fleet"))["sessions"] == 0


async def test_fleet_numbers_are_those_that_the_account_sees(edge: ConsoleEdge) -> None:
    edge.clock[0] = START_MS + 120_000
    await end_session(edge.stores, 1)
    await end_session(edge.stores, 2, tenant="other")
    await end_session(edge.stores, 3, sandbox=True)
    everybody, other = await edge.tab(Role.VIEWER), await edge.tab(Role.VIEWER, tenants=("other",))
    assert (await everybody.get("/fleet?hours=1"))["sessions"] == 2
    assert (await everybody.get("/fleet?hours=1&mode=sandbox"))["sessions"] == 1
    assert (await other.get("/fleet?hours=1"))["sessions"] == 1
    await edge.error(await other.call("GET", "/fleet?hours=0"), 400, "invalid_value")


async def test_alerts_are_set_tried_and_kept_to_ones_own_tenant(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.ADMIN, tenants=("acme",))
    assert (await tab.get("/alerts"))["tenant"] == "acme"
    response = await tab.call("PUT", "/alerts", json={"emails": ["ops@bank.example"], "quietMinutes": 15})
    assert (await response.json())["settings"]["quietMinutes"] == 15
    assert (await (await tab.call("POST", "/alerts/test")).json()) == {"ops@bank.example": "not_configured"}
    error = await edge.error(await tab.call("PUT", "/alerts", json={"quietMinutes": "soon"}), 400, "invalid_value")
    assert error["param"] == "quietMinutes"
    for method in ("GET", "PUT"):
        response = await tab.call(method, "/alerts?tenant=other", json={} if method == "PUT" else None)
        await edge.error(response, 404, "tenant_not_found")
    (entry,) = await edge.stores.audit.entries(AuditQuery(limit=1, action="alerts.changed"))
    assert dict(entry.details) == {"tenant": "acme", "emails": 1, "webhook": False}
