"""Which pictures show which side of a document (pure). The same side twice votes; it is no second side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from vision.document.readings import MrzLine, SideReading
from vision.document.writing import compared

SideName = Literal["front", "back", "unknown"]

_READ = 0.5
"""Least confidence of a line that tells one side from another."""
_SAME_TEXT = 0.5
"""Share of the shorter picture's lines that the other one has as well, from which they show the same side."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side, with all its pictures in the order in which they were taken."""

    name: SideName
    readings: tuple[SideReading, ...]

    @property
    def portrait(self) -> bool:
        """Whether a picture shows the holder's face."""
        return any(reading.portrait is not None for reading in self.readings)


def is_readable(reading: SideReading) -> bool:
    """Whether a picture says anything at all about a document."""
    lines = sum(line.confidence >= _READ and len(compared(line.text)) >= 3 for line in reading.text)
    return bool(reading.mrz or reading.barcodes or lines >= 3 or (reading.portrait is not None and lines >= 1))


def sides_of(readings: Sequence[SideReading]) -> tuple[Side, ...]:
    """The sides in the order in which they were first shown; pictures that say nothing belong to none."""
    groups: list[tuple[SideName, list[SideReading]]] = []
    for reading in readings:
        if not is_readable(reading):
            continue
        name = _name(reading)
        for index, (known, members) in enumerate(groups):
            alike = any(_same_text(reading, member) for member in members)
            if (name != "unknown" and name == known) or (alike and "unknown" in (name, known)):
                members.append(reading)
                groups[index] = (known if name == "unknown" else name, members)
                break
        else:
            groups.append((name, [reading]))
    return tuple(Side(name, tuple(members)) for name, members in groups)


def zone_lines(reading: SideReading) -> tuple[MrzLine, ...]:
    """The lines of a picture that can belong to a machine-readable zone of ICAO 9303."""
    return tuple(line for line in reading.mrz if 20 <= len(line.text) <= 54)


def _name(reading: SideReading) -> SideName:
    lines = zone_lines(reading)
    short = len(lines) == 3 or (lines and sum(len(line.text) for line in lines) / len(lines) < 33)
    if lines:
        return "back" if short and reading.format in ("id1", "unknown") else "front"
    if any(code.symbology == "pdf417" for code in reading.barcodes):
        return "back"
    if reading.portrait is not None or reading.format == "id3":
        return "front"
    return "unknown"


def _same_text(left: SideReading, right: SideReading) -> bool:
    texts = [_texts(left), _texts(right)]
    fewer, more = sorted(texts, key=len)
    if not fewer:
        return False
    shared = sum(any(fuzz.ratio(text, other) >= 85 for other in more) for text in fewer)
    return shared / len(fewer) >= _SAME_TEXT


def _texts(reading: SideReading) -> list[str]:
    texts = (compared(line.text) for line in reading.text if line.confidence >= _READ)
    return [text for text in texts if len(text) >= 3]
