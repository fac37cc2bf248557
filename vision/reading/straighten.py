"""A document seen at an angle made straight: its true shape, and the picture of it."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from vision.document.readings import CardFormat
from vision.ports import RgbImage
from vision.reading.ports import Corners

ID_1, ID_3, DOUBLE_PAGE = 85.6 / 53.98, 125.0 / 88.0, 176.0 / 125.0
"""Long by short side: ISO/IEC 7810 ID-1, ID-2 and ID-3 (these two are alike), and a passport open at its page."""

WIDTHS_PX = {"id1": 1600, "id2": 1800, "id3": 1800, "unknown": 1800}
"""Long side of a straightened document."""
MOST_ENLARGED = 2.5
"""More pixels than this for each one that is there tell no reader anything."""
_NEAR = 0.08
"""Of the logarithm of an aspect: within it a document has one of the known shapes."""

Turn = Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True, eq=False)
class Straightened:
    """The document lying: its long side is horizontal. Which way up is not known yet."""

    image: RgbImage
    format: CardFormat
    """``id3`` stands for ID-2 too, which has the same shape."""


def straighten(image: RgbImage, corners: Corners, most_enlarged: float = MOST_ENLARGED) -> Straightened:
    """Cut the document out. ``corners`` clockwise; where the first lies decides nothing but the turn. It becomes
    ``WIDTHS_PX`` wide, but no more than ``most_enlarged`` times as large as it is seen."""
    if mean_aspect(corners) < 1:
        corners = np.roll(corners, -1, axis=0)
    flat = mean_aspect(corners)
    seen = (flat, true_aspect(corners, image.shape[1], image.shape[0]) or flat)
    name, aspect = min((known_format(max(1.0, one)) for one in seen), key=lambda found: found[0] == "unknown")
    there = max(float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in (0, 2))
    width = round(max(64.0, min(WIDTHS_PX[name], most_enlarged * there)))
    height = max(16, round(width / aspect))
    target = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    smaller = width < 0.6 * there
    flags = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    done = cv2.warpPerspective(image, warp, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Straightened(np.asarray(done, np.uint8), name)


def turn(image: RgbImage, degrees: Turn) -> RgbImage:
    """Turned clockwise."""
    return np.ascontiguousarray(np.rot90(image, -degrees // 90))


def known_format(aspect: float) -> tuple[CardFormat, float]:
    """(format, aspect to use) of a long by short side; what is near a known shape has it exactly."""
    known: tuple[tuple[CardFormat, float], ...] = (("id1", ID_1), ("id3", ID_3))
    for name, exact in known:
        if abs(float(np.log(aspect / exact))) < _NEAR / 2:
            return name, exact
    nearest, exact = min(known, key=lambda one: abs(float(np.log(aspect / one[1]))))
    return (nearest, exact) if abs(float(np.log(aspect / exact))) < _NEAR else ("unknown", aspect)


def true_aspect(corners: Corners, width_px: int, height_px: int) -> float | None:
    """Width by height of the rectangle that is seen with these corners, by the method of Zhang and He (2007, whiteboard
    scanning): square pixels, the optical axis in the middle of the picture. None where perspective is too weak."""
    middle = np.array((width_px / 2, height_px / 2))
    m1, m2, m4, m3 = (np.append(corner - middle, 1.0).astype(np.float64) for corner in corners)
    k2 = np.dot(np.cross(m1, m4), m3) / (np.dot(np.cross(m2, m4), m3) or 1e-12)
    k3 = np.dot(np.cross(m1, m4), m2) / (np.dot(np.cross(m3, m4), m2) or 1e-12)
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    if abs(n2[2] * n3[2]) < 1e-5:
        return None
    focal_squared = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
    longest = max(width_px, height_px)
    # A camera's focal length is about 0.7 to 1.5 of the long side; other answers come from noise in weak perspective.
    if not (0.4 * longest) ** 2 < focal_squared < (4.0 * longest) ** 2:
        return None
    across = (n2[0] ** 2 + n2[1] ** 2) / focal_squared + n2[2] ** 2
    down = (n3[0] ** 2 + n3[1] ** 2) / focal_squared + n3[2] ** 2
    return float(np.sqrt(across / down)) if down > 0 else None


def mean_aspect(corners: Corners) -> float:
    """Mean length of the first and third side by that of the others, as seen."""
    lengths = [float(np.linalg.norm(corners[(i + 1) % 4] - corners[i])) for i in range(4)]
    return (lengths[0] + lengths[2]) / max(1e-6, lengths[1] + lengths[3])
