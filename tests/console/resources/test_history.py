"""Sessions that have been, over HTTP: also ten thousand of them."""

import dataclasses
import time
from typing import Any

from sqlalchemy import insert

from rtc_server.staff.roles import Role
from rtc_server.storage.schema import session_search, sessions
from tests.console.resources.opened import audited
from tests.fakes.console_edge import ConsoleEdge, Tab
from tests.insight.sessions import end_session
from tests.storage.records import session_record

MANY = 10_000
BATCH = 1_000
PATIENCE_SECONDS = 1.0


async def fill(edge: ConsoleEdge) -> None:
    """Ten thousand sessions, as rows: to run each of them would take minutes."""
    for first in range(0, MANY, BATCH):
        records = [
            session_record(number, client_reference_id=f"customer {number}", status="complete", finished_at=1)
            for number in range(first, first + BATCH)
        ]
        found = [
            {
                "session_id": record.id,
                "tenant": record.tenant,
                "sandbox": record.sandbox,
                "text": f"{record.id} {record.client_reference_id}",
            }
            for record in records
        ]
        async with edge.stores.database.write() as connection:
            await connection.execute(insert(sessions), [dataclasses.asdict(record) for record in records])
            await connection.execute(insert(session_search), found)


async def page(tab: Tab, query: str) -> dict[str, Any]:
    """A page of the list, in time."""
    began = time.perf_counter()
    found: dict[str, Any] = await tab.get(f"/history?{query}")
    assert time.perf_counter() - began < PATIENCE_SECONDS, query
    return found


async def test_ten_thousand_sessions_are_read_page_by_page_and_searched_in_time(edge: ConsoleEdge) -> None:
    await fill(edge)
    tab = await edge.tab(Role.REVIEWER)
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        found = await page(tab, f"limit=100&cursor={cursor}")
        seen += [session["id"] for session in found["sessions"]]
        cursor = found["cursor"]
    assert seen == [f"session-{number:05}" for number in range(MANY - 1, MANY - 301, -1)]
    deep = await page(tab, "limit=100&cursor=session-00050")
    assert [session["id"] for session in deep["sessions"]][-1] == "session-00000"
    assert deep["cursor"] is None
    assert [one["id"] for one in (await page(tab, "query=customer%207123"))["sessions"]] == ["session-07123"]
    assert (await page(tab, "query=nobody+of+this+name"))["sessions"] == []
    assert len((await page(tab, "status=complete&limit=50"))["sessions"]) == 50


async def test_opening_a_report_is_in_the_audit_and_hides_what_the_role_may_not_see(edge: ConsoleEdge) -> None:
    session_id = await end_session(edge.stores, client_reference_id="customer 7123")
    auditor = await edge.tab(Role.AUDITOR)
    shown = await auditor.get(f"/history/{session_id}")
    assert "customer" not in str(shown)
    assert await audited(edge, session_id) == [("report.opened", {})]
    reviewer = await edge.tab(Role.REVIEWER)
    assert (await reviewer.get(f"/history/{session_id}"))["session"]["clientReferenceId"] == "customer 7123"
    stranger = await edge.tab(Role.REVIEWER, tenants=("other",))
    await edge.error(await stranger.call("GET", f"/history/{session_id}"), 404, "session_not_found")
