"""Documents in a picture: quadrilaterals that lines and regions suggest, judged by what lies along their sides.

Straight lines find cards in clutter and in hands; regions (what differs in colour from the rim of the picture) give
whole shapes where lines are too faint. Both only propose. Each proposal is drawn to the strongest edges near it, and
the share of its sides that lies on such an edge decides, with its shape and the print inside.
"""

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage
from vision.reading.edges import Edges, clockwise
from vision.reading.line_proposals import line_proposals
from vision.reading.ports import Corners, Quadrilateral

WORKING_PX = 480
"""Long side at which proposals are made."""
LEAST_AREA = 0.035
"""Share of the picture; of a smaller document nothing could be read."""
LEAST_SCORE = 0.75
"""Measured: drawn documents on desks and in hands have 0.85 to 1, the faintest 0.65; of 60 pictures of people half have
0.61, one in ten more than 0.68 (at 320 px 0.8)."""
BESIDE = (0.8, 0.4)
"""Score and area of another outline, relative to the first, from which it counts as a document of its own: a portrait
or a stamp has an outline too."""
LEAST_PX = 32
"""Short side of a picture; nothing is found in a smaller one."""
ASPECTS = (1.586, 1.42, 1.0 / 1.42 * 2)
"""ISO/IEC 7810 ID-1, ID-2 and ID-3, and two pages of ID-3 (125 mm wide, 176 mm high)."""
CLEAR_SCORE = 0.85
"""Of an outline of clear lines, from which nothing else is looked at."""
_INK_LEVELS = 6.0
_LEAST_INK, _MOST_INK = 0.08, 0.42
"""Share of a page that is dark strokes: drawn passports have 0.15 to 0.25, a bar code 0.33, noise 0.55."""
FAINT_BOOST = 3.0
"""Of the contrast, for faint outlines."""
_REACH, _REGION_REACH = 0.012, 0.025
"""Of the diagonal: how far a side is drawn to an edge. Regions are less exact than lines."""


class ContourPageFinder:
    """Finds cards and pages by their outline."""

    def __init__(self, working_px: int = WORKING_PX) -> None:
        """``working_px``: long side at which proposals are made and judged; the time grows with its square."""
        self._working_px = working_px

    def find(self, image: RgbImage) -> tuple[Quadrilateral, ...]:
        """The likeliest first; empty when there is none."""
        if min(image.shape[:2]) < LEAST_PX:
            return ()
        edges, stretch = self._edges(image)
        ink = _ink(edges)
        found = _judged(edges, ink, line_proposals(edges, 1.0), _REACH)
        if max((score for score, _ in found), default=0.0) < CLEAR_SCORE:
            found += _judged(edges, ink, line_proposals(edges, FAINT_BOOST), _REACH)
            found += _judged(edges, ink, _distinct(_regions(edges)), _REGION_REACH)
        found.sort(key=_outermost, reverse=True)
        kept: list[Quadrilateral] = []
        taken: list[Corners] = []
        for score, corners in found:
            if any(_overlap(corners, other) > 0.25 for other in taken):
                continue
            taken.append(corners)
            kept.append(Quadrilateral(corners * stretch, score, _inside(corners, edges.strength.shape)))
        return tuple(kept[:3])

    def follow(self, image: RgbImage, corners: Corners) -> Quadrilateral | None:
        """The document that lay at these corners a moment ago; None when it is not near them any more. Costs a tenth
        of a search."""
        if min(image.shape[:2]) < LEAST_PX:
            return None
        edges, stretch = self._edges(image)
        drawn = edges.draw(np.asarray(corners / stretch, np.float32), _REGION_REACH)
        score = _score(edges, _ink(edges), drawn)
        if score < LEAST_SCORE:
            return None
        return Quadrilateral(drawn * stretch, score, _inside(drawn, edges.strength.shape))

    def _edges(self, image: RgbImage) -> tuple[Edges, Corners]:
        """(those of the picture at the working size, its pixels across and down per pixel of that size)."""
        height, width = image.shape[:2]
        scale = min(1.0, self._working_px / max(height, width))
        size = (max(16, round(width * scale)), max(16, round(height * scale)))
        smaller = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        return Edges.of(smaller, 1.0), np.array((width / size[0], height / size[1]), np.float32)


def count_documents(outlines: Sequence[Quadrilateral]) -> int:
    """How many of the outlines, the likeliest first, are documents beside each other."""
    if not outlines:
        return 0
    score, area = outlines[0].score, cv2.contourArea(outlines[0].corners)
    beside = (
        other.whole and other.score >= BESIDE[0] * score and cv2.contourArea(other.corners) >= BESIDE[1] * area
        for other in outlines[1:]
    )
    return 1 + sum(beside)


# ---- proposals


def _regions(edges: Edges) -> Iterator[Corners]:
    for mask in _masks(edges):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:4]:
            if cv2.contourArea(cv2.convexHull(contour)) >= LEAST_AREA * mask.size:
                corners = _four_corners(contour)
                if corners is not None:
                    yield corners


