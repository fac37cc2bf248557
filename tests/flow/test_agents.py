"""A support agent in a session: lines, taking over and handing back, skipping; as scores, and replayed."""

import json

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.floor import MOST_LINES
from conversation.flow.journal import read_lines, replay, write_lines
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import fixed, name_flow, strict_flow, two_factor
from tests.scores.score import Score

MARA = "stf_mara"
POLICY = DialoguePolicy()
QUESTION = "Hi there, what is your name?"


def watched(flow: list[dict[str, object]] | None = None) -> Score:
    """A session whose first line has been said, with an agent watching."""
    score = Score(flow or name_flow(), title="there")
    score.join()
    score.spoken()
    score.play(e.AgentCame(MARA, "Mara"))
    return score


def held(flow: list[dict[str, object]] | None = None) -> Score:
    score = watched(flow)
    score.play(e.AgentTookOver(MARA), after=1.0)
    return score


def replays(score: Score) -> bool:
    lines = [json.loads(line) for line in write_lines(score.header, score.steps)]
    header, steps = read_lines(json.dumps(line) for line in lines)
    machine, differences = replay(header, steps)
    return not list(differences) and machine.record == score.machine.record


def test_an_agents_line_is_said_by_the_avatar_and_marked_as_theirs() -> None:
    score = watched()
    (say,) = score.play(e.AgentWrote(MARA, "Take your time."), after=2.0)
    assert isinstance(say, c.Say)
    assert say.text == "Take your time."
    score.spoken()
    phrase = score.machine.record.phrases[-1]
    assert (phrase.text, phrase.by_avatar, phrase.by_agent) == ("Take your time.", True, True)
    assert score.machine.record.agents[0].lines == 1


def test_nobody_is_called_silent_while_an_agents_line_is_said() -> None:
    score = watched()
    score.play(e.AgentWrote(MARA, "Take your time."), after=POLICY.silence_seconds - 0.5)
    score.spoken()
    assert score.machine.deadline == pytest.approx(score.now + POLICY.silence_seconds)


def test_an_agents_line_waits_for_the_avatar_to_come_to_an_end() -> None:
    score = Score(name_flow(), title="there")
    score.join()
    score.play(e.AgentCame(MARA, "Mara"))
    assert score.play(e.AgentWrote(MARA, "Hello from me.")) == []
    assert [type(command) for command in score.spoken()] == [c.Say]
    assert score.said() == [QUESTION, "Hello from me."]


def test_an_agents_line_whose_end_is_never_told_does_not_hold_up_the_session() -> None:
    score = watched()
    score.play(e.AgentWrote(MARA, "Take your time."))
    score.wait()
    assert score.machine.deadline == pytest.approx(score.now + POLICY.silence_seconds)


def test_lines_beyond_what_can_wait_are_refused() -> None:
    score = Score(name_flow(), title="there")
    score.join()
    score.play(e.AgentCame(MARA, "Mara"))
    for _ in range(MOST_LINES):
        assert score.play(e.AgentWrote(MARA, "again")) == []
    assert isinstance(score.play(e.AgentWrote(MARA, "again"))[0], c.Ignored)


def test_whoever_does_not_watch_cannot_act() -> None:
    score = watched()
    for event in (e.AgentWrote("stf_other", "hi"), e.AgentTookOver("stf_other"), e.AgentHandedBack("stf_other")):
        assert isinstance(score.play(event)[0], c.Ignored)


def test_taking_over_silences_the_avatar_and_stops_the_clocks() -> None:
    score = watched()
    before = score.machine.deadline
    assert before is not None
    assert score.play(e.AgentTookOver(MARA), after=1.0) == [c.HoldFloor(MARA)]
    assert score.machine.holder == MARA
    assert score.machine.deadline == pytest.approx(score.now + POLICY.held_seconds)


def test_what_is_said_meanwhile_is_written_down_and_judged_by_nobody() -> None:
    score = held()
    assert isinstance(score.hear("My name is Maria")[0], c.Ignored)
    assert score.machine.record.phrases[-1].text == "My name is Maria"
    assert not score.all(c.Evaluate)


def test_handing_back_asks_the_same_node_again() -> None:
    score = held()
    commands = score.play(e.AgentHandedBack(MARA), after=60.0)
    assert commands[0] == c.ReturnFloor()
    assert score.last(c.Say).text == QUESTION
    score.spoken()
    score.reply("I'm Maria", "given", extracted={"name": "Maria"})
    score.spoken()
    assert score.machine.finished == c.Finish("complete", "end")
    assert score.machine.record.agents[0].holds == [(score.steps[3].now, score.steps[3].now + 60.0)]
    assert replays(score)


def test_the_session_gets_back_the_time_that_an_agent_took() -> None:
    score = held()
    score.play(e.AgentHandedBack(MARA), after=POLICY.session_seconds - 10)
    score.spoken()
    score.wait()
    assert score.machine.finished is None


