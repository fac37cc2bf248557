"""The age_estimation node, played as scores: a range on one side of the limit, or a document."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.flows import fixed
from tests.scores.looks import CUES, GROWN, NEAR, YOUNG, judge_liveness
from tests.scores.score import Score


def estimating(*ways: str, **settings: Any) -> Score:
    score = Score(fixed("age_estimation", *(ways or ("success", "failure", "unclear")), **settings))
    score.join()
    return score


def years(low: int, high: int) -> e.FaceAttributes:
    return e.FaceAttributes(low, high, "", 20)


@pytest.mark.parametrize(
    ("seen", "outcome", "reason"),
    [
        (GROWN, "success", "old_enough"),
        (YOUNG, "failure", "too_young"),
        (NEAR, "unclear", "near_limit"),
        (years(18, 18), "success", "old_enough"),
        (years(17, 17), "failure", "too_young"),
        (years(17, 18), "unclear", "near_limit"),
        (years(18, 90), "success", "old_enough"),
        (None, "unclear", "age_not_checked"),
    ],
)
def test_the_whole_range_decides(seen: e.FaceAttributes | None, outcome: str, reason: str) -> None:
    score = estimating()
    judge_liveness(score, "bona_fide", attributes=seen, evidence=CUES)
    (report,) = score.machine.record.node_reports
    assert (report.outcome, report.evidence["reason"], report.evidence["ageLimit"]) == (outcome, reason, 18)
    assert ("attributes" in report.evidence) == (seen is not None)


@pytest.mark.parametrize(
    ("verdict", "reason", "outcome", "told"),
    [
        ("attack", "", "failure", "attack"),
        ("no_face", "", "unclear", "no_face"),
        ("inconclusive", "unusable_media", "unclear", "unusable_media"),
        ("not_checked", "no_media", "unclear", "no_media"),
    ],
)
def test_an_age_counts_only_of_a_live_person(verdict: str, reason: str, outcome: str, told: str) -> None:
    score = estimating()
    judge_liveness(score, verdict, reason, GROWN)
    (report,) = score.machine.record.node_reports
    assert (report.outcome, report.evidence["reason"]) == (outcome, told)


def test_the_authors_age_counts() -> None:
    score = estimating(age=30)
    judge_liveness(score, "bona_fide", attributes=GROWN)
    assert score.outcome() == "unclear"


def test_without_a_way_for_unclear_it_goes_where_failure_goes() -> None:
    score = estimating("success", "failure")
    judge_liveness(score, "bona_fide", attributes=NEAR)
    assert (score.outcome(), score.machine.node_id) == ("unclear", "to_failure")


def test_cancelled_or_unanswered_is_unclear() -> None:
    score = estimating()
    assert score.hear("stop")[0] == c.StopCheck("r1")
    assert score.outcome() == "unclear"
    late = estimating()
    while late.machine.finished is None:
        late.wait()
    assert late.outcome() == "unclear"
