"""Stored flows by REST and in both databases."""

import asyncio
from typing import Any

import pytest

from rtc_server.storage.ports import FlowRecord, Owner
from rtc_server.storage.stores import open_stores
from tests.api.conftest import FLOW, OTHER_KEY, Edge


async def store(edge: Edge, name: str = "wire") -> dict[str, Any]:
    response = await edge.call("POST", "/flows", json={"name": name, "flow": FLOW})
    assert response.status == 200, await response.text()
    data: dict[str, Any] = await response.json()
    return data


async def test_a_flow_is_stored_in_canonical_form(edge: Edge) -> None:
    flow = await store(edge)
    assert flow["id"].startswith("flow_")
    assert (flow["name"], flow["version"], flow["createdAt"]) == ("wire", 1, edge.clock[0])
    assert [node["id"] for node in flow["nodes"]] == ["s", "ask", "e"]
    assert "archivedAt" not in flow
    assert await (await edge.call("GET", f"/flows/{flow['id']}")).json() == flow


async def test_versions_never_change(edge: Edge) -> None:
    first = await store(edge)
    edge.clock[0] += 5
    changed = [*FLOW[:1], FLOW[1] | {"prompt": "Say: Hello."}, FLOW[2]]
    response = await edge.call("PUT", f"/flows/{first['id']}", json={"flow": changed})
    second = await response.json()
    assert (second["version"], second["name"], second["updatedAt"]) == (2, "wire", edge.clock[0])
    assert second["createdAt"] == first["createdAt"]
    newest = await (await edge.call("GET", f"/flows/{first['id']}")).json()
    assert newest == second
    old = await (await edge.call("GET", f"/flows/{first['id']}?version=1")).json()
    assert old["nodes"] == first["nodes"]
    await edge.error(await edge.call("GET", f"/flows/{first['id']}?version=3"), 404, "flow_not_found")
    await edge.error(await edge.call("GET", f"/flows/{first['id']}?version=0"), 400, "invalid_value")
    await edge.error(await edge.call("GET", f"/flows/{first['id']}?version={2**40}"), 404, "flow_not_found")


async def test_an_archived_flow_is_read_but_neither_listed_nor_changed(edge: Edge) -> None:
    flow = await store(edge)
    archived = await (await edge.call("POST", f"/flows/{flow['id']}/archive")).json()
    assert archived["archivedAt"] == edge.clock[0]
    edge.clock[0] += 1
    assert await (await edge.call("POST", f"/flows/{flow['id']}/archive")).json() == archived
    assert (await (await edge.call("GET", "/flows")).json())["flows"] == []
    assert (await edge.call("GET", f"/flows/{flow['id']}")).status == 200
    await edge.error(await edge.call("PUT", f"/flows/{flow['id']}", json={"flow": FLOW}), 409, "flow_archived")


async def test_pages_of_flows(edge: Edge) -> None:
    made = []
    for number in range(5):
        edge.clock[0] += number % 2  # some at the same moment
        made.append((await store(edge, f"flow {number}"))["id"])
    seen: list[str] = []
    cursor = ""
    for expected in (2, 2, 1):
        page = await (await edge.call("GET", f"/flows?limit=2&cursor={cursor}")).json()
        assert len(page["flows"]) == expected
        assert page["hasMore"] is ("nextCursor" in page)
        seen += [flow["id"] for flow in page["flows"]]
        cursor = page.get("nextCursor", "")
    assert sorted(seen) == sorted(made)
    assert seen[0] in made[3:]
    assert await (await edge.call("GET", "/flows?limit=0")).json() == {"flows": [], "hasMore": True}
    error = await edge.error(await edge.call("GET", "/flows?cursor=nothing"), 400, "invalid_value")
    assert error["param"] == "cursor"
    await edge.error(await edge.call("GET", "/flows?limit=101"), 400, "invalid_value")
    error = await edge.error(await edge.call("GET", "/flows?offset=2"), 400, "unknown_parameter")
    assert error["param"] == "offset"


async def test_all_problems_of_name_and_flow_come_at_once(edge: Edge) -> None:
    response = await edge.call("POST", "/flows", json={"nam": "x", "flow": FLOW[:2]})
    error = await edge.error(response, 400, "unknown_field")
    assert "'name'" in error["message"]
    rules = {detail["rule"] for detail in error["details"]}
    assert {"unknown_field", "parameter_missing"} < rules
    response = await edge.call("POST", "/flows", json={})
    assert (await edge.error(response, 400, "parameter_missing"))["param"] == "name"


