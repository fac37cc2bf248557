"""One machine-readable zone out of several pictures of it, or the plain word that there is none that is sure.

Every string whose check digits all hold is a solution. One is taken only when it has nearly all of the likelihood that
the readers leave to all solutions together, and to the chance that the zone itself is wrong. So the first solution
that fits is never taken for being the first: 8 for B and 1 for I both move a sum by one, and where two such changes
cancel out, both strings are solutions and neither is sure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vision.document.document import CivilDate
from vision.document.mrz.codes import is_known_state
from vision.document.mrz.evidence import Likelihoods
from vision.document.mrz.layouts import LAYOUTS, Layout, MrzFormat
from vision.document.mrz.lines import PictureOfZone, assemble, read_zones
from vision.document.mrz.printed import print_likelihoods, printed_words
from vision.document.mrz.solve import Solved, solve
from vision.document.mrz.unchecked import UNCHECKED, unchecked_field
from vision.document.mrz.zone import Mrz, MrzError, parse
from vision.document.readings import MrzLine

State = Literal["verified", "ambiguous", "unverified", "absent"]
Means = Literal["as_read", "repaired", "voted", "printed"]

CERTAIN = 0.975
"""What the text reader read is taken, when it is a solution, with at least this share of the likelihood."""
CERTAIN_REPAIR = 0.995
"""Any other solution is taken with at least this share: more than a text reader alone can give to a repair, for in
place of the likeliest confusion it may always have made an unlikely one."""
CONCEIVABLE = 1e-5
"""Without a solution of at least this likelihood, the zone counts as wrong rather than as misread."""
ELSEWHERE = 0.05
"""The most that print speaks for solutions that were not listed: that of two characters that look alike."""
CLEARLY_BETTER = 4.0
"""How much better one format fits than any other, in log-likelihood; a passport must not be taken for a visa."""
INDEPENDENT_PICTURES = 2.0
"""Pictures of one document repeat each other's faults. The root of their number counts, and no more than this."""
PICTURES = 8
"""The newest so many are looked at."""


@dataclass(frozen=True, slots=True)
class MrzResult:
    """What the pictures come to."""

    state: State
    """``verified``: one zone, and all its check digits hold; ``ambiguous``: several are possible, or check digits hold
    as read but too much speaks for something else; ``unverified``: check digits do not hold as read, and no repair is
    likely enough; ``absent``: no lines that could be such a zone."""
    mrz: Mrz | None
    """The zone where verified; what was read where it is not, and then it may be wrong in any field."""
    means: Means | None
    """How it was verified: as the text reader has it, by alphabet alone; with the other reader and the check digits;
    over several pictures; with the printed zone."""
    failed_checks: tuple[str, ...]
    """Check digits that do not hold as read; empty where verified."""
    candidates: int
    """How many solutions have at least a hundredth of the likelihood of the best."""
    unsure: tuple[str, ...] = ()
    """Fields without a check digit that were not read clearly: ``names``, ``issuer``, ``nationality``, ``sex``,
    ``document_code``."""
    unknown: tuple[str, ...] = ()
    """``issuer`` or ``nationality`` where it is no code of a state."""


ABSENT = MrzResult("absent", None, None, (), 0)


def resolve(pictures: Sequence[Sequence[MrzLine]], printed: Sequence[str], today: CivilDate) -> MrzResult:
    """Resolve a zone. ``pictures``: its lines in each picture; ``printed``: lines of the printed zone, of any picture;
    ``today`` settles centuries."""
    zones, clear = _of_one_format([read_zones(lines) for lines in pictures[-PICTURES:]])
    if not zones:
        return ABSENT
    layout = zones[0].layout
    together = _together(zones)
    solved = solve(layout, together, today)
    alone = [solved] if len(zones) == 1 else [solve(layout, zone.likelihoods, today) for zone in zones]
    read = any(solved.agrees(zone.as_read) for zone in zones)
    sure = {one.best for one, zone in zip(alone, zones, strict=True) if _is_certain(one, one.agrees(zone.as_read))}
    if not clear or not sure <= {solved.best}:
        return _not_sure("ambiguous", zones, together, solved, today)
    if _is_certain(solved, read):
        means: Means = "as_read" if read else "repaired" if sure else "voted"
        return _verified(means, layout, together, solved, 0, today)
    chosen = _by_print(layout, together, solved, printed, today)
    if chosen is not None:
        return _verified("printed", layout, together, solved, chosen, today)
    several = solved.likelihood >= CONCEIVABLE and (solved.rivals > 1 or read)
    return _not_sure("ambiguous" if several else "unverified", zones, together, solved, today)


