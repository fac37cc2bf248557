"""Edges of a picture that is known, and quadrilaterals drawn to them."""

import cv2
import numpy as np
import pytest

from tests.vision.reading.photos import corner_error
from vision.ports import RgbImage
from vision.reading.edges import Edges, clockwise, refined

TRUE = np.array(((60, 50), (260, 62), (252, 196), (54, 180)), np.float32)


def scene(fill: tuple[int, int, int], around: tuple[int, int, int], scale: int = 1) -> RgbImage:
    """A quadrilateral of one colour on another, smooth at its rim."""
    fine = np.full((240 * 4, 320 * 4, 3), around, np.uint8)
    cv2.fillConvexPoly(fine, np.rint(TRUE * 4).astype(np.int32), fill, cv2.LINE_AA)
    small = cv2.resize(fine, (320 * scale, 240 * scale), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


COLOURS = [((240, 240, 235), (40, 40, 40)), ((20, 30, 60), (200, 190, 180)), ((200, 120, 120), (120, 165, 120))]


@pytest.mark.parametrize(("fill", "around"), COLOURS)
def test_all_sides_lie_on_edges_whatever_the_colours(fill: tuple[int, int, int], around: tuple[int, int, int]) -> None:
    edges = Edges.of(scene(fill, around), 1.0)
    assert all(edges.support(TRUE[i], TRUE[(i + 1) % 4]) > 0.95 for i in range(4))
    beside = TRUE + np.array((14, 14), np.float32)
    assert all(edges.support(beside[i], beside[(i + 1) % 4]) < 0.3 for i in range(4))


@pytest.mark.parametrize(("fill", "around"), COLOURS)
def test_a_rough_outline_is_drawn_to_the_true_one(fill: tuple[int, int, int], around: tuple[int, int, int]) -> None:
    rough = TRUE + np.array(((3, -3), (-3, 2), (2, 3), (-3, -2)), np.float32)
    drawn = Edges.of(scene(fill, around), 1.0).draw(rough, 0.025)
    assert corner_error(drawn, TRUE) < 0.006


def test_a_finger_over_an_edge_does_not_bend_it() -> None:
    image = scene((240, 240, 235), (40, 60, 40))
    cv2.circle(image, (150, 190), 22, (190, 140, 110), cv2.FILLED)
    drawn = Edges.of(image, 1.0).draw(TRUE + np.array((2, 2), np.float32), 0.025)
    assert corner_error(drawn, TRUE) < 0.006


def test_without_edges_an_outline_stays_where_it_is() -> None:
    flat = Edges.of(np.full((240, 320, 3), 128, np.uint8), 1.0)
    assert np.array_equal(flat.draw(TRUE, 0.025), TRUE)
    assert flat.support(TRUE[0], TRUE[1]) == 0.0


def test_refining_a_large_picture_is_more_exact_than_the_outline() -> None:
    image = scene((235, 235, 230), (70, 60, 50), scale=4)
    rough = 4 * TRUE + np.array(((4, -4), (-4, 3), (3, 4), (-4, -3)), np.float32)
    assert corner_error(refined(image, rough), 4 * TRUE) < 0.002


def test_corners_run_clockwise_from_the_top_left() -> None:
    for turn in range(4):
        assert np.array_equal(clockwise(np.roll(TRUE, turn, axis=0)), TRUE)
        assert np.array_equal(clockwise(np.roll(TRUE[::-1], turn, axis=0)), TRUE)
