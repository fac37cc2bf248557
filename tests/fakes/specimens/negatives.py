"""Pictures that no document can be read from, each for a reason of its own."""

import cv2
import numpy as np

from tests.fakes.person import render_person
from tests.fakes.specimens.backgrounds import background
from tests.fakes.specimens.camera import taken, uneven_light
from tests.fakes.specimens.photograph import Photo, photograph, photograph_several
from vision.ports import RgbImage

_SIZE = (1280, 960)


def empty_desk(seed: int, *, clutter: float = 0.4) -> RgbImage:
    """A desk without a document."""
    chance = np.random.default_rng([seed, 1])
    scene = background("desk", chance, _SIZE, clutter).astype(np.float32)
    uneven_light(scene, chance, 0.3)
    return taken(scene, chance)


def drawn_cat(seed: int) -> RgbImage:
    """A cat on a desk, drawn with a child's skill."""
    chance = np.random.default_rng([seed, 2])
    picture = background("desk", chance, _SIZE, 0.2)
    red, green, blue = (int(part) for part in chance.integers(40, 220, 3))
    fur, dark = (red, green, blue), (red // 2, green // 2, blue // 2)
    x, y = int(chance.integers(500, 780)), int(chance.integers(400, 560))
    cv2.ellipse(picture, (x, y + 230), (210, 260), 0, 0, 360, fur, cv2.FILLED, cv2.LINE_AA)
    for side in (-1, 1):
        ear = np.array(((side * 40, -130), (side * 150, -60), (side * 140, -230)), np.int32) + np.array((x, y))
        cv2.fillConvexPoly(picture, ear, fur, cv2.LINE_AA)
    cv2.circle(picture, (x, y), 165, fur, cv2.FILLED, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.ellipse(picture, (x + side * 62, y - 25), (34, 44), 0, 0, 360, (200, 220, 90), cv2.FILLED, cv2.LINE_AA)
        cv2.ellipse(picture, (x + side * 62, y - 25), (9, 38), 0, 0, 360, (10, 10, 10), cv2.FILLED, cv2.LINE_AA)
        for height in (35, 55, 75):
            cv2.line(picture, (x + side * 40, y + 55), (x + side * 230, y + height), dark, 3, cv2.LINE_AA)
    nose = np.array(((-18, 40), (18, 40), (0, 62)), np.int32) + np.array((x, y))
    cv2.fillConvexPoly(picture, nose, (190, 110, 110), cv2.LINE_AA)
    return taken(picture, chance)


def face(seed: int) -> RgbImage:
    """Somebody who shows themselves instead of a document. Needs the face model's file."""
    return render_person(width=_SIZE[0], height=_SIZE[1], size=0.5, seed=1000 * seed)


def half_outside(page: RgbImage, seed: int) -> Photo:
    """A page of which the picture shows little more than half."""
    left = seed % 2 == 0
    return photograph(page, seed, hardness=0.15, coverage=0.8, centre=(0.05 if left else 0.95, 0.5), glare_radius=0.0)


def two_cards(one: RgbImage, other: RgbImage, seed: int) -> RgbImage:
    """Two documents beside each other."""
    image, _ = photograph_several((one, other), seed)
    return image
