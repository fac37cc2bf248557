"""Whether confidence can be trusted: how much can be answered at a wanted precision, and whether 0.8 means 80 %.

Pure. Source: Guo et al. 2017, "On Calibration of Modern Neural Networks"; bins of equal numbers (Nguyen and O'Connor
2015), because confidences crowd at the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence."""

    confidence: float
    """Their mean."""
    right: float
    """Share of them that is right."""
    answers: int


def covered(confidences: Sequence[float], right: Sequence[bool], precision: float) -> int:
    """How many of the answers can be given, the surest first, so that this share of those given is right.

    Answers of equal confidence stand or fall together, since no threshold can part them.
    """
    order = sorted(zip(confidences, right, strict=True), key=lambda answer: -answer[0])
    most = hits = 0
    for place, (confidence, hit) in enumerate(order, start=1):
        hits += hit
        last_of_its_kind = place == len(order) or order[place][0] < confidence
        if last_of_its_kind and hits >= precision * place:
            most = place
    return most


def bins(confidences: Sequence[float], right: Sequence[bool], count: int = BINS) -> tuple[Bin, ...]:
    """The answers in ``count`` parts of about equal size, by rising confidence; fewer when there are few answers."""
    order = sorted(zip(confidences, right, strict=True), key=lambda answer: answer[0])
    edges = [round(part * len(order) / count) for part in range(count + 1)]
    parts = [order[start:end] for start, end in pairwise(edges) if end > start]
    return tuple(
        Bin(sum(sure for sure, _ in part) / len(part), sum(hit for _, hit in part) / len(part), len(part))
        for part in parts
    )


def calibration_error(parts: Sequence[Bin]) -> float:
    """Expected calibration error, 0 to 1: the mean distance of confidence from the share that is right; 0 for none."""
    answers = sum(part.answers for part in parts)
    return sum(part.answers * abs(part.confidence - part.right) for part in parts) / answers if answers else 0.0
