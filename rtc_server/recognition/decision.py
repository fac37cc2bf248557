"""Whether the nearest face is the person: close enough, and clearly closer than anybody else (pure).

A comparison 1:1 is wrong once in so many comparisons, a search among n faces makes n of them. So the cut is stricter
than that of a comparison, and the runner-up must be farther away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vision.face.calibration import Calibration

STRICT_DISTANCES: Mapping[str, float] = MappingProxyType({"dlib": 0.45, "fr-feature": 1.04})
"""L2 distances, by embedder, at which no pair of some 3,000 different faces was confused; their similarities are 0.98
and 0.96."""

STRICT_SIMILARITY = 0.98
"""For other embedders, by their calibration."""

MARGIN_SHARE = 0.1
"""Of the strict distance: how much farther the runner-up must be."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What counts as recognised, in L2 distances of one embedder."""

    distance: float
    """Greatest distance of a match."""
    margin: float
    """Least distance between a match and the next person."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enrolled face near the one that is looked for."""

    face_id: str
    reference: str
    """Faces with the same one are the same person; without one each is a person of its own."""
    distance: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What the nearest faces say."""

    best: Candidate | None
    """The nearest; None without candidates."""
    margin: float | None
    """How much farther the nearest face of another person is; None when there is none."""
    recognised: bool


def cut_of(embedder: str, calibration: Calibration | None) -> Cut:
    """The cut of an embedder. Raises ValueError for one that is neither known nor calibrated."""
    distance = STRICT_DISTANCES.get(embedder)
    if distance is None:
        if calibration is None:
            raise ValueError(f"there is no strict distance for the embedder '{embedder}', and it is not calibrated")
        distance = calibration.distance(STRICT_SIMILARITY)
    return Cut(distance, MARGIN_SHARE * distance)


def decide(candidates: Sequence[Candidate], cut: Cut) -> Decision:
    """Judge the nearest faces, in any order."""
    ranked = sorted(candidates, key=lambda candidate: candidate.distance)
    if not ranked:
        return Decision(None, None, recognised=False)
    best = ranked[0]
    others = [candidate.distance for candidate in ranked[1:] if not _same_person(candidate, best)]
    margin = others[0] - best.distance if others else None
    clear = margin is None or margin >= cut.margin
    return Decision(best, margin, recognised=clear and best.distance <= cut.distance)


def duplicate(candidates: Sequence[Candidate], cut: Cut, own_id: str = "") -> Candidate | None:
    """The nearest enrolled face that is within the cut; ``own_id`` is the one that is being enrolled anew."""
    within = [found for found in candidates if found.distance <= cut.distance and found.face_id != own_id]
    return min(within, key=lambda found: found.distance, default=None)


def _same_person(one: Candidate, other: Candidate) -> bool:
    return bool(one.reference) and one.reference == other.reference
