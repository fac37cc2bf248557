"""Every change of status leaves exactly one event, in the order in which it happened."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from rtc_server.storage.ports import EventRecord
from rtc_server.storage.schema import events
from rtc_server.storage.sql import SqlStore
from tests.storage.records import START_MS, open_store, session_record


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(database_url)
    yield store
    await store.close()


def statuses(written: list[EventRecord]) -> list[tuple[str, int]]:
    return [(event.data["status"], event.created_at) for event in written if event.type == "session.status"]


async def finish(store: SqlStore, session_id: str, status: str, finished_at: int) -> None:
    await store.finish_session(
        session_id,
        [],
        status=status,  # type: ignore[arg-type]
        reason="end",
        report={},
        finished_at=finished_at,
    )


async def test_a_life_in_events(store: SqlStore) -> None:
    record = session_record(1)
    await store.create_session(record)
    await store.update_session(record.id, status="inProgress", started_at=START_MS + 5)
    await store.update_session(record.id, status="inProgress")
    await store.update_session(record.id, device={"browser": "Firefox"})
    await finish(store, record.id, "complete", START_MS + 9)
    await finish(store, record.id, "complete", START_MS + 10)
    await store.update_session(record.id, status="incomplete")
    written = await store.events(record.id)
    assert statuses(written) == [
        ("created", record.created_at),
        ("inProgress", START_MS + 5),
        ("complete", START_MS + 9),
    ]
    assert {(event.tenant, event.sandbox, event.session_id) for event in written} == {("acme", False, record.id)}
    assert len({event.id for event in written}) == 3


async def test_an_end_by_update_is_dated_by_its_end(store: SqlStore) -> None:
    record = session_record(1, status="inProgress", started_at=START_MS)
    await store.create_session(record)
    await store.update_session(record.id, status="incomplete", finished_at=START_MS + 7)
    assert statuses(await store.events(record.id))[-1] == ("incomplete", START_MS + 7)


async def test_of_many_who_change_a_status_at_once_one_writes_the_event(store: SqlStore) -> None:
    record = session_record(1)
    await store.create_session(record)
    await asyncio.gather(*(store.update_session(record.id, status="inProgress", started_at=n + 1) for n in range(10)))
    await asyncio.gather(*(finish(store, record.id, "complete", START_MS + n) for n in range(10)))
    names = [status for status, _ in statuses(await store.events(record.id))]
    assert names == ["created", "inProgress", "complete"]


async def test_a_creation_that_is_refused_leaves_no_event(store: SqlStore) -> None:
    record = session_record(1)
    await store.create_session(record)
    with pytest.raises(KeyError):
        await store.create_session(record.with_(secret_hash="f" * 64))
    assert len(await store.events(record.id)) == 1


async def test_who_reads_on_misses_nothing_while_many_write(store: SqlStore) -> None:
    record = session_record(1)
    await store.create_session(record)
    writers = [
        asyncio.create_task(store.add_event(record, "media.screenshot", {"number": n}, START_MS + n)) for n in range(40)
    ]
    read = await store.events(record.id)
    async with asyncio.timeout(60):
        while len(read) < 41:
            read += await store.events(record.id, read[-1].sequence, limit=7)
            await asyncio.sleep(0)
        await asyncio.gather(*writers)
    assert [event.sequence for event in read] == sorted({event.sequence for event in read})
    assert {event.data["number"] for event in read[1:]} == set(range(40))


async def test_listeners_hear_of_commits_until_they_leave(store: SqlStore) -> None:
    heard: list[int] = []
    leave = store.outbox.on_news(lambda: heard.append(1))
    await store.create_session(session_record(1))
    await store.update_session("session-00001", reason="")
    assert len(heard) == 1, "only what wrote an event"
    await store.update_session("session-00001", status="inProgress")
    assert len(heard) == 2
    leave()
    await store.create_session(session_record(2))
    assert len(heard) == 2


async def test_a_place_beyond_the_last_number_is_empty(store: SqlStore) -> None:
    await store.create_session(session_record(1))
    assert await store.events("session-00001", after_sequence=10**30) == []


async def test_no_number_is_given_twice_even_after_a_removal(store: SqlStore) -> None:
    """Whoever reads on from the last number would miss the event that got it again."""
    await store.create_session(session_record(1))
    last = (await store.events("session-00001"))[-1].sequence
    async with store.database.write() as connection:
        await connection.execute(delete(events))
    await store.create_session(session_record(2))
    assert (await store.events("session-00002"))[0].sequence > last
