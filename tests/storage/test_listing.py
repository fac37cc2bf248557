"""Pages of sessions: every filter and order, ties, and what happens between two pages."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from rtc_server.storage.ports import Owner, SessionQuery, SessionRecord, Status
from rtc_server.storage.sql import SqlStore
from tests.storage.records import START_MS, open_store, session_record

ACME = Owner("acme", sandbox=False)
STATUSES: tuple[Status, ...] = ("created", "inProgress", "complete", "incomplete")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(database_url)
    yield store
    await store.close()


def twelve() -> Iterator[SessionRecord]:
    """Three of each status; creation and end in threes at the same millisecond."""
    for number in range(12):
        status = STATUSES[number % 4]
        yield session_record(
            number,
            created_at=START_MS + number // 3,
            status=status,
            finished_at=START_MS + 100 - number // 5 if status in ("complete", "incomplete") else None,
        )


async def fill(store: SqlStore) -> list[SessionRecord]:
    records = list(twelve())
    for record in records:
        await store.create_session(record)
    await store.create_session(session_record(90, tenant="other"))
    await store.create_session(session_record(91, sandbox=True))
    return records


async def walk(store: SqlStore, limit: int, **query: Any) -> list[str]:
    """All pages, one after the other."""
    found: list[str] = []
    cursor = ""
    while True:
        page = await store.sessions(SessionQuery(ACME, limit=limit, cursor=cursor, **query))
        assert len(page.sessions) <= limit
        found += [record.id for record in page.sessions]
        if not page.has_more:
            return found
        assert len(page.sessions) == limit
        cursor = found[-1]


def place(record: SessionRecord, sort_by: str) -> tuple[Any, ...]:
    """Where the record should stand in ascending order."""
    if sort_by == "createdAt":
        return record.created_at, record.id
    if sort_by == "finishedAt":
        return record.finished_at is not None, record.finished_at or 0, record.id
    return STATUSES.index(record.status), record.created_at, record.id


@pytest.mark.parametrize("sort_by", ["createdAt", "finishedAt", "status"])
async def test_pages_of_any_size_give_every_session_once_in_order(store: SqlStore, sort_by: Any) -> None:
    records = await fill(store)
    for descending in (True, False):
        expected = [r.id for r in sorted(records, key=lambda r: place(r, sort_by), reverse=descending)]
        for limit in (1, 2, 3, 5, 11, 12, 100):
            assert await walk(store, limit, sort_by=sort_by, descending=descending) == expected


@pytest.mark.parametrize("sort_by", ["createdAt", "finishedAt", "status"])
async def test_filters_hold_in_every_order(store: SqlStore, sort_by: Any) -> None:
    records = await fill(store)
    asked: tuple[Status, ...] = ("incomplete", "created")
    expected = {r.id for r in records if r.status in asked and START_MS + 1 <= r.created_at <= START_MS + 2}
    assert len(expected) == 4
    found = await walk(store, 2, sort_by=sort_by, statuses=asked, from_date=START_MS + 1, to_date=START_MS + 2)
    assert set(found) == expected


async def test_the_total_counts_what_the_filters_let_through(store: SqlStore) -> None:
    await fill(store)
    page = await store.sessions(SessionQuery(ACME, limit=2, statuses=("complete",), include_total=True))
    assert page.total == 3
    assert page.has_more
    assert (await store.sessions(SessionQuery(ACME, limit=2))).total is None


async def test_a_limit_of_nothing_still_says_whether_there_is_something(store: SqlStore) -> None:
    page = await store.sessions(SessionQuery(ACME, limit=0))
    assert page.sessions == []
    assert not page.has_more
    await fill(store)
    page = await store.sessions(SessionQuery(ACME, limit=0))
    assert page.sessions == []
    assert page.has_more


async def test_sessions_that_come_between_two_pages_move_nothing(store: SqlStore) -> None:
    await fill(store)
    before = await walk(store, 100)
    first = await store.sessions(SessionQuery(ACME, limit=4))
    await store.create_session(session_record(50))
    await store.create_session(session_record(0, id="session-00000-b", secret_hash="b" * 64, created_at=START_MS))
    second = await store.sessions(SessionQuery(ACME, limit=100, cursor=first.sessions[-1].id))
    seen = [record.id for record in first.sessions + second.sessions]
    assert [session_id for session_id in seen if session_id in before] == before


async def test_a_cursor_whose_status_changed_still_leads_on(store: SqlStore) -> None:
    await fill(store)
    query = SessionQuery(ACME, limit=1, sort_by="status", descending=False, statuses=("created", "complete"))
    first = (await store.sessions(query)).sessions[0]
    await store.update_session(first.id, status="inProgress")
    rest = await walk(store, 100, sort_by="status", descending=False, statuses=("complete",))
    query = SessionQuery(ACME, 100, first.id, sort_by="status", descending=False, statuses=("created", "complete"))
    assert [record.id for record in (await store.sessions(query)).sessions] == rest


async def test_a_cursor_of_nobody_or_of_others_is_refused(store: SqlStore) -> None:
    await fill(store)
    for cursor in ("unknown", "session-00090", "session-00091", "\0", "\ud800"):
        with pytest.raises(KeyError):
            await store.sessions(SessionQuery(ACME, cursor=cursor))


async def test_reference_and_flow_are_exact(store: SqlStore) -> None:
    await store.create_session(session_record(1, client_reference_id="Order 7", flow_id="flow_a"))
    await store.create_session(session_record(2, client_reference_id="order 7", flow_id="flow_b"))
    await store.create_session(session_record(3, client_reference_id="x\0\ud83dü"))
    assert await walk(store, 10, client_reference_id="Order 7") == ["session-00001"]
    assert await walk(store, 10, client_reference_id="x\0\ud83dü") == ["session-00003"]
    assert await walk(store, 10, flow_id="flow_b") == ["session-00002"]
    assert await walk(store, 10, client_reference_id="Order") == []


@pytest.mark.parametrize("text", ["GOLD", "ÜBER", "100 %", "a_b", "a/b", "session-00001", "my ref", '"tier": "gold"'])
async def test_search_finds_text_as_it_is_written(store: SqlStore, text: str) -> None:
    metadata = {"tier": "gold", "note": "über 100 % a_b a/b"}
    await store.create_session(
        session_record(
            1, client_reference_id="My Ref", settings={"metadata": metadata, "providedData": {"name": "Maria"}}
        )
    )
    await store.create_session(session_record(2, settings={"metadata": {"note": "silver 100 x, acb, a-b"}}))
    assert await walk(store, 10, search=text) == ["session-00001"]
    assert await walk(store, 10, search="maria") == [], "only metadata, id and reference are searched"


async def test_dates_beyond_the_end_of_time_are_no_error(store: SqlStore) -> None:
    await fill(store)
    assert len(await walk(store, 100, from_date=-(10**30), to_date=10**30)) == 12
    assert await walk(store, 100, from_date=10**30) == []


async def test_a_page_reads_no_journal(store: SqlStore) -> None:
    await fill(store)
    statements: list[str] = []
    engine = store.database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *rest: statements.append(statement))
    await walk(store, 100, include_total=True)
    assert statements
    assert not [statement for statement in statements if "journal" in statement or "events" in statement]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"descending": False},
        {"sort_by": "finishedAt"},
        {"sort_by": "status"},
        {"statuses": ("complete",)},
        {"flow_id": "f"},
        {"client_reference_id": "r"},
        {"from_date": START_MS, "to_date": START_MS + 1},
    ],
)
async def test_a_page_is_read_along_an_index(tmp_path: Path, query: Any) -> None:
    """Neither looks at every session nor sorts them."""
    store = await open_store(f"sqlite:///{tmp_path / 'visavis.db'}")
    await fill(store)
    executed: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        executed.append((statement, values))

    event.listen(store.database._engine.sync_engine, "before_cursor_execute", note)
    await store.sessions(SessionQuery(ACME, cursor="session-00006", **query))
    await store.close()
    with sqlite3.connect(tmp_path / "visavis.db") as connection:
        plans = [
            str(step[3])
            for statement, values in executed
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN") or "TEMP B-TREE" in plan] == []
