"""The lines of one picture, laid into the layout that they fit best; and put together again from what was found."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.evidence import Likelihoods, line_evidence
from vision.document.mrz.layouts import FILLER, LAYOUTS, Layout, MrzFormat
from vision.document.mrz.search import Solution, steps_of
from vision.document.mrz.unchecked import UNCHECKED, unchecked_field
from vision.document.readings import MrzLine

POOREST_FIT = -6.0
"""Mean log-likelihood of a place below which lines are no machine-readable zone; true ones have about -3."""
UNEXPLAINED = -5.0
"""What each character of a line that a layout leaves out adds to its fit."""
LINES = 6
"""The first so many lines of a picture are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureOfZone:
    """One picture of a zone, in the layout that it fits."""

    layout: Layout
    likelihoods: list[Likelihoods]
    """Of each line, by both readers."""
    as_read: tuple[str, ...]
    """By the text reader, or the OCR-B reader where there was no text, and the alphabet of each place."""
    fit: float


def read_zones(lines: Sequence[MrzLine]) -> dict[MrzFormat, PictureOfZone]:
    """By format that the lines could be of, the neighbouring lines that fit it best."""
    found: dict[MrzFormat, PictureOfZone] = {}
    for layout in LAYOUTS.values():
        for first in range(min(len(lines), LINES) - layout.height + 1):
            inside = lines[first : first + layout.height]
            zone = _in_layout(layout, inside)
            if zone is None:
                continue
            left_out = sum(len(line.text) for line in lines) - sum(len(line.text) for line in inside)
            zone = replace(zone, fit=zone.fit + UNEXPLAINED * left_out)
            if layout.format not in found or zone.fit > found[layout.format].fit:
                found[layout.format] = zone
    return found


def assemble(layout: Layout, likelihoods: list[Likelihoods], solution: Solution) -> tuple[str, ...]:
    """The lines of a solution: its characters where check digits cover them, as read elsewhere."""
    rows = _likeliest(layout, likelihoods)
    for step, character in zip(steps_of(layout), solution.characters, strict=True):
        rows[step.line][step.column] = character
    return tuple("".join(row) for row in rows)


def _in_layout(layout: Layout, lines: Sequence[MrzLine]) -> PictureOfZone | None:
    seen = [line_evidence(line, places) for line, places in zip(lines, layout.alphabets, strict=True)]
    fit = sum(evidence.fit for evidence in seen)
    if not math.isfinite(fit) or fit < POOREST_FIT * layout.width * layout.height:
        return None
    as_read = tuple("".join(row) for row in _likeliest(layout, [evidence.by_text for evidence in seen]))
    return PictureOfZone(layout, [evidence.likelihoods for evidence in seen], as_read, fit)


def _likeliest(layout: Layout, likelihoods: list[Likelihoods]) -> list[list[str]]:
    rows = [[ALPHABET[at] for at in places.argmax(axis=1)] for places in likelihoods]
    for name in UNCHECKED:
        span = layout.fields[name]
        rows[span.line][span.start : span.end] = unchecked_field(name, layout, likelihoods)[0].ljust(
            span.end - span.start, FILLER
        )
    return rows
