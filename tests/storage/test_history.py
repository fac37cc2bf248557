"""Sessions as staff look for them: pages over tenants, filters, and what an account may not see."""

from collections.abc import AsyncIterator

import pytest

from rtc_server.storage.history import SqlHistoryStore
from rtc_server.storage.ports import HistoryQuery, Scope
from rtc_server.storage.sql import SqlStore
from tests.storage.records import START_MS, open_store, session_record

EVERYTHING = Scope(("*",))
ACME = Scope(("acme",), False)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(database_url)
    for number in range(6):
        await store.create_session(session_record(number, client_reference_id=f"customer-{number}"))
    await store.create_session(session_record(90, tenant="other"))
    await store.create_session(session_record(91, sandbox=True))
    yield store
    await store.close()


@pytest.fixture
def history(store: SqlStore) -> SqlHistoryStore:
    return SqlHistoryStore(store.database)


async def ids(history: SqlHistoryStore, **query: object) -> list[str]:
    entries = await history.history(HistoryQuery(**({"scope": ACME} | query)))  # type: ignore[arg-type]
    return [entry.id for entry in entries]


async def test_the_newest_come_first_and_pages_do_not_overlap(history: SqlHistoryStore) -> None:
    first = await ids(history, limit=4)
    rest = await ids(history, limit=4, cursor=first[-1])
    assert first + rest == [f"session-{number:05}" for number in range(5, -1, -1)]
    assert await ids(history, limit=4, cursor=rest[-1]) == []


async def test_only_what_the_scope_holds_is_found(history: SqlHistoryStore) -> None:
    assert len(await ids(history, scope=EVERYTHING)) == 8
    assert await ids(history, scope=Scope(("other",))) == ["session-00090"]
    assert await ids(history, scope=Scope(("acme",), True)) == ["session-00091"]
    assert await ids(history, scope=Scope(())) == []


async def test_one_session_is_found_only_within_the_scope(history: SqlHistoryStore) -> None:
    found = await history.session_of(ACME, "session-00003")
    assert found is not None
    assert found.client_reference_id == "customer-3"
    assert await history.session_of(ACME, "session-00090") is None
    assert await history.session_of(ACME, "session-00091") is None
    assert await history.session_of(EVERYTHING, "nobody") is None


async def test_words_are_looked_for_and_by_some_in_ids_alone(history: SqlHistoryStore) -> None:
    assert await ids(history, search="customer-2") == ["session-00002"]
    assert await ids(history, search="customer-2", ids_only=True) == []
    assert await ids(history, search="00002", ids_only=True) == ["session-00002"]
    assert await ids(history, search="%") == []


async def test_filters_by_status_time_and_result(store: SqlStore, history: SqlHistoryStore) -> None:
    report = {"transcript": [], "nodeReports": [], "lang": "en", "isVerified": True}
    await store.update_session("session-00001", status="inProgress", started_at=START_MS)
    await store.finish_session(
        "session-00001", [], status="complete", reason="end", report=report, finished_at=START_MS + 60_000
    )
    assert await ids(history, status="complete") == ["session-00001"]
    assert await ids(history, result="verified") == ["session-00001"]
    assert await ids(history, result="incomplete") == []
    assert await ids(history, created_from=START_MS + 4_000) == ["session-00005", "session-00004"]
    assert await ids(history, created_to=START_MS + 1_000) == ["session-00001", "session-00000"]
    (entry,) = await history.entries_of(ACME, ["session-00001", "session-00090"])
    assert (entry.status, entry.result, entry.reason) == ("complete", "verified", "end")


async def test_a_cursor_that_is_gone_begins_anew(history: SqlHistoryStore) -> None:
    assert (await ids(history, cursor="gone"))[0] == "session-00005"
