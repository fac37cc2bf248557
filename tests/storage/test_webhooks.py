"""Endpoints and deliveries on both databases."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.webhooks.ports import Assignment, Attempt, Conclusion, DeliveryQuery, Endpoint, StoredSecret
from tests.webhooks.line import OWNER, session

NOW_MS = 1_790_000_000_000
OTHER = Owner("acme", sandbox=False)


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    opened = await open_stores(database_url)
    yield opened
    await opened.close()


def endpoint(endpoint_id: str = "we_1", **changes: Any) -> Endpoint:
    fields: dict[str, Any] = {
        "owner": OWNER,
        "url": "https://example.org/hook",
        "created_at": NOW_MS - 1000,
        "secrets": (StoredSecret("sealed", NOW_MS), StoredSecret("former", NOW_MS - 5, NOW_MS + 5)),
    }
    return Endpoint(endpoint_id, **(fields | changes))


async def one_assignment(stores: Stores) -> Assignment:
    await stores.endpoints.add_endpoint(endpoint())
    await stores.sessions.create_session(session("one", created_at=NOW_MS))
    (delivery_id,), _ = await stores.deliveries.dispatch(NOW_MS, 100)
    assignment = await stores.deliveries.assignment(delivery_id)
    assert assignment is not None
    return assignment


async def test_an_endpoint_comes_back_as_it_was_kept_and_only_to_its_owner(stores: Stores) -> None:
    kept = endpoint(event_types=("session.status", "media.user_photo"), payload_style="legacy", failing_since=7)
    await stores.endpoints.add_endpoint(kept)
    await stores.endpoints.add_endpoint(endpoint("we_2", owner=OTHER))
    assert await stores.endpoints.endpoint("we_1", OWNER) == kept
    assert await stores.endpoints.endpoint("we_1", OTHER) is None
    assert await stores.endpoints.endpoints(OWNER) == [kept]
    changed = await stores.endpoints.update_endpoint("we_1", OWNER, status="disabled", disabled_reason="request")
    assert changed is not None
    assert (changed.status, changed.secrets) == ("disabled", kept.secrets)
    assert await stores.endpoints.update_endpoint("we_1", OTHER, status="enabled") is None
    assert not await stores.endpoints.delete_endpoint("we_1", OTHER)
    assert await stores.endpoints.delete_endpoint("we_1", OWNER)
    with pytest.raises(TypeError, match="created_at"):
        await stores.endpoints.update_endpoint("we_1", OWNER, created_at=1)


async def test_events_become_deliveries_once_for_each_endpoint_that_wants_them(stores: Stores) -> None:
    for made in (
        endpoint("we_all"),
        endpoint("we_photos", event_types=("media.user_photo",)),
        endpoint("we_legacy", payload_style="legacy", event_types=("session.expired",)),
        endpoint("we_off", status="disabled"),
        endpoint("we_late", created_at=NOW_MS + 1),
        endpoint("we_production", owner=OTHER),
    ):
        await stores.endpoints.add_endpoint(made)
    record = session("one", created_at=NOW_MS)
    await stores.sessions.create_session(record)
    await stores.sessions.add_event(record, "media.user_photo", {"media": {"id": "m_1"}}, NOW_MS)
    await stores.sessions.finish_session(
        "one", [], status="incomplete", reason="expired", report={}, finished_at=NOW_MS + 1
    )
    made_ids, looked_at = await stores.deliveries.dispatch(NOW_MS, 100)
    assert looked_at == 3
    assert await stores.deliveries.dispatch(NOW_MS, 100) == ([], 0)
    found = [await stores.deliveries.assignment(delivery_id) for delivery_id in made_ids]
    told = [(entry.endpoint.id, entry.event.type, entry.event.data.get("status")) for entry in found if entry]
    assert [kind[1:] for kind in told] == [("session.status", "created")] + 2 * [("media.user_photo", None)] + 3 * [
        ("session.status", "incomplete")
    ]
    assert sorted(endpoint_id for endpoint_id, *_ in told) == 3 * ["we_all"] + ["we_late", "we_legacy", "we_photos"]


async def test_two_dispatchers_make_each_delivery_once(stores: Stores) -> None:
    await stores.endpoints.add_endpoint(endpoint())
    for number in range(20):
        await stores.sessions.create_session(session(f"s{number}", created_at=NOW_MS))
    rounds = await asyncio.gather(*(stores.deliveries.dispatch(NOW_MS, 10) for _ in range(6)))
    ids = [delivery_id for made, _ in rounds for delivery_id in made]
    assert len(ids) == len(set(ids)) == 20
    assert sorted(await stores.deliveries.pending()) == sorted(ids)


async def test_the_first_attempts_of_a_session_stand_in_line(stores: Stores) -> None:
    first = await one_assignment(stores)
    await stores.sessions.finish_session("one", [], status="complete", reason="end", report={}, finished_at=NOW_MS)
    await stores.sessions.create_session(session("two", created_at=NOW_MS))
    (second_id, other_id), _ = await stores.deliveries.dispatch(NOW_MS, 100)
    second, other = await stores.deliveries.assignment(second_id), await stores.deliveries.assignment(other_id)
    assert second is not None
    assert other is not None
    assert not await stores.deliveries.has_predecessor(first)
    assert await stores.deliveries.has_predecessor(second)
    assert not await stores.deliveries.has_predecessor(other)
    attempt = Attempt(1, NOW_MS, 5.0, 500)
    await stores.deliveries.record_attempt(first, attempt, Conclusion("pending", NOW_MS + 5000))
    assert not await stores.deliveries.has_predecessor(second), "one that failed holds nobody up"


async def test_an_attempt_is_recorded_once_and_a_finished_delivery_never_changes(stores: Stores) -> None:
    assignment = await one_assignment(stores)
    failed, arrived = Attempt(1, NOW_MS, 5.0, 500, "", "no"), Attempt(2, NOW_MS + 9, 6.0, 200)
    await stores.deliveries.record_attempt(assignment, failed, Conclusion("pending", NOW_MS + 5000))
    await stores.deliveries.record_attempt(assignment, failed, Conclusion("failed", None, "failing"))
    again = await stores.deliveries.assignment(assignment.delivery.id)
    assert again is not None
    assert (again.delivery.attempts, again.delivery.next_attempt_at) == (1, NOW_MS + 5000)
    assert (again.endpoint.status, again.endpoint.failing_since) == ("enabled", NOW_MS)
    await stores.deliveries.record_attempt(again, arrived, Conclusion("delivered", None))
    await stores.deliveries.record_attempt(again, arrived, Conclusion("failed", None))
    found = await stores.deliveries.delivery(assignment.delivery.id, OWNER)
    assert found is not None
    assert (found[0].status, found[0].finished_at, found[1]) == ("delivered", NOW_MS + 9, [failed, arrived])
    assert await stores.deliveries.assignment(assignment.delivery.id) is None
    kept = await stores.endpoints.endpoint("we_1", OWNER)
    assert kept is not None
    assert kept.failing_since is None


async def test_disabling_writes_an_event_once(stores: Stores) -> None:
    assignment = await one_assignment(stores)
    gone = Conclusion("failed", None, "gone")
    for _ in range(2):
        await stores.deliveries.record_attempt(assignment, Attempt(1, NOW_MS, 5.0, 410), gone)
    events = await stores.sessions.outbox.of_owner(OWNER, 0)
    assert [(e.type, e.data, e.session_id) for e in events][1:] == [
        ("webhook_endpoint.disabled", {"endpointId": "we_1", "reason": "gone"}, "")
    ]


async def test_a_replay_has_the_same_event_and_a_number_of_its_own(stores: Stores) -> None:
    delivery = (await one_assignment(stores)).delivery
    again = await stores.deliveries.replay(delivery, NOW_MS + 1)
    third = await stores.deliveries.replay(delivery, NOW_MS + 2)
    assert [(d.event_id, d.replay) for d in (again, third)] == [(delivery.event_id, 1), (delivery.event_id, 2)]
    kept = await stores.endpoints.endpoint("we_1", OWNER)
    assert kept is not None
    await stores.sessions.create_session(session("two", created_at=NOW_MS + 10))
    assert len(await stores.deliveries.replay_range(kept, NOW_MS, NOW_MS, NOW_MS + 3)) == 1
    ids = await stores.deliveries.replay_range(kept, NOW_MS, NOW_MS + 10, NOW_MS + 3)
    numbers = [found.delivery.replay for i in ids if (found := await stores.deliveries.assignment(i)) is not None]
    assert numbers == [4, 0], "the second event has had no delivery yet"
    await stores.endpoints.delete_endpoint("we_1", OWNER)
    for call in (stores.deliveries.replay(delivery, NOW_MS), stores.deliveries.add_test(kept, NOW_MS)):
        with pytest.raises(KeyError):
            await call


async def test_deliveries_come_in_pages_newest_first(stores: Stores) -> None:
    delivery = (await one_assignment(stores)).delivery
    made = [delivery] + [await stores.deliveries.replay(delivery, NOW_MS + n // 2) for n in range(2, 8)]
    seen: list[str] = []
    cursor, more = "", True
    while more:
        page, more = await stores.deliveries.deliveries(DeliveryQuery(OWNER, "we_1", limit=3, cursor=cursor))
        seen += [entry.id for entry in page]
        cursor = seen[-1]
    assert len(seen) == len(set(seen)) == 7
    assert sorted(seen) == sorted(entry.id for entry in made)
    assert seen[-1] == delivery.id
    assert (await stores.deliveries.deliveries(DeliveryQuery(OTHER)))[0] == []
    assert (await stores.deliveries.deliveries(DeliveryQuery(OWNER, event_id="evt_x")))[0] == []
    with pytest.raises(KeyError):
        await stores.deliveries.deliveries(DeliveryQuery(OWNER, cursor="whd_unknown"))


async def test_old_deliveries_are_forgotten_with_their_attempts(stores: Stores) -> None:
    assignment = await one_assignment(stores)
    await stores.deliveries.record_attempt(assignment, Attempt(1, NOW_MS, 1.0, 200), Conclusion("delivered", None))
    assert await stores.deliveries.remove_old(NOW_MS, 100) == 0
    assert await stores.deliveries.remove_old(NOW_MS + 1, 100) == 1
    assert await stores.deliveries.delivery(assignment.delivery.id, OWNER) is None
