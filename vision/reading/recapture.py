"""Signs that the picture shows a screen or a print instead of a document, and that a portrait was put in.

They are evidence for the report. What was found says something; that nothing was found says nothing, and is "neutral".
"""

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vision.document.readings import Box
from vision.liveness.verdict import Cue
from vision.ports import RgbImage

TILE_PX = 256
LEAST_TILES = 20
"""Of a smaller picture the mean spectrum is too rough: of four genuine ones of 600 px one looked like a lattice."""
MOST_PX = 1400
"""Long side of the middle part that is looked at; pictures are never scaled, that would blur a lattice away."""

LATTICE = 3.5
"""Prominence (natural logarithm of power) of the weaker of two crossing peaks. Measured: 35 pictures of documents reach
2.4 at most; of 36 drawn as shown on a screen two thirds lie above. Those that do not are blurred, or so far away that
the pixels of the screen and of the camera coincide."""

PORTRAIT_NOISE = 1.5
"""log2 of grain in the portrait by grain beside it. Measured: 19 genuine documents lie between -4.8 and -0.1, because
the page around a portrait is full of fine lines. A photograph that was put in brings the grain of its own camera."""

_LOWEST = 0.1
"""Cycles per pixel; below it lie the lines and letters of the document itself."""
_RIGHT_ANGLE = 0.12
"""Cosine below which two peaks cross at a right angle, as the rows and columns of a screen do, and a printer's dots."""
_SAME_PITCH = 0.15
"""Share by which their frequencies may differ."""
_PEAKS = 12

_Plane = npt.NDArray[np.float32]


def screen_cue(picture: RgbImage) -> Cue:
    """``document_screen``: a lattice of pixels or printing dots all over the picture, as taken and not straightened."""
    value = _lattice(_middle(picture).mean(axis=2, dtype=np.float32))
    if value is None:
        return Cue("document_screen", "not_checked", None, "the picture is too small to look for a lattice of dots")
    found = value >= LATTICE
    words = "a lattice of dots lies over the picture" if found else "no lattice of dots"
    return Cue("document_screen", "against" if found else "neutral", round(value, 2), f"{words} (limit {LATTICE})")


def portrait_cue(page: RgbImage, portrait: Box | None) -> Cue:
    """``document_portrait``: grain in the portrait unlike that of the page around it."""
    value = (
        None
        if portrait is None
        else _relative_grain(np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8), portrait)
    )
    if value is None:
        return Cue("document_portrait", "not_checked", None, "no portrait whose grain could be compared")
    found = value >= PORTRAIT_NOISE
    words = "the portrait is grainier than the page" if found else "the portrait is no grainier than the page"
    return Cue("document_portrait", "against" if found else "neutral", round(value, 2), words)


def _middle(picture: RgbImage) -> RgbImage:
    height, width = picture.shape[:2]
    top, left = max(0, (height - MOST_PX) // 2), max(0, (width - MOST_PX) // 2)
    return picture[top : top + MOST_PX, left : left + MOST_PX]


def _lattice(luminance: _Plane) -> float | None:
    """Prominence of the weaker of the two strongest peaks that cross at a right angle; None of too small a picture."""
    spectrum = _mean_spectrum(luminance)
    if spectrum is None:
        return None
    prominence = spectrum - ndimage.uniform_filter(spectrum, 15)
    frequency = np.fft.fftshift(np.fft.fftfreq(TILE_PX))
    down, across = np.meshgrid(frequency, frequency, indexing="ij")
    radius = np.hypot(down, across)
    # The blocks of JPEG are a lattice of eight pixels themselves.
    eighths = [np.abs(8 * axis - np.round(8 * axis)) < 0.05 for axis in (down, across)]
    allowed = (radius > _LOWEST) & (radius < 0.5) & ~(eighths[0] & eighths[1]) & (down <= 0)
    prominence = np.where(allowed, prominence, -np.inf)
    peaks = np.argwhere((prominence >= ndimage.maximum_filter(prominence, 5)) & (prominence > 1.0))
    strongest = sorted(peaks, key=lambda at: -prominence[tuple(at)])[:_PEAKS]
    best = 0.0
    for index, one in enumerate(strongest):
        for other in strongest[index + 1 :]:
            a, b = frequency[one], frequency[other]
            lengths = float(np.hypot(*a)), float(np.hypot(*b))
            crossing = abs(float(a @ b)) < _RIGHT_ANGLE * lengths[0] * lengths[1]
            if crossing and abs(lengths[0] - lengths[1]) < _SAME_PITCH * max(lengths):
                best = max(best, float(min(prominence[tuple(one)], prominence[tuple(other)])))
    return best


def _mean_spectrum(luminance: _Plane) -> _Plane | None:
    """Mean logarithm of the power of many tiles: what is everywhere stays, the document's own lines average out."""
    window = np.outer(np.hanning(TILE_PX), np.hanning(TILE_PX)).astype(np.float32)
    total, tiles = np.zeros((TILE_PX, TILE_PX), np.float32), 0
    for top in range(0, luminance.shape[0] - TILE_PX + 1, TILE_PX // 2):
        for left in range(0, luminance.shape[1] - TILE_PX + 1, TILE_PX // 2):
            tile = luminance[top : top + TILE_PX, left : left + TILE_PX]
            spread = float(tile.std())
            if spread < 1.0:
                continue
            power = np.abs(np.fft.fft2((tile - tile.mean()) / spread * window)) ** 2
            total += np.log(power + 1e-3).astype(np.float32)
            tiles += 1
    return np.fft.fftshift(total / tiles) if tiles >= LEAST_TILES else None


def _relative_grain(luminance: npt.NDArray[np.uint8], portrait: Box) -> float | None:
    """log2 of the grain inside by the grain outside, both in their smoothest parts; None when either is too small."""
    inside, around = np.zeros(luminance.shape, bool), np.zeros(luminance.shape, bool)
    inside[_part(portrait, luminance.shape, 0.0)] = True
    around[_part(portrait, luminance.shape, 0.06)] = True
    smooth = cv2.GaussianBlur(luminance.astype(np.float32), (0, 0), 2.0)
    slope = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    residue = luminance.astype(np.float32) - cv2.medianBlur(luminance, 5)
    exposed = (luminance > 25) & (luminance < 235)
    grain = [_grain(residue, slope, part & exposed) for part in (inside, ~around)]
    if grain[0] is None or grain[1] is None:
        return None
    return float(np.log2(grain[0] / grain[1]))


def _grain(residue: _Plane, slope: _Plane, part: npt.NDArray[np.bool_]) -> float | None:
    if part.sum() < 400:
        return None
    smoothest = part & (slope <= np.quantile(slope[part], 0.4))
    return max(0.05, float(residue[smoothest].std()))


def _part(box: Box, shape: tuple[int, ...], room: float) -> tuple[slice, slice]:
    """Rows and columns of the box with some room, in shares of the page."""
    height, width = shape[:2]
    top, bottom = box.y - room, box.y + box.height + room
    left, right = box.x - room, box.x + box.width + room
    return (
        slice(max(0, round(top * height)), max(0, round(bottom * height))),
        slice(max(0, round(left * width)), max(0, round(right * width))),
    )
