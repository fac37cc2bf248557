"""API keys by REST: scopes, expiry, rotation, and that no key can make a greater one."""

from typing import Any

import pytest

from rtc_server.api.access.issue import EVERYTHING, SCOPES
from rtc_server.api.access.key_ring import FRESH_SECONDS, KeyRing
from rtc_server.api.access.secrets import lookup_hash
from rtc_server.api.routes import OPERATIONS
from tests.api.conftest import FLOW, KEY, OTHER_KEY, Edge

DAY_MS = 24 * 3_600_000


async def new_key(edge: Edge, key: str = KEY, **body: Any) -> dict[str, Any]:
    response = await edge.call("POST", "/api-keys", key=key, json=body)
    assert response.status == 200, await response.text()
    data: dict[str, Any] = await response.json()
    return data


async def test_a_new_key_works_and_is_shown_once(edge: Edge) -> None:
    made = await new_key(edge, name="orders", scopes=["sessions:write"])
    assert made["key"].startswith("sk_test_")
    assert made["apiKey"]["prefix"] == made["key"][:12]
    response = await edge.call("POST", "/sessions", key=made["key"], json={"flow": FLOW})
    assert response.status == 200
    listed = await (await edge.call("GET", "/api-keys")).json()
    assert made["key"] not in str(listed)
    assert {key["name"] for key in listed["apiKeys"]} == {"", "orders"}
    stored = await edge.stores.keys.key_by_hash(lookup_hash(made["key"]))
    assert stored is not None
    assert made["key"] not in repr(stored)


async def test_a_missing_scope_is_named(edge: Edge) -> None:
    reader = (await new_key(edge, scopes=["sessions:read"]))["key"]
    response = await edge.call("POST", "/sessions", key=reader, json={"flow": FLOW})
    error = await edge.error(response, 403, "insufficient_scope")
    assert error["type"] == "authentication_error"
    assert error["scope"] == "sessions:write"
    assert (await edge.call("GET", "/langs", key=reader)).status == 200  # needs none


def test_each_scope_is_good_for_something() -> None:
    assert {operation.scope for operation in OPERATIONS if operation.scope} == set(SCOPES) - {EVERYTHING}


async def test_a_key_cannot_make_or_rotate_a_greater_one(edge: Edge) -> None:
    small = (await new_key(edge, scopes=["keys:write", "flows:read"]))["key"]
    response = await edge.call("POST", "/api-keys", key=small, json={"scopes": ["keys:write", "sessions:read"]})
    assert (await edge.error(response, 403, "insufficient_scope"))["scope"] == "sessions:read"
    response = await edge.call("POST", "/api-keys", key=small, json={"scopes": ["*"]})
    await edge.error(response, 403, "insufficient_scope")
    great = (await new_key(edge))["apiKey"]["id"]
    response = await edge.call("POST", f"/api-keys/{great}/rotate", key=small, json={})
    await edge.error(response, 403, "insufficient_scope")
    heir = await new_key(edge, key=small)
    assert heir["apiKey"]["scopes"] == ["keys:write", "flows:read"]


async def test_a_key_cannot_bring_back_a_greater_one(edge: Edge) -> None:
    end = edge.clock[0] + 1000
    greater = (await new_key(edge, expiresAt=end))["apiKey"]
    small = await new_key(edge, scopes=["keys:write", "sessions:read"])
    body = {"expiresAt": end + DAY_MS}
    response = await edge.call("PATCH", f"/api-keys/{greater['id']}", key=small["key"], json=body)
    assert (await edge.error(response, 403, "insufficient_scope"))["scope"] == "*"
    response = await edge.call("PATCH", f"/api-keys/{small['apiKey']['id']}", key=small["key"], json=body)
    assert (await response.json())["apiKey"]["expiresAt"] == end + DAY_MS


