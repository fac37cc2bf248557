"""Running sessions under the eyes of agents: the list, views, acts, media, and what happens when somebody vanishes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rtc_server.api.ports import CallError
from rtc_server.console.ports import AgentRef
from rtc_server.rtc.messages import Agent, Caption, Finished, Leave, Statistics, Text
from rtc_server.rtc.ports import PeerPolicy, PeerState
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.live import attendance
from rtc_server.session.live.view import LiveView
from rtc_server.session.session import Session
from rtc_server.session.supervision import MOST_VIEWS, Supervision
from rtc_server.storage.ports import SessionRecord
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.fakes.viewer import FakeViewers
from tests.rtc.onlooker import Onlooker
from tests.scores.flows import name_flow, strict_flow
from tests.session.conftest import NAME
from tests.session.live.watched import Watcher

MARA = AgentRef("stf_mara", "Mara", sees_contact=True)
TWO = AgentRef("stf_two", "Two")
OFFER = "v=0 offer"
PACKET = b"\xf8\xff\xfe"


class Floor:
    """A stage with its supervision."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.viewers = FakeViewers()
        self.handed_back: list[tuple[str, AgentRef]] = []
        self.changes: list[str] = []
        self.supervision = Supervision(
            stage.registry, self.viewers, lambda session_id, agent: self.handed_back.append((session_id, agent))
        )
        self.supervision.on_change(self.changes.append)

    async def running(self, flow: list[dict[str, Any]] | None = None) -> tuple[SessionRecord, FakePeer, Session]:
        """A session whose avatar has asked its question."""
        record = await self.stage.create(flow or strict_flow(), clientReferenceId="c-1")
        peer = await self.stage.join(record)
        await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
        session = self.stage.registry.session(record.id)
        assert session is not None
        return record, peer, session

    async def act(self, record: SessionRecord, agent: AgentRef, kind: str, **more: Any) -> None:
        await self.supervision.act(record.id, agent, {"type": kind, **more})

    async def refused(self, record: SessionRecord, agent: AgentRef, kind: str, **more: Any) -> tuple[str, int]:
        with pytest.raises(CallError) as refused:
            await self.act(record, agent, kind, **more)
        return refused.value.code, refused.value.status


