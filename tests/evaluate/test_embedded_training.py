"""The recipe's own parts: recombination keeps labels true, plain replies read well, the fit finds what it should."""

from collections import Counter

import numpy as np
import pytest

from conversation.evaluate.providers.embedded.features import NULL_COLUMNS, OUTCOME_COLUMNS
from conversation.evaluate.providers.embedded.fuse import Fusion
from conversation.evaluate.training.data import FOLDS, Case, fold_of, recombine
from conversation.evaluate.training.plain import first_person, plain_cases

CASES = [
    Case(
        f"node{number}",
        "Do you agree?",
        (f"The user agrees {number}", f"The user refuses {number}", "Neither"),
        "yes",
        0,
    )
    for number in range(20)
]


def test_recombined_labels_stay_true() -> None:
    own = {case.node: case for case in CASES}
    for made in recombine(CASES, seed=1):
        right = own[made.node].conditions[0]
        assert made.label == (made.conditions.index(right) if right in made.conditions else None)
    assert recombine(CASES, seed=1) == recombine(CASES, seed=1)


def test_a_node_stays_in_its_fold_and_folds_are_about_equal() -> None:
    assert fold_of("support-001") == fold_of("support-001")
    sizes = Counter(fold_of(f"node{number}") for number in range(3000))
    assert len(sizes) == FOLDS
    assert all(800 < size < 1200 for size in sizes.values())


@pytest.mark.parametrize(
    ("condition", "reply"),
    [
        ("The user wants to change their address", "I want to change my address"),
        ("The caller is retired", "I am retired"),
        ("The user says they are alone", "I am alone"),
        ("The user has a car", "I have a car"),
        ("The user does not own a phone", "I don't own a phone"),
        ("Monthly billing", "Monthly billing"),
    ],
)
def test_first_person(condition: str, reply: str) -> None:
    assert first_person(condition) == reply


def test_plain_cases_cover_every_node() -> None:
    made = plain_cases(CASES, seed=1)
    assert {case.node for case in made} == {case.node for case in CASES}
    assert all(case.label is None or 0 <= case.label < len(case.conditions) for case in made)


def test_fit_finds_the_column_that_decides() -> None:
    pytest.importorskip("scipy")
    from conversation.evaluate.training.fusion import Group, fit

    chooser = np.random.default_rng(5)
    groups = []
    for number in range(120):
        table = np.zeros((2, len(OUTCOME_COLUMNS)))
        table[number % 2, OUTCOME_COLUMNS.index("overlap")] = 1.0
        table[:, OUTCOME_COLUMNS.index("cosine")] = chooser.normal(size=2)
        groups.append(Group(table, np.zeros(len(NULL_COLUMNS)), number % 2))
    fusion = fit(groups)
    assert fusion.by_name()["overlap"] > 2
    assert abs(fusion.by_name()["cosine"]) < 0.5
    chances = fusion.chances(groups[0].table, groups[0].null)
    assert chances.sum() == pytest.approx(1.0)
    assert int(np.argmax(chances)) == 1


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="train again"):
        Fusion(np.zeros(3), np.zeros(2))
