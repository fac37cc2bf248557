"""TensorFlow.js graph models: a small one against arithmetic, the real one against what TensorFlow.js gave.

``recorded/faceres.json`` is the output of TensorFlow.js 4.22.0 (Node.js 20, backend ``cpu``) for ``faceres`` of
@vladmandic/human 3.3.6, on ``pattern(224)`` less the mean colour of ``FaceresAttributes`` in the order that it feeds:
``loadGraphModel``, ``execute(tensor, names)``, seven digits.
"""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from tests.vision.models.pictures import pattern
from vision.models.attributes import MEAN_BGR
from vision.models.importers.errors import ImportFailed
from vision.models.importers.tfjs import tfjs_to_onnx

RECORDED = Path(__file__).parent.parent / "recorded" / "faceres.json"
WEIGHTS: dict[str, np.ndarray[Any, Any]] = {
    "kernel": np.arange(2 * 2 * 3 * 4, dtype=np.float32).reshape(2, 2, 3, 4) / 50 - 0.4,
    "per_channel": np.array([0.5, -1, 0, 2], np.float32),
    "ceiling": np.array(6, np.float32),
    "depthwise": np.linspace(-1, 1, 9 * 4, dtype=np.float32).reshape(3, 3, 4, 1),
    "axes": np.array([1, 2], np.int32),
    "matrix": np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3),
    "bias": np.array([0.1, -0.2, 0.3], np.float32),
}


def text(value: str) -> dict[str, str]:
    """A string attribute, as the format has it."""
    return {"s": base64.b64encode(value.encode()).decode()}


def integers(*values: int) -> dict[str, Any]:
    """A list attribute."""
    return {"list": {"i": [str(value) for value in values]}}


def node(name: str, kind: str, *inputs: str, **attributes: Any) -> dict[str, Any]:
    """One node of a graph."""
    return {"name": name, "op": kind, "input": list(inputs), "attr": attributes}


def small_model() -> list[dict[str, Any]]:
    """Every operator once: convolution, per-channel sum, clip, depthwise convolution, mean, matrix, softmax."""
    size = {"shape": {"dim": [{"size": str(size)} for size in (-1, 5, 5, 3)]}}
    convolution = {"padding": text("SAME"), "strides": integers(1, 2, 2, 1), "dilations": integers(1, 1, 1, 1)}
    fused = {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}}
    return [
        *(node(name, "Const") for name in WEIGHTS),
        node("image", "Placeholder", shape=size),
        node("conv", "Conv2D", "image", "kernel", **convolution),
        node("sum", "Add", "conv", "per_channel"),
        node("relu", "Relu", "sum"),
        node("clip", "Minimum", "relu", "ceiling"),
        node("deep", "DepthwiseConv2dNative", "clip", "depthwise", padding=text("VALID"), strides=integers(1, 1, 1, 1)),
        node("mean", "Mean", "deep", "axes", keep_dims={"b": False}),
        node("dense", "_FusedMatMul", "mean", "matrix", "bias", fused_ops=fused),
        node("share", "Softmax", "dense"),
    ]


def write_model(folder: Path, nodes: list[dict[str, Any]], outputs: dict[str, int]) -> Path:
    """A graph model in this folder: its JSON, with its weights beside it."""
    (folder / "weights.bin").write_bytes(b"".join(array.tobytes() for array in WEIGHTS.values()))
    entries = [{"name": key, "shape": array.shape, "dtype": array.dtype.name} for key, array in WEIGHTS.items()]
    document = {
        "format": "graph-model",
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": entries}],
        "signature": {
            "outputs": {
                f"{name}:0": {"tensorShape": {"dim": [{"size": "1"}, {"size": str(size)}]}}
                for name, size in outputs.items()
            }
        },
    }
    path = folder / "model.json"
    path.write_text(json.dumps(document))
    return path


