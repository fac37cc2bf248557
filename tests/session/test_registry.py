"""Admission: who gets a place, when it is free again, and what a page is told otherwise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.api.ports import CallError, Candidate, Visitor
from rtc_server.rtc.messages import Caption, Finished, Text
from tests.fakes.stage import OFFER, Stage, eventually, open_stage
from tests.scores.flows import name_flow
from tests.session.conftest import NAME, OUTCOMES

CANDIDATE = Candidate("candidate:1 1 udp 1 192.0.2.7 5000 typ host", "0", 0)


@pytest.fixture
async def narrow(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage with room for one session."""
    async with open_stage(tmp_path, OUTCOMES, max_sessions=1) as opened:
        yield opened


async def test_one_too_many_is_told_when_to_come_back(narrow: Stage) -> None:
    first, second = await narrow.create(name_flow()), await narrow.create(name_flow())
    peer = await narrow.join(first)
    assert narrow.registry.obstacles() == ("all places are taken",)
    with pytest.raises(CallError) as refusal:
        await narrow.dial(second)
    assert (refusal.value.code, refusal.value.status) == ("busy", 503)
    assert refusal.value.retry_after == 15.0
    await narrow.dial(first)  # the session that has the place may always redial
    await peer.close()
    narrow.peers[-1].state = peer.state
    await narrow.registry.leave(first.id, None)
    await narrow.ended(first)
    await narrow.join(second)


async def test_places_are_not_overbooked_by_offers_at_the_same_moment(narrow: Stage) -> None:
    records = [await narrow.create(name_flow()) for _ in range(5)]
    results = await asyncio.gather(*(narrow.dial(record) for record in records), return_exceptions=True)
    refusals = [result for result in results if isinstance(result, CallError)]
    assert [refusal.code for refusal in refusals] == ["busy"] * 4
    assert narrow.registry.running == 1


async def test_two_offers_of_one_session_at_the_same_moment_make_one_session(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await asyncio.gather(
        stage.registry.offer(record, "a", OFFER, Visitor()), stage.registry.offer(record, "b", OFFER, Visitor())
    )
    assert stage.registry.running == 1
    assert stage.registry.holds(record.id, "b")


async def test_a_refused_offer_takes_no_place(stage: Stage) -> None:
    record = await stage.create(name_flow())
    with pytest.raises(CallError) as refusal:
        await stage.registry.offer(record, "page", "hello", Visitor())
    assert (refusal.value.code, refusal.value.status) == ("invalid_sdp", 400)
    assert stage.registry.running == 0
    await stage.join(record)


async def test_a_page_that_never_connects_takes_no_place(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.dial(record)
    peer.lose()
    await eventually(lambda: stage.registry.running == 0, "the place is free")
    stored = await stage.store.session(record.id)
    assert stored is not None
    assert stored.status == "inProgress"
    again = await stage.join(record)
    again.send_message(Text(NAME))
    assert await again.receives(Finished) == Finished("complete", "end")


async def test_a_page_that_dials_again_before_it_connected_keeps_the_session(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await stage.dial(record)
    again = await stage.join(record)
    again.send_message(Text(NAME))
    assert await again.receives(Finished) == Finished("complete", "end")


async def test_a_page_that_dials_while_an_earlier_one_is_lost_begins_the_session(stage: Stage) -> None:
    record = await stage.create(name_flow())
    first = await stage.dial(record)
    stage.hold_answers.clear()
    offer = asyncio.create_task(stage.registry.offer(record, "page-2", OFFER, Visitor()))
    await eventually(lambda: len(stage.peers) == 2, "the offer is being answered")
    first.lose()
    await eventually(lambda: stage.registry.running == 0, "the session is put aside")
    stage.hold_answers.set()
    await offer
    await stage.peers[-1].connect()
    stage.peers[-1].send_message(Text(NAME))
    assert await stage.peers[-1].receives(Finished) == Finished("complete", "end")


async def test_an_offer_that_the_caller_gives_up_takes_no_place(stage: Stage) -> None:
    record = await stage.create(name_flow())
    stage.hold_answers.clear()
    offer = asyncio.create_task(stage.registry.offer(record, "page", OFFER, Visitor()))
    await eventually(lambda: len(stage.peers) == 1, "the offer is being answered")
    offer.cancel()
    await asyncio.gather(offer, return_exceptions=True)
    assert stage.registry.running == 0


async def test_an_offer_that_is_answered_after_the_end_is_refused_and_its_peer_closed(stage: Stage) -> None:
    record = await stage.create(name_flow())
    first = await stage.join(record)
    stage.hold_answers.clear()
    offer = asyncio.create_task(stage.registry.offer(record, "page-2", OFFER, Visitor()))
    await eventually(lambda: len(stage.peers) == 2, "the offer is being answered")
    first.send_message(Text(NAME))
    await stage.ended(record)
    stage.hold_answers.set()
    with pytest.raises(CallError) as refusal:
        await offer
    assert (refusal.value.code, refusal.value.status) == ("session_finished", 409)
    assert stage.peers[1].state == "closed"


async def test_an_ended_session_cannot_be_joined(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.join(record)
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    await stage.ended(record)
    with pytest.raises(CallError) as refusal:
        await stage.dial(record)
    assert (refusal.value.code, refusal.value.status) == ("session_finished", 409)


async def test_candidates_reach_the_peer_that_they_are_for(stage: Stage) -> None:
    record = await stage.create(name_flow())
    first_id, _ = await stage.registry.offer(record, "page", OFFER, Visitor())
    second_id, _ = await stage.registry.offer(record, "page", OFFER, Visitor())
    assert first_id != second_id
    await stage.registry.candidates(record.id, first_id, [CANDIDATE])
    await stage.registry.candidates(record.id, second_id, [CANDIDATE])
    await stage.registry.candidates("unknown", "unknown", [CANDIDATE])
    assert [len(peer.candidates) for peer in stage.peers] == [0, 1]
    assert stage.peers[1].candidates[0]["sdpMid"] == "0"


async def test_peer_ids_are_never_used_twice(stage: Stage) -> None:
    record = await stage.create(name_flow())
    seen = {(await stage.registry.offer(record, "page", OFFER, Visitor()))[0] for _ in range(3)}
    await stage.peers[-1].connect()
    await stage.registry.close()
    stage.registry = stage.new_registry()
    seen |= {(await stage.registry.offer(record, "page", OFFER, Visitor()))[0] for _ in range(3)}
    assert len(seen) == 6


async def test_leaving_by_http(stage: Stage) -> None:
    record = await stage.create(name_flow())
    stale, _ = await stage.registry.offer(record, "page", OFFER, Visitor())
    peer = await stage.join(record)
    await peer.receives(Caption)
    await stage.registry.leave(record.id, stale)  # a page that was replaced
    assert stage.registry.running == 1
    await stage.registry.leave(record.id, None)
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("incomplete", "cancelled")


async def test_leaving_a_session_that_nobody_opened(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await stage.registry.leave(record.id, None)
    assert (await stage.ended(record)).reason == "cancelled"
    await stage.registry.leave(record.id, None)
    await stage.registry.leave("unknown", None)


async def test_a_closing_server_takes_nobody(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await stage.registry.close()
    assert stage.registry.obstacles() == ("the server is shutting down",)
    with pytest.raises(CallError) as refusal:
        await stage.dial(record)
    assert refusal.value.status == 503
