"""Where the lines of a machine-readable zone may lie, by morphology alone; and lines cut out straight.

A zone is two or three dark lines of one length, one below the other at an even distance, each much longer than high and
set in type of one pitch. So the gaps between the characters are closed and what is left is looked at: long thin bands
that begin and end together. This takes milliseconds; a network that detects any text takes half a second.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage

WORKING_WIDTH = 900
"""Pixels to which a picture is brought; a zone as wide as the page then has a pitch of 19 (44 places) to 27 (30)."""
TALLEST = 4
"""Heights of a picture in its widths; a strip that is narrower holds no zone."""
PITCHES = (24, 12)
"""Pixels of pitch that are looked for: a zone as wide as the picture, and one half as wide."""
LEAST_ASPECT = 11.0
"""Length of a line over its height. OCR-B gives 25 for 30 characters and 37 for 44."""
LEAST_SHARE = 0.3
"""Of the picture's width that a line covers."""
MOST_GROUPS = 4
"""Candidates that are worth reading."""
LENGTHS_DIFFER = 0.14
"""Of the longer line; the last characters of a line are often fillers that fade."""
DISTANCE = (1.1, 3.6)
"""From line to line, in heights of a line. Doc 9303 sets type of 3 mm at 6.35 mm (TD3) or less."""
RIM = 0.015
"""Share of the width, left and right, that is not looked at: there the edge of the page may pass for print. Doc 9303
keeps 4 % free."""
CUT_HEIGHT = 48
"""Pixels of a line that was cut out."""
ROOM = 1.75
"""Height of the cut over the height of the type."""
MARGIN = 0.35
"""Room at both ends, in heights of the type."""


@dataclass(frozen=True, slots=True, eq=False)
class ZoneLine:
    """A line of print: a parabola through its middle, because pages bulge. In pixels of the picture."""

    left: float
    right: float
    bend: tuple[float, float, float]
    """y = a x² + b x + c."""
    height: float
    """Of the type."""

    def y(self, x: float) -> float:
        """Middle of the type at ``x``."""
        a, b, c = self.bend
        return (a * x + b) * x + c

    @property
    def length(self) -> float:
        """From the left end to the right."""
        return self.right - self.left

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        x = (self.left + self.right) / 2
        return x, self.y(x)

    def scaled(self, factor: float) -> "ZoneLine":
        """The same line in a picture that is so many times larger."""
        a, b, c = self.bend
        return ZoneLine(self.left * factor, self.right * factor, (a / factor, b, c * factor), self.height * factor)


def find_zone_lines(image: RgbImage) -> list[tuple[ZoneLine, ...]]:
    """Groups of two or three lines that may be a zone, top to bottom; the likeliest group first. The zone may stand
    upside down, but not on its side, and may be tilted by up to about 10 degrees."""
    height, width = image.shape[:2]
    if height > TALLEST * width:
        return []
    factor = WORKING_WIDTH / width
    size = (WORKING_WIDTH, max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), size, interpolation=how), np.uint8)
    groups: list[tuple[ZoneLine, ...]] = []
    for pitch in PITCHES:
        groups += _groups(_bands(small, pitch))
    groups.sort(key=lambda group: -sum(line.length for line in group))
    return [tuple(line.scaled(1 / factor) for line in group) for group in groups[:MOST_GROUPS]]


def cut_line(image: RgbImage, line: ZoneLine, margin: float = MARGIN) -> RgbImage:
    """The line drawn straight, ``CUT_HEIGHT`` high, with some room around it."""
    scale = CUT_HEIGHT / (line.height * ROOM)
    start, end = line.left - margin * line.height, line.right + margin * line.height
    columns = max(8, round((end - start) * scale))
    x = np.linspace(start, end, columns, dtype=np.float32)
    a, b, c = line.bend
    y, slope = (a * x + b) * x + c, 2 * a * x + b
    norm = np.sqrt(1 + slope * slope)
    across = ((np.arange(CUT_HEIGHT, dtype=np.float32) + 0.5) / CUT_HEIGHT - 0.5) * line.height * ROOM
    map_x = x[None, :] - across[:, None] * (slope / norm)[None, :]
    map_y = y[None, :] + across[:, None] / norm[None, :]
    source = image
    if scale < 0.5:  # smooth before shrinking, else thin strokes fall between the samples
        source = cv2.GaussianBlur(image, (0, 0), 0.35 / scale).astype(np.uint8)
    return cv2.remap(
        source, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)


