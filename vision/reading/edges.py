"""Edges of a picture, and quadrilaterals drawn to them."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage
from vision.reading.ports import Corners

SAMPLES = 40
"""Places along a side that are looked at."""
FAINTEST = 3.0
"""Slope per pixel below which there is no edge, of 255 levels."""
_REFINED_PX = 1600
_ON_THE_LINE = 1.2
"""Pixels within which places agree on a line."""

Plane = npt.NDArray[np.float32]
Point = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Of the channel of CIE L*a*b* that changes most at each pixel."""

    lab: Plane
    """(height, width, 3), smoothed."""
    slope: Plane
    """(height, width, 2): across and down."""
    strength: Plane
    """(height, width)."""

    @classmethod
    def of(cls, image: RgbImage, blur: float) -> "Edges":
        """``blur``: sigma in pixels; grain is no edge."""
        lab = cv2.cvtColor(cv2.GaussianBlur(image, (0, 0), blur), cv2.COLOR_RGB2LAB).astype(np.float32)
        across, down = cv2.Sobel(lab, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(lab, cv2.CV_32F, 0, 1) / 8
        squares = across * across + down * down
        most = np.argmax(squares, axis=-1)[..., None]
        slope = np.concatenate([np.take_along_axis(across, most, -1), np.take_along_axis(down, most, -1)], -1)
        strength = np.sqrt(np.take_along_axis(squares, most, -1)[..., 0])
        return cls(lab, slope, strength)

    def along(self, start: Point, end: Point, offsets: Plane, margin: float) -> tuple[Plane, Plane, Plane]:
        """(share of the side, slope across it, strength) at places along a side and at ``offsets`` px beside it."""
        way = end - start
        normal = np.array((-way[1], way[0]), np.float32) / (float(np.hypot(way[0], way[1])) or 1.0)
        shares = np.linspace(margin, 1 - margin, SAMPLES, dtype=np.float32)
        points = (start + shares[:, None] * way)[:, None, :] + offsets[None, :, None] * normal
        x = np.clip(np.rint(points[..., 0]).astype(int), 0, self.strength.shape[1] - 1)
        y = np.clip(np.rint(points[..., 1]).astype(int), 0, self.strength.shape[0] - 1)
        return shares, np.abs(self.slope[y, x] @ normal), self.strength[y, x]

    def support(self, start: Point, end: Point) -> float:
        """Share of a side that lies on an edge along it."""
        _, crossing, strength = self.along(start, end, np.array((-1.5, 0.0, 1.5), np.float32), 0.05)
        strongest = crossing.max(axis=1)
        return float(((strongest > FAINTEST) & (strongest > 0.7 * strength.max(axis=1))).mean())

    def draw(self, corners: Corners, reach: float) -> Corners:
        """Each side moved, by ``reach`` diagonals at most, to the line on which most edges beside it lie; corners where
        such lines meet."""
        distance = max(2.0, reach * float(np.hypot(*(corners[0] - corners[2]))))
        lines = [self._line(corners[i], corners[(i + 1) % 4], distance) for i in range(4)]
        drawn = corners.copy()
        for i in range(4):
            meeting = _meeting(lines[i - 1], lines[i])
            if meeting is not None and np.hypot(*(meeting - corners[i])) < 3 * distance:
                drawn[i] = meeting
        return drawn

    def _line(self, start: Point, end: Point, reach: float) -> tuple[Point, Point]:
        """Two points of a robust fit to the strongest crossing edge of each place; the side itself without edges."""
        offsets = np.arange(-reach, reach + 0.5, 0.5, dtype=np.float32)
        shares, crossing, _ = self.along(start, end, offsets, 0.06)
        best = crossing.argmax(axis=1)
        strong = crossing[np.arange(len(best)), best]
        usable = strong > FAINTEST
        if usable.sum() < 6:
            return start, end
        first, rise = _robust_line(shares[usable], offsets[best][usable], np.minimum(strong[usable], 30.0))
        way = end - start
        normal = np.array((-way[1], way[0]), np.float32) / (float(np.hypot(way[0], way[1])) or 1.0)
        return start + normal * np.float32(first), end + normal * np.float32(first + rise)


def refined(image: RgbImage, corners: Corners) -> Corners:
    """The corners drawn to the edges of the full picture."""
    scale = min(1.0, _REFINED_PX / max(image.shape[:2]))
    if scale < 1:
        smaller = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        image = np.asarray(smaller, np.uint8)
    drawn = Edges.of(image, 1.2).draw((corners * scale).astype(np.float32), 0.008)
    return np.asarray(drawn / scale, np.float32)


def clockwise(corners: Corners) -> Corners:
    """From the one that is nearest to the picture's top left, clockwise."""
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    turned = corners[order]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0).astype(np.float32)


def _robust_line(x: Plane, y: Plane, weight: Plane) -> tuple[float, float]:
    """Intercept and slope, by the pair of places on which most others agree, and least squares over those."""
    first, second = np.triu_indices(len(x), 4)
    rise = (y[second] - y[first]) / (x[second] - x[first])
    off = np.abs(y[None, :] - (y[first, None] + rise[:, None] * (x[None, :] - x[first, None])))
    votes = (off < _ON_THE_LINE) @ weight
    chosen = off[int(votes.argmax())] < _ON_THE_LINE
    design = np.stack([np.ones(int(chosen.sum()), np.float32), x[chosen]], 1)
    intercept, slope = np.linalg.lstsq(design, y[chosen], rcond=None)[0]
    return float(intercept), float(slope)


def _meeting(one: tuple[Point, Point], other: tuple[Point, Point]) -> Point | None:
    """Where two lines cross; None when they are nearly parallel."""
    a, b = one[1] - one[0], other[1] - other[0]
    cross = float(a[0] * b[1] - a[1] * b[0])
    if abs(cross) < 0.3 * float(np.hypot(*a) * np.hypot(*b)):
        return None
    apart = other[0] - one[0]
    return np.asarray(one[0] + a * ((apart[0] * b[1] - apart[1] * b[0]) / cross), np.float32)
