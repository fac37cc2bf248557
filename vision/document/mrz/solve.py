"""The solutions of one evidence: strings whose check digits all hold and whose dates can be, with their likelihoods."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.document.document import CivilDate
from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.dates import is_date
from vision.document.mrz.evidence import INDEX, Likelihoods
from vision.document.mrz.layouts import FILLER, Layout, variant_of
from vision.document.mrz.search import Search, Solution, Step, steps_of
from vision.document.mrz.zone import failed_checks

ZONE_IS_WRONG = 1e-5
"""Likelihood that a zone was printed with check digits that do not hold and was read as it is. A solution far below
what was read must not be taken merely for want of others."""
SOLUTIONS = 48
"""The likeliest so many are listed."""
LISTED = 1e-4
"""Those with at least this share of the likelihood of the best are listed."""
RIVAL = 0.01
"""A solution counts as possible beside the best from this share of its likelihood on."""
OVERFLOW_SEEN = 1e-3
"""A document number may run over where the ``<`` in the place of its check digit has this likelihood, and so many more
characters followed by another ``<`` have it too."""


@dataclass(frozen=True, slots=True)
class Solved:
    """All that check digits leave of one evidence."""

    solutions: tuple[Solution, ...]
    """The likeliest first; ``characters`` along ``steps_of`` of the plain layout."""
    total: float
    """Likelihood of all solutions together, and of the zone being wrong."""
    steps: tuple[Step, ...]

    @property
    def best(self) -> str:
        """Characters of the likeliest one; empty when there is none."""
        return self.solutions[0].characters if self.solutions else ""

    @property
    def likelihood(self) -> float:
        """Of the best."""
        return self.solutions[0].likelihood if self.solutions else 0.0

    @property
    def certainty(self) -> float:
        """Its share of the likelihood of everything."""
        return self.likelihood / self.total if self.total > 0.0 else 0.0

    @property
    def rivals(self) -> int:
        """How many are possible, the best included."""
        return sum(one.likelihood >= RIVAL * self.likelihood for one in self.solutions)

    def agrees(self, lines: Sequence[str]) -> bool:
        """Whether these lines say the same wherever check digits cover them."""
        return bool(self.best) and all(
            lines[step.line][step.column] == character for step, character in zip(self.steps, self.best, strict=True)
        )


def solve(layout: Layout, likelihoods: list[Likelihoods], today: CivilDate) -> Solved:
    """Solve one evidence; ``layout`` is the plain one, its variants for long document numbers are tried as well."""
    plain = steps_of(layout)
    found: list[Solution] = []
    total, best = ZONE_IS_WRONG, 0.0
    for variant in (layout.without_overflow(), *_overflowing(layout, likelihoods)):
        steps = steps_of(variant)
        search = Search(steps, _masked(variant, likelihoods))
        total, best = total + search.total, max(best, search.best)
        for solution in itertools.islice(search.solutions(LISTED * best), SOLUTIONS):
            if _is_possible(layout, steps, solution.characters):
                ordered = _in_order(steps, solution.characters, plain)
                found.append(Solution(ordered, solution.likelihood))
            else:
                total -= solution.likelihood
    found.sort(key=lambda solution: -solution.likelihood)
    return Solved(tuple(found[:SOLUTIONS]), max(total, ZONE_IS_WRONG), plain)


def _overflowing(layout: Layout, likelihoods: list[Likelihoods]) -> list[Layout]:
    """Variants with a long document number that the evidence leaves room for."""
    if not layout.overflow:
        return []
    digit, span = layout.check("document_number").digit, layout.fields[layout.overflow]
    if likelihoods[digit.line][digit.start, INDEX[FILLER]] < OVERFLOW_SEEN:
        return []
    blank = likelihoods[span.line][span.start : span.end, INDEX[FILLER]]
    written = np.cumprod(1.0 - blank)
    counts = range(1, layout.longest_overflow() + 1)
    return [layout.with_overflow(count) for count in counts if written[count] * blank[count + 1] >= OVERFLOW_SEEN]


def _masked(layout: Layout, likelihoods: list[Likelihoods]) -> list[Likelihoods]:
    allowed = [np.array([[one in places for one in ALPHABET] for places in row]) for row in layout.alphabets]
    return [rows * mask for rows, mask in zip(likelihoods, allowed, strict=True)]


def _is_possible(layout: Layout, steps: tuple[Step, ...], characters: str) -> bool:
    """Whether dates can be, and the check digits hold in the strict sense (``<`` for 0 only where that is allowed)."""
    rows = [[FILLER] * layout.width for _ in range(layout.height)]
    for step, character in zip(steps, characters, strict=True):
        rows[step.line][step.column] = character
    lines = ["".join(row) for row in rows]
    dates = (layout.fields[name].of(lines) for name in ("date_of_birth", "date_of_expiry"))
    return all(is_date(date) for date in dates) and not failed_checks(variant_of(layout, lines), lines)


def _in_order(steps: tuple[Step, ...], characters: str, order: tuple[Step, ...]) -> str:
    at = {(step.line, step.column): character for step, character in zip(steps, characters, strict=True)}
    return "".join(at[step.line, step.column] for step in order)
