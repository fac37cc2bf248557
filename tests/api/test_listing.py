"""``GET /sessions``: every parameter, both vocabularies, and what is refused."""

from typing import Any

import pytest

from rtc_server.api.resources.listing import query_from
from rtc_server.storage.ports import Owner
from tests.api.conftest import FLOW, OTHER_KEY, START_MS, Edge

ME = Owner("me", sandbox=True)


async def sessions(edge: Edge, query: str = "", **options: Any) -> dict[str, Any]:
    response = await edge.call("GET", f"/sessions{query}", **options)
    assert response.status == 200, await response.text()
    data: dict[str, Any] = await response.json()
    return data


async def created(edge: Edge, count: int, **body: Any) -> list[str]:
    """Ids of new sessions, a second apart, oldest first."""
    ids = []
    for _ in range(count):
        edge.clock[0] += 1_000
        ids.append((await edge.create(**body))["session"]["id"])
    return ids


async def test_nothing_is_an_empty_page(edge: Edge) -> None:
    assert await sessions(edge) == {"sessions": [], "hasMore": False}


async def test_pages_follow_each_other(edge: Edge) -> None:
    ids = await created(edge, 5)
    first = await sessions(edge, "?limit=2&includeTotal=true")
    assert [entry["id"] for entry in first["sessions"]] == [ids[4], ids[3]]
    assert (first["hasMore"], first["nextCursor"], first["totalCount"]) == (True, ids[3], 5)
    second = await sessions(edge, f"?limit=2&cursor={first['nextCursor']}")
    assert [entry["id"] for entry in second["sessions"]] == [ids[2], ids[1]]
    last = await sessions(edge, f"?limit=2&cursor={second['nextCursor']}")
    assert [entry["id"] for entry in last["sessions"]] == [ids[0]]
    assert last["hasMore"] is False
    assert "nextCursor" not in last
    assert "totalCount" not in last


async def test_an_entry_is_the_whole_session(edge: Edge) -> None:
    (session_id,) = await created(edge, 1, metadata={"a": 1})
    (entry,) = (await sessions(edge))["sessions"]
    alone = await (await edge.call("GET", f"/sessions/{session_id}")).json()
    assert entry == alone["session"]


async def test_a_page_of_none_says_whether_there_is_something(edge: Edge) -> None:
    await created(edge, 2)
    page = await sessions(edge, "?limit=0&includeTotal=true")
    assert page["sessions"] == []
    assert page["totalCount"] == 2
    assert "nextCursor" not in page


async def test_both_vocabularies_may_be_mixed_and_repeated(edge: Edge) -> None:
    waiting, running, done, ended = await created(edge, 4)
    store = edge.stores.sessions
    await store.update_session(running, status="inProgress", started_at=START_MS)
    await store.finish_session(done, [], status="complete", reason="end", report={}, finished_at=START_MS)
    await store.finish_session(ended, [], status="incomplete", reason="abandoned", report={}, finished_at=START_MS)

    async def listed(query: str) -> set[str]:
        return {entry["id"] for entry in (await sessions(edge, query))["sessions"]}

    assert await listed("?status=created") == await listed("?status=requiresInput") == {waiting}
    assert await listed("?status=inProgress") == await listed("?status=processing") == {running}
    assert await listed("?status=canceled") == await listed("?status=incomplete") == {ended}
    assert await listed("?status=complete&status=canceled&status=incomplete") == {done, ended}
    assert await listed("?status=") == {waiting, running, done, ended}, "an empty value filters nothing"


async def test_a_stored_flow_is_a_filter(edge: Edge) -> None:
    flow = await (await edge.call("POST", "/flows", json={"name": "f", "flow": FLOW})).json()
    flow_id = flow.get("flow", flow)["id"]
    response = await edge.call("POST", "/sessions", json={"flowId": flow_id})
    session_id = (await response.json())["session"]["id"]
    await created(edge, 1)
    assert [entry["id"] for entry in (await sessions(edge, f"?flowId={flow_id}"))["sessions"]] == [session_id]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.5", "limit"),
        ("cursor=nobody", "cursor"),
        ("status=done", "status[0]"),
        ("fromDate=yesterday", "fromDate"),
        ("toDate=-1", "toDate"),
        ("sortBy=name", "sortBy"),
        ("sortOrder=up", "sortOrder"),
        ("includeTotal=maybe", "includeTotal"),
        ("stauts=complete", "stauts"),
    ],
)
async def test_a_wrong_parameter_is_named(edge: Edge, query: str, param: str) -> None:
    response = await edge.call("GET", f"/sessions?{query}")
    assert response.status == 400
    assert (await response.json())["error"]["param"] == param


async def test_a_cursor_of_another_tenant_is_unknown(edge: Edge) -> None:
    (session_id,) = await created(edge, 1)
    response = await edge.call("GET", f"/sessions?cursor={session_id}", key=OTHER_KEY)
    assert (await edge.error(response, 400, "invalid_value"))["param"] == "cursor"
    assert (await sessions(edge, key=OTHER_KEY))["sessions"] == []


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [(1_790_000_000, 1_790_000_000_000, 1_790_000_000_999), (1_790_000_000_123, 1_790_000_000_123, 1_790_000_000_123)],
)
def test_dates_are_seconds_or_milliseconds(given: int, first: int, last: int) -> None:
    query = query_from({"fromDate": given, "toDate": given}, ME)
    assert (query.from_date, query.to_date) == (first, last)


def test_what_is_not_said_has_its_default() -> None:
    query = query_from({}, ME)
    assert (query.limit, query.sort_by, query.descending, query.include_total) == (25, "createdAt", True, False)
    assert query.statuses == ()
    assert query.from_date is query.to_date is None
