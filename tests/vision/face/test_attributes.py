"""A range of ages out of many frames, and what it says about a limit."""

import pytest

from vision.face.attributes import AgeDecision, AgeRange, age_range, decide


def test_the_range_reaches_eight_years_around_the_median() -> None:
    assert age_range([30.2, 30.0, 29.9, 30.1], [0.99] * 4) == AgeRange(22, 39, "male", 4)


def test_frames_that_disagree_widen_it() -> None:
    found = age_range([20, 22, 25, 30, 35, 38, 40], [0.01] * 7)
    assert found is not None
    assert found.age_min <= 21
    assert found.age_max >= 39
    assert found.sex == "female"


def test_a_single_odd_frame_does_not() -> None:
    assert age_range([30.0] * 19 + [75.0], [1.0] * 20) == AgeRange(22, 38, "male", 20)


@pytest.mark.parametrize(("male", "sex"), [(0.81, "male"), (0.79, ""), (0.5, ""), (0.21, ""), (0.19, "female")])
def test_an_unclear_sex_stays_empty(male: float, sex: str) -> None:
    found = age_range([40.0] * 3, [male] * 3)
    assert found is not None
    assert found.sex == sex


def test_the_range_stays_within_a_life() -> None:
    assert age_range([3.0] * 3, [0.5] * 3) == AgeRange(0, 11, "", 3)
    assert age_range([97.0] * 3, [0.5] * 3) == AgeRange(89, 100, "", 3)


def test_few_frames_say_nothing() -> None:
    assert age_range([40.0, 41.0], [1.0, 1.0]) is None
    assert age_range([], []) is None


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="each frame"):
        age_range([40.0] * 3, [1.0] * 4)


@pytest.mark.parametrize(
    ("low", "high", "decision"),
    [
        (18, 34, AgeDecision.PASSED),
        (17, 33, AgeDecision.UNCLEAR),
        (10, 18, AgeDecision.UNCLEAR),
        (9, 17, AgeDecision.FAILED),
    ],
)
def test_near_the_limit_it_is_unclear(low: int, high: int, decision: AgeDecision) -> None:
    assert decide(AgeRange(low, high, "", 5), 18) is decision


def test_without_a_range_it_is_unclear() -> None:
    assert decide(None, 18) is AgeDecision.UNCLEAR
