"""Quadrilaterals of straight lines: for pages whose outline a hand, a shadow or a band of print breaks."""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from vision.reading.edges import Edges, clockwise
from vision.reading.ports import Corners

MOST_LINES = 20
"""The longest; all quadrilaterals of them are looked at."""
MOST_PROPOSALS = 8
LEAST_LENGTH = 0.10
"""Of a piece of a line, in long sides of the picture."""
LEAST_APART = 0.16
"""Of opposite sides, in short sides of the picture."""
LEAST_WORTH = 0.2
"""Of what is proposed, 0 to 1: how much of the outline lines cover, by how likely its shape and size are."""
_INK_PX = 7
"""Strokes of print are thinner."""
_BESIDE_PX = 6
"""From a line to what lies on its two sides."""
_CLEARLY_APART = 25.0
"""In CIE L*a*b*, as OpenCV scales it."""
_SAME_PX = 2.5
"""Pieces that lie so near to a line belong to it."""
_PARALLEL, _CROSSING = np.cos(np.radians(25)), np.cos(np.radians(55))
_TYPICAL, _ABOUT = np.log(1.5), 0.2
"""Logarithm of the aspects that documents have, and how far perspective changes it."""
_SAME_CORNERS = 0.02
"""Of the picture's width: corners that are nearer are the same."""
_WEIGHTS = (0.1, 0.25, 0.3, 0.35)
"""Of the sides, the least covered first."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    start: Array
    way: Array
    """Of length 1."""
    pieces: list[tuple[float, float]]
    """From and to, in pixels from ``start``; they do not overlap."""

    @property
    def length(self) -> float:
        """Of its pieces together, in pixels."""
        return sum(end - start for start, end in self.pieces)

    def covered(self, one: Array, other: Array) -> Array:
        """Share of the way between points of the line that pieces cover."""
        begin, end = (one - self.start) @ self.way, (other - self.start) @ self.way
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        inside = sum(np.clip(np.minimum(high, last) - np.maximum(low, first), 0, None) for first, last in self.pieces)
        return np.asarray(inside / np.maximum(1.0, high - low), np.float64)


def line_proposals(edges: Edges, boost: float) -> list[Corners]:
    """The quadrilaterals along which most lines lie, the best first. ``boost`` multiplies contrast: 1 finds clear
    outlines among clutter, 3 a white card on a white desk."""
    lines = _lines(edges, boost)
    height, width = edges.strength.shape
    opposite = [
        (one, other)
        for one, other in combinations(range(len(lines)), 2)
        if abs(lines[one].way @ lines[other].way) > _PARALLEL
        and _apart(lines[one], lines[other]) > LEAST_APART * min(height, width)
    ]
    sides = [
        (first, second, third, fourth)
        for (first, third), (second, fourth) in combinations(opposite, 2)
        if abs(lines[first].way @ lines[second].way) < _CROSSING
    ]
    if not sides:
        return []
    quads = _corners(lines, np.array(sides))
    worth = _worth(lines, np.array(sides), quads, np.array((width, height)))
    best: list[Corners] = []
    for index in np.argsort(-worth, kind="stable"):
        if worth[index] < LEAST_WORTH or len(best) == MOST_PROPOSALS:
            break
        corners = clockwise(quads[index].astype(np.float32))
        if all(np.abs(corners - other).max() > _SAME_CORNERS * width for other in best):
            best.append(corners)
    return best


def _worth(lines: list[_Line], sides: npt.NDArray[np.int64], quads: Array, size: Array) -> Array:
    """0 to 1: how much of the outline has lines, and how likely its shape and size are."""
    inside = ((quads > -0.05 * size) & (quads < 1.05 * size)).all(axis=(1, 2))
    covered = np.sort(_covered(lines, sides, quads), axis=1) @ np.array(_WEIGHTS)
    lengths = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2)
    one, other = lengths[:, 0] + lengths[:, 2], lengths[:, 1] + lengths[:, 3]
    aspect = np.log(np.maximum(one, other) / np.maximum(1e-6, np.minimum(one, other)))
    likely = np.exp(-((np.clip(np.abs(aspect - _TYPICAL) - _ABOUT, 0, None) / 0.2) ** 2))
    large = np.clip(np.sqrt(one * other / 4 / size.prod()) / 0.5, 0.5, 1.0)
    return np.asarray(np.where(inside, covered * likely * large, 0.0), np.float64)


def _lines(edges: Edges, boost: float) -> list[_Line]:
    """The lines of the picture that are longest and part the most, pieces on one line together."""
    pieces = _pieces(edges, boost)
    lengths = np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1)
    lines: list[_Line] = []
    for index in np.argsort(-lengths, kind="stable"):
        start, end, length = pieces[index, 0], pieces[index, 1], float(lengths[index])
        same = next((line for line in lines if _off(line, start) < _SAME_PX and _off(line, end) < _SAME_PX), None)
        if same is None:
            lines.append(_Line(start, (end - start) / length, [(0.0, length)]))
        else:
            ends = sorted((float((start - same.start) @ same.way), float((end - same.start) @ same.way)))
            same.pieces[:] = _merged([*same.pieces, (ends[0], ends[1])])
    worth = [line.length * _parting(edges, line) for line in lines]
    return [lines[index] for index in np.argsort(worth, kind="stable")[::-1][:MOST_LINES]]


def _pieces(edges: Edges, boost: float) -> Array:
    """(number, 2, 2): straight pieces of edges, once dark print is painted over with the paper around it."""
    light = cv2.morphologyEx(edges.lab[..., 0], cv2.MORPH_CLOSE, np.ones((_INK_PX,) * 2, np.uint8))
    faint = 128 + boost * (light - cv2.GaussianBlur(light, (0, 0), 4 * _INK_PX))
    colours = (128 + boost * (edges.lab[..., channel] - 128) for channel in (1, 2))
    planes = [np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in (faint, *colours)]
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, 1.0)
    found = [detector.detect(plane)[0] for plane in planes]
    pieces = np.concatenate([np.zeros((0, 4)), *(one.reshape(-1, 4) for one in found if one is not None)])
    pieces = pieces.reshape(-1, 2, 2)
    long = np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1) >= LEAST_LENGTH * max(edges.strength.shape)
    return np.asarray(pieces[long], np.float64)


def _parting(edges: Edges, line: _Line) -> float:
    """How unlike the two sides of a line are, 0 to 1: what is printed has the same paper on both."""
    normal = np.array((-line.way[1], line.way[0]))
    places = np.concatenate([np.linspace(start, end, 12) for start, end in line.pieces])
    points = line.start + places[:, None] * line.way
    beside = []
    for offset in (-_BESIDE_PX, _BESIDE_PX):
        x, y = np.rint(points + offset * normal).astype(int).T
        height, width = edges.strength.shape
        beside.append(edges.lab[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)])
    apart = np.linalg.norm(np.median(beside[0], axis=0) - np.median(beside[1], axis=0))
    return min(1.0, 0.1 + float(apart) / _CLEARLY_APART)


def _merged(pieces: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _off(line: _Line, point: Array) -> float:
    x, y = point - line.start
    return float(abs(line.way[0] * y - line.way[1] * x))


def _apart(one: _Line, other: _Line) -> float:
    """Distance of the middle of one line from the other, the smaller of the two."""
    return min(_off(one, _middle(other)), _off(other, _middle(one)))


def _middle(line: _Line) -> Array:
    return np.asarray(line.start + line.way * (line.pieces[0][0] + line.pieces[-1][1]) / 2, np.float64)


def _corners(lines: list[_Line], sides: npt.NDArray[np.int64]) -> Array:
    """(number, 4, 2): where each side meets the next."""
    starts, ways = np.array([line.start for line in lines]), np.array([line.way for line in lines])
    following = np.roll(sides, -1, axis=1)
    start, way, other, other_way = starts[sides], ways[sides], starts[following], ways[following]
    cross = way[..., 0] * other_way[..., 1] - way[..., 1] * other_way[..., 0]
    gap = other - start
    along = (gap[..., 0] * other_way[..., 1] - gap[..., 1] * other_way[..., 0]) / np.where(cross == 0, 1e-9, cross)
    return np.asarray(start + way * along[..., None], np.float64)


def _covered(lines: list[_Line], sides: npt.NDArray[np.int64], quads: Array) -> Array:
    """(number, 4): how much of each side has a line."""
    before = np.roll(quads, 1, axis=1)
    covered = np.zeros(sides.shape)
    for index, line in enumerate(lines):
        for place in range(4):
            chosen = sides[:, place] == index
            covered[chosen, place] = line.covered(before[chosen, place], quads[chosen, place])
    return covered
