"""All strings whose check digits hold: against trying every string of a small zone."""

import itertools

import numpy as np
import pytest

from tests.vision.document.mrz.readers import CARD, LONG_NUMBER, PASSPORT, VISA
from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.evidence import INDEX
from vision.document.mrz.layouts import LAYOUTS, Check, Layout, Span
from vision.document.mrz.search import Search, steps_of
from vision.document.mrz.zone import failed_checks

CHOICES = "0O18B"

SMALL = Layout(
    "TD3",
    8,
    "P",
    {"document_number": Span(0, 0, 3), "optional_1": Span(0, 4, 6)},
    (
        Check("document_number", (Span(0, 0, 3),), Span(0, 3, 4)),
        Check("composite", (Span(0, 0, 4), Span(0, 4, 6)), Span(0, 6, 7)),
    ),
    ((CHOICES, CHOICES, CHOICES, "0123456789", CHOICES, CHOICES, "0123456789", "<"),),
)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_left_out_and_the_likeliest_come_first(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = np.zeros((8, len(ALPHABET)))
    for place, alphabet in enumerate(SMALL.alphabets[0]):
        rows[place, [INDEX[one] for one in alphabet]] = random.random(len(alphabet))
    every = {
        "".join(one): float(np.prod([rows[place, INDEX[character]] for place, character in enumerate(one)]))
        for one in itertools.product(*SMALL.alphabets[0][:7])
        if not failed_checks(SMALL, ("".join(one) + "<",))
    }
    search = Search(steps_of(SMALL), [rows])
    found = list(search.solutions(0.0))
    assert {one.characters: one.likelihood for one in found} == pytest.approx(every)
    assert [one.likelihood for one in found] == sorted(every.values(), reverse=True)
    assert search.total == pytest.approx(sum(every.values()))
    assert search.best == pytest.approx(max(every.values()))
    assert len(list(search.solutions(0.5 * search.best))) == sum(one >= 0.5 * search.best for one in every.values())


def test_no_solution_weighs_nothing() -> None:
    rows = np.zeros((8, len(ALPHABET)))
    for place, character in enumerate("0009000<"):
        rows[place, INDEX[character]] = 1.0
    search = Search(steps_of(SMALL), [rows])
    assert (search.total, search.best, list(search.solutions(0.0))) == (0.0, 0.0, [])


@pytest.mark.parametrize(
    ("lines", "layout"),
    [
        (PASSPORT, LAYOUTS["TD3"]),
        (CARD, LAYOUTS["TD1"]),
        (VISA, LAYOUTS["MRV-A"]),
        (LONG_NUMBER, LAYOUTS["TD1"].with_overflow(3)),
    ],
)
def test_specimens_are_their_own_solution(lines: tuple[str, ...], layout: Layout) -> None:
    rows = [np.zeros((layout.width, len(ALPHABET))) for _ in lines]
    for row, line in zip(rows, lines, strict=True):
        row[range(len(line)), [INDEX[character] for character in line]] = 1.0
    steps = steps_of(layout)
    found = list(Search(steps, rows).solutions(0.0))
    assert [one.characters for one in found] == ["".join(lines[step.line][step.column] for step in steps)]
