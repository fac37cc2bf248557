"""Depth from a turn: a head has some, a picture of one has none."""

import numpy as np
import pytest

from tests.vision.measurement.heads import canonical, head, turned
from vision.measurement.parallax import TURNED_DEGREES, Parallax
from vision.measurement.pose import HeadPose, head_pose
from vision.ports import FaceMesh, Floats


def relief(parallax: Parallax, face: FaceMesh) -> float | None:
    pose = head_pose(face.points)
    assert pose is not None
    return parallax.measure(face.points, pose)


def flat_view(yaw: float, noise_px: float = 0.0) -> Floats:
    """A photo of a face, turned and seen from a distance of 50 cm."""
    points = turned(canonical(flat=True), yaw, 0, 0)
    seen = points[:, :2] / (1 - points[:, 2:] / 50.0) * 11
    seen += np.random.default_rng(3).normal(0.0, noise_px, seen.shape) if noise_px else 0.0
    return np.column_stack([320 + seen[:, 0], 240 - seen[:, 1], np.zeros(478)]).astype(np.float32)


@pytest.mark.parametrize("yaw", [-45, -30, -20, 20, 30, 45])
def test_a_head_shows_about_the_same_relief_at_every_angle(yaw: float) -> None:
    parallax = Parallax()
    assert relief(parallax, head(yaw=3)) is None
    value = relief(parallax, head(yaw=yaw))
    assert value is not None
    assert 0.1 < value < 0.4
    other = relief(parallax, head(yaw=-yaw))
    assert other is not None
    assert other == pytest.approx(value, rel=0.35)


@pytest.mark.parametrize("noise_px", [0.0, 0.5])
def test_a_turned_photo_shows_none(noise_px: float) -> None:
    parallax = Parallax()
    parallax.measure(flat_view(0, noise_px), HeadPose(0, 0, 0, 98.0))
    value = parallax.measure(flat_view(40, noise_px), HeadPose(30, 0, 0, 98.0))
    assert value is not None
    assert value < 0.03


def test_nothing_is_said_before_a_frontal_view_and_without_a_turn() -> None:
    parallax = Parallax()
    assert relief(parallax, head(yaw=40)) is None, "no frontal view yet"
    assert relief(parallax, head()) is None
    assert relief(parallax, head(yaw=TURNED_DEGREES - 2)) is None, "not turned far enough"
    assert relief(parallax, head(yaw=TURNED_DEGREES + 10)) is not None
    parallax.reset()
    assert relief(parallax, head(yaw=TURNED_DEGREES + 10)) is None, "the frontal view was of somebody else"


def test_size_and_place_in_the_picture_play_no_role() -> None:
    parallax = Parallax()
    relief(parallax, head())
    near = relief(parallax, head(yaw=30, eye_distance_px=220, centre=(100.0, 90.0)))
    far = relief(parallax, head(yaw=30, eye_distance_px=40, centre=(500.0, 400.0)))
    assert near is not None
    assert far is not None
    assert near == pytest.approx(far, rel=0.02)
