"""Expiry, redaction, deletion and retention, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from rtc_server.storage import schema
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import Ended, JournalLine, MailboxMessage, MediaRecord, Owner, SessionQuery
from rtc_server.storage.redaction import redacted_reference, report_sha256
from rtc_server.storage.retention import DAY_MS, Retention
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import START_MS, session_record

ACME = Owner("acme", sandbox=False)
NOW = START_MS + 10**9
SECRET_WORDS = ("Robin", "Example", "robin@mail.example", "+15550100", "Firefox", "Berlin", "order-77")
CONSENT = {"version": "2026-11", "locale": "de", "acceptedAt": 6}
REPORT: dict[str, Any] = {
    "lang": "en",
    "isVerified": True,
    "transcript": [{"id": "p1", "createdAt": 5, "text": "My name is Robin Example", "isAvatar": False}],
    "extractedData": {"name": "Robin Example"},
    "nodeReports": [
        {
            "type": "enter_email",
            "nodeId": "mail",
            "createdAt": 7,
            "outcome": "next",
            "email": "robin@mail.example",
            "evidence": {"forced": True, "by": "sandbox", "quote": "robin@mail.example", "confidence": 0.9},
        },
        {
            "type": "document_scan",
            "nodeId": "paper",
            "createdAt": 8,
            "outcome": "scanSuccess",
            "evidence": {
                "verdict": "read",
                "problems": [],
                "machineReadable": "verified",
                "complete": True,
                "sides": ["front"],
                "matches": [{"field": "lastName", "values": {"mrz": "ROBIN"}}],
            },
        },
    ],
    "aiAnalysis": {"ageMin": 30},
}


@pytest.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    (tmp_path / "journals").mkdir()
    files = MediaFiles(tmp_path / "media", b"k" * 32)
    stores = await open_stores(database_url, files, Retention(session_days=30), tmp_path / "journals")
    yield stores
    await stores.close()


async def ended_session(stores: Stores, number: int = 1, **fields: Any) -> str:
    """A complete session with something of every kind hanging on it."""
    record = session_record(
        number,
        client_reference_id="order-77",
        settings={"zone": "eu", "providedData": {"phone": "+15550100"}, "metadata": {"customer": "Robin"}},
        flow=[{"id": "c", "type": "conversation", "prompt": "Greet Robin", "outcomes": []}],
        status="inProgress",
        started_at=START_MS,
        device={"browser": "Firefox"},
        location={"city": "Berlin"},
        consent=CONSENT,
        **fields,
    )
    await stores.sessions.create_session(record)
    await stores.mailbox.add_message(
        MailboxMessage(f"mail{number}", record.tenant, record.id, "email", "robin@mail.example", "Hi", "Robin", "", 1)
    )
    await stores.media.put(MediaRecord(f"m_{number:05}", record.id, "screenshot", 0, "image/jpeg", 5, 1), b"Robin")
    line = JournalLine(0, 0.0, {"type": "Heard", "text": "My name is Robin Example"}, [])
    await stores.sessions.finish_session(
        record.id, [line], status="complete", reason="end", report=REPORT, finished_at=NOW + number
    )
    return record.id


async def webhook_that_answered(stores: Stores, session_id: str, answer: str) -> None:
    """A delivery of the session's newest event, whose receiver repeated what it had read."""
    event = (await stores.sessions.events(session_id))[-1]
    owned = {"tenant": "acme", "sandbox": False, "created_at": 1}
    endpoint = {"url": "https://a.example", "description": "", "event_types": [], "payload_style": "thin"}
    endpoint |= {"signature_style": "standard", "status": "enabled", "disabled_reason": "", "secrets": []}
    delivery = {"event_id": event.id, "endpoint_id": "we_1", "replay": 0, "status": "succeeded", "attempts": 1}
    attempt = {"number": 1, "attempted_at": 1, "latency_ms": 1.0, "error": "", "response_excerpt": answer}
    async with stores.database.write() as connection:
        await connection.execute(insert(schema.webhook_endpoints), {"id": "we_1", **owned, **endpoint})
        await connection.execute(insert(schema.deliveries), {"id": "whd_1", **owned, **delivery})
        await connection.execute(insert(schema.delivery_attempts), {"delivery_id": "whd_1", **attempt})


async def everything(stores: Stores) -> str:
    """All rows of all tables as text."""
    async with stores.database.read() as connection:
        rows = [
            [str(value) for value in row]
            for table in schema.metadata.sorted_tables
            for row in (await connection.execute(select(table))).all()
        ]
    return json.dumps(rows)


