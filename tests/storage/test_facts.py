"""Facts of ended sessions, on both databases."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from rtc_server.storage import facts as facts_module
from rtc_server.storage.ports import FactCounts, JournalLine, Owner, Place, Scope, SessionFacts
from rtc_server.storage.schema import session_facts
from rtc_server.storage.stores import Stores, open_stores
from tests.insight.sessions import MINUTE_MS, end_session, ended_record, node, report
from tests.storage.records import START_MS

ALL = Scope(("*",))
END = START_MS + 10 * MINUTE_MS


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url)
    yield stores
    await stores.close()


async def all_facts(stores: Stores, scope: Scope = ALL, from_ms: int = 0, to_ms: int = END) -> list[SessionFacts]:
    return [facts async for batch in stores.facts.facts(scope, from_ms, to_ms) for facts in batch]


async def test_a_session_is_counted_in_the_transaction_that_ends_it(stores: Stores) -> None:
    made = report(node("hello", "conversation", "live", 5), verdict={"reasons": ["session_incomplete"]})
    entered = ("live", "liveness_detection")
    session_id = await end_session(stores, status="incomplete", reason="abandoned", report=made, entered=entered)
    (facts,) = await all_facts(stores)
    assert facts.session_id == session_id
    assert facts.path == (("hello", "conversation"), ("live", "liveness_detection"))
    assert facts.node_seconds == [5.0]
    assert facts.failures == ("ended:abandoned",)
    assert (facts.browser, facts.mobile) == ("Safari", True)


async def test_the_last_node_is_found_however_much_came_after_it(stores: Stores) -> None:
    lines = [JournalLine(0, 0.0, {}, [{"type": "Enter", "node_id": "deep", "node_type": "conversation"}])]
    lines += [JournalLine(number, float(number), {}, []) for number in range(1, 140)]
    wanted = ended_record()
    await stores.sessions.create_session(wanted.with_(status="created", reason="", finished_at=None))
    await stores.sessions.update_session(wanted.id, status="inProgress", started_at=START_MS)
    end = {"status": "incomplete", "reason": "silence", "report": report(), "finished_at": START_MS + MINUTE_MS}
    await stores.sessions.finish_session(wanted.id, lines, **end)  # type: ignore[arg-type]
    (facts,) = await all_facts(stores)
    assert facts.path == (("deep", "conversation"),)


async def test_a_session_that_nobody_opened_counts_as_expired(stores: Stores) -> None:
    record = ended_record(1).with_(status="created", reason="", started_at=None, finished_at=None, device=None)
    await stores.sessions.create_session(record)
    assert await stores.lifecycle.expire_unused(END * 2, 0) == 1
    (facts,) = await all_facts(stores, to_ms=END * 3)
    assert facts.result == "expired"


async def test_batches_miss_nothing_and_repeat_nothing_at_one_moment(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_module, "ROWS_AT_ONCE", 5)
    monkeypatch.setattr(facts_module, "BATCH", 2)
    for number in range(12):
        await end_session(stores, number)
    batches = [batch async for batch in stores.facts.facts(ALL, 0, END)]
    assert [len(batch) for batch in batches] == [2, 2, 1, 2, 2, 1, 2]
    assert len({facts.session_id for batch in batches for facts in batch}) == 12


async def test_only_what_the_scope_holds_is_seen(stores: Stores) -> None:
    await end_session(stores, 1, tenant="acme")
    await end_session(stores, 2, tenant="acme", sandbox=True)
    await end_session(stores, 3, tenant="other")

    async def seen(scope: Scope) -> int:
        return len(await all_facts(stores, scope))

    assert await seen(Scope(("*",))) == 3
    assert await seen(Scope(("acme",))) == 2
    assert await seen(Scope(("acme",), sandbox=False)) == 1
    assert await seen(Scope(("acme", "other"), sandbox=False)) == 2
    assert await seen(Scope(())) == 0


async def test_the_end_of_a_span_is_not_in_it(stores: Stores) -> None:
    await end_session(stores, finished_at=START_MS + MINUTE_MS)
    assert len(await all_facts(stores, from_ms=START_MS + MINUTE_MS)) == 1
    assert await all_facts(stores, to_ms=START_MS + MINUTE_MS) == []


async def test_counts_by_owner(stores: Stores) -> None:
    attack = report(node("live", "liveness_detection", "deepfakeDetected", 5, verdict="attack"))
    await end_session(stores, 1, report=attack)
    await end_session(stores, 2)
    await end_session(stores, 3, status="incomplete", reason="error")
    await end_session(stores, 4, tenant="other", sandbox=True)
    assert await stores.facts.counts(START_MS, END) == {
        Owner("acme", sandbox=False): FactCounts(sessions=3, failed=2, attacked=1, provider_failed=1),
        Owner("other", sandbox=True): FactCounts(sessions=1, failed=0, attacked=0, provider_failed=0),
    }
    assert await stores.facts.counts(END, END + 1) == {}


async def test_quiet_sessions_are_those_whose_journal_stands_still(stores: Stores) -> None:
    for number, heard_at in ((1, 30.0), (2, 500.0), (3, None)):
        record = ended_record(number).with_(status="created", reason="", started_at=None, finished_at=None)
        await stores.sessions.create_session(record)
        await stores.sessions.update_session(record.id, status="inProgress", started_at=START_MS)
        if heard_at is not None:
            await stores.sessions.append_journal(record.id, [JournalLine(0, heard_at, {}, [])])
    quiet = await stores.facts.quiet(START_MS + 5 * MINUTE_MS)
    assert [(session.session_id, session.heard_at - START_MS) for session in quiet] == [
        ("session-00003", 0),
        ("session-00001", 30_000),
    ]


async def test_sessions_of_former_versions_are_counted_later_and_once(stores: Stores) -> None:
    for number in range(3):
        await end_session(stores, number)
    async with stores.database.write() as connection:
        await connection.execute(delete(session_facts))
    newest = await stores.facts.uncounted(Place(END, ""), limit=2)
    assert [place.session_id for place in newest] == ["session-00002", "session-00001"]
    (oldest,) = await stores.facts.uncounted(newest[-1], limit=2)
    ids = [place.session_id for place in (*newest, oldest)]
    await asyncio.gather(*(stores.facts.count_sessions(ids) for _ in range(3)))
    assert len(await all_facts(stores)) == 3
    assert await stores.facts.uncounted(Place(END, "")) == []


async def test_redaction_forgets_with_what_somebody_came_and_deletion_forgets_all(stores: Stores) -> None:
    session_id = await end_session(stores)
    owner = Owner("acme", sandbox=False)
    await stores.lifecycle.redact(session_id, owner, END, "request")
    (facts,) = await all_facts(stores)
    assert (facts.browser, facts.system, facts.mobile) == ("", "", None)
    assert facts.result == "verified"
    await stores.lifecycle.delete(session_id, owner, END, "request")
    assert await all_facts(stores) == []
