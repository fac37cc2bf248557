"""Both trackers must observe the same, so that a verdict does not depend on which one a machine can run."""

from collections.abc import Iterable
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.fakes.person import render_person
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.models.mediapipe_tracker import MediaPipeFaceTracker
from vision.models.tracker_choice import why_mediapipe_fails
from vision.ports import FaceMesh, RgbImage

pytestmark = pytest.mark.models

FRAMES_PER_SECOND = 15
LANDMARK_TOLERANCE = 0.02
"""Median distance of a point between the two, in eye distances. MediaPipe smooths, which makes half of it."""
EXPRESSIONS = {"blink": (9, 10), "jaw": (25,), "smile": (44, 45)}


@pytest.fixture
def both(weights: Path) -> tuple[LiteRtFaceTracker, MediaPipeFaceTracker]:
    task_file = weights / "face-landmarker" / "face_landmarker.task"
    problem = why_mediapipe_fails(task_file)
    if problem:
        pytest.skip(f"MediaPipe does not work here: {problem}")
    return LiteRtFaceTracker(task_file), MediaPipeFaceTracker(task_file)


def observe(
    both: tuple[LiteRtFaceTracker, MediaPipeFaceTracker], images: Iterable[RgbImage]
) -> list[tuple[FaceMesh, FaceMesh]]:
    """What both see in each picture; every picture must show both of them one face."""
    pairs = []
    for frame, image in enumerate(images):
        one, other = (tracker.track(image, frame / FRAMES_PER_SECOND) for tracker in both)
        assert (len(one), len(other)) == (1, 1), f"frame {frame}"
        pairs.append((one[0], other[0]))
    return pairs


def landmark_differences(pairs: list[tuple[FaceMesh, FaceMesh]]) -> npt.NDArray[np.float64]:
    return np.array(
        [
            np.linalg.norm(one.points[:, :2] - other.points[:, :2], axis=1).mean()
            / np.linalg.norm(other.points[33, :2] - other.points[263, :2])
            for one, other in pairs
        ]
    )


def correlation(pairs: list[tuple[FaceMesh, FaceMesh]], expression: str) -> float:
    columns = list(EXPRESSIONS[expression])
    series = np.array([[mesh.blendshapes[columns].mean() for mesh in pair] for pair in pairs])
    return float(np.corrcoef(series.T)[0, 1])


def test_a_drawn_person_who_turns_blinks_smiles_and_speaks(
    both: tuple[LiteRtFaceTracker, MediaPipeFaceTracker],
) -> None:
    def wave(frame: int, start: int) -> float:
        """Up and down again within ten frames."""
        return float(np.sin(np.pi * (frame - start) / 10)) if start <= frame < start + 10 else 0.0

    images = (
        render_person(
            yaw=25 * wave(frame, 0),
            pitch=8 * wave(frame, 0),
            eye_closure=wave(frame, 10),
            smile=wave(frame, 20),
            jaw_open=wave(frame, 30),
            seed=frame,
        )
        for frame in range(40)
    )
    pairs = observe(both, images)
    assert np.median(landmark_differences(pairs)) < LANDMARK_TOLERANCE
    for expression in EXPRESSIONS:
        assert correlation(pairs, expression) > 0.9, expression


@pytest.mark.shared
@pytest.mark.parametrize("clip", ["Krzysiek354_real.mp4", "ZubairCracksCode_real.mov"])
def test_a_real_person(both: tuple[LiteRtFaceTracker, MediaPipeFaceTracker], shared_data: Path, clip: str) -> None:
    pairs = observe(both, clip_frames(shared_data / "vision" / "spoof" / "video" / clip, 90))
    assert np.median(landmark_differences(pairs)) < LANDMARK_TOLERANCE
    assert correlation(pairs, "blink") > 0.8
    assert correlation(pairs, "smile") > 0.9


def clip_frames(path: Path, most: int) -> Iterable[RgbImage]:
    with av.open(str(path)) as container:
        for _, frame in zip(range(most), container.decode(video=0), strict=False):
            image = frame.to_ndarray(format="rgb24")
            scale = 640 / max(image.shape[:2])
            yield np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