async def count(stores: Stores, name: str) -> int:
    table = schema.metadata.tables[name]
    async with stores.database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_redaction_leaves_no_word_of_the_person(stores: Stores, tmp_path: Path) -> None:
    session_id = await ended_session(stores)
    await stores.idempotency.begin(ACME, "key", "f" * 64, NOW)
    await stores.idempotency.finish(ACME, "key", 201, f"{session_id}:sealed Robin")
    await webhook_that_answered(stores, session_id, "hello Robin Example")
    before = await everything(stores)
    assert [word for word in SECRET_WORDS if word not in before] == []
    redacted = await stores.lifecycle.redact(session_id, ACME, NOW, "api")
    after = await everything(stores)
    assert [word for word in SECRET_WORDS if word in after] == []
    assert not list((tmp_path / "media").glob("*/*"))
    assert redacted == await stores.sessions.session(session_id)


async def test_redaction_keeps_what_proves_the_check(stores: Stores) -> None:
    session_id = await ended_session(stores)
    redacted = await stores.lifecycle.redact(session_id, ACME, NOW, "api")
    assert redacted is not None
    assert (redacted.status, redacted.reason, redacted.redacted_at) == ("complete", "end", NOW)
    assert redacted.report["isVerified"] is True
    assert redacted.report["nodeReports"] == [
        {"type": "enter_email", "nodeId": "mail", "createdAt": 7, "outcome": "next"},
        {"type": "document_scan", "nodeId": "paper", "createdAt": 8, "outcome": "scanSuccess"},
    ]
    assert redacted.flow == [{"id": "c", "type": "conversation"}]
    assert redacted.client_reference_id == redacted_reference("order-77")
    assert redacted.consent == CONSENT
    async with stores.database.read() as connection:
        proof = (await connection.execute(select(schema.erasures))).one()
    assert (proof.session_id, proof.cause, proof.erased_at) == (session_id, "api", NOW)
    assert proof.report_sha256 == report_sha256(REPORT)
    assert proof.counts == {"phrases": 1, "journal": 1, "mailbox": 1, "media": 1, "faces": 0}


async def test_redacting_again_changes_nothing(stores: Stores) -> None:
    session_id = await ended_session(stores)
    results = await asyncio.gather(*(stores.lifecycle.redact(session_id, ACME, NOW + n, "api") for n in range(5)))
    assert len({result.redacted_at for result in results if result is not None}) == 1
    assert [event.type for event in await stores.sessions.events(session_id)].count("session.redacted") == 1
    assert await count(stores, "erasures") == 1


async def test_redaction_needs_an_end_and_the_owner(stores: Stores) -> None:
    await stores.sessions.create_session(session_record(5))
    with pytest.raises(ValueError, match="has not ended"):
        await stores.lifecycle.redact("session-00005", ACME, NOW, "api")
    session_id = await ended_session(stores)
    assert await stores.lifecycle.redact(session_id, Owner("other", sandbox=False), NOW, "api") is None
    assert await stores.lifecycle.redact(session_id, Owner("acme", sandbox=True), NOW, "api") is None
    assert await count(stores, "journal") == 1


async def test_a_subject_is_found_by_reference_also_after_redaction(stores: Stores) -> None:
    first, second = await ended_session(stores, 1), await ended_session(stores, 2)
    await stores.sessions.create_session(session_record(3, client_reference_id="order-78"))
    await stores.lifecycle.redact(first, ACME, NOW, "subject")
    assert [record.id for record in await stores.lifecycle.subject(ACME, "order-77")] == [first, second]
    assert await stores.lifecycle.subject(Owner("other", sandbox=False), "order-77") == []


async def test_only_sessions_that_nobody_opened_in_time_expire(stores: Stores) -> None:
    hour = 3_600_000
    await stores.sessions.create_session(session_record(1, secret_expires_at=NOW - 24 * hour - 1))
    await stores.sessions.create_session(session_record(2, secret_expires_at=NOW - 24 * hour + 1))
    await stores.sessions.create_session(session_record(3, secret_expires_at=NOW - 48 * hour, status="inProgress"))
    assert sum(await asyncio.gather(*(stores.lifecycle.expire_unused(NOW, 24 * hour) for _ in range(3)))) == 1
    records = [await stores.sessions.session(f"session-0000{number}") for number in (1, 2, 3)]
    assert [record.status for record in records if record] == ["incomplete", "created", "inProgress"]
    assert records[0] is not None
    assert (records[0].reason, records[0].finished_at) == ("expired", NOW)
    events = await stores.sessions.events("session-00001")
    assert [event.data for event in events] == [{"status": "created"}, {"status": "incomplete"}]


async def test_stalled_sessions_are_those_that_began_long_ago(stores: Stores) -> None:
    for number, started_at in ((1, NOW - 10), (2, NOW - 20), (3, NOW)):
        await stores.sessions.create_session(session_record(number, status="inProgress", started_at=started_at))
    await stores.sessions.create_session(session_record(4))
    assert [r.id for r in await stores.lifecycle.stalled(NOW)] == ["session-00002", "session-00001"]


