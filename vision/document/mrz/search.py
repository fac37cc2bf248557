"""Every string whose check digits all hold, weighed: the likeliest of them, and how much of the weight each has.

A check digit is a sum modulo 10, so how far a string has come is told by two remainders: that of the field and that of
the composite digit. Sums over all strings, and the likeliest of them in turn, follow from tables over (place, two
remainders); no string is left out, and the work is bounded: at most 90 places × 100 states × 37 characters.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vision.document.mrz.check_digit import ALPHABET, VALUES, WEIGHTS
from vision.document.mrz.evidence import Likelihoods
from vision.document.mrz.layouts import COMPOSITE, Check, Layout

NEGLIGIBLE = 1e-12
"""Likelihoods below this share of a place are not tried."""

_VALUES = np.array([VALUES[character] for character in ALPHABET])


Place = tuple[int, int]
"""Line and column."""


class Step(NamedTuple):
    """One place on the way through everything that check digits cover."""

    line: int
    column: int
    field_weight: int
    """0 where only the composite digit covers it."""
    composite_weight: int
    closes: str
    """``field`` or ``composite`` for a check digit, else empty."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A string along the steps, and its likelihood."""

    characters: str
    likelihood: float


def steps_of(layout: Layout) -> tuple[Step, ...]:
    """All places that check digits cover, with those digits: field by field, each ending in its digit; then what only
    the composite digit covers, and that digit. A long document number is one field though other fields part it."""
    fields = [check for check in layout.checks if check.name != COMPOSITE]
    composite = [check for check in layout.checks if check.name == COMPOSITE]
    field_weights = {place: weight for check in fields for place, weight in _weights(check)}
    composite_weights = {place: weight for check in composite for place, weight in _weights(check)}
    closes: dict[Place, str] = {}
    for check in layout.checks:
        for place in _places(check):
            closes.setdefault(place, "")
        closes[check.digit.line, check.digit.start] = "field" if check in fields else "composite"
    return tuple(
        Step(line, column, field_weights.get((line, column), 0), composite_weights.get((line, column), 0), kind)
        for (line, column), kind in closes.items()
    )


def _places(check: Check) -> list[Place]:
    return [place for span in check.covers for place in span.places()]


def _weights(check: Check) -> Iterator[tuple[Place, int]]:
    return ((place, WEIGHTS[at % len(WEIGHTS)]) for at, place in enumerate(_places(check)))


class Search:
    """The strings of one layout under one evidence."""

    def __init__(self, steps: tuple[Step, ...], likelihoods: list[Likelihoods]) -> None:
        """``likelihoods``: of each line, shape (places, 37)."""
        self._choices = [_choices(step, likelihoods[step.line][step.column]) for step in steps]
        self._steps = steps
        self._sums = self._table(np.add)
        self._best = self._table(np.maximum)

    @property
    def total(self) -> float:
        """Sum of the likelihoods of all strings whose check digits hold."""
        return float(self._sums[0][0, 0])

    @property
    def best(self) -> float:
        """Likelihood of the likeliest such string; 0 = there is none."""
        return float(self._best[0][0, 0])

    def solutions(self, least: float) -> Iterator[Solution]:
        """Those of at least this likelihood, the likeliest first (best-first search: the tables tell exactly what is
        still to come)."""
        queue = [(-self.best, "", 1.0, 0, 0)]
        while queue:
            bound, characters, likelihood, field, composite = heapq.heappop(queue)
            at = len(characters)
            if at == len(self._steps):
                yield Solution(characters, -bound)
                continue
            for character, share in self._choices[at]:
                after = _after(self._steps[at], character, field, composite)
                if after is None:
                    continue
                reached = likelihood * share
                ahead = reached * float(self._best[at + 1][after])
                if ahead > 0.0 and ahead >= least:
                    heapq.heappush(queue, (-ahead, characters + ALPHABET[character], reached, *after))

    def _table(self, join: np.ufunc) -> list[npt.NDArray[np.float64]]:
        """By step and (remainder of the field, of the composite): the sum or maximum over all ways to the end."""
        end = np.zeros((10, 10))
        end[0, 0] = 1.0
        tables = [end]
        for step, choices in zip(reversed(self._steps), reversed(self._choices), strict=True):
            shares = np.zeros(10)
            for character, share in choices:
                remainder = _VALUES[character] % 10
                shares[remainder] = join(shares[remainder], share)
            table = np.zeros((10, 10))
            for remainder in np.flatnonzero(shares):
                table = join(table, shares[remainder] * _before(step, int(remainder), tables[-1]))
            tables.append(table)
        return tables[::-1]


def _choices(step: Step, likelihoods: npt.NDArray[np.float64]) -> list[tuple[int, float]]:
    return [(int(index), float(likelihoods[index])) for index in np.flatnonzero(likelihoods > NEGLIGIBLE)]


def _after(step: Step, character: int, field: int, composite: int) -> tuple[int, int] | None:
    """The remainders after a character; None where it is a check digit that does not hold.

    The composite remainder is emptied by its digit, so that every string that holds ends in (0, 0).
    """
    value = int(_VALUES[character])
    if step.closes == "composite":
        return (0, 0) if value == composite else None
    if step.closes == "field":
        return (0, (composite + step.composite_weight * value) % 10) if value == field else None
    return (field + step.field_weight * value) % 10, (composite + step.composite_weight * value) % 10


def _before(step: Step, value: int, after: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``after`` seen from the remainders before a character of this value: ``_after`` for all states at once."""
    before = np.zeros((10, 10))
    if step.closes == "composite":
        before[0, value] = after[0, 0]
    elif step.closes == "field":
        before[value] = np.roll(after[0], -step.composite_weight * value)
    else:
        before = np.roll(after, (-step.field_weight * value, -step.composite_weight * value), axis=(0, 1))
    return before
