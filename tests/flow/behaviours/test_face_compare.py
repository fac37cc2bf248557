"""The face_compare node, played as scores."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import fixed
from tests.scores.looks import compare
from tests.scores.score import Score


def comparing(last: str = "imageUnavailable", **settings: Any) -> Score:
    score = Score(fixed("face_compare", "match", "noMatch", last, **settings))
    score.join()
    return score


def report(score: Score) -> Any:
    return score.machine.record.node_reports[0]


def test_it_names_the_two_faces_and_says_nothing() -> None:
    score = comparing(sourceA={"source": "providedData", "providedDataKey": "badge"}, sourceB={"source": "faceScan"})
    assert score.last(c.CompareFaces) == c.CompareFaces(
        "r1", c.FaceImage("providedData", "badge"), c.FaceImage("faceScan"), DialoguePolicy().match_seconds
    )
    assert score.said() == []
    plain = comparing().last(c.CompareFaces)
    assert (plain.a.source, plain.b.source) == ("documentPhoto", "sessionVideo")


@pytest.mark.parametrize(("similarity", "outcome"), [(0.85, "match"), (0.84, "noMatch"), (0.0, "noMatch")])
def test_the_threshold_decides(similarity: float, outcome: str) -> None:
    score = comparing()
    compare(score, similarity)
    assert score.outcome() == outcome
    assert report(score).members["report"] == {
        "isMatch": outcome == "match",
        "similarity": similarity,
        "sourceAImageFound": True,
        "sourceBImageFound": True,
    }


@pytest.mark.parametrize(("last", "error"), [("imageUnavailable", "no_model"), ("error", "")])
def test_what_was_not_compared_is_neither_a_match_nor_none(last: str, error: str) -> None:
    score = comparing(last)
    compare(score, None, found_a=False, error=error)
    assert score.outcome() == last
    assert report(score).members["report"] == {
        "isMatch": False,
        "sourceAImageFound": False,
        "sourceBImageFound": True,
        "error": error or "not_compared",
    }


def test_an_answer_that_never_comes() -> None:
    score = comparing()
    score.wait()
    assert score.said() == ["One moment, please."]
    score.wait()
    assert (score.outcome(), report(score).evidence["reason"]) == ("imageUnavailable", "timeout")
    assert score.last(c.StopCheck) == c.StopCheck("r1")


def test_a_lost_page_compares_afresh_and_an_old_answer_is_none() -> None:
    score = comparing()
    assert score.play(e.Left()) == [c.StopCheck("r1")]
    assert isinstance(score.play(e.FacesCompared("r1", 0.99, True, True, ""))[0], c.Ignored)
    score.join()
    compare(score, 0.9)
    assert score.outcome() == "match"


def test_an_operators_decision_breaks_it_off() -> None:
    score = comparing()
    assert score.play(e.OutcomeForced("it", "noMatch", "operator"))[0] == c.StopCheck("r1")
