"""Weights of TensorFlow.js: plain, quantised, split, and damaged in every way."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.models.importers.errors import ImportFailed
from vision.models.importers.weights_manifest import read_weights


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the manifest would stand."""
    return tmp_path / "model.json"


def entry(
    name: str, shape: list[int], dtype: str = "float32", quantization: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One weight of a manifest."""
    plain: dict[str, Any] = {"name": name, "shape": shape, "dtype": dtype}
    return plain | {"quantization": quantization} if quantization else plain


def test_tensors_follow_each_other_and_may_cross_from_file_to_file(path: Path) -> None:
    content = np.arange(5, dtype="<f4").tobytes() + np.array([7], "<i4").tobytes()
    (path.parent / "a.bin").write_bytes(content[:6])
    (path.parent / "b.bin").write_bytes(content[6:])
    weights = [entry("matrix", [2, 2]), entry("scalar", []), entry("axis", [1], "int32")]
    found = read_weights([{"paths": ["a.bin", "b.bin"], "weights": weights}], path)
    assert found["matrix"].tolist() == [[0, 1], [2, 3]]
    assert found["scalar"].tolist() == 4
    assert found["axis"].dtype == np.int32
    assert found["axis"].tolist() == [7]


def test_quantised_weights_come_back_as_floats(path: Path) -> None:
    bytes_of = (np.array([0, 255], "u1"), np.array([1000], "<u2"), np.array([0.5, -2], "<f2"))
    (path.parent / "w.bin").write_bytes(b"".join(part.tobytes() for part in bytes_of))
    weights = [
        entry("eight", [2], quantization={"dtype": "uint8", "scale": 0.5, "min": -1.0}),
        entry("sixteen", [1], quantization={"dtype": "uint16", "scale": 0.25, "min": 1.0}),
        entry("half", [2], quantization={"dtype": "float16"}),
    ]
    found = read_weights([{"paths": ["w.bin"], "weights": weights}], path)
    assert found["eight"].tolist() == [-1.0, 126.5]
    assert found["sixteen"].tolist() == [251.0]
    assert found["half"].tolist() == [0.5, -2.0]
    assert {tensor.dtype for tensor in found.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("manifest", [None, {}, [1], [{"paths": ["w.bin"]}], [{"weights": []}], "text"])
def test_another_form_is_refused(path: Path, manifest: object) -> None:
    with pytest.raises(ImportFailed, match=r"model\.json.*weight groups"):
        read_weights(manifest, path)


@pytest.mark.parametrize(
    "weight",
    [{}, None, {"name": "w", "shape": [1], "dtype": "complex64"}, {"name": "w", "shape": "x", "dtype": "float32"},
     {"name": "w", "shape": [1], "dtype": "float32", "quantization": {"dtype": "uint4"}}],
)  # fmt: skip
def test_a_weight_of_another_form_is_shown(path: Path, weight: object) -> None:
    (path.parent / "w.bin").write_bytes(bytes(4))
    with pytest.raises(ImportFailed, match="no name, shape or known type"):
        read_weights([{"paths": ["w.bin"], "weights": [weight]}], path)


def test_a_missing_binary_file_is_named(path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"group1-shard2of2\.bin is missing"):
        read_weights([{"paths": ["group1-shard2of2.bin"], "weights": []}], path)


def test_a_binary_file_elsewhere_is_refused(path: Path) -> None:
    with pytest.raises(ImportFailed, match="does not stand beside it"):
        read_weights([{"paths": ["../secret.bin"], "weights": []}], path)


def test_too_few_bytes_name_the_weight(path: Path) -> None:
    (path.parent / "w.bin").write_bytes(bytes(8))
    with pytest.raises(ImportFailed, match="end before the weight 'second'"):
        read_weights([{"paths": ["w.bin"], "weights": [entry("first", [2]), entry("second", [1])]}], path)


def test_too_many_bytes_are_refused(path: Path) -> None:
    (path.parent / "w.bin").write_bytes(bytes(12))
    with pytest.raises(ImportFailed, match="holds 12 bytes, but the manifest describes 8"):
        read_weights([{"paths": ["w.bin"], "weights": [entry("first", [2])]}], path)
