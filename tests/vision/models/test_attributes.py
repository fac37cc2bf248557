"""Age and sex: what is fed, the arithmetic on the answer, and pictures of adults."""

from pathlib import Path

import numpy as np
import pytest

from tests.vision.models.networks import artefact, channel_means, face_of_picture
from tests.vision.models.pictures import level_face
from vision.models.attributes import AGE, SEX, FaceresAttributes
from vision.models.importers.graph import GraphBuilder
from vision.models.onnx_network import OnnxModelError


def half_and_half(path: Path) -> Path:
    """A network that is equally sure of 21 and 41 years, and whose probability of a man is the blue that it is fed."""
    graph = GraphBuilder("half_and_half")
    image = graph.input("input", (1, 224, 224, 3))
    mean = graph.add("ReduceMean", image, axes=(1, 2), keepdims=0)
    ages = np.zeros((1, 100), np.float32)
    ages[0, [20, 40]] = 0.5
    graph.output(graph.constant(ages), AGE, (1, 100))
    blue = graph.add("Gather", mean, graph.constant(np.array([0], np.int64)), axis=1)
    graph.output(blue, SEX, (1, 1))
    path.write_bytes(graph.serialise())
    return path


def test_the_age_is_the_expected_value_and_blue_is_fed_first_without_its_mean(tmp_path: Path) -> None:
    model = FaceresAttributes(half_and_half(tmp_path / "half.onnx"))
    image = np.zeros((400, 400, 3), np.uint8)
    image[..., 2] = 200
    found = model.estimate(image, level_face(100, 100, 150))
    assert found.age_years == pytest.approx(31)
    assert found.male == pytest.approx(200 - 103.939, abs=0.1)


def test_another_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"means\.onnx"):
        FaceresAttributes(channel_means(tmp_path / "means.onnx", 64))


@pytest.mark.models
@pytest.mark.parametrize(("name", "male"), [("img1.jpg", False), ("img16.jpg", True), ("img38.jpg", True)])
def test_adults_are_adults_and_their_sex_is_right(weights: Path, shared_data: Path, name: str, male: bool) -> None:
    image, face = face_of_picture(weights, shared_data / "vision" / "faces" / "deepface" / name)
    found = FaceresAttributes(artefact(weights, "faceres", "faceres.onnx")).estimate(image, face)
    assert 25 < found.age_years < 70
    assert (found.male > 0.8) if male else (found.male < 0.2)
