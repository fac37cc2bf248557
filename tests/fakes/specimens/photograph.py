"""Photographs of specimens as people take them: on a desk or in the hand, slanted, blurred, with glare and shadow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tests.fakes.specimens.backgrounds import SKIN, Surface, background
from tests.fakes.specimens.camera import Picture, blurred, glare, taken, uneven_light
from tests.fakes.specimens.laying import corners_of, hand_behind, lay, thumb_over
from vision.ports import RgbImage
from vision.reading.ports import Corners

Turn = Literal[0, 90, 180, 270]

_DESIGN_PX = 1280
"""Long side of the picture at which blur is given."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture and where a page lies in it."""

    image: RgbImage
    corners: Corners
    """Clockwise from the page's own top left, in pixels; may lie outside the picture."""


def photograph(
    page: RgbImage,
    seed: int,
    *,
    hardness: float = 0.3,
    size: tuple[int, int] = (1280, 960),
    turned: Turn = 0,
    surface: Surface = "desk",
    coverage: float | None = None,
    centre: tuple[float, float] | None = None,
    glare_radius: float | None = None,
    thumb: bool | None = None,
) -> Photo:
    """The photograph of this seed; the same arguments make the same pixels.

    ``hardness`` from 0 (a scanner's view) over 0.3 (a careful person) to 1 (nobody could read much of it) governs
    slant, distance, blur, noise and light. ``size`` is (width, height); ``turned`` clockwise; ``coverage`` the share of
    the picture that the page reaches across; ``glare_radius`` in widths of the page, 0 = none; ``thumb`` whether one
    covers a little of the edge that is lowest. What is None is drawn by hardness.
    """
    chance = np.random.default_rng([seed, 9303])
    turn = float(turned) + chance.uniform(-14, 14) * hardness
    reach = coverage if coverage is not None else 0.93 - chance.uniform(0.05, 0.45) * hardness
    room = max(0.0, 0.5 - reach / 2 - 0.015)
    place = centre if centre is not None else tuple(0.5 + chance.uniform(-room, room, 2))
    corners = corners_of(
        page.shape[1] / page.shape[0],
        chance,
        size,
        degrees=turn,
        tilt=34 * hardness,
        coverage=reach,
        centre=(float(place[0]), float(place[1])),
    )
    spot = glare_radius if glare_radius is not None else _spot(chance, hardness)
    covered = thumb if thumb is not None else surface == "hand"
    skin = SKIN[int(chance.integers(len(SKIN)))]
    scene = background(surface, chance, size, hardness).astype(np.float32)
    if surface == "hand":
        hand_behind(scene, corners, skin)
    lay(scene, page, corners)
    if covered:
        thumb_over(scene, corners, skin, chance)
    uneven_light(scene, chance, hardness)
    if spot > 0:
        glare(scene, corners, chance, spot)
    return Photo(_exposed(scene, chance, hardness), corners)


def photograph_several(
    pages: Sequence[RgbImage], seed: int, *, hardness: float = 0.2, size: tuple[int, int] = (1280, 960)
) -> tuple[RgbImage, tuple[Corners, ...]]:
    """Pages beside each other on one desk, and the corners of each."""
    chance = np.random.default_rng([seed, 9304])
    scene = background("desk", chance, size, hardness).astype(np.float32)
    places: list[Corners] = []
    for index, page in enumerate(pages):
        corners = corners_of(
            page.shape[1] / page.shape[0],
            chance,
            (round(size[0] / len(pages)), size[1]),
            degrees=chance.uniform(-10, 10),
            tilt=20 * hardness,
            coverage=0.85,
            centre=(0.5, chance.uniform(0.42, 0.58)),
        )
        corners[:, 0] += index * size[0] / len(pages)
        lay(scene, page, corners)
        places.append(corners)
    uneven_light(scene, chance, hardness)
    return _exposed(scene, chance, hardness), tuple(places)


def _spot(chance: np.random.Generator, hardness: float) -> float:
    """Radius of glare: more often and larger in harder pictures."""
    there, radius = chance.uniform(0, 1, 2)
    return 0.02 + 0.09 * hardness * float(radius) if there < 0.9 * hardness else 0.0


def _exposed(scene: Picture, chance: np.random.Generator, hardness: float) -> RgbImage:
    scale = max(scene.shape[:2]) / _DESIGN_PX
    defocus = 0.25 + 1.3 * hardness * chance.uniform(0.3, 1.0)
    motion = 7 * hardness * max(0.0, chance.uniform(-1, 1))
    seen = blurred(scene, defocus * scale, motion * scale, chance.uniform(0, 180))
    return taken(seen, chance, noise=1 + 5 * hardness, quality=round(93 - 35 * hardness))
