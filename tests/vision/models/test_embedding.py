"""Templates: the chip that goes in, the form that comes out, and people who are told apart."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.models.networks import artefact, channel_means, corners, face_of_picture
from tests.vision.models.pictures import face_in_arcface_chip, face_in_dlib_chip, mesh_at, pattern
from vision.models.embedding import DlibEmbedder, FrFeatureEmbedder, arcface_points
from vision.models.onnx_network import OnnxModelError
from vision.ports import FaceEmbedder

RECORDED = Path(__file__).parent / "recorded" / "dlib_face.json"


@pytest.fixture
def embedder(request: pytest.FixtureRequest, weights: Path) -> FaceEmbedder:
    """The embedder that the test names."""
    if request.param == "dlib":
        return DlibEmbedder(artefact(weights, "dlib-face", "dlib_face.onnx"))
    return FrFeatureEmbedder(artefact(weights, "fr-feature", "fr_feature.onnx"))


@pytest.mark.models
def test_an_aligned_face_gives_the_recorded_template(weights: Path) -> None:
    embedder = DlibEmbedder(artefact(weights, "dlib-face", "dlib_face.onnx"))
    template = embedder.embed(pattern(150), face_in_dlib_chip(150))
    assert template.shape == (embedder.dimensions,)
    assert np.linalg.norm(template - json.loads(RECORDED.read_text())["faceApi"]) < 0.02


@pytest.mark.models
def test_the_size_of_the_picture_hardly_matters(weights: Path) -> None:
    """The same face of 150 and of 1200 pixels; without averaging the large one would alias."""
    embedder = DlibEmbedder(artefact(weights, "dlib-face", "dlib_face.onnx"))
    small = cv2.GaussianBlur(pattern(150), (0, 0), 1.5)
    large = cv2.resize(small, (1200, 1200), interpolation=cv2.INTER_CUBIC)
    noisy = np.clip(large + np.random.default_rng(2).normal(0, 25, large.shape), 0, 255).astype(np.uint8)
    found = embedder.embed(noisy, face_in_dlib_chip(1200))
    assert np.linalg.norm(found - embedder.embed(small, face_in_dlib_chip(150))) < 0.08


def test_the_arcface_chip_is_red_first_and_of_unit_length(tmp_path: Path) -> None:
    embedder = FrFeatureEmbedder(corners(tmp_path / "corners.onnx", 112), name="mine")
    image = np.full((112, 112, 3), 127, np.uint8)
    image[0, 0, 0], image[0, -1, 0], image[-1, 0, 0], image[-1, -1, 0] = 255, 0, 200, 100
    fed = (np.array([255, 0, 200, 100]) - 127.5) / 128
    found = embedder.embed(image, face_in_arcface_chip())
    assert np.allclose(found, fed / np.linalg.norm(fed), atol=0.02)
    assert (embedder.name, embedder.dimensions) == ("mine", 4)


def test_right_and_left_are_the_person_s_own() -> None:
    points = np.zeros((478, 3), np.float32)
    points[[33, 133]], points[[263, 362]] = (10, 0, 0), (90, 0, 0)
    assert arcface_points(mesh_at(points))[:2].tolist() == [[10, 0], [90, 0]]


@pytest.mark.parametrize("kind", [DlibEmbedder, FrFeatureEmbedder])
def test_another_model_is_named(tmp_path: Path, kind: type[DlibEmbedder] | type[FrFeatureEmbedder]) -> None:
    with pytest.raises(OnnxModelError, match=r"means\.onnx"):
        kind(channel_means(tmp_path / "means.onnx", 64))


@pytest.mark.models
@pytest.mark.parametrize("embedder", ["dlib", "fr-feature"], indirect=True)
def test_one_person_is_similar_and_another_is_not(embedder: FaceEmbedder, weights: Path, shared_data: Path) -> None:
    folder = shared_data / "vision" / "faces" / "deepface"
    first, second, other = (
        embedder.embed(*face_of_picture(weights, folder / name)) for name in ("img20.jpg", "img21.jpg", "img1.jpg")
    )
    assert embedder.calibration.similarity(float(np.linalg.norm(first - second))) > 0.85
    assert embedder.calibration.similarity(float(np.linalg.norm(first - other))) < 0.5
