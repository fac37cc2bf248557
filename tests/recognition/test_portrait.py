"""Pictures of real faces through the real tracker and embedder."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rtc_server.recognition.portrait import Portrait, PortraitReader
from rtc_server.session.vision.picture import decode
from tests.recognition.people import on_thread
from vision.models.embedding import DlibEmbedder
from vision.models.tracker_choice import choose_tracker

Read = Callable[[str], Portrait]


@pytest.fixture(scope="module")
def read(weights: Path, shared_data: Path) -> Read:
    task, model = weights / "face-landmarker" / "face_landmarker.task", weights / "dlib-face" / "dlib_face.onnx"
    if not task.exists() or not model.exists():
        pytest.skip("no weights of the camera half: run 'visavis models pull'")
    reader = PortraitReader(choose_tracker("litert", task).new_tracker, DlibEmbedder(model), on_thread, decode)
    folder = shared_data / "vision" / "faces" / "deepface"
    return lambda name: asyncio.run(reader.read((folder / name).read_bytes()))


def test_two_pictures_of_one_person_are_near_and_of_two_people_far(read: Read) -> None:
    one, again, other = (read(name).template for name in ("img1.jpg", "img2.jpg", "img16.jpg"))
    assert one is not None
    assert again is not None
    assert other is not None
    assert one.shape == (128,)
    assert np.linalg.norm(one - again) < 0.45
    assert np.linalg.norm(one - other) > 0.6


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("couple.jpg", "more_faces"),
        ("img34.jpg", "turned"),
        ("img11_reflection.jpg", "tilted"),
        ("face-recognition-pivot.csv", "unreadable"),
    ],
)
def test_what_is_not_one_frontal_face_is_named(read: Read, name: str, problem: str) -> None:
    portrait = read(name)
    assert (portrait.template, portrait.problem) == (None, problem)
