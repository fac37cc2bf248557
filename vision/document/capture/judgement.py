"""What one more picture means for a scan: accepted, once more, or a document that may not be taken (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vision.document.capture.plan import Plan
from vision.document.conclude import conclude
from vision.document.document import Document, Problem
from vision.document.readings import SideReading

REFUSALS: frozenset[Problem] = frozenset(
    {"wrong_type", "unknown_country", "expired", "implausible_dates", "data_mismatch", "recaptured"}
)
"""Problems of the document and not of its picture."""

MISREADABLE: frozenset[Problem] = frozenset({"implausible_dates", "data_mismatch", "recaptured"})
"""Refusals that a bad picture could have caused: the next picture votes with this one instead of replacing it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from a picture."""

    result: Literal["again", "refused", "side", "complete"]
    problem: Problem | None = None
    document: Document | None = None
    keep: bool = True
    """Whether the reading counts from now on."""
    front_is_missing: bool = False

    @property
    def keep_for_vote(self) -> bool:
        """Whether, after a refusal, the next picture votes with what was read so far."""
        return self.problem in MISREADABLE


def judge(before: Sequence[SideReading], reading: SideReading, plan: Plan, sides: int) -> Judgement:
    """``before`` are the readings so far, of which ``sides`` sides were accepted."""
    if reading.cards > 1:
        return Judgement("again", "two_documents", keep=False)
    document = conclude([*before, reading], plan)
    problems = [problem for problem in document.problems if problem != "back_first"]
    if not problems and len(document.sides) <= sides:
        return Judgement("again", "same_side", document)
    if not problems:
        front_is_missing = "front" not in document.sides
        return Judgement("complete" if document.complete else "side", None, document, True, front_is_missing)
    first = problems[0]
    if first in REFUSALS:
        return Judgement("refused", first, document)
    empty = first in ("no_document", "nothing_readable", "cut_off", "blurred")
    return Judgement("again", first, document, keep=not empty)


def pictures_used(readings: Sequence[SideReading]) -> tuple[int, ...]:
    """Numbers of the pictures, the sharpest first."""
    return tuple(reading.number for reading in sorted(readings, key=lambda one: -one.sharpness))