async def test_a_dry_run_stores_nothing(edge: Edge) -> None:
    verdict = await (await edge.call("POST", "/flows/check", json={"flow": FLOW})).json()
    assert verdict["valid"] is True
    assert verdict["problems"] == []
    assert len(verdict["nodes"]) == 3
    verdict = await (await edge.call("POST", "/flows/check", json={"flow": FLOW[1:]})).json()
    assert verdict["valid"] is False
    assert verdict["problems"][0]["path"].startswith("flow")
    assert verdict["nodes"] == []
    assert (await (await edge.call("GET", "/flows")).json())["flows"] == []


async def test_flows_of_others_do_not_exist(edge: Edge) -> None:
    flow = await store(edge)
    path = f"/flows/{flow['id']}"
    for method, end, body in (("GET", "", None), ("PUT", "", {"flow": FLOW}), ("POST", "/archive", None)):
        response = await edge.call(method, path + end, key=OTHER_KEY, json=body)
        theirs = await edge.error(response, 404, "flow_not_found")
        nobody = await edge.error(await edge.call(method, f"/flows/nothing{end}", json=body), 404, "flow_not_found")
        assert theirs["message"] == nobody["message"]
    await edge.error(await edge.call("GET", f"/flows?cursor={flow['id']}", key=OTHER_KEY), 400, "invalid_value")


@pytest.mark.parametrize("path", ["/flows/%00", "/flows/fl%C3%B6w", "/flows/" + "x" * 300, "/flows/%ED%A0%80"])
async def test_strange_ids_are_nobodys(edge: Edge, path: str) -> None:
    async with edge.client.session.get(
        f"{edge.client.make_url('/').origin()}{path}", headers={"Authorization": "Bearer sk_test_0123456789abcdef"}
    ) as response:
        await edge.error(response, 404, "flow_not_found")


async def test_the_store_on_both_databases(database_url: str) -> None:
    stores = await open_stores(database_url)
    owner, other = Owner("t", True), Owner("t", False)
    try:
        flow = FlowRecord("flow_1", owner, "name", 1, 10, 10, [{"id": "s"}], ("w",), ({"nodeId": "n"},))
        await stores.flows.add_flow(flow)
        assert await stores.flows.flow("flow_1", owner) == flow
        assert await stores.flows.flow("flow_1", other) is None
        assert await stores.flows.flow("flow_1", owner, 2**40) is None
        assert await stores.flows.add_version(FlowRecord("flow_1", other, "x", 1, 10, 20, [])) is None
        second = await stores.flows.add_version(FlowRecord("flow_1", owner, "new", 1, 10, 20, [{"id": "e"}]))
        assert second is not None
        assert (second.version, second.name, second.updated_at, second.created_at) == (2, "new", 20, 10)
        assert await stores.flows.flows(owner, 10) == ([second], False)
        assert await stores.flows.flows(other, 10) == ([], False)
        with pytest.raises(KeyError):
            await stores.flows.flows(other, 10, "flow_1")
        archived = await stores.flows.archive_flow("flow_1", owner, 30)
        assert archived is not None
        assert archived.archived_at == 30
        assert await stores.flows.archive_flow("flow_1", other, 30) is None
        assert await stores.flows.flows(owner, 10) == ([], False)
    finally:
        await stores.close()


async def test_a_flow_of_five_thousand_nodes_is_judged_beside_the_loop(edge: Edge) -> None:
    """Depth and size at the limit: no recursion, no 500, and whoever talks meanwhile is not held up."""
    chain: list[dict[str, Any]] = [{"id": "n0", "type": "start", "outcome": "n1"}]
    for number in range(1, 4_999):
        rule = {"left": {"source": "providedData", "field": "a"}, "operator": "exists", "outcome": f"n{number + 1}"}
        chain.append({"id": f"n{number}", "type": "field_condition", "rules": [rule], "default": f"n{number + 1}"})
    chain.append({"id": "n4999", "type": "end"})
    late: list[float] = []

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while True:
            at = loop.time()
            await asyncio.sleep(0.01)
            late.append(loop.time() - at - 0.01)

    watcher = asyncio.create_task(watch())
    began = asyncio.get_running_loop().time()
    response = await edge.call("POST", "/flows/check", json={"flow": chain})
    took = asyncio.get_running_loop().time() - began
    watcher.cancel()
    assert (response.status, (await response.json())["valid"]) == (200, True)
    chain[4_998]["default"] = "n17"
    response = await edge.call("POST", "/flows/check", json={"flow": chain})
    assert [problem["rule"] for problem in (await response.json())["problems"]] == ["acyclic"]
    assert max(late) < took / 2, "judged on the loop, it would have been held up for nearly all of that"
