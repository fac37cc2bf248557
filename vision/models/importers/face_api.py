"""face-api's ``face_recognition_model`` made into ONNX: dlib's face recognition ResNet, shipped as weights alone.

The architecture is the one of ``src/faceRecognitionNet`` in @vladmandic/face-api 1.7.15, after
https://github.com/davisking/dlib, ``dlib/dnn_face_recognition_ex.cpp``.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vision.models.importers.errors import ImportFailed
from vision.models.importers.graph import GraphBuilder
from vision.models.importers.weights_manifest import Tensor, read_weights

INPUT = "image"
"""(1, 150, 150, 3), RGB, 0 to 255."""
OUTPUT = "template"
"""(1, 128)."""
SIZE_PX = 150
MEAN_RGB = (122.782, 117.001, 104.298)

STAGES = (("conv32", 3, 32), ("conv64", 3, 64), ("conv128", 2, 128), ("conv256", 2, 256))
"""Name, number of residual blocks that keep the size, channels."""


def dlib_resnet_to_onnx(path: Path) -> bytes:
    """The ONNX file of the manifest at ``path``, whose binary file stands beside it.

    Raises:
        ImportFailed: the manifest or its binary file is missing, damaged or of another model.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImportFailed(path, f"it is no readable JSON ({type(error).__name__})") from error
    weights = read_weights(manifest, path)
    try:
        return _Resnet(weights).build()
    except KeyError as error:
        raise ImportFailed(path, f"it is not the face recognition model: the weight {error} is missing") from error


class _Resnet:
    """The network, layer by layer, in channels-first order."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self._weights = weights
        self._graph = GraphBuilder("dlib_face_recognition_resnet")

    def build(self) -> bytes:
        """All of it."""
        graph = self._graph
        image = graph.add("Transpose", graph.input(INPUT, (1, SIZE_PX, SIZE_PX, 3)), perm=(0, 3, 1, 2))
        mean = graph.constant(np.array(MEAN_RGB, np.float32).reshape(1, 3, 1, 1))
        x = graph.add("Div", graph.add("Sub", image, mean), graph.constant(np.array(255, np.float32)))
        x, size_px = self._convolution(x, "conv32_down", stride=2, padded=False), (SIZE_PX - 7) // 2 + 1
        x = graph.add("Relu", x)
        x, size_px = graph.add("MaxPool", x, kernel_shape=(3, 3), strides=(2, 2)), (size_px - 3) // 2 + 1
        before = 32
        for name, blocks, channels in STAGES:
            if channels != before:
                x, size_px = self._shrink(x, f"{name}_down", size_px, channels - before)
            for number in range(1, blocks + 1):
                x = self._residual(x, f"{name}_{number}")
            before = channels
        x, _ = self._shrink(x, "conv256_down_out", size_px, 0)
        x = graph.add("ReduceMean", x, axes=(2, 3), keepdims=0)
        graph.output(graph.add("MatMul", x, graph.constant(self._weights["fc"])), OUTPUT, (1, 128))
        return graph.serialise()

    def _convolution(self, x: str, name: str, *, stride: int, padded: bool) -> str:
        """A convolution with the scale layer that follows it, both as one."""
        scale = self._weights[f"{name}/scale/weights"].ravel()
        kernel = self._weights[f"{name}/conv/filters"].transpose(3, 2, 0, 1) * scale[:, None, None, None]
        bias = self._weights[f"{name}/conv/bias"].ravel() * scale + self._weights[f"{name}/scale/biases"].ravel()
        return self._graph.add(
            "Conv",
            *(x, self._graph.constant(kernel), self._graph.constant(bias)),
            kernel_shape=kernel.shape[2:],
            strides=(stride, stride),
            auto_pad="SAME_UPPER" if padded else "VALID",
        )

    def _residual(self, x: str, name: str) -> str:
        """Two convolutions beside an unchanged path."""
        y = self._graph.add("Relu", self._convolution(x, f"{name}/conv1", stride=1, padded=True))
        y = self._convolution(y, f"{name}/conv2", stride=1, padded=True)
        return self._graph.add("Relu", self._graph.add("Add", y, x))

    def _shrink(self, x: str, name: str, size_px: int, more_channels: int) -> tuple[str, int]:
        """A residual block that halves the size; the side path is averaged, and zeros fill up its new channels."""
        graph = self._graph
        y = graph.add("Relu", self._convolution(x, f"{name}/conv1", stride=2, padded=False))
        y = self._convolution(y, f"{name}/conv2", stride=1, padded=True)
        side = graph.add("AveragePool", x, kernel_shape=(2, 2), strides=(2, 2))
        side_px = size_px // 2
        if missing_px := side_px - ((size_px - 3) // 2 + 1):
            y = graph.add("Pad", y, graph.constant(np.array([0, 0, 0, 0, 0, 0, missing_px, missing_px], np.int64)))
        if more_channels:
            side = graph.add("Pad", side, graph.constant(np.array([0, 0, 0, 0, 0, more_channels, 0, 0], np.int64)))
        return graph.add("Relu", graph.add("Add", side, y)), side_px