def _masks(edges: Edges) -> Iterator[npt.NDArray[np.uint8]]:
    """Black and white pictures in which a document may be one patch."""
    lab = edges.lab
    rim = max(2, round(0.03 * max(lab.shape)))
    rims = (lab[:rim], lab[-rim:], lab[:, :rim], lab[:, -rim:])
    from_rims = [((lab - np.median(part.reshape(-1, 3), axis=0)) ** 2).sum(axis=2) for part in rims]
    distance = np.sqrt(np.min(from_rims, axis=0))
    colour = 3 * np.hypot(lab[..., 1] - 128, lab[..., 2] - 128)
    for plane in (distance, lab[..., 0], 255 - lab[..., 0], colour):
        grey = np.clip(plane, 0, 255).astype(np.uint8)
        _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield _patches(_patches(mask, cv2.MORPH_CLOSE, 9), cv2.MORPH_OPEN, 9)
    for share in (0.80, 0.88, 0.94):
        least = max(2.0, float(np.quantile(edges.strength, share)))
        strong = (edges.strength > least).astype(np.uint8) * 255
        yield _patches(strong, cv2.MORPH_DILATE, 5)
        yield _patches(strong, cv2.MORPH_CLOSE, 13)


def _patches(mask: npt.ArrayLike, how: int, size: int) -> npt.NDArray[np.uint8]:
    done = cv2.morphologyEx(np.asarray(mask, np.uint8), how, np.ones((size, size), np.uint8))
    return np.asarray(done, np.uint8)


def _four_corners(contour: cv2.typing.MatLike) -> Corners | None:
    """The quadrilateral around a patch: its hull with ever more corners cut off, else the rectangle around it."""
    hull = cv2.convexHull(contour)
    around = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.03, 0.045, 0.06, 0.08):
        simple = cv2.approxPolyDP(hull, share * around, True)
        if len(simple) == 4:
            if cv2.contourArea(simple) > 0.82 * cv2.contourArea(hull):
                return clockwise(simple.reshape(4, 2).astype(np.float32))
            break
        if len(simple) < 4:
            break
    box = cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float32)
    return clockwise(box) if cv2.contourArea(hull) > 0.7 * cv2.contourArea(box) else None


def _distinct(proposals: Iterator[Corners]) -> list[Corners]:
    kept: list[Corners] = []
    for corners in proposals:
        diagonal = float(np.linalg.norm(corners[0] - corners[2]))
        if all(np.abs(corners - other).max() > 0.02 * diagonal for other in kept):
            kept.append(corners)
    return kept


# ---- judgement


def _judged(
    edges: Edges, ink: npt.NDArray[np.bool_], proposals: Iterable[Corners], reach: float
) -> list[tuple[float, Corners]]:
    """(score, corners drawn to the edges) of those that may be documents."""
    drawn = [edges.draw(corners, reach) for corners in proposals]
    scored = [(_score(edges, ink, corners), corners) for corners in drawn]
    return [one for one in scored if one[0] >= LEAST_SCORE]


def _outermost(judged: tuple[float, Corners]) -> float:
    """Rank by score and a little by size: a page has frames and bands on it that are nearly as likely."""
    return judged[0] * float(np.power(cv2.contourArea(judged[1]), 0.15))


def _score(edges: Edges, ink: npt.NDArray[np.bool_], corners: Corners) -> float:
    """0 to 1: edges along the sides, a likely shape, and something written inside."""
    lengths = [float(np.hypot(*(corners[(i + 1) % 4] - corners[i]))) for i in range(4)]
    small = cv2.contourArea(corners) < LEAST_AREA * edges.strength.size
    if small or min(lengths) < 20 or not cv2.isContourConvex(np.rint(corners).astype(np.int32)):
        return 0.0
    support = sorted(edges.support(corners[i], corners[(i + 1) % 4]) for i in range(4))
    # A finger may cover much of one side, and one may lie outside the picture.
    outline = 0.22 * support[0] + 0.26 * sum(support[1:])
    aspect = (lengths[0] + lengths[2]) / (lengths[1] + lengths[3])
    unlikely = min(abs(np.log(max(aspect, 1 / aspect) / known)) for known in ASPECTS)
    shape = float(np.exp(-((unlikely / 0.25) ** 2)))
    even = min(lengths[0] / lengths[2], lengths[2] / lengths[0]) * min(lengths[1] / lengths[3], lengths[3] / lengths[1])
    return float(outline * (0.35 + 0.65 * shape) * (0.5 + 0.5 * even) * _written(ink, corners))


def _ink(edges: Edges) -> npt.NDArray[np.bool_]:
    """(height, width, 2): thin strokes darker, and lighter, than what is around; nothing out of focus has any."""
    light, around = edges.lab[..., 0], np.ones((7, 7), np.uint8)
    strokes = [cv2.morphologyEx(light, how, around) for how in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)]
    return np.asarray(np.stack(strokes, axis=-1) > _INK_LEVELS, np.bool_)


def _written(ink: npt.NDArray[np.bool_], corners: Corners) -> float:
    """0 to 1: whether the inside holds as many strokes as print does; a blank sheet has fewer, noise has more."""
    mask = np.zeros(ink.shape[:2], np.uint8)
    middle = corners.mean(axis=0)
    cv2.fillConvexPoly(mask, np.rint(middle + 0.85 * (corners - middle)).astype(np.int32), 1)
    shares = ink[mask > 0].mean(axis=0) if mask.any() else np.zeros(2)
    return min(1.0, float(shares.max()) / _LEAST_INK) * (1.0 if shares.min() < _MOST_INK else 0.5)


def _inside(corners: Corners, shape: Sequence[int]) -> bool:
    margin = 0.004 * max(shape)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool(low.min() >= margin and high[0] <= shape[1] - 1 - margin and high[1] <= shape[0] - 1 - margin)


def _overlap(one: Corners, other: Corners) -> float:
    """Intersection over the smaller of the two."""
    area, _ = cv2.intersectConvexConvex(one, other)
    return float(area) / max(1.0, min(cv2.contourArea(one), cv2.contourArea(other)))
