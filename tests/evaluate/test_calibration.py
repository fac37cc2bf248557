"""Confidence: what can be answered at a precision, and how far it is from the truth."""

import pytest

from conversation.evaluate.calibration import Bin, bins, calibration_error, covered

SURE = [0.99, 0.98, 0.97, 0.8, 0.7, 0.6]
RIGHT = [True, True, True, False, True, True]


@pytest.mark.parametrize(("precision", "answers"), [(1.0, 3), (0.84, 3), (0.83, 6), (0.8, 6), (0.0, 6)])
def test_as_many_are_covered_as_the_precision_allows(precision: float, answers: int) -> None:
    assert covered(SURE, RIGHT, precision) == answers


def test_equal_confidences_are_not_parted() -> None:
    assert covered([0.9, 0.9, 0.9], [True, True, False], 1.0) == 0
    assert covered([0.9, 0.9, 0.8], [True, True, False], 1.0) == 2
    assert covered([], [], 0.99) == 0


def test_bins_are_of_equal_size_and_rising() -> None:
    low, high = bins(SURE, RIGHT, 2)
    assert [low.answers, high.answers] == [3, 3]
    assert [low.confidence, high.confidence] == pytest.approx([0.7, 0.98])
    assert [low.right, high.right] == pytest.approx([2 / 3, 1.0])
    assert len(bins(SURE, RIGHT, 50)) == 6
    assert bins([], []) == ()


def test_the_error_is_the_mean_distance() -> None:
    assert calibration_error(bins([0.5] * 4, [True, False, True, False], 2)) == 0.0
    assert calibration_error(bins([1.0] * 4, [False] * 4)) == 1.0
    assert calibration_error([Bin(0.9, 0.8, 30), Bin(0.6, 0.6, 10)]) == pytest.approx(0.075)
    assert calibration_error(()) == 0.0
