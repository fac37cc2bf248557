"""Loading a network: what is not one, or is another one, is told by the name of its file."""

from pathlib import Path

import numpy as np
import pytest

from vision.models.importers.graph import GraphBuilder
from vision.models.onnx_network import OnnxModelError, OnnxNetwork, fingerprint


@pytest.fixture
def doubling(tmp_path: Path) -> Path:
    """A network from (1, 3) to twice that, and to its sum."""
    graph = GraphBuilder("doubling")
    image = graph.input("image", (1, 3))
    graph.output(graph.add("Add", image, image), "double", (1, 3))
    graph.output(graph.add("ReduceSum", image, graph.constant(np.array([1], np.int64))), "sum", (1, 1))
    path = tmp_path / "doubling.onnx"
    path.write_bytes(graph.serialise())
    return path


def test_outputs_come_by_name_and_without_their_batch(doubling: Path) -> None:
    network = OnnxNetwork(doubling, (1, 3), ("sum", "double"))
    total, double = network.run(np.array([[1, 2, 3]], np.float32))
    assert total.tolist() == [6]
    assert double.tolist() == [2, 4, 6]
    assert network.output_shapes == ([1, 1], [1, 3])


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"gone\.onnx is missing.*visavis models pull"):
        OnnxNetwork(tmp_path / "gone.onnx", (1, 3))


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x08\x12" * 40])
def test_a_file_of_another_kind_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.onnx"
    path.write_bytes(content)
    with pytest.raises(OnnxModelError, match=r"odd\.onnx is no ONNX model"):
        OnnxNetwork(path, (1, 3))


def test_another_file_has_another_fingerprint(doubling: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(doubling.read_bytes())
    assert fingerprint(other) == fingerprint(doubling)
    other.write_bytes(doubling.read_bytes() + b"x")
    assert fingerprint(other) != fingerprint(doubling)
    with pytest.raises(OnnxModelError, match=r"gone\.onnx is missing"):
        fingerprint(tmp_path / "gone.onnx")


def test_another_input_is_named(doubling: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"doubling\.onnx takes \[1, 3\] and not \[1, 4\]"):
        OnnxNetwork(doubling, (1, 4))


def test_other_outputs_are_named(doubling: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"gives double, sum and not age"):
        OnnxNetwork(doubling, (1, 3), ("age",))
    with pytest.raises(OnnxModelError, match=r"gives double, sum and not one output"):
        OnnxNetwork(doubling, (1, 3))
