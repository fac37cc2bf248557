"""``Idempotency-Key``: once is once."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from rtc_server.storage.idempotency import ANSWER_MS, RESERVATION_MS
from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import open_stores
from tests.api.conftest import FLOW, KEY, OTHER_KEY, Edge

ONCE = {"Idempotency-Key": "order 77"}
OWNER = Owner("default", True)


async def create(edge: Edge, path: str = "/sessions", key: str = KEY, **body: Any) -> Any:
    return await edge.call("POST", path, key=key, headers=ONCE, json={"flow": FLOW} | body)


async def test_a_repeated_request_is_answered_as_before(edge: Edge) -> None:
    first = await create(edge)
    assert first.status == 200
    assert "Idempotent-Replayed" not in first.headers
    for path in ("/sessions", "/v1/sessions/"):
        again = await create(edge, path)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
        assert again.headers["Facesign-Version"] == "2024-12-18"
        assert await again.read() == await first.read()
    secret = (await first.json())["clientSecret"]["secret"]
    assert (await edge.call("GET", "/client/session", key=secret)).status == 200


async def test_another_body_or_path_is_a_conflict(edge: Edge) -> None:
    await create(edge)
    error = await edge.error(await create(edge, metadata={"a": 1}), 409, "idempotency_key_reused")
    assert error["type"] == "validation_error"
    response = await edge.call("POST", "/flows/check", headers=ONCE, json={"flow": FLOW})
    await edge.error(response, 409, "idempotency_key_reused")


async def test_the_order_of_members_makes_no_difference(edge: Edge) -> None:
    first = await edge.call("POST", "/flows", headers=ONCE, json={"name": "n", "flow": FLOW})
    again = await edge.call("POST", "/flows", headers=ONCE, json={"flow": FLOW, "name": "n"})
    assert await again.read() == await first.read()


async def test_keys_of_different_owners_do_not_meet(edge: Edge) -> None:
    first, other = await create(edge), await create(edge, key=OTHER_KEY)
    assert other.status == 200
    assert (await other.json())["session"]["id"] != (await first.json())["session"]["id"]


async def test_a_failure_is_forgotten(edge: Edge) -> None:
    await edge.error(await create(edge, zone="moon"), 400, "invalid_value")
    repaired = await create(edge, zone="eu")
    assert repaired.status == 200
    assert "Idempotent-Replayed" not in repaired.headers


async def test_a_key_is_kept_for_a_day(edge: Edge) -> None:
    first = await create(edge)
    edge.clock[0] += ANSWER_MS - 1
    assert "Idempotent-Replayed" in (await create(edge)).headers
    edge.clock[0] += 1
    second = await create(edge, metadata={"a": 1})
    assert (await second.json())["session"]["id"] != (await first.json())["session"]["id"]


async def test_of_requests_at_the_same_moment_one_is_carried_out(edge: Edge) -> None:
    replies = await asyncio.gather(*(create(edge) for _ in range(8)))
    made = {(await reply.json())["session"]["id"] for reply in replies if reply.status == 200}
    assert len(made) == 1
    for reply in replies:
        if reply.status != 200:
            await edge.error(reply, 409, "idempotency_in_progress")
            assert reply.headers["Retry-After"] == "1"


async def test_a_crash_does_not_block_a_key_for_ever(edge: Edge) -> None:
    first = await create(edge)
    stored = await edge.stores.idempotency.begin(OWNER, "order 77", "x", edge.clock[0])
    assert stored is not None
    await edge.stores.idempotency.forget(OWNER, "order 77")
    await edge.stores.idempotency.begin(OWNER, "order 77", stored.fingerprint, edge.clock[0])  # and then it crashed
    edge.clock[0] += RESERVATION_MS - 1
    await edge.error(await create(edge), 409, "idempotency_in_progress")
    edge.clock[0] += 1
    again = await create(edge)
    assert (await again.json())["session"]["id"] != (await first.json())["session"]["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "a\tb"])
async def test_a_malformed_key_is_named(edge: Edge, key: str) -> None:
    response = await edge.call("POST", "/sessions", headers={"Idempotency-Key": key}, json={"flow": FLOW})
    assert (await edge.error(response, 400, "invalid_idempotency_key"))["param"] == "Idempotency-Key"


async def test_no_secret_is_stored_in_plain_text(edge: Edge, tmp_path: Path) -> None:
    data = await (await create(edge, metadata={"who": "Robin"})).json()
    with sqlite3.connect(tmp_path / "visavis.db") as connection:
        ((body,),) = connection.execute("SELECT body FROM idempotency").fetchall()
    assert data["clientSecret"]["secret"] not in body
    assert "Robin" not in body
    assert body.startswith(f"{data['session']['id']}:"), "so that its erasure finds it"


async def test_without_the_header_a_create_call_needs_neither_this_table_nor_that_of_keys(
    edge: Edge, tmp_path: Path
) -> None:
    """It costs one transaction: the key is remembered from the call before."""
    await edge.create()
    with sqlite3.connect(tmp_path / "visavis.db") as connection:
        connection.execute("DROP TABLE idempotency")
        connection.execute("DROP TABLE api_keys")
    await edge.create()
    await edge.error(await create(edge), 503, "storage_unavailable")


async def test_the_store_keeps_reserves_forgets_and_sweeps(database_url: str) -> None:
    stores = await open_stores(database_url)
    try:
        store = stores.idempotency
        results = await asyncio.gather(*(store.begin(OWNER, "k", f"f{i}", 1000) for i in range(4)))
        assert results.count(None) == 1
        await store.finish(OWNER, "k", 200, "body")
        known = await store.begin(OWNER, "k", "f", 2000)
        assert known is not None
        assert (known.status, known.body) == (200, "body")
        assert await store.begin(Owner("default", False), "k", "f", 2000) is None
        assert await store.sweep(1500) == 1
        assert await store.begin(OWNER, "k", "f", 2000) is None
        await store.forget(OWNER, "k")
        assert await store.begin(OWNER, "k", "f", 2000) is None
    finally:
        await stores.close()
