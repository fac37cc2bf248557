"""Whole observations, of good pictures and of bad ones."""

import math
from dataclasses import asdict, replace
from functools import cache

import numpy as np
import pytest

from tests.vision.measurement.heads import head, picture
from vision.measurement.meter import FrameMeter
from vision.ports import FaceMesh, Floats, RgbImage
from vision.tracking import blendshapes
from vision.tracking.observation import FaceView, Observation


def seen(observation: Observation) -> FaceView:
    assert observation.face is not None
    return observation.face


def numbers(value: object) -> list[float]:
    """Every number in an observation."""
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, tuple | list):
        return [number for item in value for number in numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []


def changed(face: FaceMesh, points: Floats) -> FaceMesh:
    return FaceMesh(points, face.presence, face.blendshapes)


def test_a_face_is_described() -> None:
    face = head(yaw=10, pitch=-5, roll=4, eye_distance_px=90, centre=(300, 250), mouth_cm=2.0)
    face.blendshapes[[blendshapes.BLINK_LEFT, blendshapes.BLINK_RIGHT]] = (0.2, 0.4)
    face.blendshapes[[blendshapes.SMILE_LEFT, blendshapes.SMILE_RIGHT]] = (0.7, 0.9)
    face.blendshapes[blendshapes.JAW_OPEN] = 0.5
    observation = FrameMeter().measure(picture(face), (face,), 12.5, 3.25)
    assert (observation.at, observation.media_at) == (12.5, 3.25)
    assert (observation.width_px, observation.height_px, observation.faces, observation.track) == (640, 480, 1, 1)
    view = seen(observation)
    assert (view.yaw, view.pitch, view.roll) == pytest.approx((10, -5, 4), abs=0.2)
    assert view.eye_distance_px == pytest.approx(90, rel=0.01)
    assert view.left + view.width / 2 == pytest.approx(300 / 640, abs=0.02)
    assert view.top + view.height / 2 == pytest.approx(250 / 480, abs=0.03)
    assert (view.eye_closure, view.smile, view.jaw_open) == pytest.approx((0.3, 0.8, 0.5), abs=1e-6)
    assert view.mouth_opening == pytest.approx(2.0 / 8.8918, rel=0.05)
    assert view.presence == pytest.approx(0.9)
    assert (view.motion, view.parallax, view.occlusion) == (None, None, None)


def test_motion_is_without_translation_and_scale() -> None:
    meter = FrameMeter()
    meter.measure(picture(), (head(),), 0.0, None)
    moved = seen(meter.measure(picture(), (head(centre=(340, 230), eye_distance_px=110),), 0.1, None))
    assert moved.motion == pytest.approx(0.0, abs=1e-4)
    turned = seen(meter.measure(picture(), (head(yaw=8, centre=(340, 230), eye_distance_px=110),), 0.2, None))
    assert turned.motion is not None
    assert turned.motion > 0.01


def test_a_turn_after_a_frontal_view_has_relief() -> None:
    meter = FrameMeter()
    assert seen(meter.measure(picture(), (head(),), 0.0, None)).parallax is None
    parallax = seen(meter.measure(picture(), (head(yaw=30),), 0.1, None)).parallax
    assert parallax is not None
    assert parallax > 0.1


def test_the_first_face_is_followed_although_a_larger_one_comes() -> None:
    meter = FrameMeter()
    person, other = head(centre=(200, 240), eye_distance_px=80), head(centre=(480, 240), eye_distance_px=120)
    meter.measure(picture(), (person,), 0.0, None)
    both = meter.measure(picture(), (other, person), 0.1, None)
    assert (both.faces, both.track, meter.followed) == (2, 1, 1)
    assert seen(both).eye_distance_px == pytest.approx(80, rel=0.01)
    only_other = meter.measure(picture(), (other,), 0.2, None)
    assert (only_other.track, meter.followed) == (2, 0)
    assert seen(only_other).motion is None, "movement from one person to another means nothing"


def test_two_unlike_comparisons_make_another_person() -> None:
    meter = FrameMeter()
    assert meter.measure(picture(), (head(),), 0.0, None).track == 1
    assert [meter.compared(0.9), meter.compared(0.2), meter.compared(0.1)] == [False, False, True]
    assert meter.measure(picture(), (head(),), 0.1, None).track == 2


def test_a_smaller_resolution_is_the_same_person_and_nothing_is_compared_across_it() -> None:
    meter = FrameMeter()
    meter.measure(picture(), (head(),), 0.0, None)
    half = meter.measure(picture(size=(320, 240)), (head(centre=(160, 120), eye_distance_px=50),), 0.1, None)
    assert (half.track, half.difference, seen(half).motion) == (1, None, None)
    assert (half.width_px, half.height_px) == (320, 240)


def test_a_rotated_picture_cannot_be_shown_to_be_the_same_person() -> None:
    meter = FrameMeter()
    meter.measure(picture(), (head(),), 0.0, None)
    rotated = meter.measure(picture(size=(480, 640)), (head(centre=(240, 320)),), 0.1, None)
    assert (rotated.track, seen(rotated).motion) == (2, None)


BAD = (
    "black",
    "white",
    "grey",
    "160x120",
    "4K",
    "portrait",
    "two pixels",
    "one wide strip",
    "not contiguous",
    "outside",
    "half outside",
    "not finite",
    "endless",
    "a point",
    "468 points",
    "mad blendshapes",
)


@cache
def bad_pictures() -> dict[str, tuple[RgbImage, tuple[FaceMesh, ...]]]:
    face, small = head(), head(centre=(80, 60), eye_distance_px=25)
    huge = head(centre=(1920, 1080), eye_distance_px=900)
    portrait = head(centre=(240, 320))
    return {
        "black": (np.zeros((480, 640, 3), dtype=np.uint8), (face,)),
        "white": (np.full((480, 640, 3), 255, dtype=np.uint8), (face,)),
        "grey": (np.repeat(picture(face)[:, :, :1], 3, axis=2), (face,)),
        "160x120": (picture(small, size=(160, 120)), (small,)),
        "4K": (np.full((2160, 3840, 3), 128, dtype=np.uint8), (huge,)),
        "portrait": (picture(portrait, size=(480, 640)), (portrait,)),
        "two pixels": (np.zeros((2, 2, 3), dtype=np.uint8), ()),
        "one wide strip": (np.zeros((2, 640, 3), dtype=np.uint8), (face,)),
        "not contiguous": (picture(face)[:, ::-1], (face,)),
        "outside": (picture(), (head(centre=(-5000, 240)),)),
        "half outside": (picture(), (head(centre=(640, 480)),)),
        "not finite": (picture(), (changed(face, np.full((478, 3), np.nan, dtype=np.float32)),)),
        "endless": (picture(), (changed(face, face.points * np.float32(1e30)),)),
        "a point": (picture(), (changed(face, np.zeros((478, 3), dtype=np.float32)),)),
        "468 points": (picture(), (changed(face, face.points[:468]),)),
        "mad blendshapes": (picture(), (FaceMesh(face.points, np.nan, np.full(52, np.inf, dtype=np.float32)),)),
    }


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("error")
def test_bad_input_gives_numbers_all_the_same(name: str) -> None:
    image, faces = bad_pictures()[name]
    meter = FrameMeter()
    for at in (0.0, 0.1):
        observation = meter.measure(image, faces, at, None)
        assert all(math.isfinite(number) for number in numbers(asdict(observation))), observation
        assert 0.0 <= observation.brightness <= 1.0
    assert observation.difference == 0.0


@pytest.mark.parametrize("name", ["outside", "not finite", "a point", "468 points"])
def test_what_is_no_face_is_not_seen(name: str) -> None:
    image, faces = bad_pictures()[name]
    observation = FrameMeter().measure(image, faces, 0.0, None)
    assert observation.face is None


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((480, 640), dtype=np.uint8),
        np.zeros((480, 640, 4), dtype=np.uint8),
        np.zeros((480, 640, 3), dtype=np.float32),
        np.zeros((0, 640, 3), dtype=np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(image: RgbImage) -> None:
    with pytest.raises(ValueError, match="image must be"):
        FrameMeter().measure(image, (), 0.0, None)


def test_an_observation_holds_no_picture() -> None:
    """Numbers and one short text: it can stand in a journal."""
    observation = FrameMeter().measure(picture(head()), (head(),), 0.0, None)
    assert len(repr(replace(observation, texture=0.9))) < 1500
