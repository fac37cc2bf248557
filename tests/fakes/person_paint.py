"""The colours of the person of ``tests.fakes.person``: one picture with a patch for each body."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Paint = npt.NDArray[np.uint8]

PX_PER_CM = 20
SIZE_CM = 64


@dataclass(frozen=True)
class Patch:
    """A rectangle of the paint, in centimetres; its middle is the body's origin, y up."""

    x: float
    y: float
    half_width: float
    half_height: float

    def at(self, x: Array, y: Array) -> Array:
        """Where a point of the body is in the paint, (n, 2); held inside the patch."""
        inside_x, inside_y = (
            np.clip(x, -self.half_width, self.half_width),
            np.clip(y, -self.half_height, self.half_height),
        )
        return np.stack([self.x + inside_x, self.y - inside_y], axis=1)

    def pixels(self, points: Any) -> npt.NDArray[np.int32]:
        """Points of the body in pixels of the paint, for OpenCV's drawing with four binary places."""
        points = np.asarray(points, np.float64).reshape(-1, 2)
        return np.round(self.at(points[:, 0], points[:, 1]) * PX_PER_CM * 16).astype(np.int32)


FACE = Patch(11, 11, 10, 10)
HAIR = Patch(33, 13, 10, 12)
SKIN = Patch(53, 14, 9, 12)
EYE = Patch(4, 26, 1.5, 1.5)
MOUTH = Patch(11, 29, 3, 5)
CLOTHES = Patch(40, 42, 22, 14)

PEOPLE = (
    {
        "skin": (208, 164, 138),
        "hair": (52, 38, 30),
        "iris": (92, 62, 40),
        "lips": (172, 92, 88),
        "cloth": (58, 84, 120),
    },
    {"skin": (142, 98, 74), "hair": (26, 22, 20), "iris": (58, 38, 26), "lips": (124, 66, 62), "cloth": (150, 120, 70)},
    {
        "skin": (228, 190, 170),
        "hair": (168, 126, 74),
        "iris": (86, 120, 150),
        "lips": (200, 116, 112),
        "cloth": (96, 60, 76),
    },
)
BROWS = (
    ((-5.6, 4.3), (-4.6, 4.95), (-3.2, 5.15), (-1.7, 4.75)),
    ((5.6, 4.3), (4.6, 4.95), (3.2, 5.15), (1.7, 4.75)),
)
LASHES = (
    ((-4.5, 2.66), (-4.0, 2.9), (-3.2, 3.0), (-2.4, 2.8), (-1.85, 2.4)),
    ((4.5, 2.66), (4.0, 2.9), (3.2, 3.0), (2.4, 2.8), (1.85, 2.4)),
)
LIPS = ((-2.5, -4.33), (-1.6, -3.75), (-0.5, -3.3), (0.0, -3.42), (0.5, -3.3), (1.6, -3.75), (2.5, -4.33), (1.5, -5.2),
        (0.0, -5.62), (-1.5, -5.2))  # fmt: skip
NOSTRILS = ((-0.85, -1.95), (0.85, -1.95))


