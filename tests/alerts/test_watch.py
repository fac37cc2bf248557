"""Looking over all sessions, from what sessions did to a mail that arrives."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from rtc_server.storage.ports import JournalLine, Scope
from tests.alerts.desk import MINUTE_MS, Desk, open_desk
from tests.fakes.receiver import open_receiver
from tests.fakes.stage import eventually
from tests.insight.sessions import end_session, ended_record, node, report
from tests.notify.mail_server import mail_server
from tests.storage.records import START_MS

ALL = Scope(("*",))
ATTACK = report(node("live", "liveness_detection", "deepfakeDetected", 5, verdict="attack"))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path)
    desk.now_ms = START_MS + 2 * MINUTE_MS
    yield desk
    await desk.stores.close()


async def attack(desk: Desk, numbers: range, **fields: object) -> None:
    for number in numbers:
        await end_session(desk.stores, number, report=ATTACK, **fields)  # type: ignore[arg-type]


async def rules_raised(desk: Desk) -> list[str]:
    return [alert["rule"] for alert in await desk.alerts.recent(ALL)]


async def test_nothing_is_wrong_when_nothing_happens(desk: Desk) -> None:
    assert await desk.watch.look() == 0


async def test_a_burst_is_raised_once_and_again_when_it_was_quiet(desk: Desk) -> None:
    await attack(desk, range(5))
    assert await desk.watch.look() == 1
    assert await desk.watch.look() == 0
    await attack(desk, range(5, 10), finished_at=START_MS + 70 * MINUTE_MS)
    desk.now_ms = START_MS + 75 * MINUTE_MS
    assert await desk.watch.look() == 1
    assert await rules_raised(desk) == ["attack_burst", "attack_burst"]


async def test_old_attacks_are_no_burst(desk: Desk) -> None:
    await attack(desk, range(5))
    desk.now_ms += 10 * MINUTE_MS
    assert await desk.watch.look() == 0


async def test_the_sandbox_counts_only_where_it_is_wanted(desk: Desk) -> None:
    await attack(desk, range(5), sandbox=True)
    assert await desk.watch.look() == 0
    await desk.alerts.set("acme", {"sandbox": True}, "stf_1")
    assert await desk.watch.look() == 1
    assert await desk.alerts.recent(Scope(("acme",), sandbox=False)) == []


async def test_each_tenant_has_limits_of_its_own(desk: Desk) -> None:
    await desk.alerts.set("other", {"rules": {"attackBurst": {"count": 2, "minutes": 3}}}, "stf_1")
    await attack(desk, range(2), tenant="acme")
    await attack(desk, range(2, 4), tenant="other")
    assert await desk.watch.look() == 1
    (alert,) = await desk.alerts.recent(ALL)
    assert (alert["tenant"], alert["figures"]) == ("other", {"attacks": 2, "sessions": 2, "minutes": 3})


async def test_a_session_that_stands_still_is_named(desk: Desk) -> None:
    record = ended_record().with_(status="created", reason="", started_at=None, finished_at=None)
    await desk.stores.sessions.create_session(record)
    await desk.stores.sessions.update_session(record.id, status="inProgress", started_at=START_MS)
    await desk.stores.sessions.append_journal(record.id, [JournalLine(0, 60.0, {}, [])])
    desk.now_ms = START_MS + 11 * MINUTE_MS - 1
    assert await desk.watch.look() == 0
    desk.now_ms += 1
    assert await desk.watch.look() == 1
    (alert,) = await desk.alerts.recent(ALL)
    assert (alert["rule"], alert["sessionId"]) == ("stuck_session", record.id)


async def test_from_sessions_to_a_mail_and_a_call_by_itself(tmp_path: Path) -> None:
    async with mail_server() as mails, open_receiver() as receiver:
        receiver.answer = lambda number: web.Response(status=500 if number == 1 else 200)
        desk = await open_desk(tmp_path, mails.port)
        desk.now_ms = START_MS + 2 * MINUTE_MS
        await desk.alerts.set("acme", {"emails": ["ops@bank.example"], "webhookUrl": receiver.url}, "stf_1")
        await attack(desk, range(5))
        desk.watch.start()
        await receiver.wait_for(2)
        async with asyncio.timeout(10):
            while (await desk.alerts.recent(ALL))[0]["sentAt"] is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await desk.watch.close()
        await desk.stores.close()
    assert len(mails.mails) == 1, "the mail got through the first time, so only the call was repeated"
    assert "5 sessions met an attack" in mails.mails[0].get_content()


async def test_closing_does_not_wait_for_a_server_that_is_slow(tmp_path: Path) -> None:
    async with open_receiver() as receiver:
        receiver.delay = 1.9
        desk = await open_desk(tmp_path)
        desk.now_ms = START_MS + 2 * MINUTE_MS
        await desk.alerts.set("acme", {"webhookUrl": receiver.url}, "stf_1")
        await attack(desk, range(5))
        desk.watch.start()
        await eventually(lambda: len(receiver.requests) == 1, "the alert is being sent")
        await asyncio.wait_for(desk.watch.close(), 1.0)
        (unsent,) = await desk.stores.alerts.unsent_alerts(START_MS, 5)
        assert unsent.attempts == 1
        await desk.stores.close()
