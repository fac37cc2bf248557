"""The lines of a machine-readable zone, as two readers see them. Which of them is right is decided elsewhere."""

import statistics
import string
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vision.document.readings import Box, MrzLine, TextLine
from vision.ports import RgbImage
from vision.reading.ports import GlyphReader, TextReader
from vision.reading.script import latin_capitals
from vision.reading.zone_lines import ZoneLine, cut_line, find_zone_lines

WIDTHS = {3: (30,), 2: (36, 44)}
"""Characters of a line, by how many lines there are: TD1; TD2 and MRV-B, TD3 and MRV-A."""
PLAUSIBLE = 0.45
"""Below this, lines are something else that is set in columns."""
CLEAR = 0.8
"""From here on no other group of lines, and no other way up, is looked at."""

SLACK = 3
"""Characters that the text reader may lose or invent in a line; 30 is then still no 36."""
EDGE = 0.022
"""Share of the page's width; ICAO 9303-3 §4 begins the zone about twice as far from the edge."""
AGREE = 0.7
"""Share of a line's places at which two readers that see the same line agree."""
SHIFTS = (0, 1, -1, 2, -2)
"""Places by which the grid may be off; of those that agree alike the first is taken."""

Turned = Literal[0, 180]
Places = tuple[tuple[tuple[str, float], ...], ...]

_ALIKE = str.maketrans("OQDI", "0001")
_ALPHABET = frozenset(string.ascii_uppercase + string.digits + "<")
_FILLERS = str.maketrans(dict.fromkeys("‹〈＜《«≪＞く", "<"))


@dataclass(frozen=True, slots=True)
class FoundZone:
    """A zone, and which way up the picture stands."""

    lines: tuple[MrzLine, ...]
    turned: Turned
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


def is_complete(lines: Sequence[MrzLine]) -> bool:
    """Whether a zone has all of its lines in about their length, away from the edges of the page. One that is cut off
    has not."""
    if any(line.box.x < EDGE or line.box.x + line.box.width > 1 - EDGE for line in lines):
        return False
    widths = WIDTHS.get(len(lines), ())
    return any(all(abs(len(line.text) - width) <= SLACK for line in lines) for width in widths)


def zone_in_print(lines: Sequence[TextLine]) -> tuple[MrzLine, ...]:
    """Lines of a zone among all lines of print: what is long, full of fillers or written like such a line."""
    cleaned = [(cleaned_text(line.text), line) for line in lines]
    any_width = tuple(width for widths in WIDTHS.values() for width in widths)
    chosen = [(text, line) for text, line in cleaned if _looks(text, line.confidence, any_width) >= PLAUSIBLE]
    return tuple(MrzLine(text, line.confidence, (), line.box) for text, line in chosen[-3:])


def cleaned_text(text: str) -> str:
    """Only what a zone may hold; marks that stand for a filler are fillers, and look-alikes of letters are letters.
    Letters lose their marks, as ICAO 9303-3 §6 writes nearly all of them; most often such a mark is dirt."""
    letters = latin_capitals(unicodedata.normalize("NFD", text).upper())
    return "".join(one for one in letters.translate(_FILLERS) if one in _ALPHABET)


def _read_both_ways(
    image: RgbImage, group: Sequence[ZoneLine], text: TextReader, glyphs: GlyphReader | None
) -> Iterator[FoundZone]:
    turns: tuple[Turned, ...] = (0, 180)
    for turned in turns:
        lines = group if turned == 0 else tuple(reversed(group))
        read, score = _read_lines(image, lines, turned, text)
        if score < PLAUSIBLE:
            continue
        typical = statistics.median(len(words) for words, _ in read)
        count = min(WIDTHS[len(lines)], key=lambda width: abs(width - typical))
        seen = [_seen(image, line, turned, words, count, glyphs) for line, (words, _) in zip(lines, read, strict=True)]
        found = tuple(
            MrzLine(words, confidence, places, _box(line, image.shape, turned))
            for line, (words, places), (_, confidence) in zip(lines, seen, read, strict=True)
        )
        yield FoundZone(found, turned, score)


