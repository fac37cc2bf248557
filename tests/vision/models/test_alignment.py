"""Similarity transforms and crops: exact, and without aliasing."""

import math

import numpy as np
import pytest

from tests.vision.models.pictures import level_face, mesh_at, pattern
from vision.models.alignment import level_square, mesh_box, similarity_transform, warp


def test_a_known_transform_is_found_again() -> None:
    points = np.random.default_rng(5).uniform(0, 100, (5, 2)).astype(np.float32)
    angle, scale = 0.7, 2.5
    matrix = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    found = similarity_transform(points, (points @ matrix.T + (3, -40)).astype(np.float32))
    assert np.allclose(found, np.hstack([matrix, [[3], [-40]]]), atol=1e-3)


def test_of_points_that_do_not_fit_the_nearest_transform_is_found() -> None:
    random = np.random.default_rng(6)
    source = random.uniform(0, 100, (5, 2)).astype(np.float32)
    target = (source * 0.5 + random.normal(0, 3, (5, 2))).astype(np.float32)

    def error(matrix: np.ndarray) -> float:  # type: ignore[type-arg]
        return float(((source @ matrix[:, :2].T + matrix[:, 2] - target) ** 2).sum())

    found = similarity_transform(source, target)
    a, b = found[0, 0], found[1, 0]
    for change in (1e-2, -1e-2):
        assert error(found) < error(np.array([[a + change, -b, found[0, 2]], [b, a + change, found[1, 2]]]))
        assert error(found) < error(np.array([[a, -b - change, found[0, 2]], [b + change, a, found[1, 2]]]))
        assert error(found) < error(found + np.array([[0, 0, change], [0, 0, -change]]))


def test_points_that_coincide_are_refused() -> None:
    with pytest.raises(ValueError, match="coincide"):
        similarity_transform(np.ones((5, 2), np.float32), np.ones((5, 2), np.float32))


def test_an_identical_transform_copies_the_picture() -> None:
    image = pattern(60)
    assert np.array_equal(warp(image, np.array([[1, 0, 0], [0, 1, 0]], np.float32), 60), image)


@pytest.mark.parametrize("scale", [2.0, 4.0, 7.3])
def test_shrinking_averages_instead_of_picking(scale: float) -> None:
    """A checkerboard of single pixels becomes grey; four-pixel sampling alone would leave stripes."""
    side = int(100 * scale)
    board = np.repeat((np.indices((side, side)).sum(axis=0) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)
    small = warp(board, np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]], np.float32), 100)
    inner = small[10:-10, 10:-10].astype(float)
    assert np.abs(inner - 127.5).max() < 3


def test_shrinking_keeps_the_place() -> None:
    """The centre of a bright disc lands where the matrix says, to a fraction of a pixel."""
    rows, columns = np.indices((900, 1200))
    disc = (np.hypot(rows - 433, columns - 611) < 80).astype(np.uint8) * 255
    matrix = np.array([[0.16, 0.04, -20], [-0.04, 0.16, 25]], np.float32)
    small = warp(np.repeat(disc[..., None], 3, axis=2), matrix, 128)[..., 0].astype(float)
    y, x = (float((grid * small).sum() / small.sum()) for grid in np.indices((128, 128)))
    assert (x, y) == pytest.approx(matrix[:, :2] @ (611, 433) + matrix[:, 2], abs=0.15)


def test_outside_of_the_picture_it_is_black() -> None:
    image = np.full((400, 400, 3), 200, np.uint8)
    half = warp(image, np.array([[0.25, 0, 50], [0, 0.25, 0]], np.float32), 100)
    assert half[:, :48].max() == 0
    assert half[2:90, 55:].min() == 200
    nowhere = warp(image, np.array([[0.25, 0, 5000], [0, 0.25, 0]], np.float32), 100)
    assert nowhere.max() == 0


def test_the_box_of_a_mesh_leaves_out_the_irises() -> None:
    face = level_face(100, 50, 200)
    face.points[470] = 10_000
    assert mesh_box(face) == pytest.approx((100, 50, 200, 200))


@pytest.mark.parametrize("angle", [0.0, 0.5, -1.2, math.pi / 2])
def test_the_square_holds_the_face_with_its_eyes_level(angle: float) -> None:
    upright = level_face(-100, -100, 200).points
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    points = upright.copy()
    points[:, :2] = upright[:, :2] @ turn.T + (320, 240)
    matrix = level_square(mesh_at(points), 1.25, 224)
    placed = points[:468, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert placed[33, 1] == pytest.approx(placed[263, 1], abs=1e-2)
    assert placed[33, 0] < placed[263, 0]
    assert np.ptp(placed, axis=0) == pytest.approx(224 / 1.25, abs=1e-2)
    assert (placed.min(axis=0) + placed.max(axis=0)) / 2 == pytest.approx((112, 112), abs=1e-2)
