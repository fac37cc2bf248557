"""What the pictures of all sides say of each printed field, taken together (pure)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vision.document.labels import Labels
from vision.document.readings import Box, Script
from vision.document.sides import Side
from vision.document.visual_zone import Printed, read_visual_zone
from vision.document.writing import compared, script_of


@dataclass(frozen=True, slots=True)
class Vote:
    """One printed field over several pictures of a side."""

    field: str
    text: str
    """As most pictures read it; of the surest where none leads."""
    confidence: float
    seen: int
    """Pictures that read it so."""
    agreed: bool
    """Whether no picture read it in another way."""
    script: Script
    side: int
    box: Box


def print_of(sides: Sequence[Side]) -> Mapping[str, Vote]:
    """Every printed field by the names of the contract. A field that two sides have is taken from the first."""
    labels = Labels()
    votes: dict[str, Vote] = {}
    for index, side in enumerate(sides):
        for field, vote in print_of_side(side, index, labels).items():
            votes.setdefault(field, vote)
    return votes


def print_of_side(side: Side, index: int, labels: Labels) -> Mapping[str, Vote]:
    """The printed fields of one side."""
    found: defaultdict[str, list[Printed]] = defaultdict(list)
    for reading in side.readings:
        for field, printed in read_visual_zone(reading, labels).items():
            found[field].append(printed)
    return {field: _vote(field, printed, index) for field, printed in found.items()}


def _vote(field: str, printed: Sequence[Printed], side: int) -> Vote:
    counts = Counter(compared(one.text) for one in printed)
    best = max(printed, key=lambda one: (counts[compared(one.text)], one.confidence))
    return Vote(
        field=field,
        text=best.text,
        confidence=best.confidence,
        seen=counts[compared(best.text)],
        agreed=len(counts) == 1,
        script=script_of(best.text),
        side=side,
        box=best.box,
    )
