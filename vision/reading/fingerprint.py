"""A perceptual hash of a document's side: alike for two pictures of one side, unlike for two sides."""

import cv2
import numpy as np

from vision.ports import RgbImage

BITS = 64
_SIDE_PX = 32
"""Of the square that the page is scaled to."""
_LIGHT_PX = 6.0
"""Deviation of the smoothing that tells light from print."""


def fingerprint(page: RgbImage) -> int:
    """64 bits; the same when the page stands upside down.

    The signs of 64 low frequencies of the cosine transform. Upside down, only those change whose two orders have an odd
    sum; the others are taken. What varies slowly is taken out before, so that light does not matter.
    """
    grey = cv2.cvtColor(cv2.resize(page, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    print_alone = np.asarray(grey, np.float32) - cv2.GaussianBlur(np.asarray(grey, np.float32), (0, 0), _LIGHT_PX)
    waves = cv2.dct(print_alone)
    down, across = np.indices(waves.shape)
    even = np.flatnonzero(((down + across) % 2 == 0).ravel() & ((down + across) > 0).ravel())
    order = np.argsort((down + across).ravel()[even], kind="stable")
    signs = waves.ravel()[even[order[:BITS]]] > 0
    return int.from_bytes(np.packbits(signs).tobytes(), "big")