def test_an_agent_who_goes_hands_back() -> None:
    score = held()
    assert score.play(e.AgentWent(MARA))[0] == c.ReturnFloor()
    assert score.machine.holder == ""
    assert score.machine.record.agents[0].went_at == score.now


def test_an_agent_who_forgets_hands_back_in_the_end() -> None:
    score = held()
    assert score.wait()[0] == c.ReturnFloor()


def test_a_result_that_comes_meanwhile_waits() -> None:
    """A code that is on its way is not lost because an agent said hello."""
    score = Score(two_factor(), email="maria@example.org")
    score.join()
    request = score.last(c.SendCode).request_id
    score.play(e.AgentCame(MARA, "Mara"))
    score.play(e.AgentTookOver(MARA))
    assert score.play(e.CodeSent(request, "digest"), after=1.0) == []
    commands = score.play(e.AgentHandedBack(MARA), after=5.0)
    assert any(isinstance(command, c.AskInput) and command.kind == "code" for command in commands)
    assert replays(score)


def test_a_field_goes_away_while_an_agent_talks_and_comes_back() -> None:
    score = Score(fixed("enter_email", "emailEntered", "canceled"))
    score.join()
    shown = score.last(c.AskInput).request_id
    score.play(e.AgentCame(MARA, "Mara"))
    assert c.CloseInput(shown) in score.play(e.AgentTookOver(MARA))
    assert any(isinstance(command, c.AskInput) for command in score.play(e.AgentHandedBack(MARA)))


def test_a_person_who_comes_back_finds_the_agent_still_talking() -> None:
    score = held()
    score.play(e.Left(), after=1.0)
    assert score.play(e.Joined(), after=1.0) == []
    assert score.machine.holder == MARA


def test_a_person_who_never_comes_back_is_not_waited_for() -> None:
    score = held()
    score.play(e.Left(), after=1.0)
    score.wait()
    assert score.machine.finished == c.Finish("incomplete", "abandoned")


def test_while_an_agent_talks_their_written_lines_are_only_shown() -> None:
    score = held()
    (shown,) = score.play(e.AgentWrote(MARA, "The code is on the back."))
    assert isinstance(shown, c.ShowLine)
    assert score.machine.record.phrases[-1].by_agent


def test_only_one_agent_takes_over() -> None:
    score = held()
    score.play(e.AgentCame("stf_two", "Two"))
    assert isinstance(score.play(e.AgentTookOver("stf_two"))[0], c.Ignored)
    assert isinstance(score.play(e.AgentHandedBack("stf_two"))[0], c.Ignored)
    assert score.machine.holder == MARA


def test_an_outcome_forced_meanwhile_hands_back_and_moves_on() -> None:
    score = held()
    commands = score.play(e.OutcomeForced("ask", "given", "operator"))
    assert commands[0] == c.ReturnFloor()
    assert score.machine.node_id == "thanks"
    assert score.machine.record.node_reports[-1].evidence == {"forced": True, "by": "operator"}


@pytest.mark.parametrize(
    ("node_type", "keys", "outcome"),
    [
        ("liveness_detection", ("livenessDetected", "deepfakeDetected", "noFace", "inconclusive"), "inconclusive"),
        ("recognition", ("recognized", "newUser", "noFace"), "noFace"),
        ("two_factor_email", ("verified", "delivery_failed", "failed_unverified", "cancelled", "error"), "cancelled"),
        ("enter_email", ("emailEntered", "canceled"), "canceled"),
    ],
)
def test_a_skipped_node_neither_passes_nor_fails(node_type: str, keys: tuple[str, ...], outcome: str) -> None:
    score = Score(fixed(node_type, *keys), email="maria@example.org")
    score.join()
    score.play(e.NodeSkipped(score.machine.node_id, "operator"))
    report = score.machine.record.node_reports[-1]
    assert report.outcome == outcome
    assert report.evidence == {"reason": "skipped", "by": "operator"}


def test_a_node_without_a_neutral_way_is_not_skipped() -> None:
    score = watched(strict_flow())
    assert isinstance(score.play(e.NodeSkipped("ask", "operator"))[0], c.Ignored)
    assert score.machine.node_id == "ask"


def test_a_node_that_was_left_is_not_skipped() -> None:
    score = watched()
    assert isinstance(score.play(e.NodeSkipped("thanks", "operator"))[0], c.Ignored)


def test_before_the_flow_begins_an_agent_can_only_watch() -> None:
    score = Score(name_flow(), title="there")
    score.play(e.AgentCame(MARA, "Mara"))
    assert isinstance(score.play(e.AgentTookOver(MARA))[0], c.Ignored)
    assert isinstance(score.play(e.AgentWrote(MARA, "hi"))[0], c.Ignored)
    assert score.machine.record.agents[0].name == "Mara"
