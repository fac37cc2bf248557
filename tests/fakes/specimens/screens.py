"""Documents that are not there: on a screen, and on paper out of a printer."""

import cv2
import numpy as np

from tests.fakes.specimens.camera import taken
from vision.ports import RgbImage

_DOTS = 700
"""Pixels of the screen across the document."""
_FINE = 6
"""Points that each pixel of the screen is drawn with."""
_BEZEL = (14, 15, 18)


def shown_on_a_screen(
    page: RgbImage, *, pixels: float, degrees: float, blur_px: float = 0.6, size: tuple[int, int] = (1024, 768)
) -> RgbImage:
    """A photograph of a screen whose every pixel takes so many of the camera's: stripes of three colours, dark rows.

    ``size`` (width, height) of the photograph; around the document there is the black rim of the screen.
    """
    width, height = size
    rows = round(_DOTS * page.shape[0] / page.shape[1])
    small = cv2.resize(page, (_DOTS, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    stripes = np.zeros((_FINE, _FINE, 3), np.float32)
    for colour in range(3):
        stripes[: _FINE - 1, 2 * colour : 2 * colour + 2, colour] = 3.0 * _FINE / (_FINE - 1)
    fine = small.repeat(_FINE, 0).repeat(_FINE, 1) * np.tile(stripes, (rows, _DOTS, 1))
    # Three times the camera's resolution, so that the lattice aliases as light does and not as interpolation does.
    turn = cv2.getRotationMatrix2D((fine.shape[1] / 2, fine.shape[0] / 2), degrees, 3 * pixels / _FINE)
    turn[:, 2] += (3 * width / 2 - fine.shape[1] / 2, 3 * height / 2 - fine.shape[0] / 2)
    seen = cv2.warpAffine(fine, turn, (3 * width, 3 * height), borderValue=_BEZEL)
    seen = cv2.resize(cv2.GaussianBlur(seen, (0, 0), 1.5), size, interpolation=cv2.INTER_AREA)
    return taken(cv2.GaussianBlur(seen, (0, 0), blur_px), np.random.default_rng(3))


def printed(page: RgbImage, *, pitch_px: float, degrees: float = 45.0) -> RgbImage:
    """The page out of a printer: dots of three inks, each in a grid of its own angle; ``pitch_px`` between dots."""
    rows, columns = page.shape[:2]
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    inks = []
    for ink, angle in enumerate((degrees, degrees + 30, degrees - 30)):
        around, step = np.radians(angle), 2 * np.pi / pitch_px
        along = np.cos(step * (x * np.cos(around) + y * np.sin(around)))
        across = np.cos(step * (y * np.cos(around) - x * np.sin(around)))
        threshold = 127.5 + 60 * (along + across)
        inks.append(np.where(page[..., ink] > threshold, 245.0, 30.0))
    return taken(cv2.GaussianBlur(np.stack(inks, axis=2), (0, 0), 0.5), np.random.default_rng(4))
