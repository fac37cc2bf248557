"""Rates, intervals and curves, against values that can be checked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.evaluation.rates import Rate, curve, curve_to_json


def test_no_errors_in_few_cases_proves_little() -> None:
    """The rule of three: none of 10 leaves up to 31 % open."""
    low, high = Rate(0, 10).interval
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 10))


def test_without_cases_nothing_is_known() -> None:
    rate = Rate(0, 0)
    assert rate.share is None
    assert rate.interval == (0, 1)
    assert rate.to_json()["share"] is None
    assert "no cases" in str(rate)


def test_separated_scores_have_no_equal_error() -> None:
    found = curve(np.array([0.8, 0.9]), np.array([0.1, 0.2]))
    assert found is not None
    rate, threshold = found.equal_error
    assert rate == 0
    assert 0.2 < threshold <= 0.8
    assert found.area == pytest.approx(1)
    assert found.at_false_accept(0.001) == (1.0, 0.8)


def test_equal_error_by_hand() -> None:
    """One of four on the wrong side, on both sides."""
    found = curve(np.array([0.3, 0.7, 0.8, 0.9]), np.array([0.1, 0.2, 0.25, 0.75]))
    assert found is not None
    assert found.equal_error[0] == pytest.approx(0.25)
    assert found.area == pytest.approx(14 / 16)


def test_one_side_alone_has_no_curve() -> None:
    assert curve(np.array([0.5]), np.array([])) is None
    assert curve_to_json(None) is None


scores = st.lists(st.floats(0, 1), min_size=1, max_size=40).map(np.array)


@given(scores, scores)
def test_the_area_is_the_chance_to_be_ranked_right(positives: np.ndarray, negatives: np.ndarray) -> None:
    found = curve(positives, negatives)
    assert found is not None
    above = (positives[:, None] > negatives[None, :]).mean() + 0.5 * (positives[:, None] == negatives[None, :]).mean()
    assert found.area == pytest.approx(above)


@given(scores, scores, st.sampled_from([0.1, 0.01, 0.001]))
def test_the_threshold_keeps_the_limit(positives: np.ndarray, negatives: np.ndarray, limit: float) -> None:
    found = curve(positives, negatives)
    assert found is not None
    share, threshold = found.at_false_accept(limit)
    assert (negatives >= threshold).mean() <= limit
    assert share == pytest.approx((positives >= threshold).mean())
