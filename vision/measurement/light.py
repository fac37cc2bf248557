"""Light and focus of a face, from a small copy of it: every number is taken at the same size, near or far."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.measurement.landmarks import FACE_OVAL, SKIN
from vision.ports import Floats, RgbImage

FACE_PX: Final = 128
"""Side of the square that the face is scaled to."""
SURROUND: Final = 2.0
"""Side of the square for what is around the face, in sides of the face."""
SURROUND_PX: Final = 48
"""What that square is scaled to."""
SURROUND_MINIMUM: Final = 100
"""Fewer of its pixels than this around the face say nothing: the face fills the picture."""
HEAD: Final = 1.25
"""The head with its hair is about this much larger than the mesh; what is nearer is not surroundings."""
BLACK: Final = 8
WHITE: Final = 250
"""Luma from which a pixel counts as black or burnt out, of 255."""
COLOUR_RANGE: Final = (12, 243)
"""A pixel with a channel outside of it says nothing about colour."""
PATCH_PX: Final = 5
"""Half the side of a patch of skin in the small copy."""
DEPTH: Final = 255.0


@dataclass(frozen=True, slots=True)
class FaceLight:
    """What ``FaceView`` says of light, in its units."""

    sharpness: float
    brightness: float
    contrast: float
    clipped: float
    backlight: float
    skin: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A square of the picture as far as it is inside, scaled."""

    image: RgbImage
    placed: Floats
    """The landmarks in it, (478, 2)."""


def face_light(image: RgbImage, points: Floats) -> FaceLight | None:
    """Measure the face with these landmarks, as far as it is in the picture; None where nothing of it is."""
    face = _cut(image, points, 1.0, FACE_PX)
    around = _cut(image, points, SURROUND, SURROUND_PX)
    if face is None or around is None:
        return None
    luma = cv2.cvtColor(face.image, cv2.COLOR_RGB2GRAY)
    oval = _filled(luma.shape, face.placed[FACE_OVAL])
    histogram = cv2.calcHist([luma], [0], oval, [256], [0, 256]).ravel().astype(np.float64)
    if histogram.sum() < 1.0:
        return None
    histogram /= histogram.sum()
    levels = np.arange(256.0)
    mean = float(histogram @ levels)
    brightness = float(np.searchsorted(np.cumsum(histogram), 0.5)) / DEPTH
    surroundings = _surroundings(around)
    return FaceLight(
        sharpness=float(cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_32F), mask=oval)[1][0, 0]) ** 2,
        brightness=min(brightness, 1.0),
        contrast=float(np.sqrt(histogram @ (levels - mean) ** 2)) / DEPTH,
        clipped=min(1.0, float(histogram[: BLACK + 1].sum() + histogram[WHITE:].sum())),
        backlight=0.0 if surroundings is None else surroundings - brightness,
        skin=_skin(face),
    )


def _cut(image: RgbImage, points: Floats, sides: float, size: int) -> _Cut | None:
    """The square of ``sides`` times the face, scaled so that a whole one would be ``size`` pixels."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    side = float((high - low).max()) * sides
    corner = (low + high - side) / 2
    left, top = np.maximum(np.floor(corner), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corner + side), image.shape[1::-1]).astype(int)
    if right - left < 2 or bottom - top < 2:
        return None
    # Pixels are skipped where the face has four times as many as needed: a 4K picture costs no more than a small one.
    step = max(1, int(side / (4 * size)))
    seen = image[top:bottom:step, left:right:step]
    scale = size / side
    width, height = (max(2, round(extent * scale)) for extent in (right - left, bottom - top))
    small = cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    stretch = np.array([width / (right - left), height / (bottom - top)], dtype=np.float32)
    return _Cut(np.asarray(small, dtype=np.uint8), (points[:, :2] - np.array([left, top], dtype=np.float32)) * stretch)


def _filled(shape: tuple[int, ...], outline: Floats) -> npt.NDArray[np.uint8]:
    mask = np.zeros(shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline).astype(np.int32)), 255)
    return mask


def _surroundings(cut: _Cut) -> float | None:
    """Median luma beside and above the head; what is below it is the person's clothes."""
    luma = cv2.cvtColor(cut.image, cv2.COLOR_RGB2GRAY)
    oval = cut.placed[FACE_OVAL]
    head = _filled(luma.shape, oval.mean(axis=0) + (oval - oval.mean(axis=0)) * HEAD)
    chin = min(luma.shape[0], max(0, int(oval[:, 1].max())))
    outside = luma[:chin][head[:chin] == 0]
    return float(np.median(outside)) / DEPTH if outside.size >= SURROUND_MINIMUM else None


def _skin(face: _Cut) -> tuple[float, float]:
    """Median over the patches of the mean log(R/G) and log(B/G) of the pixels that are not clipped; 0 without any."""
    ratios = []
    for x, y in np.round(face.placed[SKIN]).astype(int):
        patch = face.image[max(0, y - PATCH_PX) : max(0, y + PATCH_PX), max(0, x - PATCH_PX) : max(0, x + PATCH_PX)]
        pixels = patch.reshape(-1, 3)
        usable = pixels[(pixels.min(axis=1) >= COLOUR_RANGE[0]) & (pixels.max(axis=1) <= COLOUR_RANGE[1])]
        if usable.shape[0] * 2 >= PATCH_PX**2:
            red, green, blue = usable.mean(axis=0)
            ratios.append((np.log(red / green), np.log(blue / green)))
    if not ratios:
        return (0.0, 0.0)
    red_green, blue_green = np.median(np.array(ratios), axis=0)
    return float(red_green), float(blue_green)
