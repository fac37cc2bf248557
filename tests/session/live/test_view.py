"""A session as it is followed: what somebody has seen change is what somebody sees who comes now."""

import json
from pathlib import Path
from typing import Any

import pytest

from conversation.flow import events as e
from conversation.flow.codec import event_from_json
from conversation.flow.journal import Step, read_lines
from rtc_server.rtc.messages import Caption, Pong, Recording, State, Statistics
from rtc_server.session.latency import TurnLatency
from rtc_server.session.live.network import MOST_MEASUREMENTS
from rtc_server.session.live.view import MOST_TURNS, LiveView
from tests.conftest import REPOSITORY
from tests.scores.flows import conversation, fixed, name_flow
from tests.scores.score import STARTED_UTC_MS
from tests.session.live.watched import WatchedScore, Watcher, record

JOURNALS = sorted((REPOSITORY / "tests" / "journals").glob("*.jsonl"))


def as_sent(data: Any) -> Any:
    """As a page gets it."""
    return json.loads(json.dumps(data))


@pytest.mark.parametrize("file", JOURNALS, ids=lambda file: file.stem)
def test_what_was_seen_to_change_is_what_is_there(file: Path) -> None:
    header, steps = read_lines(file.read_text(encoding="utf-8").splitlines())
    machine, clock = header.machine(), [0.0]
    view = LiveView(record(), header, machine, lambda: clock[0], lambda: None, lambda: None)
    watcher = Watcher()
    view.listen(watcher)
    for step in steps:
        clock[0] = step.now
        event = event_from_json(step.event)
        view.step(Step.of(step.now, event, machine.receive(event, now=step.now)))
    assert watcher.state == as_sent(view.snapshot())
    recorded = machine.record
    left = watcher.state["path"][:-1]
    assert [entry["outcome"] for entry in left] == [report.outcome for report in recorded.node_reports]
    assert [phrase["text"] for phrase in watcher.state["transcript"]] == [p.text for p in recorded.phrases]
    assert watcher.state["summary"]["nodeId"] == machine.node_id

    late = LiveView(record(), header, machine, lambda: clock[0], lambda: None, lambda: None)
    for member in ("path", "flow"):
        assert as_sent(late.snapshot())[member] == watcher.state[member], "as a session that is taken up again"
    assert [phrase["text"] for phrase in late.snapshot()["transcript"]] == [p.text for p in recorded.phrases]


def test_an_answer_is_seen_with_what_it_could_have_meant() -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.spoken()
    score.reply("I am Mia.", "given")
    (evaluation,) = score.watcher.all("evaluation")
    assert evaluation["nodeId"] == "ask"
    assert evaluation["reply"] == "I am Mia."
    assert (evaluation["outcome"], evaluation["confidence"], evaluation["ms"]) == ("given", 0.97, 5)
    assert [option["id"] for option in evaluation["options"]] == ["given", "missing"]
    left, current = score.watcher.state["path"]
    assert (left["nodeId"], left["outcome"], left["evidence"]["outcome"]) == ("ask", "thanks", "given")
    assert left["leftAt"] == current["enteredAt"] == STARTED_UTC_MS + round(1000 * score.now)
    assert (current["nodeId"], current["leftAt"]) == ("thanks", None)


def test_it_is_said_while_the_conversation_is_recorded() -> None:
    score = WatchedScore(name_flow())
    score.join()
    assert score.summary["recording"] is False
    score.view.sent(Recording("on"))
    assert score.watcher.state["summary"]["recording"] is True
    told = score.changes
    score.view.sent(Recording("on"))  # a page that came again
    assert score.changes == told
    score.view.sent(Recording("erased"))
    assert score.watcher.state["summary"]["recording"] is False


