"""Geometry that all parts use."""

import numpy as np
import pytest

from rtc_server.personas.part import between, clipped, compacted, linear, normals_of, smoothstep, unit

SQUARE = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
FACES = np.array([[0, 1, 2], [0, 2, 3]])


def area(places: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (places[triangles[:, at]] for at in range(3))
    return float(np.cross(b - a, c - a)[:, 2].sum() / 2)


@pytest.mark.parametrize("cut", [0.25, 0.5, 0.9])
def test_a_cut_is_straight_and_keeps_the_positive_side(cut: float) -> None:
    ends, shares, triangles = clipped(FACES, SQUARE[:, 1] - cut)
    places = between(SQUARE, ends, shares)
    assert places[triangles][..., 1].min() == pytest.approx(cut)
    assert area(places, triangles) == pytest.approx(1 - cut), "nothing lost, nothing twice, all still face the viewer"


def test_a_cut_beside_the_mesh_keeps_all_or_nothing() -> None:
    ends, shares, triangles = clipped(FACES, np.ones(4))
    assert area(between(SQUARE, ends, shares), triangles) == pytest.approx(1)
    assert clipped(FACES, -np.ones(4))[2].shape == (0, 3)


def test_normals_look_outwards_and_have_length_one() -> None:
    assert normals_of(SQUARE, FACES) == pytest.approx(np.tile([0.0, 0.0, 1.0], (4, 1)))
    assert normals_of(SQUARE, FACES[:, ::-1]) == pytest.approx(np.tile([0.0, 0.0, -1.0], (4, 1)))


def test_a_vector_of_no_length_stays_zero() -> None:
    assert unit(np.array([[0.0, 0.0, 0.0], [0.0, 3.0, 4.0]])) == pytest.approx(np.array([[0, 0, 0], [0, 0.6, 0.8]]))


def test_only_used_vertices_remain() -> None:
    used, triangles = compacted(np.array([[7, 3, 9]]))
    assert used[triangles].tolist() == [[7, 3, 9]]
    assert used.tolist() == [3, 7, 9]


def test_srgb_becomes_linear_as_the_standard_says() -> None:
    assert linear("#00ff80") == pytest.approx([0.0, 1.0, 0.2158605])
    assert linear("#0a0a0a")[0] == pytest.approx(10 / 255 / 12.92)


@pytest.mark.parametrize(("start", "end"), [(1.0, 3.0), (3.0, 1.0)])
def test_a_smooth_step_runs_from_start_to_end(start: float, end: float) -> None:
    assert smoothstep(start, end, np.array([start, 2.0, end])) == pytest.approx([0.0, 0.5, 1.0])
