"""The face_scan node, played as scores: capture, comparison, required checks, and every way not to pass."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.flows import fixed
from tests.scores.looks import scan
from tests.scores.score import Score

BOTH = {"requireLivenessChallenge": True, "requireAILivenessCheck": True}
REFERENCE = {"referenceImageKey": "passport"}


def scanning(**settings: Any) -> Score:
    score = Score(fixed("face_scan", "passed", "notPassed", "cancelled", "error", **settings))
    score.join()
    return score


def report(score: Score) -> Any:
    return score.machine.record.node_reports[0]


def test_the_command_says_what_the_author_wants() -> None:
    score = scanning(captureInstructions="Chin up", enableSound=False, **BOTH, **REFERENCE)
    assert "oval" in score.said()[0]
    assert score.last(c.ScanFace) == c.ScanFace(
        "r1", c.FaceImage("providedData", "passport"), "Chin up", True, False, True, 60.0
    )
    assert scanning().last(c.ScanFace).reference is None


def test_a_capture_alone_passes_when_nothing_else_is_asked() -> None:
    score = scanning()
    scan(score, challenge=False, passive=None, frames=5)
    assert score.outcome() == "passed"
    assert report(score).members == {"report": {"livenessChallengePassed": False}}
    assert dict(report(score).evidence) == {"frames": 5, "capture": "captured"}


@pytest.mark.parametrize(("similarity", "outcome"), [(0.85, "passed"), (0.99, "passed"), (0.8499, "notPassed")])
def test_the_threshold_decides(similarity: float, outcome: str) -> None:
    score = scanning(**REFERENCE)
    scan(score, similarity=similarity)
    assert score.outcome() == outcome
    assert report(score).members["report"]["compareFacesReport"] == {
        "isMatch": outcome == "passed",
        "similarity": round(similarity, 4),
        "sourceImageFaceFound": True,
        "targetImageFaceFound": True,
    }


@pytest.mark.parametrize(("threshold", "outcome"), [(0, "passed"), (1, "notPassed"), (0.5, "passed")])
def test_the_authors_threshold_counts(threshold: float, outcome: str) -> None:
    score = scanning(similarityThreshold=threshold, **REFERENCE)
    scan(score, similarity=0.6)
    assert score.outcome() == outcome


@pytest.mark.parametrize(
    ("challenge", "passive", "outcome", "reason"),
    [
        (True, True, "passed", None),
        (False, True, "notPassed", "liveness_challenge_failed"),
        (True, False, "notPassed", "ai_liveness_check_failed"),
        (None, False, "notPassed", "ai_liveness_check_failed"),
        (None, True, "error", "liveness_challenge_not_checked"),
        (True, None, "error", "ai_liveness_check_not_checked"),
        (None, None, "error", "liveness_challenge_not_checked"),
    ],
)
def test_what_is_required_must_have_been_passed(
    challenge: bool | None, passive: bool | None, outcome: str, reason: str | None
) -> None:
    score = scanning(**BOTH)
    scan(score, challenge=challenge, passive=passive)
    assert score.outcome() == outcome
    assert report(score).evidence.get("reason") == reason
    found = report(score).members["report"]
    assert found.get("livenessChallengePassed") is challenge
    assert found.get("aiLivenessCheckPassed") is passive


def test_a_wrong_face_does_not_pass_whatever_was_not_checked() -> None:
    score = scanning(**BOTH, **REFERENCE)
    scan(score, similarity=0.2, challenge=True)
    assert (score.outcome(), report(score).evidence["reason"]) == ("notPassed", "comparison_failed")


@pytest.mark.parametrize(
    "error",
    ["reference_missing", "reference_refused", "reference_no_face", "reference_many_faces", "no_model", ""],
)
def test_without_a_comparison_nobody_passes(error: str) -> None:
    score = scanning(**REFERENCE)
    scan(score, error=error)
    assert score.outcome() == "error"
    assert report(score).evidence["reason"] == (error or "comparison_not_checked")
    comparison = report(score).members["report"]["compareFacesReport"]
    assert comparison["error"] == (error or "captured")
    assert comparison["isMatch"] is False
    assert comparison["sourceImageFaceFound"] is (error == "reference_many_faces")
    assert "similarity" not in comparison


@pytest.mark.parametrize(
    ("ended", "error", "outcome", "reason"),
    [
        ("cancelled", "", "cancelled", "cancelled"),
        ("timeout", "", "error", "timeout"),
        ("no_face", "", "error", "no_face"),
        ("not_checked", "no_media", "error", "no_media"),
        ("error", "reference_unreachable", "error", "reference_unreachable"),
    ],
)
def test_without_a_capture_nobody_passes(ended: str, error: str, outcome: str, reason: str) -> None:
    score = scanning()
    scan(score, ended, error, similarity=0.99, challenge=True, passive=True)
    assert (score.outcome(), report(score).evidence["reason"]) == (outcome, reason)


@pytest.mark.parametrize("words", ["cancel", "no, I refuse"])
def test_a_person_may_cancel_by_voice(words: str) -> None:
    score = scanning()
    assert score.hear(words)[0] == c.StopCheck("r1")
    assert (score.outcome(), report(score).members) == ("cancelled", {"report": {}})


def test_the_camera_view_can_be_closed() -> None:
    score = scanning()
    score.play(e.CheckCancelled("r1"))
    assert score.outcome() == "cancelled"


def test_an_answer_that_never_comes_is_an_error() -> None:
    score = scanning()
    while score.machine.finished is None:
        score.wait()
    assert (score.outcome(), report(score).evidence["reason"]) == ("error", "timeout")


def test_a_lost_page_begins_afresh() -> None:
    score = scanning()
    assert score.play(e.Left()) == [c.StopCheck("r1")]
    assert score.join()[-1] == c.ScanFace("r2", None, "", False, True, True, 60.0)


def test_either_spelling_of_cancelled() -> None:
    score = Score(fixed("face_scan", "passed", "notPassed", "canceled", "error"))
    score.join()
    scan(score, "cancelled")
    assert score.outcome() == "canceled"
