"""Tracker and meter together, on a drawn person whose pose and expression are known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.person import render_person
from vision.measurement.meter import FrameMeter
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.ports import RgbImage
from vision.tracking.blink import BlinkDetector
from vision.tracking.observation import FaceView, Observation
from vision.tracking.quality import LIVENESS, PORTRAIT, assess

pytestmark = pytest.mark.models
FPS = 15.0


class Camera:
    """Shows a person frame after frame."""

    def __init__(self, task_file: Path) -> None:
        self.tracker = LiteRtFaceTracker(task_file)
        self.meter = FrameMeter()
        self.shown = 0

    def show(self, **person: Any) -> Observation:
        return self.take(render_person(seed=self.shown, **person))

    def take(self, image: RgbImage) -> Observation:
        self.shown += 1
        at = self.shown / FPS
        return self.meter.measure(image, self.tracker.track(image, at), at, at)

    def face(self, **person: Any) -> FaceView:
        """After a second frame, in which the tracker has settled."""
        self.show(**person)
        observation = self.show(**person)
        assert observation.face is not None
        return observation.face


@pytest.fixture
def camera(weights: Path) -> Iterator[Camera]:
    camera = Camera(weights / "face-landmarker" / "face_landmarker.task")
    yield camera
    camera.tracker.close()


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(0, 0, 0), (25, 0, 0), (-25, 0, 0), (0, 18, 0), (0, -18, 0), (0, 0, 15), (0, 0, -15)]
)
def test_pose_has_the_right_size_and_sign(camera: Camera, yaw: float, pitch: float, roll: float) -> None:
    face = camera.face(yaw=yaw, pitch=pitch, roll=roll)
    assert (face.yaw, face.pitch, face.roll) == pytest.approx((yaw, pitch, roll), abs=5)


def test_a_turn_shows_relief_and_keeps_the_eye_distance(camera: Camera) -> None:
    front, turned = camera.face(), camera.face(yaw=30)
    assert front.parallax is None
    assert turned.parallax is not None
    assert 0.15 < turned.parallax < 0.35
    assert turned.eye_distance_px == pytest.approx(front.eye_distance_px, rel=0.05)


def test_expressions_are_told_apart(camera: Camera) -> None:
    rest, smile, speaking = camera.face(), camera.face(smile=1.0), camera.face(jaw_open=1.0)
    assert smile.smile > rest.smile + 0.4
    assert speaking.jaw_open > rest.jaw_open + 0.4
    assert speaking.mouth_opening > rest.mouth_opening + 0.2


def test_a_blink_is_counted(camera: Camera) -> None:
    detector = BlinkDetector()
    eyes = {closure: render_person(eye_closure=closure) for closure in (0.0, 0.5, 1.0)}
    for closure in [0.0] * 10 + [0.5, 1.0, 1.0, 0.5] + [0.0] * 5:
        observation = camera.take(eyes[closure])
        assert observation.face is not None
        face = observation.face
        detector.receive(observation.at, face.eye_closure, face.pitch, face.yaw)
    assert detector.count == 1


def test_coloured_light_moves_the_colour_of_skin_by_as_much(camera: Camera) -> None:
    white, red, blue = (np.array(camera.face(light=light).skin) for light in ((1, 1, 1), (1.05, 1, 1), (1, 1, 1.05)))
    assert red - white == pytest.approx((np.log(1.05), 0), abs=0.008)
    assert blue - white == pytest.approx((0, np.log(1.05)), abs=0.008)


@pytest.mark.parametrize(
    ("person", "problems"),
    [
        ({}, ()),
        ({"width": 480, "height": 640, "size": 0.45}, ()),
        ({"size": 0.2}, ("too_far",)),
        ({"centre": (0.2, 0.5)}, ("at_left",)),
        ({"centre": (0.8, 0.5)}, ("at_right",)),
        ({"yaw": 35}, ("turned",)),
        ({"light": (0.3, 0.3, 0.3), "background": (250, 250, 250)}, ("backlit",)),
        ({"light": (0.15, 0.15, 0.15), "background": (15, 15, 15)}, ("too_dark",)),
    ],
)
def test_quality_of_whole_pictures(camera: Camera, person: dict[str, Any], problems: tuple[str, ...]) -> None:
    camera.show(**person)
    observation = camera.show(**person)
    assert assess(observation, LIVENESS).problems[: len(problems) or 1] == problems
    assert assess(observation, PORTRAIT).usable == (not problems)
