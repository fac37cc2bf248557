"""The colour of skin in ratios, which brightness does not change: a flash of colour moves it, a shadow does not."""

from typing import Final

import numpy as np

from vision.measurement.landmarks import SKIN
from vision.ports import Floats, RgbImage

PATCH: Final = 0.12
"""Side of a patch, in eye distances."""
SAMPLES: Final = 8
"""Pixels taken along each side of a patch, however large it is."""
COLOUR_RANGE: Final = (12, 243)
"""A pixel with a channel outside of it is clipped or nearly black: it says nothing about colour."""
USABLE_SHARE: Final = 0.25
"""Of a patch's pixels that must say something."""
_STEPS: Final = (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5


def skin_colour(image: RgbImage, points: Floats, eye_distance_px: float) -> tuple[float, float]:
    """Median over ten patches of log(R/G) and log(B/G) of a patch's mean colour; (0, 0), grey, where none is usable."""
    height, width = image.shape[:2]
    offsets = _STEPS * PATCH * eye_distance_px
    columns = np.round(points[SKIN, 0:1] + offsets).clip(-1, width).astype(np.int64)
    rows = np.round(points[SKIN, 1:2] + offsets).clip(-1, height).astype(np.int64)
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    rows, columns = rows.clip(0, height - 1), columns.clip(0, width - 1)
    pixels = image[rows[:, :, None], columns[:, None, :]].astype(np.float32)
    usable = inside & (pixels.min(axis=3) >= COLOUR_RANGE[0]) & (pixels.max(axis=3) <= COLOUR_RANGE[1])
    counts = usable.sum(axis=(1, 2))
    enough = counts >= USABLE_SHARE * SAMPLES**2
    if not enough.any():
        return (0.0, 0.0)
    colours = np.log((pixels * usable[..., None]).sum(axis=(1, 2))[enough] / counts[enough, None])
    red_green = np.median(colours[:, 0] - colours[:, 1])
    blue_green = np.median(colours[:, 2] - colours[:, 1])
    return float(red_green), float(blue_green)
