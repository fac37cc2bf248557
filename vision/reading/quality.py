"""How well a straightened side can be read: sharpness of its print, glare, brightness, shadow.

Everything is measured on a copy of one size, so that the numbers mean the same for any camera and any distance.
"""

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage

RULER_PX = 500
"""Long side of that copy; of a line of 44 characters across it each then has about 11 pixels."""
LIGHT_PX = 64
"""Long side of the copy on which light is measured: letters melt into the paper."""
HALF_BLUR_PX = 0.95
"""Standard deviation of the blur, on the ruler, at which sharpness is a half. Found with drawn specimens: lines of 44
characters across the page are read up to 1.3 (sharpness 0.35), lines of 30 up to 2.2."""
BURNT = 250
"""Level from which all channels of a pixel are burnt out, of 255."""

_FINE, _COARSE = 1.0, 2.5
"""Standard deviations of the two smoothings whose slopes are compared."""
_OVER_GRAIN = 4.5
"""Edges are so much steeper than the median, which is the grain of sensor and paper."""
_OF_STEEPEST = 0.4
"""Edges have at least so much of what the steepest hundredth has: portraits are soft by themselves, print is not."""
_LEAST_SLOPE = 0.8
"""Levels per pixel."""
_LEAST_PLACES = 40
"""Edges without which there is nothing to be sharp."""
_SHARPEST = 75
"""Percentile of the edges that counts."""
_INK_PX = 13
"""Of the ruler: within so many pixels print has some ink; a patch of light has none."""
_RIM_PX = (2, 5)
"""Of the ruler: around a patch of light, where it fades; what is printed white has ended there."""
_FADING = 0.3
"""Of the way from the paper's level to white: what a fading rim still has at least."""

Grey = npt.NDArray[np.uint8]


def sharpness(page: RgbImage) -> float:
    """0 to 1: 1/2 where the print is blurred by ``HALF_BLUR_PX``, towards 1 for less; 0 without anything printed.

    Contrast does not matter: slopes are compared with what is left of them after more smoothing. The blurrier a stroke
    is, the less it loses: a thin line of deviation b has the slope 1 / (b² + s²) after smoothing by s. (Zhuo and Sim,
    Defocus map estimation from a single image, 2011, do so for steps.)
    """
    grey = cv2.cvtColor(_scaled(page, RULER_PX), cv2.COLOR_RGB2GRAY)
    fine, coarse = _slopes(grey, _FINE), _slopes(grey, _COARSE)
    grain, steepest = np.percentile(fine[::2, ::2], (50, 99))
    steep = max(_LEAST_SLOPE, _OVER_GRAIN * grain, _OF_STEEPEST * steepest)
    crest = (fine > steep) & (fine >= cv2.dilate(fine, np.ones((3, 3), np.uint8)))
    if int(crest.sum()) < _LEAST_PLACES:
        return 0.0
    lost = float(np.percentile(fine[crest] / np.maximum(coarse[crest], 1e-3), _SHARPEST))
    if lost <= 1.0:
        return 0.0
    blur_squared = max(0.0, (_COARSE**2 - lost * _FINE**2) / (lost - 1.0))
    return 1.0 / (1.0 + blur_squared / HALF_BLUR_PX**2)


def glare(page: RgbImage) -> float:
    """Share of the page that a reflection has burnt out: white without a trace of ink, fading towards its rim. Where
    the paper itself is white in the picture nothing stands out from it, and this is 0."""
    red, green, blue = cv2.split(_scaled(page, RULER_PX))
    level = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    burnt = level >= BURNT
    paper = float(np.percentile(level[~burnt], 70)) if not burnt.all() else 255.0
    if paper > BURNT - 8 or not burnt.any():
        return 0.0
    blank = cv2.morphologyEx(burnt.astype(np.uint8), cv2.MORPH_OPEN, np.ones((_INK_PX, _INK_PX), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(blank)
    fading = paper + _FADING * (BURNT - paper)
    share = 0.0
    for index, (x, y, width, height, area) in enumerate(stats[1:], start=1):
        room = _RIM_PX[1] + 1
        around = np.s_[max(0, y - room) : y + height + room, max(0, x - room) : x + width + room]
        rim = level[around][_rim(np.asarray(labels[around] == index, np.uint8))]
        if rim.size and np.median(rim) >= fading:
            share += float(area) / level.size
    return share


def brightness(image: RgbImage) -> float:
    """Mean luminance, 0 to 1."""
    return float(cv2.cvtColor(_scaled(image, LIGHT_PX), cv2.COLOR_RGB2GRAY).mean()) / 255


def shadow(page: RgbImage) -> float:
    """Unevenness of the light, 0 to 1: 1 − darkest tenth / brightest tenth of the paper."""
    grey = cv2.cvtColor(_scaled(page, LIGHT_PX), cv2.COLOR_RGB2GRAY)
    # The lightest within some millimetres is paper, wherever there is print, a portrait or a bar.
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), (0, 0), 2.0)
    darkest, brightest = np.percentile(paper, (10, 90))
    return float(1 - darkest / max(1.0, brightest))


def _scaled(image: RgbImage, longest: int) -> RgbImage:
    scale = longest / max(image.shape[:2])
    if scale == 1.0:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)


def _slopes(grey: npt.ArrayLike, blur: float) -> npt.NDArray[np.float32]:
    """Levels per pixel."""
    smooth = cv2.GaussianBlur(np.asarray(grey, np.float32), (0, 0), blur)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(smooth, cv2.CV_32F, 0, 1) / 8
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _rim(patch: Grey) -> npt.NDArray[np.bool_]:
    """Where the light of a patch fades."""
    near, far = (cv2.dilate(patch, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) for reach in _RIM_PX)
    return np.asarray((far > 0) & (near == 0), np.bool_)
