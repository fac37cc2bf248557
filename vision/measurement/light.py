"""Light and focus of a face, from a small copy of it: every number is taken at the same size, near or far."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.measurement.landmarks import FACE_OVAL
from vision.ports import Floats, RgbImage

FACE_PX: Final = 128
"""Side of the square that the face is scaled to."""
SURROUND: Final = 2.0
"""Side of the square for what is around the face, in sides of the face."""
SURROUND_PX: Final = 48
"""What that square is scaled to."""
SURROUND_MINIMUM: Final = 100
"""Fewer of its pixels than this around the face say nothing: the face fills the picture."""
INNER: Final = 0.92
"""Part of the outline that is looked at: its edge is wall or hair as often as skin."""
HEAD: Final = 1.25
"""The head with its hair is about this much larger than the mesh; what is nearer is not surroundings."""
BLACK: Final = 8
WHITE: Final = 250
"""Luma from which a pixel counts as black or burnt out, of 255."""
DEPTH: Final = 255.0


@dataclass(frozen=True, slots=True)
class FaceLight:
    """What ``FaceView`` says of light, in its units."""

    sharpness: float
    brightness: float
    contrast: float
    clipped: float
    backlight: float


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A square of the picture as far as it is inside, scaled."""

    luma: npt.NDArray[np.uint8]
    oval: Floats
    """The outline of the face in it, (36, 2)."""


def face_light(image: RgbImage, points: Floats) -> FaceLight | None:
    """Measure the face with these landmarks, as far as it is in the picture; None where nothing of it is."""
    face = _cut(image, points, 1.0, FACE_PX)
    around = _cut(image, points, SURROUND, SURROUND_PX, sparse=True)
    if face is None or around is None:
        return None
    inside = _filled(face.luma.shape, _about_middle(face.oval, INNER))
    histogram = cv2.calcHist([face.luma], [0], inside, [256], [0, 256]).ravel().astype(np.float64)
    if histogram.sum() < 1.0:
        return None
    histogram /= histogram.sum()
    levels = np.arange(256.0)
    mean = float(histogram @ levels)
    brightness = min(1.0, float(np.searchsorted(np.cumsum(histogram), 0.5)) / DEPTH)
    surroundings = _surroundings(around)
    return FaceLight(
        sharpness=float(cv2.meanStdDev(cv2.Laplacian(face.luma, cv2.CV_32F), mask=inside)[1][0, 0]) ** 2,
        brightness=brightness,
        contrast=float(np.sqrt(histogram @ (levels - mean) ** 2)) / DEPTH,
        clipped=min(1.0, float(histogram[: BLACK + 1].sum() + histogram[WHITE:].sum())),
        backlight=0.0 if surroundings is None else surroundings - brightness,
    )


def _cut(image: RgbImage, points: Floats, sides: float, size: int, *, sparse: bool = False) -> _Cut | None:
    """The square of ``sides`` times the face, scaled so that a whole one would be ``size`` pixels (``sparse``: about).

    Only averaging over areas keeps the sharpness comparable between sizes, other ways of scaling alias. Where it does
    not matter (``sparse``), and where the picture has four times as many pixels as needed, pixels are skipped.
    """
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    side = float((high - low).max()) * sides
    corner = (low + high - side) / 2
    left, top = np.floor(corner).clip(0, image.shape[1::-1]).astype(int)
    right, bottom = np.ceil(corner + side).clip(0, image.shape[1::-1]).astype(int)
    step = max(1, int(side / size) if sparse else int(side / (4 * size)))
    seen = np.ascontiguousarray(image[top:bottom:step, left:right:step])
    if min(seen.shape[:2]) < 2:
        return None
    luma = np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if not sparse:
        width, height = (max(2, round(extent * size / side)) for extent in (right - left, bottom - top))
        scaling = cv2.INTER_AREA if size < side else cv2.INTER_LINEAR
        luma = np.asarray(cv2.resize(luma, (width, height), interpolation=scaling), dtype=np.uint8)
    stretch = np.array([luma.shape[1] / (right - left), luma.shape[0] / (bottom - top)], dtype=np.float32)
    corner_seen = np.array([left, top], dtype=np.float32)
    return _Cut(luma, (points[FACE_OVAL, :2] - corner_seen) * stretch)


def _about_middle(outline: Floats, factor: float) -> Floats:
    middle = outline.mean(axis=0)
    return np.asarray(middle + (outline - middle) * np.float32(factor))


def _filled(shape: tuple[int, ...], outline: Floats) -> npt.NDArray[np.uint8]:
    mask = np.zeros(shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline).astype(np.int32)), 255)
    return mask


def _surroundings(cut: _Cut) -> float | None:
    """Median luma beside and above the head; what is below it is the person's clothes."""
    head = _filled(cut.luma.shape, _about_middle(cut.oval, HEAD))
    chin = min(cut.luma.shape[0], max(0, int(cut.oval[:, 1].max())))
    outside = cut.luma[:chin][head[:chin] == 0]
    return float(np.median(outside)) / DEPTH if outside.size >= SURROUND_MINIMUM else None