def _bands(grey: npt.NDArray[np.uint8], pitch: int) -> list[ZoneLine]:
    """Long thin dark bands of type of about that pitch."""
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (pitch, pitch)))
    edges = np.abs(cv2.Sobel(strokes, cv2.CV_32F, 1, 0))
    edges = cv2.GaussianBlur(edges, (0, 0), pitch / 8)
    rim = round(RIM * grey.shape[1])
    edges[:, :rim] = edges[:, -rim:] = 0
    # Closing takes what is outside a picture for print; without blank paper there, lines would reach to the edges.
    beside = 2 * pitch
    edges = cv2.copyMakeBorder(edges, 0, 0, beside, beside, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (pitch, 1)))
    level = cv2.normalize(closed, np.zeros_like(closed), 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    # Where there is much contrast elsewhere, one threshold for the whole would lose the zone.
    local = cv2.adaptiveThreshold(
        level, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, blockSize=4 * pitch + 1, C=-6
    )
    thin = cv2.morphologyEx(local, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (2 * pitch, pitch // 4)))
    joined = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (3 * pitch, 1)))
    inside = np.ascontiguousarray(joined[:, beside:-beside])
    _, found, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
    labels = np.asarray(found, np.int32)
    least = LEAST_SHARE * grey.shape[1]
    wide = [index for index in range(1, len(stats)) if stats[index, cv2.CC_STAT_WIDTH] >= least]
    lines = [_line(labels, index, np.asarray(stats[index], np.int32)) for index in wide]
    return [line for line in lines if line is not None]


def _line(labels: npt.NDArray[np.int32], index: int, stats: npt.NDArray[np.int32]) -> ZoneLine | None:
    """The parabola through a band, or None when it is no line of print."""
    x, y, width, height = (int(value) for value in stats[:4])
    mask = labels[y : y + height, x : x + width] == index
    filled = mask.sum(axis=0)
    columns = np.flatnonzero(filled)
    centres = (mask * np.arange(height)[:, None]).sum(axis=0)[columns] / filled[columns] + y
    thickness = float(np.median(filled[columns]))
    if width < LEAST_ASPECT * thickness:
        return None
    steady = np.abs(filled[columns] - thickness) <= 0.5 * thickness
    if steady.mean() < 0.6:
        return None
    bend = np.polyfit(columns[steady] + x, centres[steady], 2)
    return ZoneLine(float(x), float(x + width), (float(bend[0]), float(bend[1]), float(bend[2])), thickness)


def _groups(lines: list[ZoneLine]) -> list[tuple[ZoneLine, ...]]:
    """Lines that begin and end together at an even distance: threes before the twos that they contain."""
    lines = sorted(lines, key=lambda line: line.middle[1])
    pairs = [(upper, lower) for upper in lines for lower in lines if _follows(upper, lower)]
    threes = [
        (first, second, third)
        for first, second in pairs
        for other, third in pairs
        if other is second and 0.75 < _gap(first, second) / _gap(second, third) < 1.33
    ]
    return [*threes, *pairs]


def _follows(upper: ZoneLine, lower: ZoneLine) -> bool:
    longer = max(upper.length, lower.length)
    height = (upper.height + lower.height) / 2
    slack = LENGTHS_DIFFER * longer
    return (
        abs(upper.left - lower.left) < slack
        and abs(upper.right - lower.right) < slack
        and 0.6 < upper.height / lower.height < 1.6
        and DISTANCE[0] * height < _gap(upper, lower) < DISTANCE[1] * height
    )


def _gap(upper: ZoneLine, lower: ZoneLine) -> float:
    x = (max(upper.left, lower.left) + min(upper.right, lower.right)) / 2
    return lower.y(x) - upper.y(x)
