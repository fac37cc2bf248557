"""What lies around a document: desks of wood, cloth or one colour with clutter on them, and rooms out of focus."""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage

Surface = Literal["desk", "hand"]

SKIN = ((236, 194, 166), (206, 152, 118), (146, 98, 70), (92, 60, 44))
_LONG_SIDE = 1280
"""Pixels that a background is drawn with; it is enlarged for larger pictures, for what is around a document is not
sharp."""


def background(surface: Surface, chance: np.random.Generator, size: tuple[int, int], clutter: float) -> RgbImage:
    """A picture of ``size`` (width, height); ``clutter`` 0 to 1."""
    width, height = size
    scale = min(1.0, _LONG_SIDE / max(size))
    drawn = (round(width * scale), round(height * scale))
    picture = desk(chance, drawn, clutter) if surface == "desk" else room(chance, drawn)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def desk(chance: np.random.Generator, size: tuple[int, int], clutter: float) -> RgbImage:
    """A tabletop from above with pens, sheets of paper and cups on it."""
    surfaces: tuple[Callable[[np.random.Generator, tuple[int, int]], RgbImage], ...] = (_wood, _cloth, _plain)
    picture = surfaces[int(chance.integers(len(surfaces)))](chance, size)
    things: tuple[Callable[[RgbImage, np.random.Generator], None], ...] = (_pen, _sheet, _cup, _pen)
    for _ in range(round(5 * clutter * chance.uniform(0.5, 1.0))):
        things[int(chance.integers(len(things)))](picture, chance)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def room(chance: np.random.Generator, size: tuple[int, int]) -> RgbImage:
    """What is behind a card that is held to the camera: patches of colour, out of focus."""
    colours = chance.uniform(40, 210, (5, 7, 1)) + chance.uniform(-30, 30, (5, 7, 3))
    smooth = cv2.resize(colours.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    picture = np.clip(smooth, 0, 255).astype(np.uint8)
    for _ in range(6):
        corner = chance.uniform(0, 1, 2) * size
        far = corner + chance.uniform(0.1, 0.4, 2) * size
        colour = _colour(chance, 30, 230)
        cv2.rectangle(picture, _point(corner), _point(far), colour, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.012 * max(size)), np.uint8)


def _wood(chance: np.random.Generator, size: tuple[int, int]) -> RgbImage:
    width, height = size
    base = np.array((150, 104, 66), np.float32) * chance.uniform(0.55, 1.3)
    grain = chance.normal(0, 1, (height // 3 + 1, max(2, width // 90))).astype(np.float32)
    fine = np.asarray(cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC), np.float32)
    waves = np.sin(np.linspace(0, chance.uniform(20, 50), height, dtype=np.float32))[:, None]
    return _grey_levels(base + (fine * 9 + waves * 5)[..., None])


def _cloth(chance: np.random.Generator, size: tuple[int, int]) -> RgbImage:
    width, height = size
    base = chance.uniform(40, 200, 3).astype(np.float32)
    across = np.sin(np.arange(width, dtype=np.float32) * 2 * np.pi / chance.uniform(5, 9))[None, :]
    down = np.sin(np.arange(height, dtype=np.float32) * 2 * np.pi / chance.uniform(5, 9))[:, None]
    return _grey_levels(base + (across * down * 10)[..., None])


def _plain(chance: np.random.Generator, size: tuple[int, int]) -> RgbImage:
    width, height = size
    base = np.float32(chance.uniform(25, 225)) + chance.uniform(-14, 14, 3).astype(np.float32)
    spots = chance.normal(0, 4, (height // 40 + 2, width // 40 + 2)).astype(np.float32)
    return _grey_levels(base + np.asarray(cv2.resize(spots, size), np.float32)[..., None])


def _pen(picture: RgbImage, chance: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    start = chance.uniform(0, 1, 2) * (width, height)
    angle = chance.uniform(0, 2 * np.pi)
    end = start + 0.3 * width * np.array((np.cos(angle), np.sin(angle)))
    thick = max(3, round(0.012 * width))
    cv2.line(picture, _point(start), _point(end), _colour(chance, 10, 120), thick, cv2.LINE_AA)
    cv2.line(picture, _point(start), _point(start * 0.85 + end * 0.15), _colour(chance, 120, 240), thick, cv2.LINE_AA)


def _sheet(picture: RgbImage, chance: np.random.Generator) -> None:
    """A sheet of paper that reaches over the rim of the picture, with lines as of writing."""
    height, width = picture.shape[:2]
    corner = np.array((chance.choice((-0.25, 0.75)), chance.uniform(-0.2, 0.7))) * (width, height)
    across = np.array((0.5 * width, chance.uniform(-0.08, 0.08) * width))
    down = np.array((-across[1], across[0])) * 1.41
    outline = np.array([corner, corner + across, corner + across + down, corner + down])
    cv2.fillConvexPoly(picture, np.rint(outline).astype(np.int32), (232, 232, 228), cv2.LINE_AA)
    for line in np.arange(0.08, 0.95, 0.035):
        begin = corner + 0.1 * across + line * down
        cv2.line(picture, _point(begin), _point(begin + chance.uniform(0.3, 0.8) * across), (120, 122, 128), 2)


def _cup(picture: RgbImage, chance: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    middle, radius = _point(chance.uniform(0, 1, 2) * (width, height)), round(0.09 * width)
    cv2.circle(picture, middle, radius, _colour(chance, 90, 245), cv2.FILLED, cv2.LINE_AA)
    cv2.circle(picture, middle, round(radius * 0.85), (58, 38, 26), cv2.FILLED, cv2.LINE_AA)


def _grey_levels(values: npt.ArrayLike) -> RgbImage:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _colour(chance: np.random.Generator, least: int, most: int) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in chance.integers(least, most, 3))
    return red, green, blue


def _point(where: np.ndarray) -> tuple[int, int]:
    return round(float(where[0])), round(float(where[1]))
