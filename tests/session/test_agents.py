"""Support agents in a running session: what the person is told and hears, what stands in the report afterwards."""

import pytest

from rtc_server.rtc.messages import Agent, Caption, Leave, Text
from rtc_server.session.agents import LONGEST_LINE, AgentError, AgentRef
from rtc_server.session.session import Session
from rtc_server.storage.ports import SessionRecord
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.scores.flows import name_flow, strict_flow

MARA = AgentRef("stf_mara", "Mara")
TWO = AgentRef("stf_two", "Two")
PACKET = b"\xf8\xff\xfe"


async def asked(peer: FakePeer) -> None:
    """The avatar has come to the end of a line."""
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)


async def running(stage: Stage) -> tuple[SessionRecord, FakePeer, Session]:
    record = await stage.create(strict_flow())
    peer = await stage.join(record)
    await asked(peer)
    session = stage.registry.session(record.id)
    assert session is not None
    return record, peer, session


async def test_the_person_is_told_who_watches_and_when_they_go(stage: Stage) -> None:
    _, peer, session = await running(stage)
    session.agents.came(MARA)
    assert await peer.receives(Agent, lambda agent: agent.mode == "watching") == Agent("watching", "Mara")
    session.agents.came(MARA)
    session.agents.went(MARA.id)
    await peer.receives(Agent, lambda agent: agent.mode == "none")
    assert len(peer.received(Agent)) == 3  # the greeting of a page that connects is the first


async def test_a_page_that_comes_back_is_told_again(stage: Stage) -> None:
    record, _, session = await running(stage)
    session.agents.came(MARA)
    again = await stage.join(record)
    assert await again.receives(Agent) == Agent("watching", "Mara")


async def test_a_line_is_spoken_by_the_avatar(stage: Stage) -> None:
    _, peer, session = await running(stage)
    session.agents.came(MARA)
    session.agents.write(MARA, "  Take\n your time. ")
    heard = await peer.receives(Caption, lambda caption: caption.text == "Take your time." and caption.final)
    assert heard.speaker == "avatar"


async def test_the_person_hears_the_agent_and_then_the_question_again(stage: Stage) -> None:
    record, peer, session = await running(stage)
    session.agents.came(MARA)
    session.agents.take_over(MARA)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    session.agents.speak(TWO.id, b"of nobody")
    session.agents.speak(MARA.id, PACKET)
    assert peer.audio_out.relayed == [PACKET]
    before = len(peer.received(Caption))
    session.agents.hand_back(MARA)
    await eventually(lambda: not peer.audio_out.relaying, "the avatar did not get the floor back")
    await eventually(lambda: len(peer.received(Caption)) > before, "the question was not asked again")
    peer.send_message(Leave())
    report = (await stage.ended(record)).report
    (agent,) = report["agents"]
    assert (agent["name"], len(agent["tookOver"])) == ("Mara", 1)
    assert agent["tookOver"][0]["to"] >= agent["tookOver"][0]["from"]


async def test_a_new_peer_of_the_person_is_relayed_to_as_well(stage: Stage) -> None:
    record, peer, session = await running(stage)
    session.agents.came(MARA)
    session.agents.take_over(MARA)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    again = await stage.join(record)
    session.agents.speak(MARA.id, PACKET)
    assert again.audio_out.relayed == [PACKET]


async def test_while_an_agent_talks_nothing_is_judged(stage: Stage) -> None:
    record, peer, session = await running(stage)
    session.agents.came(MARA)
    session.agents.take_over(MARA)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    peer.send_message(Text("bananas"))
    await peer.receives(Caption, lambda caption: caption.speaker == "user" and caption.text == "bananas")
    session.agents.end(MARA)
    report = (await stage.ended(record)).report
    assert "bananas" in [phrase["text"] for phrase in report["transcript"]]
    assert not any(line.event.get("type") == "Evaluated" for line in await stage.store.journal(record.id))


async def test_two_agents_at_once(stage: Stage) -> None:
    _, _, session = await running(stage)
    session.agents.came(MARA)
    session.agents.came(TWO)
    session.agents.take_over(MARA)
    for act in (
        lambda: session.agents.take_over(TWO),
        lambda: session.agents.write(TWO, "hello"),
        lambda: session.agents.skip(TWO),
    ):
        with pytest.raises(AgentError, match="Mara talks") as refused:
            act()
        assert refused.value.code == "held_by_another"
    with pytest.raises(AgentError) as refused:
        session.agents.hand_back(TWO)
    assert refused.value.code == "not_holding"


async def test_an_agent_who_vanishes_hands_back(stage: Stage) -> None:
    _, peer, session = await running(stage)
    session.agents.came(MARA)
    session.agents.take_over(MARA)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    session.agents.went(MARA.id)
    await peer.receives(Agent, lambda agent: agent.mode == "none")
    await eventually(lambda: not peer.audio_out.relaying, "the avatar did not get the floor back")


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST_LINE + 1)])
async def test_a_line_of_no_or_too_many_characters_is_refused(stage: Stage, text: str) -> None:
    _, _, session = await running(stage)
    session.agents.came(MARA)
    with pytest.raises(AgentError) as refused:
        session.agents.write(MARA, text)
    assert refused.value.code == "invalid_text"


async def test_what_cannot_be_is_said_with_its_reason(stage: Stage) -> None:
    _, _, session = await running(stage)
    with pytest.raises(AgentError) as refused:
        session.agents.write(MARA, "hello")
    assert refused.value.code == "not_watching"
    session.agents.came(MARA)
    for act, code in (
        (lambda: session.agents.force(MARA, "other", "yes"), "node_left"),
        (lambda: session.agents.force(MARA, "ask", "maybe"), "unknown_outcome"),
        (lambda: session.agents.skip(MARA), "no_neutral_way"),
    ):
        with pytest.raises(AgentError) as refused:
            act()
        assert refused.value.code == code


async def test_a_forced_outcome_is_marked_in_node_and_verdict(stage: Stage) -> None:
    record, _, session = await running(stage)
    session.agents.came(MARA)
    session.agents.force(MARA, "ask", "yes")
    report = (await stage.ended(record)).report
    assert report["nodeReports"][0]["evidence"] == {"forced": True, "by": "operator"}
    assert report["verdict"]["byAgent"] is True


async def test_after_a_restart_the_avatar_goes_on_and_nobody_watches(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    session = stage.registry.session(record.id)
    assert session is not None
    session.agents.came(MARA)
    session.agents.take_over(MARA)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    await stage.registry.close()

    stage.registry = stage.new_registry()
    again = await stage.join(record)
    assert await again.receives(Agent) == Agent("none", "")
    await asked(again)
    again.send_message(Leave())
    (agent,) = (await stage.ended(record)).report["agents"]
    assert agent["leftAt"] is not None
    assert agent["tookOver"][0]["to"] is not None
