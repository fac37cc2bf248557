"""The store's promises: what is kept, what is refused, and what two writers may do to each other."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event

from rtc_server.storage import engine as engine_module
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import JournalLine, Owner, SessionRecord, Store
from rtc_server.storage.sql import SqlStore
from tests.fakes.postgres import PostgresProgram
from tests.storage.records import open_store

RECORD = SessionRecord(
    id="AbCdEfGhIjKlMnOpQrSt",
    tenant="acme",
    created_at=1_790_000_000_000,
    status="created",
    settings={"zone": "eu", "avatarId": "ava", "metadata": {"b": 1, "a": [None, "ü", "\ud800", "\x00"]}},
    flow=[{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}],
    secret_generation=0,
    secret_hash="0" * 64,
    secret_created_at=1_790_000_000_000,
    secret_expires_at=1_790_007_200_000,
)


def line(sequence: int) -> JournalLine:
    return JournalLine(sequence, sequence * 0.5, {"type": "Heard", "text": f"line {sequence}"}, [{"type": "Say"}])


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'visavis.db'}"


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(url)
    yield store
    await store.close()


async def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    await store.create_session(RECORD)
    kept = await store.session(RECORD.id)
    assert kept == RECORD
    assert list(kept.settings) == ["zone", "avatarId", "metadata"], "order of keys"
    assert await store.session_by_secret(RECORD.secret_hash) == RECORD


async def test_only_the_owner_finds_a_session(store: Store) -> None:
    await store.create_session(RECORD)
    assert await store.session(RECORD.id, Owner("acme", sandbox=False)) == RECORD
    assert await store.session(RECORD.id, Owner("other", sandbox=False)) is None
    assert await store.session(RECORD.id, Owner("acme", sandbox=True)) is None
    assert await store.session("unknown") is None
    assert await store.session_by_secret("f" * 64) is None


async def test_the_same_id_twice_is_refused(store: Store) -> None:
    await store.create_session(RECORD)
    with pytest.raises(KeyError, match=RECORD.id):
        await store.create_session(RECORD.with_(secret_hash="1" * 64))
    assert await store.session(RECORD.id) == RECORD


async def test_update_changes_what_it_names(store: Store) -> None:
    await store.create_session(RECORD)
    updated = await store.update_session(RECORD.id, status="inProgress", started_at=5)
    assert updated == RECORD.with_(status="inProgress", started_at=5)
    assert await store.session(RECORD.id) == updated
    assert await store.update_session(RECORD.id) == updated


async def test_a_refresh_that_comes_too_late_changes_nothing(store: Store) -> None:
    await store.create_session(RECORD)
    first = await store.update_session(RECORD.id, if_generation=0, secret_generation=1, secret_hash="1" * 64)
    assert first.secret_generation == 1
    late = await store.update_session(RECORD.id, if_generation=0, secret_generation=1, secret_hash="2" * 64)
    assert late == first
    assert await store.session_by_secret("2" * 64) is None
    assert await store.session_by_secret("1" * 64) == first


async def test_any_text_that_json_can_carry_is_kept_and_found(store: Store) -> None:
    """JSON comes back as it was; text columns replace what they cannot hold, in look-ups too."""
    odd = "a\0b\ud800c\U0001f600ü"
    settings = {"clientReferenceId": odd, odd: [odd, {"deep": odd}], "big": 10**400}
    report = {"transcript": [{"text": odd}], "lang": odd}
    record = RECORD.with_(id="odd-\0\udfff", client_reference_id=odd, settings=settings, flow=[{"id": odd}])
    await store.create_session(record)
    lines = [JournalLine(0, 0.0, {"text": odd}, [{"text": odd}])]
    finished = await store.finish_session(
        record.id, lines, status="complete", reason="end", report=report, finished_at=1
    )
    kept = await store.session(record.id)
    assert kept is not None
    assert (kept.settings, kept.flow, kept.report) == (settings, record.flow, report)
    assert kept.client_reference_id == "a\N{REPLACEMENT CHARACTER}b?c\U0001f600ü"
    assert finished.report == report
    assert await store.journal(record.id) == lines
    event = await store.add_event(record, "odd", {odd: odd}, 1)
    assert (await store.events(record.id))[-1].data == event.data


async def test_fifty_creates_at_once(store: Store) -> None:
    async with asyncio.timeout(30):
        await asyncio.gather(
            *(store.create_session(RECORD.with_(id=f"s{n}", secret_hash=f"{n + 1:064}")) for n in range(50))
        )
        assert None not in await asyncio.gather(*(store.session(f"s{n}") for n in range(50)))


async def test_update_refuses_what_it_does_not_know(store: Store) -> None:
    await store.create_session(RECORD)
    with pytest.raises(KeyError):
        await store.update_session("unknown", status="inProgress")
    with pytest.raises(TypeError, match="colour"):
        await store.update_session(RECORD.id, colour="red")
    with pytest.raises(TypeError, match="id"):
        await store.update_session(RECORD.id, id="other")


async def test_a_terminal_session_never_changes(store: Store) -> None:
    await store.create_session(RECORD)
    done = await store.finish_session(
        RECORD.id, [line(0)], status="complete", reason="end", report={"lang": "en"}, finished_at=9
    )
    assert await store.update_session(RECORD.id, status="inProgress", reason="again") == done
    again = await store.finish_session(
        RECORD.id, [line(1)], status="incomplete", reason="error", report={}, finished_at=10
    )
    assert again == done
    assert await store.session(RECORD.id) == done
    assert await store.journal(RECORD.id) == [line(0)]


async def test_finish_is_all_or_nothing(store: Store) -> None:
    await store.create_session(RECORD)
    await store.append_journal(RECORD.id, [line(0)])
    with pytest.raises(ValueError, match="line 1, not 2"):
        await store.finish_session(RECORD.id, [line(2)], status="complete", reason="end", report={}, finished_at=9)
    # NaN is no JSON; the failure comes after the journal lines were inserted.
    with pytest.raises(Exception, match="JSON"):
        await store.finish_session(
            RECORD.id, [line(1)], status="complete", reason="end", report={"x": float("nan")}, finished_at=9
        )
    assert await store.session(RECORD.id) == RECORD
    assert await store.journal(RECORD.id) == [line(0)]


async def test_finish_needs_a_terminal_status(store: Store) -> None:
    await store.create_session(RECORD)
    with pytest.raises(ValueError, match="inProgress"):
        await store.finish_session(RECORD.id, [], status="inProgress", reason="", report={}, finished_at=9)
    with pytest.raises(KeyError):
        await store.finish_session("unknown", [], status="complete", reason="end", report={}, finished_at=9)


async def test_the_journal_has_no_gaps(store: Store) -> None:
    await store.create_session(RECORD)
    assert await store.journal(RECORD.id) == []
    await store.append_journal(RECORD.id, [line(0), line(1)])
    await store.append_journal(RECORD.id, [])
    await store.append_journal(RECORD.id, [line(2)])
    for wrong in ([line(4)], [line(2)], [line(3), line(5)], [line(3), line(3)]):
        with pytest.raises(ValueError, match="goes on with"):
            await store.append_journal(RECORD.id, wrong)
    with pytest.raises(KeyError):
        await store.append_journal("unknown", [line(0)])
    assert await store.journal(RECORD.id) == [line(0), line(1), line(2)]


async def test_everything_outlives_a_restart(url: str) -> None:
    first = await open_store(url)
    await first.create_session(RECORD)
    await first.append_journal(RECORD.id, [line(0)])
    await first.close()
    second = await open_store(url)
    assert await second.session(RECORD.id) == RECORD
    await second.append_journal(RECORD.id, [line(1)])
    assert await second.journal(RECORD.id) == [line(0), line(1)]
    await second.close()


async def test_two_stores_write_the_same_file(url: str) -> None:
    """Two processes' worth of writers: all sessions arrive, and each journal line is won by exactly one of them."""
    stores = [await open_store(url), await open_store(url)]
    await stores[0].create_session(RECORD)

    async def create(number: int) -> None:
        record = RECORD.with_(id=f"session-{number}", secret_hash=f"{number + 1:064}")
        await stores[number % 2].create_session(record)

    async def append(store: SqlStore, sequence: int) -> bool:
        try:
            await store.append_journal(RECORD.id, [line(sequence)])
        except ValueError:
            return False
        return True

    async with asyncio.timeout(30):
        await asyncio.gather(*(create(number) for number in range(40)))
        for sequence in range(10):
            assert sorted(await asyncio.gather(*(append(store, sequence) for store in stores))) == [False, True]
    assert None not in [await stores[0].session(f"session-{number}") for number in range(40)]
    assert len(await stores[1].journal(RECORD.id)) == 10
    for store in stores:
        await store.close()