def test_the_list_is_told_only_of_what_it_shows() -> None:
    score = WatchedScore(name_flow())
    score.join()
    before = score.changes
    score.view.sent(State("listening"))
    assert score.changes == before + 1
    score.view.sent(State("listening"))
    score.view.sent(Pong(1.0))
    score.view.sent(Caption("u1", "avatar", "Hi", final=False))
    assert score.changes == before + 1
    score.view.heard(Statistics(40.0, 30.0, 0, 0))
    assert score.changes == before + 2
    assert score.summary["network"]["quality"] == "good"


def test_a_listener_that_fails_is_told_nothing_more_and_others_are() -> None:
    score = WatchedScore(name_flow())
    told: list[str] = []

    def fail(name: str, data: dict[str, Any]) -> None:
        told.append(name)
        if name != "snapshot":
            raise RuntimeError("a page that went away")

    score.view.listen(fail)
    score.join()
    assert len(told) == 2
    assert score.watcher.all("path")


def test_a_listener_that_fails_at_the_snapshot_is_never_told() -> None:
    score = WatchedScore(name_flow())
    calls = 0

    def fail(name: str, data: dict[str, Any]) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        score.view.listen(fail)
    score.join()
    assert calls == 1


def test_who_stops_listening_is_told_nothing_more() -> None:
    score = WatchedScore(name_flow())
    watcher = Watcher()
    stop = score.view.listen(watcher)
    stop()
    stop()
    score.join()
    assert [name for name, _ in watcher.events] == ["snapshot"]


def test_the_end_is_told_with_its_verdict() -> None:
    score = WatchedScore(fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace"))
    score.join()
    score.play(e.OutcomeForced("it", "livenessDetected", "sandbox"))
    score.view.ended(score.machine.finished)
    (ended,) = score.watcher.all("ended")
    assert (ended["status"], ended["reason"]) == ("complete", "end")
    assert isinstance(ended["isVerified"], bool)
    assert score.over


def test_a_session_that_is_put_aside_has_not_ended() -> None:
    score = WatchedScore(name_flow())
    score.view.ended(None)
    assert score.watcher.all("ended") == [{"status": "inProgress", "reason": "put_aside", "isVerified": None}]


def test_what_is_kept_is_bounded() -> None:
    score = WatchedScore(name_flow())
    score.join()
    for number in range(1_000):
        score.now += 1.0
        score.view.heard(Statistics(40.0, 30.0, number, 0))
        score.view.turn(TurnLatency(score.now, "complete", 1.0, 200.0, 20.0, 60.0, 5.0))
    snapshot = score.view.snapshot()
    assert (len(snapshot["connection"]), len(snapshot["latency"])) == (MOST_MEASUREMENTS, MOST_TURNS)
    assert snapshot["latency"][-1]["totalMs"] == 285.0
    assert snapshot["latency"][-1]["at"] == STARTED_UTC_MS + 1_000_000


def test_agents_are_in_the_list_and_who_talks_is_told() -> None:
    score = WatchedScore([
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: Are you ready?", ("yes", "end", "The user is ready"), ("no", "end", "Not ready")),
        {"id": "end", "type": "end"},
    ])  # fmt: skip
    score.join()
    score.play(e.AgentCame("stf_mara", "Mara"), after=1.0)
    assert [(agent["name"], agent["mode"]) for agent in score.summary["agents"]] == [("Mara", "watching")]
    score.play(e.AgentTookOver("stf_mara"), after=1.0)
    since = STARTED_UTC_MS + 2_000
    assert score.watcher.all("agent") == [{"holder": {"id": "stf_mara", "name": "Mara", "since": since}}]
    assert score.summary["state"] == "held"
    assert score.summary["agents"] == [{"id": "stf_mara", "name": "Mara", "mode": "speaking", "since": since}]
    score.play(e.AgentHandedBack("stf_mara"), after=1.0)
    assert score.watcher.all("agent")[-1] == {"holder": None}
    score.play(e.AgentWent("stf_mara"))
    assert score.summary["agents"] == []