def run(content: bytes, image: np.ndarray[Any, Any], *outputs: str) -> list[Any]:
    """What the model gives."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return list(session.run(list(outputs), {session.get_inputs()[0].name: image}))


def by_hand(image: np.ndarray[Any, Any]) -> tuple[Any, Any]:
    """(mean, share) of the small model, channels last, loop by loop."""
    padded = np.zeros((6, 6, 3), np.float32)
    padded[:5, :5] = image[0]  # SAME with a kernel of 2 and a stride of 2 on 5 pixels: one more at the end
    conv = np.array(
        [[np.tensordot(padded[y : y + 2, x : x + 2], WEIGHTS["kernel"], 3) for x in (0, 2, 4)] for y in (0, 2, 4)]
    )
    clipped = np.minimum(np.maximum(conv + WEIGHTS["per_channel"], 0), 6)
    mean = (clipped * WEIGHTS["depthwise"][..., 0]).sum(axis=(0, 1))
    dense = np.maximum(mean @ WEIGHTS["matrix"] + WEIGHTS["bias"], 0)
    odds = np.exp(dense - dense.max())
    return mean, odds / odds.sum()


def test_the_small_model_gives_what_arithmetic_gives(tmp_path: Path) -> None:
    content = tfjs_to_onnx(write_model(tmp_path, small_model(), {"mean": 4, "share": 3}))
    image = np.random.default_rng(3).uniform(-1, 1, (1, 5, 5, 3)).astype(np.float32)
    mean, share = run(content, image, "mean", "share")
    expected_mean, expected_share = by_hand(image)
    assert np.allclose(mean[0], expected_mean, atol=1e-5)
    assert np.allclose(share[0], expected_share, atol=1e-5)
    assert np.ptp(share) > 0.01


def test_an_image_leaves_the_model_with_its_channels_last(tmp_path: Path) -> None:
    path = write_model(tmp_path, small_model(), {})
    document = json.loads(path.read_text())
    sizes = [{"size": str(size)} for size in (1, 3, 3, 4)]
    document["signature"]["outputs"] = {"clip": {"tensorShape": {"dim": sizes}}}
    path.write_text(json.dumps(document))
    (clip,) = run(tfjs_to_onnx(path), np.ones((1, 5, 5, 3), np.float32), "clip")
    assert clip.shape == (1, 3, 3, 4)


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_model(tmp_path, small_model(), {"share": 3})
    assert tfjs_to_onnx(path) == tfjs_to_onnx(path)


def test_an_unknown_operator_is_named(tmp_path: Path) -> None:
    nodes = [*small_model(), node("odd", "FusedBatchNormV3", "conv")]
    with pytest.raises(ImportFailed, match=r"model\.json.*FusedBatchNormV3 of odd is not known"):
        tfjs_to_onnx(write_model(tmp_path, nodes, {"share": 3}))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (node("conv", "Conv2D", "image", "kernel", padding=text("EXPLICIT"), strides=integers(1, 2, 2, 1)), "EXPLICIT"),
        (node("dense", "_FusedMatMul", "mean", "matrix", "bias", fused_ops={"list": {"s": []}}), "fused into dense"),
        (node("dense", "_FusedMatMul", "mean", "matrix", "bias", transpose_b={"b": True}), "transposed matrix"),
        (node("conv", "Conv2D", "nobody", "kernel"), "another form"),
        (node("conv", "Conv2D", "image", "image", padding=text("SAME"), strides=integers(1, 2, 2, 1)), "constant"),
    ],
)  # fmt: skip
def test_what_an_operator_may_not_be_is_said(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    nodes = [changed if found["name"] == changed["name"] else found for found in small_model()]
    with pytest.raises(ImportFailed, match=message):
        tfjs_to_onnx(write_model(tmp_path, nodes, {"share": 3}))


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "no readable JSON"), ("[]", "not a TensorFlow.js graph model"),
     ('{"format": "layers-model"}', "graph model"), ('{"format": "graph-model"}', "weight groups"),
     ('{"format": "graph-model", "weightsManifest": []}', "another form")],
)  # fmt: skip
def test_another_document_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(content)
    with pytest.raises(ImportFailed, match=message):
        tfjs_to_onnx(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"gone\.json"):
        tfjs_to_onnx(tmp_path / "gone.json")


@pytest.mark.models
def test_faceres_gives_what_tensorflow_js_gave(weights: Path) -> None:
    path = weights / "faceres" / "faceres.json"
    if not path.exists():
        pytest.skip("no faceres: run 'visavis models pull faceres'")
    recorded = json.loads(RECORDED.read_text())
    image = pattern(224)[np.newaxis].astype(np.float32) - MEAN_BGR
    for found, expected in zip(run(tfjs_to_onnx(path), image, *recorded), recorded.values(), strict=True):
        assert np.allclose(found[0], expected, atol=2e-5)