async def test_deleting_leaves_only_the_proof(stores: Stores, tmp_path: Path) -> None:
    session_id = await ended_session(stores)
    await webhook_that_answered(stores, session_id, "thanks")
    assert await stores.lifecycle.delete(session_id, ACME, NOW, "subject")
    assert not await stores.lifecycle.delete(session_id, ACME, NOW, "subject")
    for name in (
        "sessions",
        "session_search",
        "journal",
        "events",
        "deliveries",
        "delivery_attempts",
        "mailbox",
        "media",
    ):
        assert await count(stores, name) == 0, name
    assert await count(stores, "erasures") == 1
    assert not list((tmp_path / "media").glob("*/*"))


async def test_time_removes_production_after_its_end_and_sandbox_after_its_creation(stores: Stores) -> None:
    session_id = await ended_session(stores, 1)
    await stores.sessions.create_session(session_record(2, sandbox=True))
    await stores.sessions.create_session(session_record(3))
    sandbox_end = START_MS + 2_000 + 7 * DAY_MS
    assert await stores.lifecycle.delete_due(sandbox_end - 1) == []
    assert await stores.lifecycle.delete_due(sandbox_end) == ["session-00002"]
    assert await stores.lifecycle.delete_due(NOW + 30 * DAY_MS) == []
    assert await stores.lifecycle.delete_due(NOW + 1 + 30 * DAY_MS) == [session_id]
    assert [r.id for r in (await stores.sessions.sessions(SessionQuery(ACME))).sessions] == ["session-00003"]


async def test_a_session_that_begins_while_its_time_is_judged_stays(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stores.sessions.create_session(session_record(1, sandbox=True))
    delete_media = SqlMediaStore.delete_media

    async def begin(media: SqlMediaStore, session_id: str) -> int:
        await stores.sessions.update_session(session_id, status="inProgress", started_at=NOW)
        return await delete_media(media, session_id)

    monkeypatch.setattr(SqlMediaStore, "delete_media", begin)
    assert await stores.lifecycle.delete_due(NOW) == []
    assert await stores.sessions.session("session-00001") is not None


async def test_sessions_that_ended_are_walked_in_order(stores: Stores) -> None:
    ids = [await ended_session(stores, number) for number in range(1, 6)]
    first = await stores.lifecycle.ended(NOW + 5, Ended(), limit=3)
    rest = await stores.lifecycle.ended(NOW + 5, first[-1], limit=3)
    assert [place.session_id for place in first + rest] == ids[:4], "the fifth ended too late"


async def test_transcript_and_journal_go_and_the_rest_stays(stores: Stores) -> None:
    session_id = await ended_session(stores)
    for _ in range(2):
        await stores.lifecycle.drop_transcript(session_id)
        await stores.lifecycle.drop_journal(session_id)
        await stores.lifecycle.drop_transcript("unknown")
    record = await stores.sessions.session(session_id)
    assert record is not None
    assert record.report["transcript"] == []
    assert record.report["nodeReports"][0]["evidence"] == {"forced": True, "by": "sandbox", "confidence": 0.9}
    read = {"verdict": "read", "problems": [], "machineReadable": "verified", "complete": True, "sides": ["front"]}
    assert record.report["nodeReports"][1]["evidence"] == read
    assert record.report["extractedData"] == {"name": "Robin Example"}
    assert await stores.sessions.journal(session_id) == []


@pytest.mark.parametrize("way", ["redact", "delete", "delete_due", "drop_journal"])
async def test_the_copy_of_a_journal_goes_with_it(stores: Stores, tmp_path: Path, way: str) -> None:
    session_id = await ended_session(stores)
    copy = tmp_path / "journals" / f"{session_id}.jsonl"
    copy.write_text("My name is Robin Example")
    match way:
        case "redact":
            await stores.lifecycle.redact(session_id, ACME, NOW, "api")
        case "delete":
            await stores.lifecycle.delete(session_id, ACME, NOW, "subject")
        case "delete_due":
            await stores.lifecycle.delete_due(NOW + 31 * DAY_MS)
        case _:
            await stores.lifecycle.drop_journal(session_id)
    assert not copy.exists()


async def test_old_events_go_oldest_first(stores: Stores) -> None:
    for number in range(6):
        await stores.sessions.create_session(session_record(number))
    assert await stores.lifecycle.drop_events(START_MS + 4_000, limit=3) == 3
    assert await stores.lifecycle.drop_events(START_MS + 4_000, limit=3) == 1
    assert await stores.lifecycle.drop_events(START_MS + 4_000, limit=3) == 0
    assert await count(stores, "events") == 2
