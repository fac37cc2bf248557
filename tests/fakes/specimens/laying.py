"""A page laid before a camera: where its corners come to lie, its shadow, and the fingers that hold it."""

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage
from vision.reading.ports import Corners

Picture = npt.NDArray[np.float32]
Skin = tuple[int, int, int]

_FOCAL = 1.15
"""Of a telephone's camera, in long sides of the picture."""
_ROUND = 3.18 / 85.6
"""Radius of the corners of an ID-1 card in its width, ISO/IEC 7810."""


def corners_of(
    aspect: float,
    chance: np.random.Generator,
    size: tuple[int, int],
    *,
    degrees: float,
    tilt: float,
    coverage: float,
    centre: tuple[float, float],
) -> Corners:
    """Where the corners of a page come to lie, clockwise from its own top left.

    ``degrees`` it is turned clockwise; ``tilt`` is its greatest slant in degrees; ``coverage`` the share of the picture
    that it reaches across, in the direction in which it is tighter; ``centre`` in shares of the picture.
    """
    flat = np.array(((-aspect, -1, 0), (aspect, -1, 0), (aspect, 1, 0), (-aspect, 1, 0))) / np.hypot(aspect, 1)
    around = np.radians(degrees)
    turned = flat @ np.array(((np.cos(around), np.sin(around), 0), (-np.sin(around), np.cos(around), 0), (0, 0, 1)))
    x, y = np.radians(chance.uniform(-tilt, tilt, 2))
    slant = np.array(((1, 0, 0), (0, np.cos(x), -np.sin(x)), (0, np.sin(x), np.cos(x)))) @ np.array(
        ((np.cos(y), 0, np.sin(y)), (0, 1, 0), (-np.sin(y), 0, np.cos(y)))
    )
    solid = turned @ slant.T
    # As far away as a page lies that fills the picture: nearer ones look more slanted.
    seen = solid[:, :2] * (2 * _FOCAL / (2 * _FOCAL + solid[:, 2:]))
    low, high = seen.min(axis=0), seen.max(axis=0)
    scale = coverage * min(size[0] / (high[0] - low[0]), size[1] / (high[1] - low[1]))
    return np.asarray((seen - (low + high) / 2) * scale + np.array(centre) * size, np.float32)


def lay(scene: Picture, page: RgbImage, corners: Corners) -> None:
    """Put the page into the scene, with its shadow. ID-1 cards have round corners."""
    height, width = scene.shape[:2]
    across = float(np.linalg.norm(corners[1] - corners[0]))
    smaller = min(1.0, 1.3 * across / page.shape[1])
    if smaller < 0.9:
        page = np.asarray(cv2.resize(page, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA), np.uint8)
    rows, columns = page.shape[:2]
    rim = np.array(((0, 0), (columns, 0), (columns, rows), (0, rows)), np.float32)
    warp = cv2.getPerspectiveTransform(rim, corners)
    shape = np.zeros((rows, columns), np.uint8)
    radius = round(columns * _ROUND) if 1.5 < columns / rows < 1.65 else 0
    cv2.rectangle(shape, (radius, 0), (columns - radius, rows), 255, cv2.FILLED)
    cv2.rectangle(shape, (0, radius), (columns, rows - radius), 255, cv2.FILLED)
    for middle in ((radius, radius), (columns - radius - 1, radius), (radius, rows - radius - 1)):
        cv2.circle(shape, middle, radius, 255, cv2.FILLED)
    cv2.circle(shape, (columns - radius - 1, rows - radius - 1), radius, 255, cv2.FILLED)
    mask = cv2.warpPerspective(shape, warp, (width, height), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
    fall = 0.008 * across
    offset = np.array(((1, 0, fall), (0, 1, fall)), np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(mask, offset, (width, height)), (0, 0), max(1.0, fall))
    scene *= (1 - 0.45 * shadow)[..., None]
    drawn = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    scene += mask[..., None] * (drawn.astype(np.float32) - scene)


def hand_behind(scene: Picture, corners: Corners, skin: Skin) -> None:
    """Fingers that stick out behind the lower edge of the page as it lies in the picture."""
    left, right = _lower_edge(corners)
    across = float(np.linalg.norm(right - left))
    down = np.array((-(right - left)[1], (right - left)[0])) / across
    for place in (0.55, 0.68, 0.81, 0.94):
        tip = left + place * (right - left) - 0.05 * across * down
        _finger(scene, tip, tip + 0.6 * across * down, 0.055 * across, skin)


def thumb_over(scene: Picture, corners: Corners, skin: Skin, chance: np.random.Generator) -> None:
    """A thumb that covers a little of the lower edge of the page as it lies in the picture."""
    left, right = _lower_edge(corners)
    across = float(np.linalg.norm(right - left))
    down = np.array((-(right - left)[1], (right - left)[0])) / across
    tip = left + chance.uniform(0.02, 0.1) * (right - left) + 0.015 * across * down
    _finger(scene, tip, tip + (0.5 * down - 0.15 * (right - left) / across) * across, 0.05 * across, skin)


def _lower_edge(corners: Corners) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    edges = [(corners[index], corners[(index + 1) % 4]) for index in range(4)]
    one, other = max(edges, key=lambda edge: float(edge[0][1] + edge[1][1]))
    return (one, other) if one[0] < other[0] else (other, one)


def _finger(scene: Picture, tip: npt.ArrayLike, root: npt.ArrayLike, radius: float, skin: Skin) -> None:
    """A finger with a lighter middle; every layer is a thinner line."""
    start, end = (tuple(int(part) for part in np.rint(np.asarray(point))) for point in (tip, root))
    for thickness, light in ((1.0, 0.72), (0.8, 0.86), (0.55, 0.96), (0.3, 1.0)):
        colour = tuple(light * part for part in skin)
        cv2.line(scene, start, end, colour, max(1, round(2 * radius * thickness)), cv2.LINE_AA)
