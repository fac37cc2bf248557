"""The audit in the console: who sees what of it, page by page, and whether it holds."""

import pytest

from rtc_server.audit.chain import SYSTEM
from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery, Owner
from tests.audit.chains import tamper
from tests.fakes.console_edge import ConsoleEdge

ACME = Owner("acme", sandbox=False)
OTHER = Owner("other", sandbox=False)


async def record(edge: ConsoleEdge, count: int) -> None:
    for number in range(count):
        owner = ACME if number % 2 else OTHER
        await edge.stores.audit.write(SYSTEM, "verdict.reached", owner, f"session-{number}", {"number": number})


async def test_pages_lead_through_all_entries_newest_first(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AUDITOR)
    await record(edge, 7)
    total = (await edge.stores.audit.head()).sequence
    seen, cursor = [], ""
    while cursor is not None:
        page = await tab.get(f"/audit?limit=3&after={cursor}")
        seen += [entry["sequence"] for entry in page["entries"]]
        cursor = page["cursor"]
    assert seen == list(range(total, 0, -1))
    (newest,) = (await tab.get("/audit?limit=1"))["entries"]
    assert newest["details"] == {"number": 6}
    assert newest.keys() == {
        *("sequence", "at", "actor", "actorName", "action", "tenant", "sandbox", "sessionId", "details", "hash")
    }


async def test_entries_are_filtered(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AUDITOR)
    await record(edge, 4)
    (found,) = (await tab.get("/audit?session=session-2"))["entries"]
    assert found["sessionId"] == "session-2"
    signed_in = (await tab.get(f"/audit?action=staff.&actor=staff:{tab.staff_id}"))["entries"]
    assert "staff.signed_in" in [entry["action"] for entry in signed_in]
    assert {entry["actor"] for entry in signed_in} == {f"staff:{tab.staff_id}"}
    assert (await tab.get("/audit?action=verdict.reached&session=nobody's"))["entries"] == []


async def test_an_auditor_of_one_tenant_sees_only_its_entries(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AUDITOR, tenants=("acme",))
    await record(edge, 6)
    entries = (await tab.get("/audit"))["entries"]
    assert len(entries) == 3
    assert {entry["tenant"] for entry in entries} == {"acme"}
    assert (await tab.get("/audit?session=session-0"))["entries"] == [], "somebody else's"


@pytest.mark.parametrize("path", ["/audit", "/audit/check"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.REVIEWER])
async def test_it_needs_the_permission(edge: ConsoleEdge, role: Role, path: str) -> None:
    tab = await edge.tab(role)
    error = await edge.error(await tab.call("GET", path), 403, "not_allowed")
    assert error["permission"] == "read_audit"


async def test_nobody_reads_it_without_signing_in(edge: ConsoleEdge) -> None:
    for path in ("/audit", "/audit/check"):
        await edge.error(await edge.client.get(f"/console/api{path}"), 401, "signed_out")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=many", "after=0", "after=-5", "before=3", "action=" + "a" * 65]
)
async def test_a_wrong_query_is_named(edge: ConsoleEdge, query: str) -> None:
    tab = await edge.tab(Role.AUDITOR)
    response = await tab.call("GET", f"/audit?{query}")
    assert response.status == 400
    assert (await response.json())["error"]["param"] == query.partition("=")[0]


async def test_a_whole_chain_is_called_whole(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.ADMIN)
    await record(edge, 5)
    check = await tab.get("/audit/check")
    head = await edge.stores.audit.head()
    assert (check["state"], check["entries"], check["breaks"]) == ("whole", head.sequence, [])
    assert check["head"] == {"sequence": head.sequence, "hash": head.hash, "at": head.at}
    await record(edge, 1)
    assert await tab.get("/audit/check") == check, "who asks again at once is told the same"


async def test_a_broken_chain_is_called_broken_and_where(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.AUDITOR)
    await record(edge, 5)
    (bent, *_) = await edge.stores.audit.entries(AuditQuery(session_id="session-2"))
    await tamper(edge.stores, f"UPDATE audit_entries SET tenant = 'nobody' WHERE sequence = {bent.sequence}")
    check = await tab.get("/audit/check")
    assert check["state"] == "broken"
    (found,) = check["breaks"]
    assert (found["kind"], found["sequence"], found["until"]) == ("edited", bent.sequence, bent.sequence)
    assert "was changed after it was written" in found["message"]
