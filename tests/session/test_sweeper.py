"""The sweeper: everything in one pass, nothing stops it, and it stops when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.session.sweeper import IDEMPOTENCY_MS, UNUSED_GRACE_MS, Sweeper, Swept
from rtc_server.storage.engine import StorageError
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import JournalLine, MediaRecord, Owner
from rtc_server.storage.retention import DAY_MS, Retention
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.stage import eventually, open_stage
from tests.storage.records import START_MS, session_record

NOW = START_MS + 100 * DAY_MS
ACME = Owner("acme", sandbox=False)
EVERYTHING = Retention(journal_days=1, transcript_days=2, personal_days=3, session_days=4, media_days=1, events_days=50)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    files = MediaFiles(tmp_path / "media", bytes(32))
    stores = await open_stores(f"sqlite:///{tmp_path / 'visavis.db'}", files, EVERYTHING)
    yield stores
    await stores.close()


def swept(stores: Stores, **fields: Any) -> Swept:
    async def give_up(session_id: str) -> None:
        raise AssertionError(f"{session_id} is not stalled")

    values: dict[str, Any] = {
        "lifecycle": stores.lifecycle,
        "media": stores.media,
        "faces": stores.faces,
        "idempotency": stores.idempotency,
        "give_up": give_up,
        "retention": EVERYTHING,
        "longest_seconds": 3600.0,
        "now_ms": lambda: NOW,
    }
    return Swept(**(values | fields))


async def ended(stores: Stores, number: int, days_ago: float) -> str:
    finished_at = round(NOW - days_ago * DAY_MS)
    record = session_record(number, created_at=finished_at - 1, started_at=finished_at - 1, status="inProgress")
    await stores.sessions.create_session(record)
    report = {"transcript": [{"text": "hello"}], "lang": "en", "nodeReports": []}
    lines = [JournalLine(0, 0.0, {}, [])]
    await stores.sessions.finish_session(
        record.id, lines, status="complete", reason="end", report=report, finished_at=finished_at
    )
    return record.id


async def what_is_left(stores: Stores, session_id: str) -> str:
    record = await stores.sessions.session(session_id)
    if record is None:
        return "nothing"
    if record.redacted_at is not None:
        return "redacted"
    parts = ["journal"] if await stores.sessions.journal(session_id) else []
    return " ".join(parts + (["transcript"] if record.report["transcript"] else []))


async def test_each_class_of_data_goes_after_its_own_time(stores: Stores) -> None:
    sessions = {days: await ended(stores, round(days * 10), days) for days in (0.5, 1.5, 2.5, 3.5, 4.5)}
    sweeper = Sweeper(swept(stores))
    await sweeper.sweep()
    left = {days: await what_is_left(stores, session_id) for days, session_id in sessions.items()}
    assert left == {0.5: "journal transcript", 1.5: "transcript", 2.5: "", 3.5: "redacted", 4.5: "nothing"}


async def test_sessions_that_come_of_age_later_are_swept_later(stores: Stores) -> None:
    now = [NOW]
    session_id = await ended(stores, 1, 0.5)
    sweeper = Sweeper(swept(stores, now_ms=lambda: now[0]))
    for days, left in ((0, "journal transcript"), (1, "transcript"), (2, ""), (3, "redacted"), (4, "nothing")):
        now[0] = NOW + days * DAY_MS
        await sweeper.sweep()
        assert await what_is_left(stores, session_id) == left


async def test_without_retention_production_is_kept(stores: Stores) -> None:
    files_only = Retention()
    record = session_record(1, created_at=START_MS, status="inProgress", started_at=START_MS)
    await stores.sessions.create_session(record)
    await Sweeper(swept(stores, retention=files_only, longest_seconds=10**9)).sweep()
    assert await stores.sessions.session(record.id) == record


async def test_unused_sessions_media_events_and_answers_go(stores: Stores) -> None:
    await stores.sessions.create_session(session_record(1, secret_expires_at=NOW - UNUSED_GRACE_MS - 1))
    await stores.media.put(
        MediaRecord("m_1", "session-00001", "screenshot", 0, "image/jpeg", 1, NOW - 2 * DAY_MS), b"x"
    )
    await stores.idempotency.begin(ACME, "old", "f", NOW - IDEMPOTENCY_MS - 1)
    await Sweeper(swept(stores)).sweep()
    record = await stores.sessions.session("session-00001")
    assert record is not None
    assert (record.status, record.reason) == ("incomplete", "expired")
    assert await stores.media.get("m_1") is None
    assert [event.data for event in await stores.sessions.events(record.id)] == [{"status": "incomplete"}], (
        "the event of its creation is older than 50 days"
    )
    assert await stores.idempotency.begin(ACME, "old", "f", NOW) is None


async def test_more_than_a_batch_is_done_in_one_pass(stores: Stores) -> None:
    for number in range(130):
        await stores.sessions.create_session(session_record(number, secret_expires_at=1))
    await Sweeper(swept(stores)).sweep()
    records = [await stores.sessions.session(f"session-{number:05}") for number in range(130)]
    assert {record.status for record in records if record} == {"incomplete"}


async def test_a_session_that_nobody_runs_is_given_up_from_its_journal(tmp_path: Path) -> None:
    """As after a kill before the first event: in progress in the database, and in nobody's memory."""
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "ask"},
        {
            "id": "ask",
            "type": "conversation",
            "prompt": "Say: How are you?",
            "outcomes": [{"id": "a", "targetNodeId": "end", "condition": "answered"}],
        },
        {"id": "end", "type": "end"},
    ]
    async with open_stage(tmp_path, {}) as stage:
        record = await stage.create(flow)
        await stage.store.update_session(record.id, status="inProgress", started_at=NOW - 4_000_000)
        running = await stage.create(flow)
        await stage.store.update_session(running.id, status="inProgress", started_at=NOW - 1_000)
        await Sweeper(swept(stage.stores, give_up=stage.registry.give_up, retention=Retention())).sweep()
        given_up, kept = await stage.store.session(record.id), await stage.store.session(running.id)
        assert given_up is not None
        assert kept is not None
        assert (given_up.status, kept.status) == ("incomplete", "inProgress")


async def test_a_failing_step_is_logged_and_the_others_go_on(
    stores: Stores, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await ended(stores, 1, 4.5)
    quoted = "Rob" + "in"

    async def broken(*_arguments: Any) -> int:
        raise StorageError(f"the database said {quoted}")

    monkeypatch.setattr(stores.lifecycle, "expire_unused", broken)
    await Sweeper(swept(stores)).sweep()
    assert await what_is_left(stores, session_id) == "nothing"
    assert "sweeping unused sessions failed with StorageError" in caplog.text
    assert quoted not in caplog.text


async def test_it_runs_until_it_is_closed(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = 0
    real = stores.lifecycle.expire_unused

    async def counted(*arguments: Any) -> int:
        nonlocal passes
        passes += 1
        return await real(*arguments)

    monkeypatch.setattr(stores.lifecycle, "expire_unused", counted)
    sweeper = Sweeper(swept(stores), interval_seconds=0.01)
    sweeper.start()
    await eventually(lambda: passes >= 3, "it does not come again")
    async with asyncio.timeout(5):
        await sweeper.close()
        await sweeper.close()
    before = passes
    await asyncio.sleep(0.05)
    assert passes == before
