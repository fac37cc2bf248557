"""Alerts and their settings, on both databases."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rtc_server.storage.ports import AlertRecord, AlertSettingsRecord, Json, Scope
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import START_MS

HOUR_MS = 3_600_000


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url)
    yield stores
    await stores.close()


def alert(number: int, **fields: object) -> AlertRecord:
    usual: Json = {
        "id": f"alr_{number}",
        "tenant": "acme",
        "sandbox": False,
        "rule": "attack_burst",
        "session_id": "",
        "text": "many",
        "figures": {"attacks": 5},
        "raised_at": START_MS + number,
    }
    return AlertRecord(**usual | fields)


async def test_settings_are_replaced_and_kept_apart(stores: Stores) -> None:
    assert await stores.alerts.alert_settings("acme") is None
    first = AlertSettingsRecord("acme", {"emails": ["a@example.org"]}, "sealed", START_MS, "stf_1")
    await stores.alerts.save_alert_settings(first)
    await stores.alerts.save_alert_settings(AlertSettingsRecord("*", {}, "", START_MS, "stf_1"))
    changed = AlertSettingsRecord("acme", {"emails": []}, "", START_MS + 1, "stf_2")
    await stores.alerts.save_alert_settings(changed)
    assert await stores.alerts.alert_settings("acme") == changed
    assert set(await stores.alerts.all_alert_settings()) == {"acme", "*"}


async def test_a_rule_is_silent_for_a_while_about_the_same(stores: Stores) -> None:
    assert await stores.alerts.raise_alert(alert(1), HOUR_MS)
    assert not await stores.alerts.raise_alert(alert(2), HOUR_MS)
    assert await stores.alerts.raise_alert(alert(3, sandbox=True), HOUR_MS)
    assert await stores.alerts.raise_alert(alert(4, rule="stuck_session", session_id="s1"), HOUR_MS)
    assert await stores.alerts.raise_alert(alert(5, rule="stuck_session", session_id="s2"), HOUR_MS)
    assert await stores.alerts.raise_alert(alert(6, raised_at=START_MS + 1 + HOUR_MS), HOUR_MS)
    assert len(await stores.alerts.alerts(Scope(("*",)))) == 5


async def test_of_many_processes_one_raises_it(stores: Stores) -> None:
    raised = await asyncio.gather(*(stores.alerts.raise_alert(alert(number), HOUR_MS) for number in range(8)))
    assert sum(raised) == 1


async def test_of_many_processes_one_sends_it(stores: Stores) -> None:
    await stores.alerts.raise_alert(alert(1), HOUR_MS)
    (unsent,) = await stores.alerts.unsent_alerts(START_MS, 5)
    assert sum(await asyncio.gather(*(stores.alerts.claim_alert(unsent) for _ in range(6)))) == 1
    await stores.alerts.alert_sent(unsent.id, {"webhook": "timeout"}, None)
    (again,) = await stores.alerts.unsent_alerts(START_MS, 5)
    assert (again.attempts, again.channels) == (1, {"webhook": "timeout"})
    await stores.alerts.claim_alert(again)
    await stores.alerts.alert_sent(again.id, {"webhook": "sent"}, START_MS + 9)
    assert await stores.alerts.unsent_alerts(START_MS, 5) == []


async def test_sending_is_given_up_after_attempts_and_time(stores: Stores) -> None:
    await stores.alerts.raise_alert(alert(1), HOUR_MS)
    assert await stores.alerts.unsent_alerts(START_MS + 1, 5) == []
    assert await stores.alerts.unsent_alerts(START_MS, 0) == []


async def test_old_alerts_go_and_others_are_not_shown(stores: Stores) -> None:
    await stores.alerts.raise_alert(alert(1), HOUR_MS)
    await stores.alerts.raise_alert(alert(2, tenant="other"), HOUR_MS)
    assert [found.id for found in await stores.alerts.alerts(Scope(("other",)))] == ["alr_2"]
    assert await stores.alerts.drop_alerts(START_MS + 2) == 1
    assert [found.id for found in await stores.alerts.alerts(Scope(("*",)))] == ["alr_2"]
