"""Passive liveness: what is cut, in which order the colours go, and real faces against replayed ones."""

from pathlib import Path

import av
import numpy as np
import pytest

from tests.vision.models.networks import artefact, channel_means, face_of_picture
from tests.vision.models.pictures import level_face
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.models.onnx_network import OnnxModelError
from vision.models.texture import CROPS, FrLiveness, crop_around


def test_blue_comes_first(tmp_path: Path) -> None:
    """The live class is the first of the three, and the tiny network answers with the mean of each channel."""
    model = FrLiveness(channel_means(tmp_path / "means.onnx", 128))
    face = level_face(100, 100, 80)
    blue, red = np.zeros((300, 300, 3), np.uint8), np.zeros((300, 300, 3), np.uint8)
    blue[..., 2], red[..., 0] = 50, 50
    assert model.bona_fide_score(blue, face) == pytest.approx(1.0, abs=1e-6)
    assert model.bona_fide_score(red, face) == pytest.approx(0.0, abs=1e-6)
    grey = np.full((300, 300, 3), 50, np.uint8)
    assert model.bona_fide_score(grey, face) == pytest.approx(1 / 3)


def test_the_score_is_the_mean_over_the_crops(tmp_path: Path) -> None:
    """A blue ring that only the widest crop reaches moves one of three scores."""
    model = FrLiveness(channel_means(tmp_path / "means.onnx", 128))
    image = np.zeros((600, 600, 3), np.uint8)
    image[..., 2] = 255
    image[190:410, 190:410] = 0  # the crops reach to 165, 200 and 220
    score = model.bona_fide_score(image, level_face(250, 250, 100))
    assert score == pytest.approx((1 + 1 / 3 + 1 / 3) / len(CROPS), abs=1e-3)


@pytest.mark.parametrize(
    ("left", "top", "size_px", "scale", "expected"),
    [
        (400, 200, 100, 1.6, (370, 170, 160)),
        (0, 200, 100, 1.6, (0, 170, 160)),
        (720, 0, 100, 1.6, (639, 0, 160)),
        (300, 100, 300, 2.7, (150, 0, 599)),
        (-50, 500, 200, 1.6, (0, 279, 320)),
    ],
)
def test_a_crop_moves_inside_the_picture_and_grows_only_so_far(
    left: float, top: float, size_px: float, scale: float, expected: tuple[int, int, int]
) -> None:
    rows, columns = np.indices((600, 800))
    coordinates = np.stack([columns * 255 // 800, rows * 255 // 600, rows * 0], axis=-1).astype(np.uint8)
    crop = crop_around(coordinates, level_face(left, top, size_px), scale)
    x, y, side = expected
    assert crop.shape == (128, 128, 3)
    assert crop[64, 2, 0] == pytest.approx(x * 255 / 800, abs=4)
    assert crop[2, 64, 1] == pytest.approx(y * 255 / 600, abs=4)
    assert crop[64, -2, 0] == pytest.approx((x + side) * 255 / 800, abs=4)
    assert crop[-2, 64, 1] == pytest.approx((y + side) * 255 / 600, abs=4)


def test_another_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"means\.onnx takes \[1, 3, 64, 64\]"):
        FrLiveness(channel_means(tmp_path / "means.onnx", 64))


def clip_scores(weights: Path, clip: Path, model: FrLiveness) -> list[float]:
    """Scores of fifteen frames from the start of a clip."""
    tracker = LiteRtFaceTracker(artefact(weights, "face-landmarker", "face_landmarker.task"))
    scores: list[float] = []
    with av.open(str(clip)) as container:
        rate = float(container.streams.video[0].average_rate or 30)
        for number, frame in enumerate(container.decode(video=0)):
            image = frame.to_ndarray(format="rgb24")
            found = tracker.track(image, number / rate)
            if number % 4 == 0 and found:
                scores.append(model.bona_fide_score(image, found[0]))
            if number >= 60:
                break
    tracker.close()
    return scores


@pytest.mark.models
@pytest.mark.parametrize(
    ("clip", "real"),
    [("tranvanluyt2203_real.mp4", True), ("ZubairCracksCode_real.mov", True), ("tranvanluyt2203_fake.mp4", False)],
)
def test_real_clips_score_high_and_replays_low(weights: Path, shared_data: Path, clip: str, real: bool) -> None:
    path = shared_data / "vision" / "spoof" / "video" / clip
    if not path.exists():
        pytest.skip(f"no {path}")
    scores = clip_scores(weights, path, FrLiveness(artefact(weights, "fr-liveness", "fr_liveness.onnx")))
    assert len(scores) >= 15
    assert (np.median(scores) > 0.6) if real else (np.median(scores) < 0.2)


@pytest.mark.models
@pytest.mark.parametrize(("name", "real"), [("image_T1.jpg", True), ("image_F1.jpg", False), ("image_F2.jpg", False)])
def test_photographed_screens_score_low(weights: Path, shared_data: Path, name: str, real: bool) -> None:
    image, face = face_of_picture(weights, shared_data / "vision" / "spoof" / "minivision" / name)
    score = FrLiveness(artefact(weights, "fr-liveness", "fr_liveness.onnx")).bona_fide_score(image, face)
    assert (score > 0.7) if real else (score < 0.2)