async def test_a_key_that_ends_hands_out_nothing_that_outlives_it(edge: Edge) -> None:
    end = edge.clock[0] + DAY_MS
    mortal = (await new_key(edge, expiresAt=end))["key"]
    assert (await new_key(edge, key=mortal))["apiKey"]["expiresAt"] == end
    lasting = (await new_key(edge))["apiKey"]["id"]
    tries = [
        ("POST", "/api-keys", {"expiresAt": end + 1}),
        ("PATCH", f"/api-keys/{lasting}", {"expiresAt": end + 1}),
        ("POST", f"/api-keys/{lasting}/rotate", {}),
    ]
    for method, path, body in tries:
        error = await edge.error(await edge.call(method, path, key=mortal, json=body), 403, "insufficient_scope")
        assert error["param"] == "expiresAt"


async def test_a_key_cannot_end_a_greater_one(edge: Edge) -> None:
    small = (await new_key(edge, scopes=["keys:write"]))["key"]
    greater = (await new_key(edge))["apiKey"]["id"]
    await edge.error(await edge.call("DELETE", f"/api-keys/{greater}", key=small), 403, "insufficient_scope")


async def test_test_keys_make_test_keys_only_and_see_only_their_own(edge: Edge) -> None:
    made = await new_key(edge, key=OTHER_KEY)
    assert made["key"].startswith("sk_prod_")
    assert made["apiKey"]["sandbox"] is False
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")):
        response = await edge.call(method, f"/api-keys/{made['apiKey']['id']}{path}", json={})
        error = await edge.error(response, 404, "api_key_not_found")
        assert error["param"] == "apiKeyId"
    response = await edge.call("POST", "/api-keys", json={"sandbox": False})
    await edge.error(response, 400, "unknown_field")


async def test_a_revoked_key_stops_at_once(edge: Edge) -> None:
    made = await new_key(edge)
    assert (await edge.call("GET", "/langs", key=made["key"])).status == 200
    response = await edge.call("DELETE", f"/api-keys/{made['apiKey']['id']}")
    revoked_at = (await response.json())["apiKey"]["revokedAt"]
    await edge.error(await edge.call("GET", "/langs", key=made["key"]), 401, "api_key_revoked")
    edge.clock[0] += DAY_MS
    again = await edge.call("DELETE", f"/api-keys/{made['apiKey']['id']}")
    assert (await again.json())["apiKey"]["revokedAt"] == revoked_at
    rotated = await edge.call("POST", f"/api-keys/{made['apiKey']['id']}/rotate", json={})
    await edge.error(rotated, 409, "api_key_ended")


async def test_an_expired_key_is_refused(edge: Edge) -> None:
    made = await new_key(edge, expiresAt=edge.clock[0] + 1000)
    assert (await edge.call("GET", "/langs", key=made["key"])).status == 200
    edge.clock[0] += 1000
    await edge.error(await edge.call("GET", "/langs", key=made["key"]), 401, "api_key_expired")
    later = edge.clock[0] + DAY_MS
    await edge.call("PATCH", f"/api-keys/{made['apiKey']['id']}", json={"expiresAt": later, "name": "longer"})
    assert (await edge.call("GET", "/langs", key=made["key"])).status == 200
    response = await edge.call("POST", "/api-keys", json={"expiresAt": edge.clock[0]})
    assert (await edge.error(response, 400, "invalid_value"))["param"] == "expiresAt"


@pytest.mark.parametrize(("body", "overlap_ms"), [({}, DAY_MS), ({"overlapSeconds": 60}, 60_000)])
async def test_after_a_rotation_both_work_for_a_while(edge: Edge, body: dict[str, Any], overlap_ms: int) -> None:
    made = await new_key(edge, name="orders", scopes=["sessions:read"])
    response = await edge.call("POST", f"/api-keys/{made['apiKey']['id']}/rotate", json=body)
    rotated = await response.json()
    assert rotated["apiKey"]["name"] == "orders"
    assert rotated["apiKey"]["scopes"] == ["sessions:read"]
    assert rotated["previous"]["expiresAt"] == edge.clock[0] + overlap_ms
    edge.clock[0] += overlap_ms - 1
    assert (await edge.call("GET", "/langs", key=made["key"])).status == 200
    edge.clock[0] += 1
    await edge.error(await edge.call("GET", "/langs", key=made["key"]), 401, "api_key_expired")
    assert (await edge.call("GET", "/langs", key=rotated["key"])).status == 200


