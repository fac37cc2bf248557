"""Photographs of specimens for the tests of finding and measuring them."""

from functools import cache

import cv2
import numpy as np

from tests.fakes.specimens import draw
from tests.fakes.specimens.backgrounds import Surface
from tests.fakes.specimens.photograph import Photo, photograph
from tests.fakes.specimens.zones import Kind
from vision.ports import RgbImage
from vision.reading.ports import Corners

KINDS: tuple[Kind, ...] = ("passport", "id-card", "licence", "id-card-2", "visa")
SIZE = (1280, 720)


@cache
def page(kind: Kind, seed: int, side: str = "front") -> RgbImage:
    """One side of a specimen, small enough to be quick."""
    drawn = draw(kind, seed).sides["back" if side == "back" else "front"]
    return np.asarray(cv2.resize(drawn, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA), np.uint8)


def photo(seed: int, *, surface: Surface = "desk", hardness: float = 0.15, size: tuple[int, int] = SIZE) -> Photo:
    """A front, taken as a careful person does, without glare; kinds take turns."""
    front = page(KINDS[seed % len(KINDS)], seed)
    return photograph(front, seed, hardness=hardness, size=size, surface=surface, coverage=0.8, glare_radius=0)


def corner_error(found: Corners, true: Corners) -> float:
    """Of the worst corner, in diagonals; which one is called the first does not matter."""
    worst = min(float(np.linalg.norm(np.roll(found, turn, axis=0) - true, axis=1).max()) for turn in range(4))
    return worst / float(np.linalg.norm(true[0] - true[2]))
