"""The lines of a machine-readable zone, as two readers see them. Which of them is right is decided elsewhere."""

import statistics
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vision.document.readings import Box, MrzLine, TextLine
from vision.ports import RgbImage
from vision.reading.ports import GlyphReader, TextReader
from vision.reading.zone_lines import ZoneLine, cut_line, find_zone_lines

WIDTHS = (30, 36, 44)
"""Characters of a line: TD1, TD2 and MRV-B, TD3 and MRV-A."""
PLAUSIBLE = 0.45
"""Below this, lines are something else that is set in columns."""
CLEAR = 0.8
"""From here on no other group of lines, and no other way up, is looked at."""

_ALPHABET = frozenset(string.ascii_uppercase + string.digits + "<")
_FILLERS = str.maketrans(dict.fromkeys("‹〈＜《«≪＞く", "<"))


@dataclass(frozen=True, slots=True)
class FoundZone:
    """A zone, and which way up the picture stands."""

    lines: tuple[MrzLine, ...]
    turned: Literal[0, 180]
    """Degrees by which the picture has to be turned for it. Boxes are those of the turned picture."""
    score: float
    """How much it looks like one, 0 to 1."""


def find_zone(image: RgbImage, text: TextReader, glyphs: GlyphReader | None) -> FoundZone | None:
    """The zone of a picture in which lines run across; it may stand upside down. None when there is none."""
    best: FoundZone | None = None
    for group in find_zone_lines(image):
        for found in _read_both_ways(image, group, text, glyphs):
            if best is None or found.score > best.score:
                best = found
            if best.score >= CLEAR:
                return best
    return best if best is not None and best.score >= PLAUSIBLE else None


def zone_in_print(lines: Sequence[TextLine]) -> tuple[MrzLine, ...]:
    """Lines of a zone among all lines of print: what is long, full of fillers or written like such a line."""
    cleaned = [(cleaned_text(line.text), line) for line in lines]
    chosen = [(text, line) for text, line in cleaned if len(text) >= 26 and _looks(text, line.confidence) >= PLAUSIBLE]
    return tuple(MrzLine(text, line.confidence, (), line.box) for text, line in chosen[-3:])


def cleaned_text(text: str) -> str:
    """Only what a zone may hold; marks that stand for a filler are fillers."""
    return "".join(one for one in text.upper().translate(_FILLERS) if one in _ALPHABET)


def _read_both_ways(
    image: RgbImage, group: Sequence[ZoneLine], text: TextReader, glyphs: GlyphReader | None
) -> Iterator[FoundZone]:
    cuts = [cut_line(image, line) for line in group]
    for turned in (0, 180):
        upright = cuts if turned == 0 else [np.ascontiguousarray(cut[::-1, ::-1]) for cut in reversed(cuts)]
        read = [(cleaned_text(words), confidence) for words, confidence in text.read_lines(upright)]
        score = min(_looks(words, confidence) for words, confidence in read)
        if score < PLAUSIBLE:
            continue
        boxes = [_box(line, image.shape) for line in group]
        if turned == 180:
            boxes = [
                Box(1 - box.x - box.width, 1 - box.y - box.height, box.width, box.height) for box in reversed(boxes)
            ]
        yield FoundZone(_with_glyphs(image, group, read, boxes, turned, glyphs), turned, score)
        return


def _with_glyphs(
    image: RgbImage,
    group: Sequence[ZoneLine],
    read: Sequence[tuple[str, float]],
    boxes: Sequence[Box],
    turned: int,
    glyphs: GlyphReader | None,
) -> tuple[MrzLine, ...]:
    typical = statistics.median(len(words) for words, _ in read)
    count = 30 if len(read) == 3 else min(WIDTHS[1:], key=lambda width: abs(width - typical))
    seen: list[tuple[tuple[tuple[str, float], ...], ...]] = [() for _ in read]
    if glyphs is not None:
        cuts = [cut_line(image, line) for line in group]
        if turned == 180:
            cuts = [np.ascontiguousarray(cut[::-1, ::-1]) for cut in reversed(cuts)]
        seen = [glyphs.read(cut, count) for cut in cuts]
    return tuple(
        MrzLine(words, confidence, places, box)
        for (words, confidence), places, box in zip(read, seen, boxes, strict=True)
    )


def _looks(text: str, confidence: float) -> float:
    """How much a text looks like a line of a zone, 0 to 1: its length, and that it is written clearly."""
    off = min(abs(len(text) - width) for width in WIDTHS)
    length = max(0.0, 1 - off / 10)
    capitals_and_more = any(one.isdigit() for one in text) or "<<" in text
    return confidence * length * (1.0 if capitals_and_more else 0.4)


def _box(line: ZoneLine, shape: tuple[int, ...]) -> Box:
    height, width = shape[:2]
    ends = [line.y(x) for x in (line.left, (line.left + line.right) / 2, line.right)]
    top, bottom = min(ends) - line.height / 2, max(ends) + line.height / 2
    return Box(line.left / width, top / height, line.length / width, (bottom - top) / height)
