"""Adding to the audit on real databases: in the change's own transaction, one after the other, never to be changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from rtc_server.audit.chain import GENESIS, SYSTEM, Actor, Draft
from rtc_server.storage import schema
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import AuditQuery, JournalLine, Owner, Scope
from rtc_server.storage.redaction import report_sha256
from rtc_server.storage.stores import Stores
from tests.audit.chains import ACME, ROBIN, fill, found, head_file, newest, open_audited, verdict
from tests.storage.records import START_MS, session_record

SECRET = ("Wilhelmina", "wilhelmina@quarterstaff.example", "+4915112345671", "order-77", "0.734")
REPORT: dict[str, Any] = {
    "isVerified": True,
    "transcript": [{"text": "My name is Wilhelmina"}],
    "nodeReports": [{"email": "wilhelmina@quarterstaff.example", "phone": "+4915112345671", "similarity": 0.734}],
}


@pytest.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_audited(database_url, tmp_path)
    yield stores
    await stores.close()


async def finish(stores: Stores, number: int = 1) -> str:
    record = session_record(number, status="inProgress", client_reference_id="order-77")
    await stores.sessions.create_session(record)
    await stores.sessions.finish_session(
        record.id, [], status="complete", reason="end", report=REPORT, finished_at=START_MS
    )
    return record.id


async def test_entries_are_linked_from_the_first_on(stores: Stores) -> None:
    first, second = await fill(stores, 2)
    assert (first.sequence, first.previous) == (1, GENESIS)
    assert (second.sequence, second.previous) == (2, first.hash)
    assert [entry for page in [await newest(stores)] for entry in page] == [second, first], "as they were written"
    assert await stores.audit.head() == (2, second.hash, second.at)


async def test_an_end_is_recorded_with_the_hash_of_its_report(stores: Stores) -> None:
    session_id = await finish(stores)
    (entry,) = await newest(stores)
    assert (entry.actor, entry.action, entry.session_id, entry.at) == (SYSTEM, "verdict.reached", session_id, START_MS)
    expected = {"status": "complete", "reason": "end", "isVerified": True, "reportSha256": report_sha256(REPORT)}
    assert entry.details == expected


async def test_an_end_that_is_told_twice_is_recorded_once(stores: Stores) -> None:
    session_id = await finish(stores)
    await stores.sessions.finish_session(
        session_id, [], status="complete", reason="end", report=REPORT, finished_at=START_MS
    )
    assert len(await newest(stores)) == 1


async def test_what_is_rolled_back_leaves_no_entry(stores: Stores) -> None:
    await stores.sessions.create_session(session_record(1, status="inProgress"))
    with pytest.raises(ValueError, match="goes on with line 0"):
        await stores.sessions.finish_session(
            "session-00001", [JournalLine(7, 0.0, {}, [])], status="complete", reason="", report={}, finished_at=1
        )
    with pytest.raises(RuntimeError):
        await abandoned(stores)
    assert await newest(stores) == []
    await fill(stores, 1)
    assert await found(stores) == []


async def abandoned(stores: Stores) -> None:
    async with stores.database.write() as connection:
        await stores.audit.append(connection, Draft(at=1, actor=SYSTEM, action="session.ended"))
        raise RuntimeError("something else went wrong")


async def test_erasures_are_recorded_with_who_wanted_them(stores: Stores) -> None:
    first, second = await finish(stores, 1), await finish(stores, 2)
    await stores.lifecycle.redact(first, ACME, START_MS + 1, "api", Actor.key("key_1"))
    await stores.lifecycle.redact(first, ACME, START_MS + 2, "api", Actor.key("key_2"))
    await stores.lifecycle.delete(second, ACME, START_MS + 3, "subject")
    deleted, redacted, *_ = await newest(stores)
    assert (redacted.action, redacted.actor.id, redacted.session_id) == ("session.redacted", "key:key_1", first)
    assert (deleted.action, deleted.actor, deleted.session_id) == ("session.deleted", SYSTEM, second)
    assert redacted.details["counts"]["phrases"] == deleted.details["counts"]["phrases"] == 1
    assert deleted.details["cause"] == "subject"
    assert await found(stores) == []


async def test_nothing_personal_gets_into_an_entry_or_a_proof(stores: Stores) -> None:
    session_id = await finish(stores)
    await stores.lifecycle.redact(session_id, ACME, START_MS, "api")
    await stores.lifecycle.delete(session_id, ACME, START_MS, "subject")
    kept = [entry.json() for entry in await newest(stores)], await stores.audit.deletion_proof(session_id)
    assert len(kept[0]) == 3
    assert [word for word in SECRET if word in json.dumps(kept)] == []


async def test_the_newest_proof_counts_and_only_its_owner_gets_it(stores: Stores) -> None:
    session_id = await finish(stores)
    assert await stores.audit.deletion_proof(session_id, ACME) is None
    await stores.lifecycle.redact(session_id, ACME, START_MS, "api")
    redacted = await stores.audit.deletion_proof(session_id, ACME)
    await stores.lifecycle.delete(session_id, ACME, START_MS + 1, "subject")
    deleted = await stores.audit.deletion_proof(session_id, ACME)
    assert redacted is not None
    assert deleted is not None
    assert (redacted["action"], deleted["action"]) == ("session.redacted", "session.deleted")
    assert redacted["reportSha256"] == report_sha256(REPORT)
    for other in (Owner("other", sandbox=False), Owner("acme", sandbox=True)):
        assert await stores.audit.deletion_proof(session_id, other) is None


async def test_a_sandbox_session_that_is_deleted_leaves_an_entry_and_no_proof(stores: Stores) -> None:
    await stores.sessions.create_session(session_record(1, sandbox=True, status="complete"))
    assert await stores.lifecycle.delete("session-00001", Owner("acme", sandbox=True), START_MS, "retention")
    (entry,) = await newest(stores)
    assert (entry.action, entry.sandbox) == ("session.deleted", True)
    assert await stores.audit.deletion_proof("session-00001") is None


async def test_writers_of_several_servers_take_turns(stores: Stores, database_url: str, tmp_path: Path) -> None:
    other = await open_audited(database_url, tmp_path)
    for number in range(40):
        await stores.sessions.create_session(session_record(number, status="inProgress"))
    writes = [
        (stores, other)[number % 2].sessions.finish_session(
            f"session-{number:05}", [], status="complete", reason="end", report=REPORT, finished_at=number
        )
        for number in range(40)
    ]
    await asyncio.gather(*writes, *(fill(each, 10) for each in (stores, other, stores, other)))
    await other.close()
    result = await verdict(stores)
    assert (result.whole, result.entries) == (True, 80)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET tenant = 'other'",
        "UPDATE audit_entries SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM audit_entries WHERE sequence = 2",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = sequence - 1",
        "UPDATE audit_head SET hash = 'ab'",
        "UPDATE audit_head SET id = 2, sequence = sequence + 1",
    ],
)
async def test_the_database_refuses_to_change_what_stands(stores: Stores, statement: str) -> None:
    await fill(stores, 3)
    await refused(stores, statement)
    assert await found(stores) == []


async def test_no_row_takes_the_place_of_another(stores: Stores) -> None:
    await fill(stores, 3)
    if stores.database.dialect == "sqlite":
        await refused(stores, "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE sequence = 2")
        await refused(stores, "REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE sequence = 2")
    else:
        await refused(stores, "TRUNCATE audit_entries")
        await refused(stores, "TRUNCATE audit_head")
        await refused(
            stores,
            "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE sequence = 2 "
            "ON CONFLICT (sequence) DO UPDATE SET tenant = 'other'",
        )
    assert await found(stores) == []


async def refused(stores: Stores, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"append-only|of the audit"):
        async with stores.database.write() as connection:
            await connection.exec_driver_sql(statement)


async def test_entries_are_found_by_what_they_are(stores: Stores) -> None:
    await fill(stores, 6)
    await stores.audit.write(ROBIN, "staff.signed_in")
    await stores.audit.write(ROBIN, "session.left", Owner("other", sandbox=True), "session-9")

    async def sequences(**fields: Any) -> list[int]:
        return [entry.sequence for entry in await stores.audit.entries(AuditQuery(**fields))]

    assert await sequences(limit=3) == [8, 7, 6]
    assert await sequences(limit=3, before=6) == [5, 4, 3]
    assert await sequences(action="session.watched") == [5, 3, 1]
    assert await sequences(action="session.") == [8, 5, 3, 1]
    assert await sequences(action="session_watche.") == []
    assert await sequences(actor="system") == [6, 4, 2]
    assert await sequences(session_id="session-4") == [4]
    assert await sequences(scope=Scope(("other",))) == [8]
    assert await sequences(scope=Scope(("acme",)), limit=2) == [6, 5], "nor entries that concern no tenant"
    assert await sequences(scope=Scope(("*",), sandbox=True)) == [8]
    assert await sequences(scope=Scope(())) == []


async def test_odd_text_is_kept_and_still_fits_its_hash(stores: Stores) -> None:
    odd = "\0 \ud800 Ünal 'x' \u2028 😀"
    entry = await stores.audit.write(Actor.staff("stf_1", odd * 60), "staff.changed", None, odd, {"text": odd})
    (kept,) = await newest(stores)
    assert kept == entry
    assert kept.details["text"] == odd
    assert await found(stores) == []


@pytest.mark.parametrize("details", [{"share": 0.5}, {"ümlaut": 1}, {"n": 2**60}, {"b": b"x"}])
async def test_what_has_no_canonical_form_is_refused(stores: Stores, details: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        await stores.audit.write(SYSTEM, "session.ended", details=details)
    assert await newest(stores) == []


async def test_the_head_is_kept_outside_after_each_commit(stores: Stores, tmp_path: Path) -> None:
    entries = await fill(stores, 5)
    await stores.audit.close()
    assert head_file(tmp_path).read() == (5, entries[-1].hash, entries[-1].at)


async def test_a_head_that_cannot_be_written_costs_nobody_a_session(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "audit").write_text("a file where a folder should be")
    stores = await open_audited(database_url, tmp_path)
    await finish(stores)
    await stores.close()
    assert "head.json cannot be written" in caplog.text or "counts for nothing" in caplog.text


async def test_an_unusable_database_is_a_storage_error(tmp_path: Path) -> None:
    stores = await open_audited(f"sqlite:///{tmp_path / 'visavis.db'}", tmp_path)
    async with stores.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE audit_entries")
    with pytest.raises(StorageError):
        await fill(stores, 1)
    await stores.close()


async def test_the_first_entry_of_a_database_without_a_head(stores: Stores) -> None:
    async with stores.database.read() as connection:
        assert len((await connection.execute(select(schema.audit_head))).all()) <= 1
    await asyncio.gather(*(fill(stores, 3) for _ in range(4)))
    assert await found(stores) == []
