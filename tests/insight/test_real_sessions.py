"""What real sessions leave for those who look at many: facts with the node where they ended, and reviews."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.rtc.messages import Caption, Leave
from rtc_server.session import session
from rtc_server.session.agents import AgentRef
from rtc_server.storage.ports import Scope, SessionFacts
from tests.fakes.stage import Stage, open_stage
from tests.scores.flows import strict_flow

ALL = Scope(("*",))
MARA = AgentRef("stf_mara", "Mara")
FOREVER_MS = 10**14


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(session, "FAREWELL_SECONDS", 0.0)
    async with open_stage(tmp_path, {}) as opened:
        yield opened


async def facts_of_all(stage: Stage) -> list[SessionFacts]:
    return [facts async for batch in stage.stores.facts.facts(ALL, 0, FOREVER_MS) for facts in batch]


async def test_somebody_who_leaves_is_counted_where_they_stood(stage: Stage) -> None:
    record = await stage.create(strict_flow())
    peer = await stage.join(record)
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    peer.send_message(Leave())
    ended = await stage.ended(record)
    (facts,) = await facts_of_all(stage)
    assert (facts.result, facts.failures) == ("incomplete", (f"ended:{ended.reason}",))
    assert facts.path == (("ask", "conversation"),)
    assert facts.node_seconds == []
    assert await stage.stores.reviews.reviews(ALL, ["open"]) == []


async def test_what_an_agent_forced_is_looked_at_by_somebody_else(stage: Stage) -> None:
    record = await stage.create(strict_flow())
    peer = await stage.join(record)
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    running = stage.registry.session(record.id)
    assert running is not None
    running.agents.came(MARA)
    running.agents.force(MARA, "ask", "yes")
    await stage.ended(record)
    (facts,) = await facts_of_all(stage)
    assert facts.path == (("ask", "conversation"), ("end", "end"))
    assert len(facts.node_seconds) == 1
    (review,) = await stage.stores.reviews.reviews(ALL, ["open"])
    assert (review.session_id, review.causes) == (record.id, ("forced_by_agent",))
