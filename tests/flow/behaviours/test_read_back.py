"""Reading a document back: yes, silence, corrections by voice and typing, and an end to all of it."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import fixed
from tests.scores.looks import SPECIMEN, show_document
from tests.scores.score import Score

WAYS = ("scanSuccess", "userCancelled", "scanTimeout")
QUESTION = "I have read Anna Maria Eriksson, born on the 12th of August 1974. Is that right?"


def read_back(specimen: dict[str, Any] | None = None, language: str = "en") -> Score:
    settings = {"scanningMode": "single", "allowedDocumentTypes": ["passport"], "readBack": True}
    score = Score(fixed("document_scan", *WAYS, **settings), language=language)
    score.join()
    show_document(score, report=specimen)
    return score


def ended(score: Score) -> tuple[str, Any, list[dict[str, str]]]:
    """Outcome, how the reading back ended, and the corrections."""
    (report,) = score.machine.record.node_reports
    return report.outcome, report.evidence.get("readBack"), report.members.get("corrections", [])


@pytest.mark.parametrize("words", ["yes, that's right", "yes, I am Anna", "yes, Anna Maria Eriksson", "correct"])
def test_yes_ends_it(words: str) -> None:
    score = read_back()
    assert score.said()[-1] == QUESTION
    score.spoken()
    score.hear(words)
    assert ended(score) == ("scanSuccess", "confirmed", [])
    (report,) = score.machine.record.node_reports
    assert report.members == {"report": SPECIMEN}


@pytest.mark.parametrize(
    ("language", "yes"), [("es", "sí, es correcto"), ("fr", "oui, c'est ça"), ("de", "ja, das stimmt")]
)
def test_in_other_languages(language: str, yes: str) -> None:
    score = read_back(language=language)
    assert "Anna Maria Eriksson" in score.said()[-1]
    assert "1974" in score.said()[-1]
    score.hear(yes)
    assert ended(score) == ("scanSuccess", "confirmed", [])


def test_a_correction_by_voice_is_read_back_and_never_replaces_the_documents_own() -> None:
    score = read_back()
    score.hear("no, it's Anna-Marie")
    assert score.said()[-1] == "I have read Anna-Marie Eriksson, born on the 12th of August 1974. Is that right?"
    score.hear("yes")
    correction = {"field": "firstName", "read": "ANNA MARIA", "corrected": "Anna-Marie", "by": "voice"}
    assert ended(score) == ("scanSuccess", "confirmed", [correction])
    (report,) = score.machine.record.node_reports
    assert report.members["report"] == SPECIMEN


def test_no_asks_what_should_be_different_and_typing_answers() -> None:
    score = read_back()
    score.hear("no")
    assert score.said()[-1].startswith("What should be different?")
    score.hear("12 August 1975", typed=True)
    assert "12th of August 1975" in score.said()[-1]
    score.hear("yes")
    correction = {"field": "dateOfBirth", "read": "1974-08-12", "corrected": "1975-08-12", "by": "typing"}
    assert ended(score) == ("scanSuccess", "confirmed", [correction])


def test_the_whole_name_and_its_parts_replace_each_other() -> None:
    score = read_back()
    score.hear("my name is Mia Berg")
    assert "I have read Mia Berg, born" in score.said()[-1]
    score.hear("no, my last name is Erikson")
    assert "I have read Anna Maria Erikson, born" in score.said()[-1]
    score.hear("yes")
    assert [correction["field"] for correction in ended(score)[2]] == ["lastName"]


def test_what_is_corrected_back_is_no_correction() -> None:
    score = read_back()
    score.hear("no, Anna-Marie")
    score.hear("no, Anna Maria")
    assert score.said()[-1] == QUESTION.replace("ANNA MARIA", "Anna Maria")
    score.hear("yes")
    assert ended(score) == ("scanSuccess", "confirmed", [])


def test_silence_goes_on_after_one_reminder() -> None:
    score = read_back()
    while score.machine.finished is None:
        score.spoken()
        score.wait()
        assert score.now < 120
    assert [text for text in score.said() if text.endswith(QUESTION)][1:] == [f"Are you still there? {QUESTION}"]
    assert ended(score) == ("scanSuccess", "unanswered", [])


def test_after_three_rounds_the_flow_goes_on() -> None:
    score = read_back()
    for year in (1975, 1976, 1977):
        score.hear(f"no, born in {year}")
    outcome, how, corrections = ended(score)
    assert (outcome, how) == ("scanSuccess", "disputed")
    assert [correction["corrected"] for correction in corrections] == ["1977-08-12"]
    assert sum(text.startswith("I have read") for text in score.said()) == DialoguePolicy().read_back_rounds


@pytest.mark.parametrize("reply", ["no", "das stimmt nicht", "what?", "the weather is nice"])
def test_replies_without_a_value_end_too(reply: str) -> None:
    score = read_back()
    replies = 0
    while score.machine.finished is None:
        score.hear(reply)
        replies += 1
        assert replies < 10
    assert ended(score) == ("scanSuccess", "disputed", [])


def test_stop_ends_the_reading_back_and_not_the_scan() -> None:
    score = read_back()
    score.hear("stop")
    assert ended(score) == ("scanSuccess", "unanswered", [])


def test_a_document_without_name_and_date_is_only_thanked_for() -> None:
    score = read_back({"documentNumber": {"latin": {"value": "X1"}}})
    assert score.said()[-1] == "Thank you, I have read your document."
    score.spoken()
    assert ended(score) == ("scanSuccess", None, [])


def test_a_lost_page_asks_again() -> None:
    score = read_back()
    assert score.play(e.Left(), after=1.0) == []
    score.join()
    assert score.said()[-1] == QUESTION
    assert len(score.all(c.ScanDocument)) == 1
    score.hear("yes")
    assert ended(score) == ("scanSuccess", "confirmed", [])


def test_a_document_that_was_not_taken_is_not_read_back() -> None:
    settings = {"scanningMode": "single", "allowedDocumentTypes": ["passport"], "readBack": True}
    score = Score(fixed("document_scan", *WAYS, **settings))
    score.join()
    show_document(score, "rejected", "expired", SPECIMEN)
    assert score.said()[-1] == "This document has expired."
