"""Outcomes decided from outside: in advance by a sandbox, or while the flow stands there."""

import typing
from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.graph import build_graph
from conversation.flow.journal import read_lines, replay, write_lines
from conversation.flow.nodes import VisionNode
from conversation.flow.ways import usual_outcome
from tests.scores.flows import conversation, fixed, name_flow, one_node, two_factor
from tests.scores.score import Score


def forced(flow: list[dict[str, Any]], **outcomes: str) -> Score:
    score = Score(flow, forced=outcomes)
    score.join()
    return score


@pytest.mark.parametrize("outcome", ["livenessDetected", "deepfakeDetected", "noFace", "to_livenessDetected"])
def test_a_vision_node_goes_as_it_is_told(outcome: str) -> None:
    score = forced(
        fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace", "inconclusive"), it=outcome
    )
    report = score.machine.record.node_reports[0]
    assert report.outcome == outcome.removeprefix("to_")
    assert dict(report.evidence) == {"forced": True, "by": "sandbox"}
    assert dict(report.members) == {}, "nothing is made up"


def test_a_node_that_needs_data_gets_none() -> None:
    score = forced(fixed("enter_email", "emailEntered", "canceled"), it="emailEntered")
    assert dict(score.machine.record.node_reports[0].members) == {}
    assert score.machine.record.extracted == {}
    code = forced(two_factor(), it="verified")
    assert code.all(c.SendCode) == []
    assert code.machine.record.verified_contacts == {}


def test_any_spelling_of_an_outcome_is_understood_and_the_flows_is_reported() -> None:
    score = forced(fixed("permissions", "granted", "denied", permissions={"camera": True}), it="permissionsDenied")
    assert score.outcome() == "denied"


@pytest.mark.parametrize("outcome", ["missing", "sorry"])
def test_a_conversation_by_outcome_id_or_by_target(outcome: str) -> None:
    score = forced(name_flow(), ask=outcome)
    assert [type(step) for step in score.commands[:2]] == [c.Enter, c.Enter]
    assert score.machine.record.node_reports[0].outcome == "sorry"
    assert score.said() == ["Never mind."]


def test_a_branch_by_the_node_that_follows() -> None:
    node = {
        "type": "field_condition",
        "rules": [
            {"left": {"source": "providedData", "field": "a"}, "operator": "exists", "outcome": "yes"},
        ],
        "default": "no",
    }
    assert forced(one_node(node), it="yes").outcome() == "yes"


@pytest.mark.parametrize(
    ("node_type", "good", "bad"),
    [
        ("liveness_detection", "livenessDetected", "deepfakeDetected"),
        ("face_scan", "passed", "notPassed"),
        ("face_compare", "match", "noMatch"),
        ("recognition", "recognized", "newUser"),
        ("age_estimation", "success", "failure"),
    ],
)
def test_a_node_that_looks_has_a_good_and_a_bad_outcome(node_type: str, good: str, bad: str) -> None:
    more = ("noFace", "cancelled", "error", "imageUnavailable")
    known = {key.name for kind in typing.get_args(VisionNode) for key in kind.OUTCOMES if kind.type == node_type}
    flow = fixed(node_type, good, bad, *(name for name in more if name in known))
    node = build_graph(flow).nodes["it"]
    assert (usual_outcome(node, good=True), usual_outcome(node, good=False)) == (good, bad)
    for outcome in (good, bad):
        score = forced(flow, it=outcome)
        assert score.outcome() == outcome
        assert [type(command) for command in score.commands] == [c.Enter, c.Enter, c.Finish], "nobody is looked at"


def test_an_outcome_that_the_node_lacks_is_said_and_the_node_runs() -> None:
    score = forced(name_flow(), ask="verified")
    assert c.Ignored("OutcomeForced", "'ask' has no such outcome") in score.commands
    assert score.said() == ["Hi, what is your name?"]


def test_a_running_node_is_decided_by_an_event() -> None:
    score = Score(name_flow())
    assert score.play(e.OutcomeForced("ask", "given", "operator")) == [
        c.Ignored("OutcomeForced", "the flow has not begun")
    ]
    score.join()
    for event, why in (
        (e.OutcomeForced("thanks", "go", "operator"), "the flow stands at 'ask'"),
        (e.OutcomeForced("ask", "go", "operator"), "'ask' has no such outcome"),
    ):
        assert score.play(event) == [c.Ignored("OutcomeForced", why)]
    score.play(e.OutcomeForced("ask", "given", "operator"))
    assert dict(score.machine.record.node_reports[0].evidence) == {"forced": True, "by": "operator"}
    score.spoken()
    assert isinstance(score.play(e.OutcomeForced("ask", "given", "operator"))[0], c.Ignored)


def test_an_open_field_is_taken_away() -> None:
    email = Score(fixed("enter_email", "emailEntered", "canceled"))
    email.join()
    email.play(e.OutcomeForced("it", "canceled", "operator"))
    assert email.all(c.CloseInput) == [c.CloseInput(email.last(c.AskInput).request_id)]
    code = Score(two_factor(), email="mia@example.com")
    code.join()
    code.play(e.CodeSent(code.last(c.SendCode).request_id, "digest"))
    code.play(e.OutcomeForced("it", "verified", "operator"))
    assert code.all(c.CloseInput) == [c.CloseInput(code.last(c.AskInput).request_id)]


def test_a_flow_that_is_forced_throughout_needs_no_person_and_replays() -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "hello"},
        conversation("hello", "Say: Hello.", ("go", "code", ""), reply=False),
        {
            "id": "code",
            "type": "two_factor_sms",
            "outcomes": {
                "verified": "end", "delivery_failed": "end", "failed_unverified": "end", "cancelled": "end",
                "error": "end",
            },
        },
        {"id": "end", "type": "end"},
    ]  # fmt: skip
    score = forced(flow, hello="go", code="failed_unverified")
    assert score.machine.finished == c.Finish("complete", "end")
    header, steps = read_lines(write_lines(score.header, score.steps))
    machine, differences = replay(header, steps)
    assert differences == []
    assert machine.record == score.machine.record