@pytest.fixture
async def floor(stage: Stage) -> Floor:
    return Floor(stage)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for."""
    monkeypatch.setattr(attendance, "LINGER_SECONDS", 0.0)
    monkeypatch.setattr(attendance, "HOLDER_SECONDS", 0.0)


async def test_a_session_is_in_the_list_while_it_runs(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    (summary,) = floor.supervision.summaries()
    assert (summary["id"], summary["nodeId"], summary["state"]) == (record.id, "ask", "listening")
    assert floor.supervision.summary(record.id) == summary
    assert set(floor.changes) == {record.id}
    peer.send_message(Statistics(40.0, 30.0, 0, 0))
    assert floor.supervision.summaries()[0]["network"]["quality"] == "good"
    peer.send_message(Leave())
    await floor.stage.ended(record)
    assert floor.supervision.summaries() == []
    assert floor.supervision.summary(record.id) is None
    assert floor.changes[-1] == record.id


async def test_a_whole_conversation_is_seen_as_the_report_has_it(floor: Floor) -> None:
    floor.stage.evaluator.extracted[NAME] = {"name": "Maria Lopez"}
    record = await floor.stage.create(name_flow(), providedData={"title": "Ms"})
    watcher = Watcher()
    peer = await floor.stage.dial(record)
    floor.supervision.watch(record.id, MARA, watcher)
    assert watcher.state["summary"]["state"] == "connecting"
    await peer.connect()
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    peer.hears(floor.stage.book.speech(NAME))
    await peer.receives(Finished)
    report = (await floor.stage.ended(record)).report

    transcript = watcher.state["transcript"]
    assert [(p["speaker"] == "avatar", p["text"]) for p in transcript] == [
        (phrase["isAvatar"], phrase["text"]) for phrase in report["transcript"]
    ]
    assert all(phrase["final"] for phrase in transcript)
    assert [phrase["id"] for phrase in transcript] == ["u1", "turn-1", "u2"]
    left = [entry for entry in watcher.state["path"] if entry["leftAt"]]
    assert [(n["nodeId"], n["outcome"], n["leftAt"], n["evidence"]) for n in left] == [
        (n["nodeId"], n["outcome"], n["createdAt"], n["evidence"]) for n in report["nodeReports"]
    ]
    (latency,) = watcher.state["latency"]
    assert latency["totalMs"] == report["turns"][0]["totalMs"]
    assert watcher.all("ended") == [{"status": "complete", "reason": "end", "isVerified": report["isVerified"]}]
    assert [data["state"] for data in watcher.all("summary")].count("thinking") > 0


async def test_the_person_is_told_who_watches_once_for_two_tabs(floor: Floor, impatient: None) -> None:
    record, peer, _ = await floor.running()
    first = floor.supervision.watch(record.id, MARA, Watcher())
    second = floor.supervision.watch(record.id, MARA, Watcher())
    assert await peer.receives(Agent, lambda agent: agent.mode == "watching") == Agent("watching", "Mara")
    await eventually(lambda: len(floor.supervision.summaries()[0]["agents"]) == 1, "the list shows the agent")
    first.close()
    first.close()
    await asyncio.sleep(0.02)
    assert peer.received(Agent)[-1].mode == "watching"
    second.close()
    assert await peer.receives(Agent, lambda agent: agent.mode == "none")
    await eventually(lambda: not floor.supervision.summaries()[0]["agents"], "the list shows an agent who has gone")


async def test_a_page_that_is_loaded_again_is_no_leaving(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "LINGER_SECONDS", 0.05)
    record, peer, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher()).close()
    floor.supervision.watch(record.id, MARA, Watcher())
    await asyncio.sleep(0.15)
    assert [agent.mode for agent in peer.received(Agent)] == ["none", "watching"]


async def test_a_browser_that_vanishes_is_seen_to_be_away(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    watcher = Watcher()
    floor.supervision.watch(record.id, MARA, watcher)
    peer.send_message(Statistics(40.0, 30.0, 0, 0))
    peer.lose()
    await eventually(lambda: watcher.state["summary"]["state"] == "away", "away")
    assert watcher.state["summary"]["network"]["quality"] == "unknown"
    assert await floor.refused(record, MARA, "whisper", text="Hello?") == ("nobody_there", 409)
    again = await floor.stage.join(record)
    assert await again.receives(Agent) == Agent("watching", "Mara")
    await eventually(lambda: watcher.state["summary"]["state"] != "away", "back")


async def test_a_whisper_is_said_and_marked(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    watcher = Watcher()
    floor.supervision.watch(record.id, MARA, watcher)
    await floor.act(record, MARA, "whisper", text="Take your time.")
    await peer.receives(Caption, lambda caption: caption.text == "Take your time." and caption.final)
    await eventually(lambda: watcher.state["transcript"][-1].get("by") == "agent", "the line is the agent's")


async def test_taking_over_and_handing_back(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    watcher = Watcher()
    floor.supervision.watch(record.id, MARA, watcher)
    floor.supervision.watch(record.id, TWO, Watcher())
    answer = await floor.supervision.media(record.id, MARA, OFFER)
    assert answer["sdp"] == "v=0 answer"
    await floor.supervision.media(record.id, TWO, OFFER)
    mara, two = floor.viewers.made
    mara.speaks(b"not yet")
    await floor.act(record, MARA, "takeOver")
    await peer.receives(Agent, lambda agent: agent == Agent("speaking", "Mara"))
    assert watcher.state["agent"]["holder"]["id"] == MARA.id
    assert watcher.state["summary"]["state"] == "held"
    mara.speaks(PACKET)
    two.speaks(b"of nobody")
    assert peer.audio_out.relayed == [PACKET]
    for kind, more in (("takeOver", {}), ("whisper", {"text": "Hello"}), ("skip", {})):
        assert await floor.refused(record, TWO, kind, **more) == ("held_by_another", 409)
    assert await floor.refused(record, TWO, "handBack") == ("not_holding", 409)
    await floor.act(record, MARA, "handBack")
    await eventually(lambda: watcher.state["agent"]["holder"] is None, "handed back")
    assert await floor.refused(record, MARA, "handBack") == ("not_holding", 409)
    assert floor.handed_back == []


async def test_two_who_take_over_at_once(floor: Floor) -> None:
    record, _, session = await floor.running()
    for agent in (MARA, TWO):
        floor.supervision.watch(record.id, agent, Watcher())
    results = await asyncio.gather(
        floor.act(record, MARA, "takeOver"), floor.act(record, TWO, "takeOver"), return_exceptions=True
    )
    assert results[0] is None
    assert isinstance(results[1], CallError)
    assert "Mara" in results[1].message
    await eventually(lambda: session.machine.holder == MARA.id, "the first one holds it")


async def test_outcomes_are_decided_and_sessions_ended(floor: Floor) -> None:
    record, _, _ = await floor.running()
    watcher = Watcher()
    floor.supervision.watch(record.id, MARA, watcher)
    assert await floor.refused(record, MARA, "force", nodeId="ask", outcome="maybe") == ("unknown_outcome", 400)
    assert await floor.refused(record, MARA, "force", nodeId="end", outcome="yes") == ("node_left", 409)
    await floor.act(record, MARA, "force", nodeId="ask", outcome="yes")
    stored = await floor.stage.ended(record)
    assert stored.report["nodeReports"][0]["evidence"]["by"] == "operator"
    assert watcher.all("ended")[0]["status"] == "complete"

    record, _, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await floor.act(record, MARA, "end")
    assert (await floor.stage.ended(record)).reason == "cancelled"


@pytest.mark.parametrize(
    "act",
    [
        {},
        {"type": "dance"},
        {"type": ["whisper"]},
        {"type": "whisper"},
        {"type": "whisper", "text": 7},
        {"type": "force", "nodeId": "ask"},
        {"type": "force", "nodeId": None, "outcome": "yes"},
    ],
)
async def test_what_is_no_act_is_refused(floor: Floor, act: dict[str, Any]) -> None:
    record, _, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    with pytest.raises(CallError) as refused:
        await floor.supervision.act(record.id, MARA, act)
    assert (refused.value.code, refused.value.status) == ("invalid_act", 400)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
async def test_a_line_must_have_a_length(floor: Floor, text: str) -> None:
    record, _, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    assert await floor.refused(record, MARA, "whisper", text=text) == ("invalid_text", 400)


async def test_nobody_acts_unseen_or_in_what_does_not_run(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    for kind in ("takeOver", "skip", "end"):
        assert await floor.refused(record, MARA, kind) == ("not_watching", 409)
    with pytest.raises(CallError, match="open the session first"):
        await floor.supervision.media(record.id, MARA, OFFER)
    floor.supervision.watch(record.id, MARA, Watcher())
    peer.send_message(Leave())
    await floor.stage.ended(record)
    assert await floor.refused(record, MARA, "takeOver") == ("not_live", 409)
    with pytest.raises(CallError) as refused:
        floor.supervision.watch(record.id, MARA, Watcher())
    assert (refused.value.code, refused.value.status) == ("not_live", 409)
    await floor.supervision.leave_media(record.id, MARA, "vw_unknown")


async def test_a_holder_who_vanishes_hands_back(floor: Floor, impatient: None) -> None:
    record, peer, session = await floor.running()
    view = floor.supervision.watch(record.id, MARA, Watcher())
    await floor.supervision.media(record.id, MARA, OFFER)
    await floor.act(record, MARA, "takeOver")
    await eventually(lambda: session.machine.holder == MARA.id, "taken over")
    view.close()
    await eventually(lambda: session.machine.holder == "", "handed back")
    await eventually(lambda: floor.viewers.made[0].state is PeerState.CLOSED, "the connection is closed")
    assert floor.handed_back == [(record.id, MARA)]
    assert await peer.receives(Agent, lambda agent: agent.mode == "none")


async def test_a_holder_whose_connection_is_lost_hands_back_and_watches_on(floor: Floor, impatient: None) -> None:
    record, _, session = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await floor.supervision.media(record.id, MARA, OFFER)
    await floor.act(record, MARA, "takeOver")
    await eventually(lambda: session.machine.holder == MARA.id, "taken over")
    floor.viewers.made[0].move(PeerState.LOST)
    await eventually(lambda: session.machine.holder == "", "handed back")
    assert floor.handed_back == [(record.id, MARA)]
    assert floor.viewers.made[0].state is PeerState.CLOSED
    assert len(floor.supervision.summaries()[0]["agents"]) == 1


async def test_a_holder_who_connects_again_in_time_keeps_the_floor(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "HOLDER_SECONDS", 0.05)
    record, _, session = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await floor.supervision.media(record.id, MARA, OFFER)
    await floor.act(record, MARA, "takeOver")
    floor.viewers.made[0].move(PeerState.LOST)
    await floor.supervision.media(record.id, MARA, OFFER)
    await asyncio.sleep(0.15)
    assert session.machine.holder == MARA.id
    assert floor.handed_back == []


async def test_an_agent_without_a_microphone_can_take_over_and_write(floor: Floor, impatient: None) -> None:
    record, peer, session = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await floor.act(record, MARA, "takeOver")
    await floor.act(record, MARA, "whisper", text="I write to you.")
    await peer.receives(Caption, lambda caption: caption.text == "I write to you.")
    viewer = await floor.supervision.media(record.id, MARA, OFFER)
    await floor.supervision.leave_media(record.id, MARA, viewer["viewerId"])
    await asyncio.sleep(0.02)
    assert session.machine.holder == MARA.id, "who closes the picture on purpose is not lost"


async def test_media_are_of_this_session_and_closed_with_it(floor: Floor) -> None:
    record, peer, session = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    floor.supervision.watch(record.id, TWO, Watcher())
    first = await floor.supervision.media(record.id, MARA, OFFER)
    await floor.supervision.media(record.id, AgentRef(TWO.id, TWO.name, may_listen=False), OFFER)
    assert floor.viewers.hubs == [session.line.hub] * 2
    assert floor.viewers.with_audio == [True, False]
    await floor.supervision.leave_media(record.id, TWO, first["viewerId"])
    assert floor.viewers.made[0].state is PeerState.CONNECTING, "another's connection is not theirs to end"
    await floor.supervision.leave_media(record.id, MARA, first["viewerId"])
    await eventually(lambda: floor.viewers.made[0].state is PeerState.CLOSED, "closed")
    peer.send_message(Leave())
    await floor.stage.ended(record)
    await eventually(lambda: floor.viewers.made[1].state is PeerState.CLOSED, "closed with the session")


async def test_over_a_real_connection_only_the_holder_is_heard(stage: Stage) -> None:
    viewers = Viewers(PeerPolicy())
    supervision = Supervision(stage.registry, viewers)
    record, peer, session = await Floor(stage).running()
    view = supervision.watch(record.id, MARA, Watcher())
    page = Onlooker()
    try:
        answer = await supervision.media(record.id, MARA, await page.offer())
        await page.accept(answer["sdp"])
        await eventually(lambda: session.line.hub.watched, "the agent's page is connected")
        assert peer.audio_out.relayed == []
        await supervision.act(record.id, MARA, {"type": "takeOver"})
        await eventually(lambda: len(peer.audio_out.relayed) > 10, "the person hears the agent")
        await supervision.act(record.id, MARA, {"type": "handBack"})
        await eventually(lambda: not peer.audio_out.relaying, "the avatar has the floor again")
        heard = len(peer.audio_out.relayed)
        peer.send_message(Leave())
        await stage.ended(record)
        assert len(peer.audio_out.relayed) == heard
        await eventually(lambda: viewers.open == 0, "the connection ends with the session")
    finally:
        view.close()
        await page.close()
        await supervision.close()


async def test_offers_that_cannot_be_answered(floor: Floor) -> None:
    record, _, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    with pytest.raises(CallError) as refused:
        await floor.supervision.media(record.id, MARA, "hello")
    assert (refused.value.code, refused.value.status) == ("invalid_sdp", 400)
    await eventually(lambda: floor.viewers.made[0].state is PeerState.CLOSED, "let go")
    floor.viewers.places = 1
    with pytest.raises(CallError) as refused:
        await floor.supervision.media(record.id, MARA, OFFER)
    assert (refused.value.code, refused.value.status) == ("busy", 503)


async def test_a_session_that_ends_while_media_are_prepared(floor: Floor) -> None:
    record, _, session = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    answering = asyncio.create_task(floor.supervision.media(record.id, MARA, OFFER))
    await asyncio.sleep(0)
    session.line.onlookers.ended(None)
    with pytest.raises(CallError) as refused:
        await answering
    assert refused.value.code == "not_live"
    await eventually(lambda: floor.viewers.made[0].state is PeerState.CLOSED, "let go")


async def test_views_of_one_session_are_limited(floor: Floor) -> None:
    record, _, _ = await floor.running()
    for _ in range(MOST_VIEWS):
        floor.supervision.watch(record.id, MARA, Watcher())
    with pytest.raises(CallError) as refused:
        floor.supervision.watch(record.id, TWO, Watcher())
    assert (refused.value.code, refused.value.status) == ("busy", 503)


async def test_failing_listeners_never_hurt_the_session(floor: Floor) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a page that went away")

    def fail_later(name: str, data: Any) -> None:
        if name != "snapshot":
            fail()

    floor.supervision.on_change(fail)
    record, peer, _ = await floor.running()
    with pytest.raises(RuntimeError):
        floor.supervision.watch(record.id, MARA, fail)
    assert peer.received(Agent)[-1].mode == "none"
    floor.supervision.watch(record.id, TWO, fail_later)
    peer.send_message(Text("I am moving house"))
    peer.send_message(Leave())
    assert (await floor.stage.ended(record)).reason == "cancelled"
    assert floor.changes[-1] == record.id


async def test_a_session_that_cannot_be_followed_goes_on_unseen(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(LiveView, "__init__", broken)
    record, peer, _ = await floor.running()
    assert floor.supervision.summaries() == []
    peer.send_message(Leave())
    await floor.stage.ended(record)


async def test_a_view_that_fails_in_the_middle_is_over_with_its_session(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    record, peer, _ = await floor.running()
    watcher = Watcher()
    floor.supervision.watch(record.id, MARA, watcher)
    monkeypatch.setattr(LiveView, "_refresh", broken)
    peer.send_message(Leave())
    await floor.stage.ended(record)
    assert len(watcher.all("ended")) == 1
    assert floor.supervision.summaries() == []


async def test_a_session_that_is_taken_up_again_is_followed_from_its_record(floor: Floor, tmp_path: Path) -> None:
    record, peer, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await peer.receives(Agent, lambda agent: agent.mode == "watching")
    await floor.stage.registry.close()
    assert floor.supervision.summaries() == []

    floor.stage.registry = floor.stage.new_registry()
    again = Floor(floor.stage)
    peer = await floor.stage.join(record)
    watcher = Watcher()
    again.supervision.watch(record.id, TWO, watcher)
    assert watcher.state["transcript"][0]["speaker"] == "avatar"
    assert watcher.state["path"][-1]["nodeId"] == "ask"
    assert watcher.state["summary"]["agents"] == []
    peer.send_message(Leave())
    report = (await floor.stage.ended(record)).report
    assert [agent["name"] for agent in report["agents"]] == ["Mara", "Two"]
    assert report["agents"][0]["leftAt"] is not None


async def test_closing_lets_every_connection_go(floor: Floor) -> None:
    record, peer, _ = await floor.running()
    floor.supervision.watch(record.id, MARA, Watcher())
    await floor.supervision.media(record.id, MARA, OFFER)
    await floor.supervision.close()
    assert floor.viewers.made[0].state is PeerState.CLOSED
    assert floor.supervision.summaries() == []
    peer.send_message(Leave())
    await floor.stage.ended(record)
