"""The pose of heads whose pose is known."""

import numpy as np
import pytest

from tests.vision.measurement.heads import head
from vision.measurement.pose import head_pose
from vision.ports import FaceMesh, Floats

NOSE, RIGHT_EYE, LEFT_EYE, FOREHEAD = 4, 33, 263, 10


def middle_of_eyes(face: FaceMesh) -> Floats:
    return np.asarray((face.points[RIGHT_EYE] + face.points[LEFT_EYE]) / 2)


@pytest.mark.parametrize("yaw", [-50, -20, 0, 20, 50])
@pytest.mark.parametrize("pitch", [-30, 0, 30])
@pytest.mark.parametrize("roll", [-25, 0, 25])
def test_all_three_angles_are_found_together(yaw: float, pitch: float, roll: float) -> None:
    pose = head_pose(head(yaw=yaw, pitch=pitch, roll=roll, eye_distance_px=77.0).points)
    assert pose is not None
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((yaw, pitch, roll), abs=0.1)
    assert pose.eye_distance_px == pytest.approx(77.0, rel=0.01)


def test_positive_yaw_is_to_the_persons_own_left_which_is_at_the_right_of_the_picture() -> None:
    face = head(yaw=30)
    assert face.points[NOSE, 0] > middle_of_eyes(face)[0] + 20
    pose = head_pose(face.points)
    assert pose is not None
    assert pose.yaw > 0


def test_positive_pitch_is_up() -> None:
    level, up = head(), head(pitch=25)
    assert up.points[NOSE, 1] < level.points[NOSE, 1], "the nose rises in the picture, where y counts downwards"
    pose = head_pose(up.points)
    assert pose is not None
    assert pose.pitch > 0


def test_positive_roll_leans_towards_the_persons_own_left_shoulder() -> None:
    face = head(roll=20)
    assert face.points[FOREHEAD, 0] > face.points[NOSE, 0] + 20, "the top of the head goes to the right of the picture"
    pose = head_pose(face.points)
    assert pose is not None
    assert pose.roll > 0


def test_the_eye_distance_does_not_shrink_with_a_turn() -> None:
    face = head(yaw=55, eye_distance_px=90)
    assert np.linalg.norm(face.points[LEFT_EYE, :2] - face.points[RIGHT_EYE, :2]) < 60
    pose = head_pose(face.points)
    assert pose is not None
    assert pose.eye_distance_px == pytest.approx(90, rel=0.01)


def test_noise_of_a_tracker_moves_the_pose_by_little() -> None:
    poses = [head_pose(head(yaw=12, pitch=-5, noise_px=1.0, seed=seed).points) for seed in range(30)]
    angles = np.array([(pose.yaw, pose.pitch, pose.roll) for pose in poses if pose is not None])
    assert len(angles) == 30
    assert np.abs(angles.mean(axis=0) - (12, -5, 0)).max() < 0.5
    assert angles.std(axis=0).max() < 1.0


def test_perspective_of_a_near_camera_is_survived() -> None:
    """Eyes at 40 cm from the lens: nearer parts are larger."""
    face = head(yaw=20, eye_distance_px=89.0, centre=(0.0, 0.0)).points.astype(np.float64) / 10.0
    near = face[:, :2] / (1 + face[:, 2:] / 40.0)
    pose = head_pose(np.column_stack([near, face[:, 2]]).astype(np.float32) * 10 + 300)
    assert pose is not None
    assert pose.yaw == pytest.approx(20, abs=5)


def test_points_without_extent_have_no_pose() -> None:
    assert head_pose(np.zeros((478, 3), dtype=np.float32)) is None
    assert head_pose(head(eye_distance_px=0.2).points) is None