async def test_a_rotation_never_lengthens_a_key(edge: Edge) -> None:
    end = edge.clock[0] + 1000
    made = await new_key(edge, expiresAt=end)
    response = await edge.call("POST", f"/api-keys/{made['apiKey']['id']}/rotate", json={})
    assert (await response.json())["previous"]["expiresAt"] == end


async def test_last_use_is_noted_once_a_minute(edge: Edge) -> None:
    made = await new_key(edge)

    async def last_used() -> int | None:
        stored = await edge.stores.keys.key_by_hash(lookup_hash(made["key"]))
        assert stored is not None
        return stored.last_used_at

    assert await last_used() is None
    first = edge.clock[0]
    for step_ms in (0, 30_000, 29_999):
        edge.clock[0] += step_ms
        await edge.call("GET", "/langs", key=made["key"])
        assert await last_used() == first
    edge.clock[0] += 1
    await edge.call("GET", "/langs", key=made["key"])
    assert await last_used() == edge.clock[0]


async def test_a_remembered_key_is_looked_up_again_after_a_moment(edge: Edge) -> None:
    """So that a revocation by another process, such as ``visavis keys revoke``, is noticed."""
    now = [0.0]
    ring = KeyRing(edge.stores.keys, lambda: now[0])
    key = await ring.key(lookup_hash(KEY))
    assert key is not None
    await edge.stores.keys.update_key(key.id, key.tenant, revoked_at=5)
    remembered = await ring.key(lookup_hash(KEY))
    assert remembered is not None
    assert remembered.revoked_at is None
    now[0] = FRESH_SECONDS
    fresh = await ring.key(lookup_hash(KEY))
    assert fresh is not None
    assert fresh.revoked_at == 5
    assert await ring.key(lookup_hash("sk_test_unknown")) is None


async def test_a_key_names_the_sites_that_may_embed_its_sessions(edge: Edge) -> None:
    made = await new_key(edge, allowedOrigins=["HTTPS://Partner.example.org/", "http://localhost:*"])
    origins = ["https://partner.example.org", "http://localhost:*"]
    assert made["apiKey"]["allowedOrigins"] == origins
    heir = await new_key(edge, key=made["key"])
    assert heir["apiKey"]["allowedOrigins"] == origins
    assert (await new_key(edge, key=made["key"], allowedOrigins=[]))["apiKey"]["allowedOrigins"] == []
    rotated = await (await edge.call("POST", f"/api-keys/{made['apiKey']['id']}/rotate", json={})).json()
    assert rotated["apiKey"]["allowedOrigins"] == origins
    listed = (await (await edge.call("GET", "/api-keys")).json())["apiKeys"]
    assert sorted(len(key["allowedOrigins"]) for key in listed) == [0, 0, 2, 2, 2]


@pytest.mark.parametrize(
    ("origins", "param", "code"),
    [
        ("https://a.example", "allowedOrigins", "wrong_type"),
        ([7], "allowedOrigins[0]", "wrong_type"),
        (["https://a.example", "https://b.example/path"], "allowedOrigins[1]", "invalid_value"),
        (["http://a.example"], "allowedOrigins[0]", "invalid_value"),
        (["https://a.example"] * 51, "allowedOrigins", "invalid_value"),
    ],
)
async def test_what_is_no_origin_is_named(edge: Edge, origins: Any, param: str, code: str) -> None:
    made = (await new_key(edge, allowedOrigins=["https://a.example"]))["apiKey"]
    for method, path in (("POST", "/api-keys"), ("PATCH", f"/api-keys/{made['id']}")):
        response = await edge.call(method, path, json={"allowedOrigins": origins})
        assert (await edge.error(response, 400, code))["param"] == param
    kept = await edge.stores.keys.keys("default")
    assert {key.allowed_origins for key in kept} == {(), ("https://a.example",)}
