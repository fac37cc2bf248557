"""What a frame is as a picture, whoever is in it: its fingerprint, its brightness, and how it differs from the last."""

import zlib
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vision.ports import Floats, RgbImage

GRID: Final = (32, 24)
"""Columns and rows on which two frames are compared."""
HASH_GRID: Final = (9, 8)
"""Neighbours in a row of nine give eight bits, in eight rows: the difference hash (dHash) of 64 bits."""
WORKING_PX: Final = 640
"""Rows and columns are skipped while the longer side is at least twice this."""
SPARSE: Final = 2
"""Every second pixel is enough for the grid; the checksum is over all."""
SMALLEST_DIFFERENCE: Final = 1e-6
"""For frames that are not the same although their grids are: the promise is that exactly 0 means repeated."""


@dataclass(frozen=True, slots=True)
class WholeFrame:
    """What ``Observation`` says of the whole frame, in its units."""

    brightness: float
    fingerprint: str
    difference: float | None


class FrameComparison:
    """Keeps a grid and a checksum of the last frame, never the frame."""

    def __init__(self) -> None:
        self._last: tuple[Floats, int] | None = None

    def reset(self) -> None:
        """The next frame has nothing to do with the last."""
        self._last = None

    def measure(self, image: RgbImage) -> WholeFrame:
        """Look at the next frame."""
        step = max(1, max(image.shape[:2]) // WORKING_PX)
        luma = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_RGB2GRAY)
        checksum = zlib.crc32(luma.data)
        # In floating point: the mean of a cell moves by far less than one level when only the sensor's noise changes.
        sparse = luma[::SPARSE, ::SPARSE].astype(np.float32)
        grid = np.asarray(cv2.resize(sparse, GRID, interpolation=cv2.INTER_AREA), dtype=np.float32) / np.float32(255)
        difference = self._difference(grid, checksum)
        self._last = (grid, checksum)
        return WholeFrame(min(1.0, float(grid.mean())), _fingerprint(grid), difference)

    def _difference(self, grid: Floats, checksum: int) -> float | None:
        if self._last is None:
            return None
        last, last_checksum = self._last
        if checksum == last_checksum:
            return 0.0
        return max(SMALLEST_DIFFERENCE, float(np.abs(grid - last).mean()))


def _fingerprint(grid: Floats) -> str:
    small = cv2.resize(grid, HASH_GRID, interpolation=cv2.INTER_AREA)
    bits = np.packbits(small[:, 1:] > small[:, :-1])
    return bits.tobytes().hex()
