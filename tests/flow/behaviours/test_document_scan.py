"""The document_scan node, played as scores: every outcome, what is said, and everything that goes wrong."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import fixed
from tests.scores.looks import SPECIMEN, show_document
from tests.scores.score import Score

WAYS = ("scanSuccess", "userCancelled", "scanTimeout", "documentRejected")
POLICY = DialoguePolicy()


def scanning(*ways: str, language: str = "en", **settings: Any) -> Score:
    node = {"scanningMode": "automatic", "allowedDocumentTypes": ["passport"]} | settings
    score = Score(fixed("document_scan", *(ways or WAYS), **node), language=language)
    score.join()
    return score


def guided(score: Score, kind: Any, key: str, after: float = 1.0) -> list[c.Command]:
    return score.play(e.CheckGuided(score.last(c.ScanDocument).request_id, kind, key), after=after)


def report(score: Score) -> Any:
    return score.machine.record.node_reports[0]


def test_it_says_what_happens_and_asks_for_a_document() -> None:
    score = scanning(
        allowedDocumentTypes=["driver_license", "id_card", "dl", "MRTD_TYPE_UNKNOWN"], showTorchButton=False,
        showMirrorCameraButton=False, allowUpload=False, allowExpired=True,
    )  # fmt: skip
    announced, asked = score.commands[-2:]
    assert isinstance(announced, c.Say)
    assert announced.text == "Now I need to see your identity document."
    assert asked == c.ScanDocument(
        "r1", "automatic", ("dl", "id", "any"), torch_button=False, switch_button=True, mirror_button=False,
        upload=False, allow_expired=True, limit_seconds=POLICY.document_seconds,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "reason", "way", "verdict", "said"),
    [
        ("read", "", "scanSuccess", "read", "Thank you, I have read your document."),
        ("rejected", "expired", "documentRejected", "failed", "This document has expired."),
        ("rejected", "brand_new", "documentRejected", "failed", "I cannot take this document."),
        ("timeout", "mrz_check_digit", "scanTimeout", "unread", "I could not read the document surely enough."),
        ("not_checked", "no_media", "scanTimeout", "not_checked", "The document could not be looked at just now."),
        ("error", "provider_error", "scanTimeout", "not_checked", "The document could not be looked at just now."),
    ],
)
def test_the_result_is_said_and_then_the_flow_goes_on(
    outcome: str, reason: str, way: str, verdict: str, said: str
) -> None:
    score = scanning()
    show_document(score, outcome, reason, engines={"text": "pp-ocr"}, verdict="as the reader put it")
    assert (score.machine.finished, score.said()[-1]) == (None, said)
    score.spoken()
    assert score.outcome() == way
    evidence = report(score).evidence
    assert (evidence["verdict"], evidence.get("reason", "")) == (verdict, reason)
    assert evidence["engines"] == {"text": "pp-ocr"}
    assert report(score).members["report"] == (SPECIMEN if outcome == "read" else {})
    assert ("notChecked" in report(score).members) == (verdict == "not_checked"), "unread is not the same"


def test_a_rejected_document_keeps_its_report_and_is_told_by_what_the_flow_has() -> None:
    score = scanning("scanSuccess", "userCancelled", "scanTimeout")
    show_document(score, "rejected", "wrong_type", {"mode": "photo-id"})
    score.spoken()
    assert score.outcome() == "scanTimeout"
    assert report(score).evidence == {"verdict": "failed", "reason": "wrong_type"}
    assert report(score).members == {"report": {"mode": "photo-id"}}


def test_a_closed_view_ends_without_a_word() -> None:
    for answer in (e.CheckCancelled("r1"), e.DocumentScanned("r1", "cancelled", "", {}, {})):
        score = scanning()
        score.play(answer, after=2.0)
        assert (score.outcome(), report(score).evidence["reason"]) == ("userCancelled", "cancelled")
        assert len(score.said()) == 1


@pytest.mark.parametrize("words", ["stop", "I don't want to", "I have no passport with me", "no lo tengo aquí"])
def test_whoever_refuses_or_has_none_may_leave(words: str) -> None:
    score = scanning()
    assert score.hear(words)[0] == c.StopCheck("r1")
    assert score.outcome() == "userCancelled"


def test_other_words_do_not_break_it_off() -> None:
    score = scanning()
    score.spoken()
    score.hear("wait, I have to get my passport")
    score.hear("what?")
    assert score.machine.finished is None
    assert score.said()[-1] == "Now I need to see your identity document.", "it is said again when asked for"


def test_steps_and_problems_wait_their_turn_and_their_end_is_told() -> None:
    score = scanning()
    assert guided(score, "document_step", "show_front") == [], "the announcement is still being spoken"
    (step,) = score.spoken()
    assert isinstance(step, c.Say)
    assert "front" in step.text
    assert score.spoken() == [c.InstructionSaid("r1")]
    (problem,) = guided(score, "document_problem", "glare")
    assert isinstance(problem, c.Say)
    assert "reflection" in problem.text
    assert guided(score, "document_hint", "closer") == [], "advice is dropped while something is being said"
    assert score.spoken() == [c.InstructionSaid("r1")]
    (hint,) = guided(score, "document_hint", "closer")
    assert isinstance(hint, c.Say)
    assert score.spoken() == [], "the end of an advice is nothing to wait for"


def test_lines_are_in_the_language_of_the_session() -> None:
    score = scanning(language="de")
    show_document(score, "rejected", "expired")
    assert score.said() == ["Jetzt brauche ich Ihren Ausweis.", "Dieser Ausweis ist abgelaufen."]


def test_a_result_cuts_short_what_is_being_said() -> None:
    score = scanning()
    assert score.machine.deadline is not None
    show_document(score)
    announcement, thanks = score.all(c.Say)
    late = score.play(e.SpeechEnded(announcement.utterance_id, "Now I", completed=False))
    assert isinstance(late[0], c.Ignored)
    score.play(e.SpeechEnded(thanks.utterance_id, "Thank", completed=False))
    assert score.outcome() == "scanSuccess"


def test_an_end_that_is_never_told_counts_as_spoken() -> None:
    score = scanning()
    show_document(score)
    score.hear("thank you")
    score.wait()
    assert score.outcome() == "scanSuccess"


def test_an_answer_that_never_comes() -> None:
    score = scanning()
    score.spoken()
    score.wait()
    assert score.now == pytest.approx(POLICY.document_seconds + POLICY.camera_slack_seconds)
    assert score.last(c.StopCheck) == c.StopCheck("r1")
    assert (score.outcome(), report(score).evidence["reason"]) == ("scanTimeout", "timeout")
    assert "notChecked" not in report(score).members


def test_a_lost_page_breaks_the_scan_off_and_the_next_one_begins_afresh() -> None:
    score = scanning()
    assert score.play(e.Left(), after=2.0) == [c.StopCheck("r1")]
    late = score.play(e.DocumentScanned("r1", "read", "", SPECIMEN, {}), after=1.0)
    assert isinstance(late[0], c.Ignored)
    steps = score.play(e.Joined(), after=5.0)
    assert [type(step) for step in steps] == [c.Say, c.ScanDocument]
    show_document(score)
    score.spoken()
    assert score.outcome() == "scanSuccess"


def test_coming_back_again_and_again_ends_unread() -> None:
    score = scanning()
    for _ in range(POLICY.camera_check_limit):
        score.play(e.Left(), after=1.0)
        score.play(e.Joined(), after=1.0)
    assert len(score.all(c.ScanDocument)) == POLICY.camera_check_limit
    assert score.outcome() == "scanTimeout"


def test_what_was_read_stays_read_when_the_page_is_lost_in_the_last_line() -> None:
    score = scanning()
    show_document(score)
    assert score.play(e.Left(), after=1.0) == []
    score.join()
    assert score.outcome() == "scanSuccess"
    assert len(score.all(c.ScanDocument)) == 1


def test_an_operators_decision_breaks_it_off() -> None:
    score = scanning()
    assert score.play(e.OutcomeForced("it", "scanSuccess", "operator"))[0] == c.StopCheck("r1")
    assert (score.outcome(), dict(report(score).members)) == ("scanSuccess", {})


def test_an_answer_to_another_request_is_none() -> None:
    score = scanning()
    assert isinstance(score.play(e.DocumentScanned("r9", "read", "", SPECIMEN, {}))[0], c.Ignored)
    assert score.machine.finished is None