async def test_only_one_of_two_finishes_counts(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    await stores[0].create_session(RECORD)
    results = await asyncio.gather(
        stores[0].finish_session(RECORD.id, [line(0)], status="complete", reason="end", report={}, finished_at=1),
        stores[1].finish_session(RECORD.id, [line(0)], status="incomplete", reason="silence", report={}, finished_at=2),
    )
    assert results[0] == results[1] == await stores[0].session(RECORD.id)
    for store in stores:
        await store.close()


async def test_errors_and_logs_quote_no_stored_values(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    store = await open_store(url)
    await store.create_session(RECORD)
    with pytest.raises(Exception, match=r"(?i)unique") as refused:
        await store.create_session(RECORD.with_(id="other", settings={"name": "Robin Example"}))
    assert "Robin" not in str(refused.value)
    assert "Robin" not in caplog.text
    await store.close()


async def test_a_locked_database_is_named_in_bounded_time(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 50)
    store = await open_store(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match=r"visavis\.db stayed locked for 50 ms"):
        await store.create_session(RECORD)
    other.execute("ROLLBACK")
    other.close()
    await store.create_session(RECORD)
    await store.close()


async def test_a_connection_that_was_cut_costs_nobody_a_session(postgres_url: str, postgres: PostgresProgram) -> None:
    store = await open_store(postgres_url)
    await asyncio.gather(*(store.session("none") for _ in range(5)))
    postgres.cut_connections(postgres_url)
    await asyncio.sleep(0.05)  # the loop of a server is never so busy that it does not see closed sockets
    await store.create_session(RECORD)
    assert await store.session(RECORD.id) == RECORD
    await store.close()


async def test_a_rested_connection_that_was_cut_in_silence_is_found(
    postgres_url: str, postgres: PostgresProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PING_AFTER_SECONDS", 0.0)
    store = await open_store(postgres_url)
    await asyncio.gather(*(store.session("none") for _ in range(5)))
    postgres.cut_connections(postgres_url)  # nothing has run since, so the driver does not know yet
    await store.create_session(RECORD)
    assert await store.session(RECORD.id) == RECORD
    await store.close()


async def test_a_full_disk_is_named(sqlite_url: str) -> None:
    store = await open_store(sqlite_url)
    event.listen(
        store.database._engine.sync_engine,
        "begin",
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"),
    )
    with pytest.raises(StorageError, match=r"no room left.*visavis\.db"):
        await store.create_session(RECORD.with_(settings={"long": "x" * 100_000}))
    await store.close()


async def test_a_cancelled_writer_blocks_nobody(store: SqlStore) -> None:
    """Tasks of a session may be cancelled at any await; the write lock must come free and nothing be half done."""
    await store.create_session(RECORD)
    for steps in range(30):
        task = asyncio.create_task(
            store.finish_session(RECORD.id, [line(0)], status="complete", reason="end", report={}, finished_at=1)
        )
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        async with asyncio.timeout(5):
            record = await store.update_session(RECORD.id, reason=str(steps))
            lines = await store.journal(RECORD.id)
        assert (record.status == "complete") == (lines == [line(0)])
