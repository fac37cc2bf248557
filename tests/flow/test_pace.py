"""More time and another rate of speech, chosen in mid-session: what waits longer, what does not; it replays."""

import json

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.journal import read_lines, replay, write_lines
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import fixed, name_flow, two_factor
from tests.scores.score import Score

SLOW = e.PaceChosen(0.8, extra_time=True)
USUAL = e.PaceChosen(1.0, extra_time=False)
POLICY = DialoguePolicy()


def patience(score: Score) -> float:
    """Seconds until the machine goes on without the person."""
    deadline = score.machine.deadline
    assert deadline is not None
    return round(deadline - score.now, 6)


def asked(flow: list[dict[str, object]] | None = None, policy: DialoguePolicy = POLICY) -> Score:
    """A flow whose first question has just been spoken."""
    score = Score(flow or name_flow(), policy, title="there")
    score.join()
    score.spoken()
    return score


def test_the_silence_under_way_begins_anew_and_is_twice_as_long() -> None:
    score = asked()
    assert patience(score) == POLICY.silence_seconds
    assert score.play(SLOW, after=5.0) == [c.SetPace(0.8, extra_time=True)]
    assert patience(score) == 2 * POLICY.silence_seconds
    score.wait()
    score.spoken()
    assert patience(score) == 2 * POLICY.silence_seconds


def test_extra_time_can_be_given_back() -> None:
    score = asked()
    score.play(SLOW)
    assert score.play(USUAL, after=1.0) == [c.SetPace(1.0, extra_time=False)]
    assert patience(score) == POLICY.silence_seconds


def test_a_rate_alone_changes_no_wait() -> None:
    score = asked()
    score.play(e.PaceChosen(1.3, extra_time=False), after=5.0)
    assert patience(score) == POLICY.silence_seconds - 5.0


def test_the_same_choice_again_changes_nothing() -> None:
    score = asked()
    score.play(SLOW)
    before = patience(score)
    assert score.play(SLOW, after=3.0) == []
    assert patience(score) == before - 3.0


def test_somebody_who_is_speaking_may_speak_twice_as_long() -> None:
    score = asked()
    score.play(e.UserStarted(), after=1.0)
    assert patience(score) == POLICY.turn_seconds
    score.play(SLOW, after=10.0)
    assert patience(score) == 2 * POLICY.turn_seconds


def test_the_time_of_a_node_is_twice_as_long_and_what_was_used_stays_used() -> None:
    score = asked(policy=DialoguePolicy(silence_seconds=100.0, node_seconds=60.0))
    score.play(SLOW, after=50.0)
    assert patience(score) == 2 * 60.0 - 50.0


def test_the_session_is_twice_as_long_counted_from_its_beginning() -> None:
    score = asked(policy=DialoguePolicy(silence_seconds=9_000.0, node_seconds=9_000.0, session_seconds=600.0))
    score.play(SLOW, after=100.0)
    score.wait()
    assert score.now == 1_200.0
    assert score.machine.finished == c.Finish("incomplete", "time_limit")


def test_a_vanished_page_may_take_twice_as_long_to_come_back() -> None:
    score = asked()
    score.play(SLOW)
    score.play(e.Left())
    assert patience(score) == 2 * POLICY.away_seconds


def test_chosen_before_the_flow_begins_it_counts_from_the_first_question_on() -> None:
    score = Score(name_flow(), title="there")
    assert score.play(SLOW) == [c.SetPace(0.8, extra_time=True)]
    score.join()
    score.spoken()
    assert patience(score) == 2 * POLICY.silence_seconds


def test_a_finished_flow_takes_no_pace() -> None:
    score = asked()
    score.play(e.Cancelled("user"))
    (answer,) = score.play(SLOW)
    assert isinstance(answer, c.Ignored)


@pytest.mark.parametrize(
    "flow",
    [
        fixed("enter_email", "emailEntered", "canceled"),
        fixed(
            "permissions",
            "permissionsGranted",
            "permissionsDenied",
            permissions={"camera": True},
            prompt="Say: May I see you?",
        ),
        two_factor(),
    ],
    ids=["enter_email", "permissions", "two_factor"],
)
def test_forms_remind_half_as_often_and_give_up_twice_as_late(flow: list[dict[str, object]]) -> None:
    given_up = []
    for pace in (USUAL, SLOW):
        score = Score(flow)
        score.join()
        if not score.all(c.Say):
            score.wait()  # the browser has not answered by itself
        score.spoken()
        score.play(pace)
        asked_at = score.now
        assert patience(score) == POLICY.form_reminder_seconds * (2 if pace is SLOW else 1)
        while score.machine.finished is None:
            said = len(score.all(c.Say))
            score.wait()
            if len(score.all(c.Say)) > said:
                asked_at += 2.0  # speaking costs no patience
                score.spoken()
        given_up.append(round(score.now - asked_at, 3))
    assert given_up == [POLICY.form_seconds, 2 * POLICY.form_seconds]


def sent_code(*, pace: e.PaceChosen) -> Score:
    """A code of 60 seconds is on its way to a known address."""
    score = Score(two_factor(expirySeconds=60), email="maria@example.org")
    score.join()
    score.play(pace)
    return score


def test_a_code_that_was_sent_lives_twice_as_long() -> None:
    score = sent_code(pace=SLOW)
    request = score.last(c.SendCode)
    score.play(e.CodeSent(request.request_id, "digest", ""), after=1.0)
    score.spoken()
    refused_at = None
    while refused_at is None:
        score.wait()
        if score.all(c.RefuseInput):
            refused_at = score.now
        elif isinstance(score.commands[-1], c.Listen):
            score.spoken()
    assert score.last(c.RefuseInput).problem == "expired_code"
    assert refused_at == 1.0 + 2 * 60.0


def test_a_later_code_says_how_long_it_lives() -> None:
    score = Score(two_factor(expirySeconds=60), email="maria@example.org")
    score.play(SLOW)
    score.join()
    assert score.last(c.SendCode).valid_seconds == 120


def test_it_replays_from_its_journal() -> None:
    score = asked()
    score.play(SLOW, after=2.0)
    score.wait()
    score.spoken()
    score.reply("I'm Maria", "given", extracted={"name": "Maria"})
    header, steps = read_lines(write_lines(score.header, score.steps))
    machine, differences = replay(header, steps)
    assert differences == []
    assert machine.pace == c.SetPace(0.8, extra_time=True)
    assert json.loads(json.dumps(steps[2].event)) == {"type": "PaceChosen", "speech_rate": 0.8, "extra_time": True}
