"""Numbers over many sessions, kept for a while."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import delete

from rtc_server.insight.fleet import KEPT_MS, MAX_HOURS, MAX_KEPT, Fleet
from rtc_server.insight.tally import HOUR_MS
from rtc_server.storage.facts import SqlFactStore
from rtc_server.storage.ports import Scope, SessionFacts
from rtc_server.storage.schema import session_facts
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.stage import eventually
from tests.insight.sessions import MINUTE_MS, end_session
from tests.storage.records import START_MS

ALL = Scope(("*",))


class CountingStore(SqlFactStore):
    """Counts how often it is read through."""

    readings = 0

    async def facts(self, scope: Scope, from_ms: int, to_ms: int) -> AsyncIterator[Sequence[SessionFacts]]:
        self.readings += 1
        async for batch in super().facts(scope, from_ms, to_ms):
            yield batch


class Clock:
    now_ms = START_MS + 30 * MINUTE_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url)
    yield stores
    await stores.close()


async def test_numbers_are_those_of_the_last_hours_in_production(stores: Stores) -> None:
    await end_session(stores, 1)
    await end_session(stores, 2, finished_at=START_MS - HOUR_MS)
    await end_session(stores, 3, sandbox=True)
    fleet = Fleet(stores.facts, Clock())
    numbers = await fleet.numbers(ALL, 1)
    assert (numbers["sessions"], numbers["hours"], numbers["sandbox"]) == (1, 1, False)
    assert (await fleet.numbers(ALL, 24))["sessions"] == 2
    assert (await fleet.numbers(Scope(("*",), sandbox=True), 24))["sessions"] == 1
    assert (await fleet.numbers(Scope(("other",)), 24))["sessions"] == 0


async def test_many_who_ask_at_once_are_answered_by_one_reading(stores: Stores) -> None:
    store, clock = CountingStore(stores.database), Clock()
    fleet = Fleet(store, clock)
    await asyncio.gather(*(fleet.numbers(ALL, 24) for _ in range(5)))
    assert store.readings == 1
    clock.now_ms += KEPT_MS
    await fleet.numbers(ALL, 24)
    assert store.readings == 2
    clock.now_ms -= HOUR_MS
    await fleet.numbers(ALL, 24)
    assert store.readings == 3, "numbers from the future are none, when somebody has set the clock back"


async def test_what_is_kept_is_bounded(stores: Stores) -> None:
    store = CountingStore(stores.database)
    fleet = Fleet(store, Clock())
    for hours in range(1, MAX_KEPT + 2):
        await fleet.numbers(ALL, hours)
    await fleet.numbers(ALL, MAX_KEPT + 1)
    assert store.readings == MAX_KEPT + 1
    await fleet.numbers(ALL, 1)
    assert store.readings == MAX_KEPT + 2, "the oldest was let go"


@pytest.mark.parametrize("hours", [0, -1, MAX_HOURS + 1])
async def test_hours_out_of_range_are_named(stores: Stores, hours: int) -> None:
    with pytest.raises(ValueError, match=f"hours: write a number from 1 to {MAX_HOURS}"):
        await Fleet(stores.facts, Clock()).numbers(ALL, hours)


async def test_sessions_of_former_versions_are_counted_by_and_by(stores: Stores) -> None:
    for number in range(3):
        await end_session(stores, number)
    async with stores.database.write() as connection:
        await connection.execute(delete(session_facts))
    fleet = Fleet(stores.facts, Clock())
    fleet.start()
    backfilling = fleet._backfilling
    assert backfilling is not None
    await eventually(backfilling.done, "all old sessions are counted", 10)
    assert (await fleet.numbers(ALL, 1))["sessions"] == 3
    await fleet.close()
