"""Webhook endpoints by REST, with real deliveries to a real receiver."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from rtc_server.storage.ports import Owner
from tests.fakes.receiver import Receiver, open_receiver
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server

PATH = "/webhook-endpoints"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as running:
        yield running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as made:
        yield made


async def create(server: WholeServer, url: str = "https://example.org/hook", **fields: Any) -> tuple[str, str]:
    made = await server.post(PATH, {"url": url} | fields)
    return made["webhookEndpoint"]["id"], made["secret"]


async def refused(server: WholeServer, method: str, path: str, status: int, code: str, **options: Any) -> Any:
    response = await server.call(method, path, **options)
    error = (await response.json())["error"]
    assert (response.status, error["code"]) == (status, code), error
    return error


async def test_an_endpoint_shows_its_secret_once(server: WholeServer) -> None:
    made = await server.post(PATH, {"url": "https://example.org/hook", "eventTypes": ["session.status", "*", "*"]})
    assert made["secret"].startswith("whsec_")
    endpoint = made["webhookEndpoint"]
    assert endpoint["eventTypes"] == ["session.status", "*"]
    assert (endpoint["payloadStyle"], endpoint["signatureStyle"]) == ("current", "sha256_hex")
    assert endpoint["status"] == "enabled"
    assert await server.get(f"{PATH}/{endpoint['id']}") == {"webhookEndpoint": endpoint}
    assert await server.get(PATH) == {"webhookEndpoints": [endpoint]}
    kept = await server.stage.stores.endpoints.endpoint(endpoint["id"], Owner("default", sandbox=True))
    assert kept is not None
    assert made["secret"] not in str(kept)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "parameter_missing", "url"),
        ({"url": "hook"}, "invalid_value", "url"),
        ({"url": "ftp://example.org/"}, "invalid_value", "url"),
        ({"url": "https://u:p@example.org/"}, "invalid_value", "url"),
        ({"url": "https://169.254.169.254/latest"}, "invalid_value", "url"),
        ({"url": "https://example.org/", "eventTypes": ["session.stat"]}, "invalid_value", "eventTypes[0]"),
        ({"url": "https://example.org/", "eventTypes": []}, "invalid_value", "eventTypes"),
        ({"url": "https://example.org/", "payloadStyle": "fat"}, "invalid_value", "payloadStyle"),
        ({"url": "https://example.org/", "secret": "mine"}, "unknown_field", "secret"),
    ],
)
async def test_an_endpoint_that_cannot_work_is_refused(
    server: WholeServer, body: dict[str, Any], code: str, param: str
) -> None:
    error = await refused(server, "POST", PATH, 400, code, json=body)
    assert error["param"] == param


@pytest.mark.parametrize("key", [OTHER_KEY, PRODUCTION_KEY])
async def test_nobody_else_finds_an_endpoint_or_its_deliveries(server: WholeServer, key: str) -> None:
    endpoint_id, _ = await create(server)
    delivery = (await server.post(f"{PATH}/{endpoint_id}/test", {}))["webhookDelivery"]
    code = "webhook_endpoint_not_found"
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/rotate-secret")):
        await refused(server, method, f"{PATH}/{endpoint_id}{path}", 404, code, json={}, key=key)
    await refused(server, "GET", f"{PATH}/{endpoint_id}/deliveries", 404, code, key=key)
    path = f"/webhook-deliveries/{delivery['id']}"
    await refused(server, "GET", path, 404, "webhook_delivery_not_found", key=key)
    await refused(server, "POST", f"{path}/replay", 404, "webhook_delivery_not_found", key=key)
    response = await server.call("GET", PATH, key=key)
    assert await response.json() == {"webhookEndpoints": []}


async def test_a_session_reaches_the_receiver_and_the_log(server: WholeServer, receiver: Receiver) -> None:
    server.webhooks.start(server.stage.stores.sessions.outbox)
    endpoint_id, secret = await create(server, receiver.url, payloadStyle="full")
    flow = [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}]
    created = await server.post("/sessions", {"flow": flow, "clientReferenceId": "user_1"})
    await server.simulate(created["session"]["id"])
    requests = await receiver.wait_for(3)
    bodies = [Webhook(secret).verify(request.body, request.headers) for request in requests]
    assert [body["status"] for body in bodies] == ["created", "inProgress", "complete"]
    shown = (await server.get(f"/sessions/{created['session']['id']}"))["session"]
    assert bodies[-1]["data"]["session"] == shown

    delivered = f"{PATH}/{endpoint_id}/deliveries?status=delivered"
    async with asyncio.timeout(10):
        while len((await server.get(delivered))["webhookDeliveries"]) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    page = await server.get(f"{PATH}/{endpoint_id}/deliveries?limit=2")
    assert page["hasMore"]
    rest = await server.get(f"{PATH}/{endpoint_id}/deliveries?limit=2&cursor={page['nextCursor']}")
    assert not rest["hasMore"]
    assert len({d["id"] for d in page["webhookDeliveries"] + rest["webhookDeliveries"]}) == 3
    newest = page["webhookDeliveries"][0]
    told = await server.get(f"/webhook-deliveries/{newest['id']}")
    assert told["webhookDelivery"] == newest
    assert [(a["number"], a["statusCode"]) for a in told["attempts"]] == [(1, 200)]


async def test_events_are_sent_again_one_by_one_and_by_range(server: WholeServer, receiver: Receiver) -> None:
    server.webhooks.start(server.stage.stores.sessions.outbox)
    endpoint_id, _ = await create(server, receiver.url)
    flow = [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}]
    await server.post("/sessions", {"flow": flow})
    first = (await receiver.wait_for(1))[0]
    page = await server.get(f"{PATH}/{endpoint_id}/deliveries")
    delivery = page["webhookDeliveries"][0]
    again = (await server.post(f"/webhook-deliveries/{delivery['id']}/replay", {}))["webhookDelivery"]
    assert (again["eventId"], again["replay"]) == (delivery["eventId"], 1)
    second = (await receiver.wait_for(2))[1]
    assert second.headers["webhook-id"] == first.headers["webhook-id"]
    assert second.body == first.body
    answer = await server.post(f"{PATH}/{endpoint_id}/replay", {"from": 0, "to": 10**14})
    assert answer == {"replayed": 1}
    third = (await receiver.wait_for(3))[2]
    assert third.body == first.body


async def test_a_disabled_endpoint_is_neither_tested_nor_replayed_to(server: WholeServer) -> None:
    endpoint_id, _ = await create(server)
    response = await server.call("PATCH", f"{PATH}/{endpoint_id}", json={"status": "disabled"})
    changed = (await response.json())["webhookEndpoint"]
    assert (changed["status"], changed["disabledReason"]) == ("disabled", "request")
    await refused(server, "POST", f"{PATH}/{endpoint_id}/test", 409, "endpoint_disabled")
    body = {"from": 0, "to": 1}
    await refused(server, "POST", f"{PATH}/{endpoint_id}/replay", 409, "endpoint_disabled", json=body)
    response = await server.call("PATCH", f"{PATH}/{endpoint_id}", json={"status": "enabled", "description": "again"})
    changed = (await response.json())["webhookEndpoint"]
    assert changed["status"] == "enabled"
    assert "disabledReason" not in changed
    assert (await server.post(f"{PATH}/{endpoint_id}/test", {}))["webhookDelivery"]["status"] == "pending"


async def test_a_rotated_secret_signs_beside_the_former_one(server: WholeServer, receiver: Receiver) -> None:
    server.webhooks.start(server.stage.stores.sessions.outbox)
    endpoint_id, former = await create(server, receiver.url)
    current = (await server.post(f"{PATH}/{endpoint_id}/rotate-secret", {}))["secret"]
    assert current != former
    await server.post(f"{PATH}/{endpoint_id}/test", {})
    request = (await receiver.wait_for(1))[0]
    for secret in (former, current):
        assert Webhook(secret).verify(request.body, request.headers)["type"] == "webhook.test"


async def test_an_endpoint_is_removed_with_its_log(server: WholeServer) -> None:
    endpoint_id, _ = await create(server)
    delivery = (await server.post(f"{PATH}/{endpoint_id}/test", {}))["webhookDelivery"]
    response = await server.call("DELETE", f"{PATH}/{endpoint_id}")
    assert await response.json() == {"id": endpoint_id, "deleted": True}
    await refused(server, "GET", f"{PATH}/{endpoint_id}", 404, "webhook_endpoint_not_found")
    await refused(server, "GET", f"/webhook-deliveries/{delivery['id']}", 404, "webhook_delivery_not_found")


async def test_there_is_an_end_to_endpoints(server: WholeServer) -> None:
    for number in range(20):
        await create(server, f"https://example.org/{number}")
    body = {"url": "https://example.org/one-more"}
    await refused(server, "POST", PATH, 409, "too_many_endpoints", json=body)
