"""The enter_email node, played as scores: by field, by chat, by voice, and all that goes wrong."""

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from conversation.text.expectation import AnswerKind, expectation
from tests.scores.flows import fixed
from tests.scores.score import Score


def form(prompt: str = "", **more: str) -> Score:
    settings = {"prompt": prompt} if prompt else {}
    score = Score(fixed("enter_email", "emailEntered", "canceled", **settings), **more)  # type: ignore[arg-type]
    score.join()
    return score


def given(score: Score, value: str) -> list[c.Command]:
    return score.play(e.InputGiven(score.last(c.AskInput).request_id, value), after=3.0)


def entered(score: Score) -> str:
    report = score.machine.record.node_reports[0]
    assert report.outcome == "emailEntered"
    assert score.last(c.CloseInput).request_id == score.last(c.AskInput).request_id
    assert score.machine.record.extracted["email"] == report.members["email"]
    return str(report.members["email"])


def test_an_address_in_the_field() -> None:
    score = form()
    assert score.last(c.AskInput).kind == "email"
    assert "e-mail address" in score.last(c.Say).text
    given(score, " Mia@Example.COM ")
    assert entered(score) == "Mia@example.com"


def test_the_prompt_is_said_as_written_with_its_values() -> None:
    assert form("Where can we write to you, {name}?", name="Mia").said() == ["Where can we write to you, Mia?"]
    assert form("Say: Your e-mail, please.").said() == ["Your e-mail, please."]


def test_an_address_in_the_chat_counts_at_once() -> None:
    score = form()
    score.hear("it's mia@example.com", typed=True)
    assert entered(score) == "mia@example.com"


def test_the_listener_is_told_what_kind_of_answer_comes_in_every_language() -> None:
    score = Score(fixed("enter_email", "emailEntered", "canceled", prompt="¿Dónde le escribimos?"), language="fr")
    score.join()
    assert expectation(score.last(c.Listen).question).kind is AnswerKind.EMAIL
    score.hear("mia arobase example point com")
    assert "C'est bien ça ?" in score.last(c.Say).text
    assert expectation(score.last(c.Listen).question).kind is AnswerKind.YES_NO
    score.hear("oui, exactement")
    assert entered(score) == "mia@example.com"


def test_an_address_that_is_typed_in_the_chat_keeps_its_letters() -> None:
    score = form()
    score.hear("jörg@bücher.example", typed=True)
    assert entered(score) == "jörg@bücher.example"


def test_a_spoken_address_is_read_back_first() -> None:
    score = form()
    score.spoken()
    score.hear("it's mia dot keller at example dot com")
    assert score.machine.record.node_reports == []
    assert "mia dot keller at example dot com" in score.last(c.Say).text
    assert score.last(c.AskInput).value == "mia.keller@example.com"
    score.spoken()
    score.hear("yes, that's right")
    assert entered(score) == "mia.keller@example.com"


def test_a_spoken_address_that_was_misheard_is_said_again() -> None:
    score = form()
    score.hear("mia at example dot com")
    score.hear("no")
    assert score.last(c.AskInput).value == ""
    score.hear("maya at example dot com")
    score.hear("correct")
    assert entered(score) == "maya@example.com"


def test_a_correction_is_read_back_too() -> None:
    score = form()
    score.hear("mia at example dot com")
    score.hear("no, it's maya at example dot com")
    assert score.last(c.AskInput).value == "maya@example.com"
    assert score.machine.record.node_reports == []


def test_the_field_wins_while_a_spoken_address_waits_for_a_yes() -> None:
    score = form()
    score.hear("mia at example dot com")
    given(score, "mia2@example.com")
    assert entered(score) == "mia2@example.com"


@pytest.mark.parametrize("value", ["", "mia", "mia@", "mia@example", "mia example.com", "x" * 5000, "mia@exa mple.com"])
def test_a_wrong_value_is_refused_beside_the_field_and_aloud(value: str) -> None:
    score = form()
    given(score, value)
    assert score.last(c.RefuseInput).problem == "invalid_email"
    assert "complete e-mail address" in score.last(c.Say).text
    given(score, "mia@example.com")
    assert entered(score) == "mia@example.com"


@pytest.mark.parametrize("words", ["cancel", "no", "I don't want to", "never mind", "nein danke", "skip it"])
def test_a_spoken_refusal_cancels(words: str) -> None:
    score = form()
    score.hear(words)
    assert score.outcome() == "canceled"
    assert "email" not in score.machine.record.node_reports[0].members


def test_the_closed_field_cancels() -> None:
    score = form()
    score.play(e.InputCancelled("r1"))
    assert score.outcome() == "canceled"


def test_silence_is_reminded_of_and_then_cancels() -> None:
    score = form()
    reminders = 0
    while score.machine.finished is None:
        assert score.now < 1000
        steps = score.wait()
        if any(isinstance(step, c.Say) for step in steps):
            reminders += 1
            score.spoken()
    assert 2 <= reminders <= 4
    assert score.outcome() == "canceled"
    assert score.machine.record.node_reports[0].evidence["reason"] == "silence"


def test_one_moment_gives_time_and_a_question_repeats_the_question() -> None:
    score = form()
    score.spoken()
    assert score.hear("one moment please") == []
    score.hear("what did you say?")
    assert "e-mail address" in score.last(c.Say).text


@pytest.mark.parametrize("pause", [0.1, 0.3, 0.7])
def test_patience_ends_whatever_the_times_are(pause: float) -> None:
    score = form()
    waits = 0
    while score.machine.finished is None:
        waits += 1
        assert waits < 60
        score.wait()
        score.play(e.UserStarted(), after=pause)
        score.play(e.UserStopped(), after=pause)
    assert score.outcome() == "canceled"


def test_endless_chatter_ends() -> None:
    score = Score(fixed("enter_email", "emailEntered", "canceled"), DialoguePolicy(node_exchange_limit=3))
    score.join()
    for _ in range(3):
        score.hear("the weather is lovely today")
    assert score.machine.finished is None
    score.hear("the weather is lovely today")
    assert score.machine.record.node_reports[0].evidence["reason"] == "no_match"


def test_a_page_that_comes_back_sees_the_field_again() -> None:
    score = form()
    score.hear("mia at example dot com")
    score.play(e.Left(), after=1.0)
    back = score.play(e.Joined(), after=30.0)
    assert [type(step) for step in back] == [c.AskInput, c.Say, c.Listen]
    assert score.last(c.AskInput).value == "mia@example.com"
    score.hear("yes")
    assert entered(score) == "mia@example.com"


def test_absence_costs_no_patience() -> None:
    score = form()
    score.spoken()
    score.play(e.Left(), after=1.0)
    score.play(e.Joined(), after=290.0)
    score.spoken()
    assert score.machine.deadline is not None
    assert score.machine.deadline > score.now + 20


def test_double_and_foreign_answers_mean_nothing() -> None:
    score = form()
    assert isinstance(score.play(e.InputGiven("r9", "mia@example.com"))[0], c.Ignored)
    assert isinstance(score.play(e.CodeChecked("r1", matches=True))[0], c.Ignored)
    assert isinstance(score.hear("   ")[0], c.Ignored)