@cache
def paint_of(person: int) -> Paint:
    """All patches, in the colours of one of three people, with the grain of skin and hair."""
    colours = PEOPLE[person % len(PEOPLE)]
    grain = np.random.default_rng(person)
    side = SIZE_CM * PX_PER_CM
    paint = np.zeros((side, side, 3), np.uint8)
    paint[:] = colours["skin"]
    _fill(paint, HAIR, colours["hair"])
    _fill(paint, CLOTHES, colours["cloth"])
    _fill(paint, MOUTH, (62, 24, 26))
    cv2.fillPoly(
        paint, [MOUTH.pixels([(-1.7, 0.7), (1.7, 0.7), (1.5, 0.0), (-1.5, 0.0)])], (226, 218, 206), cv2.LINE_AA, 4
    )
    _fill(paint, EYE, (232, 228, 224))
    for radius, colour in ((0.62, (40, 30, 26)), (0.56, colours["iris"]), (0.26, (12, 10, 10))):
        _disc(paint, EYE, (0.0, 0.0), radius, colour)
    _disc(paint, EYE, (0.16, 0.18), 0.1, (250, 250, 250))
    _paint_face(paint, colours)
    coarse = grain.normal(0, 3.0, (side // 8, side // 8))
    fine = grain.normal(0, 2.5, (side, side))
    speckles = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC) + fine
    return np.clip(paint + speckles[..., None], 0, 255).astype(np.uint8)


def _paint_face(paint: Paint, colours: dict[str, tuple[int, int, int]]) -> None:
    skin = np.array(colours["skin"])
    layer = paint.copy()
    for x in (-1, 1):
        _disc(layer, FACE, (4.2 * x, -1.8), 1.9, tuple(int(c) for c in skin * (1.02, 0.9, 0.88)))  # cheeks
        _disc(layer, FACE, (3.2 * x, 3.2), 1.5, tuple(int(c) for c in skin * 0.8))  # shadow of the brow
        _disc(layer, FACE, (3.1 * x, 1.3), 1.0, tuple(int(c) for c in skin * 0.88))  # below the eye
    paint[:] = cv2.GaussianBlur(layer, (0, 0), 0.6 * PX_PER_CM)
    _fill_again(paint, layer)
    for brow in BROWS:
        cv2.polylines(paint, [FACE.pixels(brow)], False, colours["hair"], int(0.75 * PX_PER_CM), cv2.LINE_AA, 4)
    for lash in LASHES:
        cv2.polylines(paint, [FACE.pixels(lash)], False, (30, 22, 20), int(0.12 * PX_PER_CM), cv2.LINE_AA, 4)
    cv2.fillPoly(paint, [FACE.pixels(LIPS)], colours["lips"], cv2.LINE_AA, 4)
    dark_lips = tuple(int(0.55 * c) for c in colours["lips"])
    cv2.polylines(paint, [FACE.pixels([(-2.4, -4.3), (0, -4.2), (2.4, -4.3)])], False, dark_lips, 5, cv2.LINE_AA, 4)
    for nostril in NOSTRILS:
        _disc(paint, FACE, nostril, 0.36, tuple(int(c) for c in skin * 0.35))
    left, top = ((FACE.x - FACE.half_width) * PX_PER_CM, (FACE.y - FACE.half_height) * PX_PER_CM)
    face = np.s_[int(top) : int(top) + 20 * PX_PER_CM, int(left) : int(left) + 20 * PX_PER_CM]
    paint[face] = cv2.GaussianBlur(paint[face], (0, 0), 0.06 * PX_PER_CM)


def _fill_again(paint: Paint, layer: Paint) -> None:
    """Undo the blur outside the face."""
    for patch in (HAIR, SKIN, EYE, MOUTH, CLOTHES):
        left, top = int((patch.x - patch.half_width) * PX_PER_CM), int((patch.y - patch.half_height) * PX_PER_CM)
        right, bottom = int((patch.x + patch.half_width) * PX_PER_CM), int((patch.y + patch.half_height) * PX_PER_CM)
        paint[top:bottom, left:right] = layer[top:bottom, left:right]


def _fill(paint: Paint, patch: Patch, colour: tuple[int, int, int]) -> None:
    left, top = int((patch.x - patch.half_width) * PX_PER_CM), int((patch.y - patch.half_height) * PX_PER_CM)
    right, bottom = int((patch.x + patch.half_width) * PX_PER_CM), int((patch.y + patch.half_height) * PX_PER_CM)
    paint[max(top, 0) : bottom + 1, max(left, 0) : right + 1] = colour


def _disc(paint: Paint, patch: Patch, middle: tuple[float, float], radius: float, colour: Any) -> None:
    (x, y) = patch.pixels([middle])[0]
    cv2.circle(paint, (int(x), int(y)), int(radius * PX_PER_CM * 16), tuple(map(int, colour)), -1, cv2.LINE_AA, 4)
