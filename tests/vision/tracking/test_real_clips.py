"""Feeds made of a real clip: as it is, in a loop, frozen. Nothing of it is committed; it stands beside the checkout."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from vision.measurement.meter import FrameMeter
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.ports import RgbImage
from vision.tracking.guidance import Guide
from vision.tracking.integrity import FeedNumbers, examine
from vision.tracking.observation import Observation
from vision.tracking.quality import LIVENESS, assess

pytestmark = pytest.mark.models
FPS = 15.0
LONG_SIDE = 480
CLIP = "vision/spoof/video/tranvanluyt2203_real.mp4"


@cache
def clip(path: Path) -> tuple[RgbImage, ...]:
    """Its first six seconds, fifteen frames of each."""
    images: list[RgbImage] = []
    with av.open(path) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= len(images) / FPS - 0.005:
                scale = LONG_SIDE / max(frame.width, frame.height)
                small = frame.reformat(round(frame.width * scale), round(frame.height * scale), "rgb24")
                images.append(np.asarray(small.to_ndarray(), dtype=np.uint8))
            if len(images) == round(6 * FPS):
                break
    return tuple(images)


@pytest.fixture
def images(shared_data: Path) -> tuple[RgbImage, ...]:
    path = shared_data / CLIP
    if not path.is_file():
        pytest.skip(f"no {CLIP} in the shared test data")
    return clip(path)


def watched(images: Iterable[RgbImage], weights: Path) -> list[Observation]:
    tracker, meter = LiteRtFaceTracker(weights / "face-landmarker" / "face_landmarker.task"), FrameMeter()
    seen = []
    for index, image in enumerate(images):
        at = index / FPS
        seen.append(meter.measure(image, tracker.track(image, at), at, at))
    tracker.close()
    return seen


def numbers(images: Iterable[RgbImage], weights: Path) -> FeedNumbers:
    return examine(watched(images, weights))


def with_sensor_noise(images: Iterable[RgbImage]) -> Iterable[RgbImage]:
    chance = np.random.default_rng(5)
    for image in images:
        yield np.asarray((image + chance.normal(0.0, 2.0, image.shape)).clip(0, 255).astype(np.uint8))


def test_a_person_is_followed_moves_and_does_not_repeat(images: tuple[RgbImage, ...], weights: Path) -> None:
    seen = watched(images, weights)
    assert all(item.face is not None for item in seen)
    assert {item.track for item in seen} == {1}
    person = examine(seen)
    assert person.repeated == 0.0
    assert person.sway is not None
    assert person.sway > 0.05
    assert person.loop is not None
    assert person.loop.share < 0.2
    guide = Guide(LIVENESS)
    hints = [guide.observe(item, assess(item, LIVENESS), item.at) for item in seen]
    assert [hint.key for hint in hints if hint is not None][:2] == ["steady", "face_camera"], "he turns after 2 s"


def test_the_same_in_a_loop_with_new_noise_is_found_with_its_period(
    images: tuple[RgbImage, ...], weights: Path
) -> None:
    part = images[20:50]
    loop = numbers(with_sensor_noise([*part, *part, *part]), weights).loop
    assert loop is not None
    assert loop.period == pytest.approx(2.0, abs=0.07)
    assert loop.share > 0.7
    assert loop.chance < 0.2


def test_frozen_it_is_an_exact_repeat(images: tuple[RgbImage, ...], weights: Path) -> None:
    frozen = numbers([images[0]] * 45, weights)
    assert frozen.repeated == 1.0
    assert frozen.longest_repeat > 2.8


def test_frozen_under_noise_it_neither_repeats_nor_sways(images: tuple[RgbImage, ...], weights: Path) -> None:
    frozen = numbers(with_sensor_noise([images[0]] * 45), weights)
    assert frozen.repeated == 0.0
    assert frozen.difference is not None
    assert frozen.difference < 0.002
    assert frozen.sway is not None
    assert frozen.sway < 0.02
    assert frozen.wobble_degrees is not None
    assert frozen.wobble_degrees < 0.5