def _is_certain(solved: Solved, read: bool) -> bool:
    return solved.certainty >= (CERTAIN if read else CERTAIN_REPAIR)


def _of_one_format(pictures: Sequence[Mapping[MrzFormat, PictureOfZone]]) -> tuple[list[PictureOfZone], bool]:
    """The pictures in the format that most of them fit, and whether no other one fits nearly as well."""
    fits = {
        name: (len(zones), sum(zone.fit for zone in zones))
        for name in LAYOUTS
        if (zones := [picture[name] for picture in pictures if name in picture])
    }
    if not fits:
        return [], False
    chosen = max(fits, key=fits.__getitem__)
    count, fit = fits.pop(chosen)
    clear = all(other < (count, fit - CLEARLY_BETTER) for other in fits.values())
    return [picture[chosen] for picture in pictures if chosen in picture], clear


def _together(zones: Sequence[PictureOfZone]) -> list[Likelihoods]:
    weight = min(math.sqrt(len(zones)), INDEPENDENT_PICTURES) / len(zones)
    joined: list[Likelihoods] = []
    for lines in zip(*(zone.likelihoods for zone in zones), strict=True):
        product = np.prod(np.stack(lines) ** weight, axis=0)
        joined.append(product / product.sum(axis=1, keepdims=True))
    return joined


def _by_print(
    layout: Layout, likelihoods: list[Likelihoods], solved: Solved, printed: Sequence[str], today: CivilDate
) -> int | None:
    """Which solution the printed zone settles on; None where it settles nothing."""
    if solved.likelihood < CONCEIVABLE or not printed:
        return None
    zones = [parse(assemble(layout, likelihoods, one), today) for one in solved.solutions]
    fits = print_likelihoods(zones, printed_words(printed))
    if fits is None:
        return None
    weights = [one.likelihood * fit for one, fit in zip(solved.solutions, fits, strict=True)]
    rest = solved.total - sum(one.likelihood for one in solved.solutions)
    chosen = max(range(len(weights)), key=weights.__getitem__)
    certainty = weights[chosen] / (sum(weights) + max(0.0, rest) * ELSEWHERE)
    return chosen if certainty >= CERTAIN_REPAIR and fits[chosen] == 1.0 else None


def _verified(
    means: Means, layout: Layout, likelihoods: list[Likelihoods], solved: Solved, chosen: int, today: CivilDate
) -> MrzResult:
    mrz = parse(assemble(layout, likelihoods, solved.solutions[chosen]), today)
    return MrzResult("verified", mrz, means, (), solved.rivals, _unsure(layout, likelihoods), _unknown(mrz))


def _not_sure(
    state: State, zones: Sequence[PictureOfZone], likelihoods: list[Likelihoods], solved: Solved, today: CivilDate
) -> MrzResult:
    best = max(zones, key=lambda zone: zone.fit)
    try:
        mrz = parse(best.as_read, today)
    except MrzError:
        return MrzResult(state, None, None, (), solved.rivals)
    unsure = _unsure(best.layout, likelihoods)
    return MrzResult(state, mrz, None, mrz.failed_checks, solved.rivals, unsure, _unknown(mrz))


def _unsure(layout: Layout, likelihoods: list[Likelihoods]) -> tuple[str, ...]:
    return tuple(name for name in UNCHECKED if not unchecked_field(name, layout, likelihoods)[1])


def _unknown(mrz: Mrz) -> tuple[str, ...]:
    codes = {"issuer": mrz.issuer, "nationality": mrz.nationality}
    return tuple(name for name, code in codes.items() if not is_known_state(code))
