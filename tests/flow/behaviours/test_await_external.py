"""A conversation's ``awaitExternal``: it polls while people talk, and the first to be ready leaves (check C18)."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.flows import conversation, one_node
from tests.scores.score import Score

EXITS = {"onDataReady": "ready", "onTimeout": "late", "onError": "broken"}


def waiting(timeout_ms: int = 30_000, *outcomes: tuple[str, str, str]) -> Score:
    node = conversation("it", "Say: Shall we wait together?", *(outcomes or (("no", "stop", "The user says no"),)))
    request = {"url": "https://partner.test/status", "method": "GET"}
    node["awaitExternal"] = {
        "request": request,
        "poll": {"intervalMs": 2000, "timeoutMs": timeout_ms},
        "exits": EXITS,
    }
    score = Score(one_node(node))
    score.join()
    return score


def answer(score: Score, status: int | None, error: str = "", **data: Any) -> list[c.Command]:
    request = score.last(c.CallExternal).request_id
    return score.play(e.ExternalAnswered(request, status, data, error, 1, 5.0), after=0.1)


def calls(score: Score) -> int:
    return len(score.all(c.CallExternal))


def poll_again(score: Score) -> None:
    """Wait until the next call."""
    before = calls(score)
    for _ in range(10):
        if calls(score) > before:
            return
        score.wait()
    pytest.fail("no further call")


def test_c18_not_yet_twice_and_then_data() -> None:
    score = waiting()
    assert score.last(c.CallExternal).tries == 1
    answer(score, 202)
    poll_again(score)
    assert score.now == pytest.approx(2.1)
    answer(score, 202)
    poll_again(score)
    answer(score, 200, tier="gold", inner={"nested": 1})
    report = score.machine.record.node_reports[0]
    assert (report.outcome, report.evidence["outcome"], report.evidence["calls"]) == ("ready", "onDataReady", 3)
    assert score.machine.provided == {"tier": "gold"}


@pytest.mark.parametrize(("status", "error"), [(500, ""), (204, ""), (None, "not_allowed"), (200, "too_large")])
def test_any_other_answer_is_an_error(status: int | None, error: str) -> None:
    score = waiting()
    answer(score, status, error)
    assert score.outcome() == "broken"
    assert score.machine.provided == {}


def test_a_call_that_is_never_answered_is_an_error() -> None:
    score = waiting(600_000)
    while score.machine.finished is None:
        score.wait()
    assert score.outcome() == "broken"
    assert score.now == pytest.approx(40.0)


def test_the_time_out() -> None:
    score = waiting()
    while score.machine.finished is None:
        answer(score, 202)
        poll = calls(score)
        while score.machine.finished is None and calls(score) == poll:
            score.wait()
    assert score.outcome() == "late"
    assert score.now == pytest.approx(30.0, abs=0.2)


def test_the_conversation_goes_on_beside_it_and_may_win() -> None:
    score = waiting()
    answer(score, 202)
    score.spoken()
    score.reply("no, let's stop", "no")
    assert score.outcome() == "stop"
    assert isinstance(score.play(e.ExternalAnswered("r1", 200, {"a": 1}, "", 1, 1.0))[0], c.Ignored)
    assert score.machine.provided == {}


def test_data_that_arrives_during_a_verdict_wins_when_it_comes_first() -> None:
    score = waiting()
    score.spoken()
    score.play(e.UserSpoke("no"), after=1.0)
    evaluate = score.last(c.Evaluate).request_id
    answer(score, 200, tier="gold")
    assert score.outcome() == "ready"
    late = score.play(e.Evaluated(evaluate, "no", 0.9, "", "test", "model", 5.0))
    assert isinstance(late[0], c.Ignored)
    other = waiting()
    other.spoken()
    other.reply("no", "no")
    assert other.outcome() == "stop"


def test_somebody_who_says_nothing_is_not_sent_away_before_the_time_out() -> None:
    score = waiting(200_000)
    while score.machine.finished is None:
        answer(score, 202)
        poll = calls(score)
        while score.machine.finished is None and calls(score) == poll:
            score.wait()
    assert score.outcome() == "late"
    assert score.machine.finished == c.Finish("complete", "end")
    assert len(score.said()) <= 8


def test_a_reply_after_all_that_silence_still_counts() -> None:
    score = waiting(500_000)
    answer(score, 202)
    for _ in range(200):
        poll = calls(score)
        score.wait()
        if calls(score) > poll:
            answer(score, 202)
    score.reply("no", "no")
    assert score.outcome() == "stop"


def test_time_stands_still_while_the_person_is_away() -> None:
    score = waiting(30_000)
    answer(score, 202)
    score.play(e.Left(), after=1.0)
    back = score.play(e.Joined(), after=200.0)
    assert any(isinstance(step, c.CallExternal) for step in back)
    answer(score, 202)
    poll_again(score)
    answer(score, 200)
    assert score.outcome() == "ready"


def test_an_old_call_is_not_the_answer_to_a_new_one() -> None:
    score = waiting()
    first = score.last(c.CallExternal).request_id
    score.play(e.Left())
    score.play(e.Joined())
    stale = score.play(e.ExternalAnswered(first, 500, {}, "", 1, 1.0))
    assert stale == [c.Ignored("ExternalAnswered", "not the call under way")]
    answer(score, 200)
    assert score.outcome() == "ready"