def _read_lines(
    image: RgbImage, lines: Sequence[ZoneLine], turned: Turned, text: TextReader
) -> tuple[list[tuple[str, float]], float]:
    """(text, confidence) of each line, and how much the worst looks like one of a zone. Most groups are none, and the
    first line tells; then the others are not read."""
    widths = WIDTHS[len(lines)]
    read: list[tuple[str, float]] = []
    score = 1.0
    for some in (lines[:1], lines[1:]):
        if score >= PLAUSIBLE:
            found = text.read_lines([_cut(image, line, turned) for line in some])
            read += [(cleaned_text(words), confidence) for words, confidence in found]
            score = min(_looks(words, confidence, widths) for words, confidence in read)
    return read, score


def _cut(image: RgbImage, line: ZoneLine, turned: Turned) -> RgbImage:
    cut = cut_line(image, line)
    return cut if turned == 0 else np.ascontiguousarray(cut[::-1, ::-1])


def _seen(
    image: RgbImage, line: ZoneLine, turned: Turned, words: str, count: int, glyphs: GlyphReader | None
) -> tuple[str, Places]:
    """The text, and what the OCR-B reader sees if it is the same line. Dirt beside a line may shift the grid by a place
    or two, and then the line is cut anew without it; or it may be read as a character too many, and then this goes. No
    places when the two still do not see the same."""
    if glyphs is None:
        return words, ()
    for _ in range(2):
        places = glyphs.read(_cut(image, line, turned), count)
        if not places:
            break
        likeliest = "".join(place[0][0] for place in places)
        texts = [
            words,
            *(words[start : start + count] for start in range(len(words) - count + 1) if len(words) > count),
        ]
        agreement, shift, text = max(
            ((_agreement(text, likeliest, shift), shift, text) for shift in SHIFTS for text in texts),
            key=lambda found: found[0],
        )
        if shift == 0:
            return (text, places) if agreement >= AGREE else (words, ())
        dirt = line.length * shift / (count + abs(shift)) * (1 if turned == 0 else -1)
        line = replace(line, left=line.left + max(0.0, dirt), right=line.right + min(0.0, dirt))
    return words, ()


def _agreement(words: str, seen: str, shift: int) -> float:
    """Share of the places at which both have the same, or one of O and 0, I and 1; ``seen`` begins ``shift`` places
    early. The halves are counted from their ends, because the text may lack a filler in the middle."""
    words, seen = words.translate(_ALIKE), seen.translate(_ALIKE)
    half = len(seen) // 2
    pairs = [(place, place + shift) for place in range(half)]
    pairs += [(len(words) - 1 - place, len(seen) - 1 - place + shift) for place in range(len(seen) - half)]
    inside = [(one, other) for one, other in pairs if 0 <= one < len(words) and 0 <= other < len(seen)]
    return sum(words[one] == seen[other] for one, other in inside) / len(pairs)


def _looks(text: str, confidence: float, widths: Sequence[int]) -> float:
    """How much a text looks like a line of a zone, 0 to 1: its length, and that it is written clearly."""
    off = min(abs(len(text) - width) for width in widths)
    length = max(0.0, 1 - off / 10)
    capitals_and_more = any(one.isdigit() for one in text) or "<<" in text
    return confidence * length * (1.0 if capitals_and_more else 0.4)


def _box(line: ZoneLine, shape: tuple[int, ...], turned: Turned) -> Box:
    height, width = shape[:2]
    ends = [line.y(x) for x in (line.left, (line.left + line.right) / 2, line.right)]
    top, bottom = min(ends) - line.height / 2, max(ends) + line.height / 2
    box = Box(line.left / width, top / height, line.length / width, (bottom - top) / height)
    return box if turned == 0 else Box(1 - box.x - box.width, 1 - box.y - box.height, box.width, box.height)
