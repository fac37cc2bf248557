"""The recognition node, played as scores: known, new, unseen; and enrolment only with consent."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from conversation.text.check_lines import CheckLine, check_line
from tests.scores.flows import conversation, fixed
from tests.scores.looks import enrol, identify
from tests.scores.score import Score

WAYS = ("recognized", "newUser", "noFace")


def searching(settings: dict[str, Any] | None = None, **provided: Any) -> Score:
    score = Score(fixed("recognition", *WAYS, **(settings or {})), **provided)
    score.join()
    return score


def asked_for_consent(prompt: str = "", **provided: Any) -> Score:
    settings = {"enroll": True} | ({"consentPrompt": prompt} if prompt else {})
    score = searching(settings, **provided)
    identify(score, "new")
    score.spoken()
    return score


def report(score: Score) -> Any:
    return score.machine.record.node_reports[0]


def test_a_known_person_brings_their_data() -> None:
    score = searching()
    assert score.last(c.IdentifyFace) == c.IdentifyFace("r1", DialoguePolicy().camera_check_seconds)
    identify(score, "recognized", face_id="f9", name="Mia", email="mia@example.com", company=" ", pet="cat")
    assert score.outcome() == "recognized"
    assert report(score).members == {"report": {"name": "Mia", "email": "mia@example.com"}}
    assert dict(report(score).evidence) == {"candidates": 12, "identification": "recognized", "faceId": "f9"}
    assert score.machine.record.recognised == {"name": "Mia", "email": "mia@example.com"}
    assert score.machine.record.extracted == {}, "nobody said it"


def greeting_flow() -> list[dict[str, Any]]:
    return [
        {"id": "start", "type": "start", "outcome": "it"},
        {"id": "it", "type": "recognition", "outcomes": dict.fromkeys(WAYS, "hello")},
        conversation("hello", "Say: Hello {name}.", ("go", "code", ""), reply=False),
        {
            "id": "code",
            "type": "two_factor_email",
            "outcomes": dict.fromkeys(
                ("verified", "delivery_failed", "failed_unverified", "cancelled", "error"), "end"
            ),
        },
        {"id": "end", "type": "end"},
    ]


def test_recognised_data_fills_prompts_and_forms_behind_everything_else() -> None:
    score = Score(greeting_flow())
    score.join()
    identify(score, "recognized", name="Mia", email="mia@example.com")
    assert score.said()[-1] == "Hello Mia."
    score.spoken()
    assert score.last(c.SendCode).contact == "mia@example.com"
    given = Score(greeting_flow(), name="Dr Adams", email="a@example.com")
    given.join()
    identify(given, "recognized", name="Mia", email="mia@example.com")
    assert given.said()[-1] == "Hello Dr Adams."
    given.spoken()
    assert given.last(c.SendCode).contact == "a@example.com"


@pytest.mark.parametrize(
    ("outcome", "reason", "way", "told"),
    [("no_face", "", "noFace", "no_face"), ("not_checked", "no_model", "noFace", "no_model")],
)
def test_without_a_face_or_an_engine_nobody_is_new(outcome: str, reason: str, way: str, told: str) -> None:
    score = searching({"enroll": True})
    identify(score, outcome, reason)
    assert (score.outcome(), report(score).evidence["reason"]) == (way, told)
    assert score.all(c.EnrolFace) == []


def test_a_new_person_is_not_enrolled_unless_the_author_says_so() -> None:
    score = searching()
    identify(score, "new")
    assert (score.outcome(), score.all(c.EnrolFace)) == ("newUser", [])
    assert "consent" not in report(score).evidence


@pytest.mark.parametrize("words", ["yes", "sure, go ahead", "sí", "ja, gerne"])
def test_with_consent_the_face_is_kept_with_what_is_known(words: str) -> None:
    score = asked_for_consent(name="Mia", company="ACME", age=20)
    score.hear(words)
    assert score.last(c.EnrolFace) == c.EnrolFace(
        "r2", {"name": "Mia", "company": "ACME"}, check_line(CheckLine.CONSENT)
    )
    enrol(score, face_id="f1")
    assert score.outcome() == "newUser"
    evidence = report(score).evidence
    assert (evidence["enrolled"], evidence["consent"], evidence["quote"], evidence["faceId"]) == (
        True, "given", words, "f1",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["no", "I'd rather not", "goodbye", "nein"])
def test_without_consent_nothing_is_kept(words: str) -> None:
    score = asked_for_consent()
    score.hear(words)
    assert score.all(c.EnrolFace) == []
    assert (score.outcome(), report(score).evidence["consent"]) == ("newUser", "refused")
    assert report(score).evidence["enrolled"] is False


def test_no_clear_answer_is_no_consent() -> None:
    score = asked_for_consent()
    for _ in range(DialoguePolicy().no_match_limit):
        score.hear("the weather is nice")
    assert (score.outcome(), report(score).evidence["consent"]) == ("newUser", "unanswered")
    hedged = asked_for_consent()
    hedged.hear("yes, but only today")
    assert hedged.said()[-1] == check_line(CheckLine.CONSENT)
    silent = asked_for_consent()
    while silent.machine.finished is None:
        silent.wait()
    assert (silent.outcome(), report(silent).evidence["consent"]) == ("newUser", "unanswered")
    assert silent.all(c.EnrolFace) == []


def test_the_authors_question_is_what_is_asked_and_recorded() -> None:
    score = asked_for_consent("Say: {name}, may we remember you?", name="Mia")
    assert score.said()[-1] == "Mia, may we remember you?"
    score.hear("yes", typed=True)
    assert score.last(c.EnrolFace).consent == "Mia, may we remember you?"


@pytest.mark.parametrize(
    ("answer", "details"),
    [
        ({"duplicate_of": "f3"}, {"enrolled": False, "reason": "duplicate", "duplicateOf": "f3"}),
        ({"error": "low_quality"}, {"enrolled": False, "reason": "low_quality"}),
    ],
)
def test_an_enrolment_that_fails_says_why(answer: dict[str, str], details: dict[str, Any]) -> None:
    score = asked_for_consent()
    score.hear("yes")
    enrol(score, **answer)
    assert score.outcome() == "newUser"
    assert details.items() <= report(score).evidence.items()


def test_an_enrolment_that_never_answers() -> None:
    score = asked_for_consent()
    score.hear("yes")
    score.wait()
    assert (score.outcome(), report(score).evidence["reason"]) == ("newUser", "timeout")
    assert score.last(c.StopCheck) == c.StopCheck("r2")


def test_a_lost_page_looks_or_asks_again() -> None:
    score = searching({"enroll": True})
    assert score.play(e.Left()) == [c.StopCheck("r1")]
    assert score.join()[-1] == c.IdentifyFace("r2", 60.0)
    identify(score, "new")
    assert score.play(e.Left()) == []
    score.join()
    assert score.said()[-1] == check_line(CheckLine.CONSENT)
    score.spoken()
    score.hear("yes")
    assert score.play(e.Left()) == []
    assert score.join() == []
    enrol(score, face_id="f1")
    assert report(score).evidence["enrolled"] is True


def test_an_operators_decision_breaks_the_enrolment_off() -> None:
    score = asked_for_consent()
    score.hear("yes")
    assert score.play(e.OutcomeForced("it", "newUser", "operator"))[0] == c.StopCheck("r2")
