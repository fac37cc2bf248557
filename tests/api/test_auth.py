"""Who may call: the preset key, keys of others, scopes."""

import json
import re
from typing import Any

import pytest

from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.access.issue import SCOPES, new_key
from rtc_server.api.operation import Operation
from rtc_server.api.routes import OPERATIONS
from rtc_server.storage.ports import Owner
from tests.api.conftest import FLOW, KEY, OTHER_KEY, Edge

SCOPED = [operation for operation in OPERATIONS if operation.scope]


async def test_the_preset_key_may_be_preset_again(edge: Edge) -> None:
    first = await ensure_bootstrap_key(edge.stores.keys, KEY)
    assert await ensure_bootstrap_key(edge.stores.keys, KEY) == first
    assert first.sandbox
    assert first.prefix == KEY[:12]


async def test_a_production_key_is_no_sandbox(edge: Edge) -> None:
    key = await ensure_bootstrap_key(edge.stores.keys, "sk_live_0123456789abcdef")
    assert not key.sandbox
    response = await edge.call("POST", "/sessions", key="sk_live_0123456789abcdef", json={"flow": FLOW})
    assert response.status == 200


@pytest.mark.parametrize("key", ["", "secret-key-without-prefix", "sk_test_short", "sk_test_with space in it"])
async def test_a_malformed_key_is_refused_without_showing_it(edge: Edge, key: str) -> None:
    with pytest.raises(ValueError, match="sk_test_") as refused:
        await ensure_bootstrap_key(edge.stores.keys, key)
    assert not key or key not in str(refused.value)


async def foreign_things(edge: Edge) -> list[tuple[str, str]]:
    """A call on something of another tenant for every operation that names a thing in its path."""
    made: dict[str, str] = {}
    for name, path, body in (
        ("session_id", "/sessions", {"flow": FLOW, "clientReferenceId": "theirs"}),
        ("flow_id", "/flows", {"name": "n", "flow": FLOW}),
        ("api_key_id", "/api-keys", {}),
    ):
        response = await edge.call("POST", path, key=OTHER_KEY, json=body)
        assert response.status == 200, await response.text()
        data = await response.json()
        made[name] = (data.get("session") or data.get("apiKey") or data)["id"]
    rows = [operation for operation in OPERATIONS if set(operation.parameters) & set(made)]
    assert len(rows) >= 10
    return [(operation.method, operation.path.format_map(made)) for operation in rows]


async def test_things_of_other_tenants_answer_like_things_that_do_not_exist(edge: Edge) -> None:
    for method, path in await foreign_things(edge):
        body = {"flow": FLOW, "action": "start"} if method in ("POST", "PUT", "PATCH") else None
        theirs = await edge.call(method, path, json=body)
        text = await theirs.text()
        assert theirs.status in (400, 404), (method, path, text)
        thing = path.split("/")[2]
        nothing = await edge.call(method, path.replace(thing, "nothing"), json=body)
        assert nothing.status == theirs.status
        assert strip(await nothing.json()) == strip(json.loads(text)), (method, path)


def strip(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer["error"].items() if name != "requestId"}


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic c2s=", "Bearer sk_test_of_nobody_at_all", "Bearer " + "x" * 5000, "Bearer \xe9"],
)
async def test_whatever_is_no_key_is_a_401_object(edge: Edge, header: str) -> None:
    response = await edge.client.get("/langs", headers={"Authorization": header})
    error = (await response.json())["error"]
    assert response.status == 401
    assert error["type"] == "authentication_error"
    assert error["code"] in ("api_key_missing", "invalid_api_key")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", SCOPED, ids=lambda operation: operation.operation_id)
async def test_every_operation_asks_for_its_scope(edge: Edge, operation: Operation) -> None:
    other = next(scope for scope in SCOPES if scope != operation.scope)
    plain, key = new_key(Owner("default", True), edge.clock[0], scopes=[other])
    await edge.stores.keys.add_key(key)
    path = re.sub(r"{\w+}", "nothing", operation.path)
    response = await edge.call(operation.method, path, key=plain, json={} if operation.body is not None else None)
    assert (await edge.error(response, 403, "insufficient_scope"))["scope"] == operation.scope
