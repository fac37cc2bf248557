"""TensorFlow.js graph models made into ONNX: the operators that the models of the catalogue use, and no others.

TensorFlow keeps channels last, ONNX first. A tensor that stands channels-first is marked as an image here, and turned
back where it leaves the model.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.models.importers.errors import ImportFailed
from vision.models.importers.graph import GraphBuilder, Shape
from vision.models.importers.weights_manifest import Tensor, read_weights

ELEMENTWISE = {"Add": "Add", "AddV2": "Add", "Mul": "Mul", "Minimum": "Min", "Maximum": "Max"}
ACTIVATIONS = ("Relu", "Sigmoid")
CHANNELS_FIRST = (0, 2, 3, 1)
"""Where an axis of a channels-last tensor stands in a channels-first one."""


def tfjs_to_onnx(path: Path) -> bytes:
    """The ONNX file of the graph model at ``path``, whose binary files stand beside it. The batch is 1.

    Raises:
        ImportFailed: a file is missing or damaged, or the model needs an operator that is not known here.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImportFailed(path, f"it is no readable JSON ({type(error).__name__})") from error
    if not isinstance(document, dict) or document.get("format") != "graph-model":
        raise ImportFailed(path, "it is not a TensorFlow.js graph model")
    weights = read_weights(document.get("weightsManifest"), path)
    try:
        nodes = document["modelTopology"]["node"]
        outputs = document["signature"]["outputs"]
        return _Conversion(path, weights).run(nodes, outputs)
    except (KeyError, IndexError, TypeError) as error:
        raise ImportFailed(path, f"its graph has another form ({type(error).__name__}: {error})") from error


@dataclass(frozen=True, slots=True)
class _Value:
    """A tensor that is computed when the model runs."""

    name: str
    is_image: bool
    """Whether it stands channels-first."""


@dataclass(frozen=True, slots=True)
class _Operator:
    """One node of the TensorFlow graph with what goes into it."""

    name: str
    kind: str
    inputs: tuple[_Value | Tensor, ...]
    attributes: Mapping[str, Any]

    def value(self, position: int) -> _Value:
        """An input that is computed."""
        found = self.inputs[position]
        if not isinstance(found, _Value):
            raise TypeError(f"input {position} of {self.name} is a constant")
        return found

    def constant(self, position: int) -> Tensor:
        """An input that is a weight."""
        found = self.inputs[position]
        if isinstance(found, _Value):
            raise TypeError(f"input {position} of {self.name} is not a constant")
        return found

    def integers(self, attribute: str) -> tuple[int, ...]:
        """A list of integers; empty when there is none."""
        return tuple(int(item) for item in self.attributes.get(attribute, {}).get("list", {}).get("i", ()))

    def text(self, attribute: str) -> str:
        """A string, which the format keeps in base64."""
        return base64.b64decode(self.attributes[attribute]["s"]).decode()

    def fused(self) -> tuple[str, ...]:
        """What a fused operator does after its own work, in order."""
        found = self.attributes.get("fused_ops", {}).get("list", {}).get("s", ())
        return tuple(base64.b64decode(item).decode() for item in found)


class _Conversion:
    """One model on its way into ONNX."""

    def __init__(self, path: Path, weights: Mapping[str, Tensor]) -> None:
        self._path = path
        self._weights = weights
        self._graph = GraphBuilder(path.stem)
        self._done: dict[str, _Value | Tensor] = {}
        self._converters: dict[str, Callable[[_Operator], _Value]] = {
            "Placeholder": self._placeholder,
            "Conv2D": self._convolution,
            "DepthwiseConv2dNative": self._convolution,
            "_FusedMatMul": self._matrix_product,
            "Mean": self._mean,
            "Softmax": self._softmax,
            **dict.fromkeys(ELEMENTWISE, self._elementwise),
            **dict.fromkeys(ACTIVATIONS, self._activation),
        }

    def run(self, nodes: list[Any], outputs: Mapping[str, Any]) -> bytes:
        """Convert the nodes, which the format keeps in the order of computation."""
        for node in nodes:
            if node["op"] == "Const":
                self._done[node["name"]] = self._weights[node["name"]]
                continue
            if (converter := self._converters.get(node["op"])) is None:
                raise ImportFailed(self._path, f"the operator {node['op']} of {node['name']} is not known")
            inputs = tuple(self._done[name] for name in node.get("input", ()))
            operator = _Operator(node["name"], node["op"], inputs, node.get("attr", {}))
            self._done[node["name"]] = converter(operator)
        for key, described in outputs.items():
            name = key.split(":")[0]
            found = self._done[name]
            if not isinstance(found, _Value):
                raise TypeError(f"the output {name} is a constant")
            self._graph.output(self._channels_last(found), name, _shape(described["tensorShape"]))
        return self._graph.serialise()

    def _channels_last(self, value: _Value) -> str:
        return self._graph.add("Transpose", value.name, perm=(0, 2, 3, 1)) if value.is_image else value.name

    def _placeholder(self, operator: _Operator) -> _Value:
        shape = _shape(operator.attributes["shape"]["shape"])
        name = self._graph.input(operator.name, shape)
        if len(shape) != 4:
            return _Value(name, is_image=False)
        return _Value(self._graph.add("Transpose", name, perm=(0, 3, 1, 2)), is_image=True)

    def _convolution(self, operator: _Operator) -> _Value:
        kernel = operator.constant(1)
        groups = 1
        if operator.kind == "DepthwiseConv2dNative":
            height, width, channels, multiplier = kernel.shape
            kernel = kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
            groups = channels
        else:
            kernel = kernel.transpose(3, 2, 0, 1)
        padding = operator.text("padding")
        if padding not in ("SAME", "VALID"):
            raise ImportFailed(self._path, f"the padding {padding} of {operator.name} is not known")
        name = self._graph.add(
            "Conv",
            *(operator.value(0).name, self._graph.constant(kernel)),
            kernel_shape=kernel.shape[2:],
            strides=operator.integers("strides")[1:3],
            dilations=operator.integers("dilations")[1:3] or (1, 1),
            group=groups,
            auto_pad="SAME_UPPER" if padding == "SAME" else "VALID",
        )
        return _Value(name, is_image=True)

    def _matrix_product(self, operator: _Operator) -> _Value:
        if any(operator.attributes.get(key, {}).get("b") for key in ("transpose_a", "transpose_b")):
            raise ImportFailed(self._path, f"the transposed matrix of {operator.name} is not known")
        fused = operator.fused()
        if fused not in (("BiasAdd",), ("BiasAdd", "Relu")):
            raise ImportFailed(self._path, f"what is fused into {operator.name} is not known: {', '.join(fused)}")
        constants = (self._graph.constant(operator.constant(1)), self._graph.constant(operator.constant(2)))
        name = self._graph.add("Gemm", operator.value(0).name, *constants)
        return _Value(self._graph.add("Relu", name) if "Relu" in fused else name, is_image=False)

    def _elementwise(self, operator: _Operator) -> _Value:
        computed = [found for found in operator.inputs if isinstance(found, _Value)]
        is_image = computed[0].is_image
        if any(found.is_image != is_image for found in computed):
            raise ImportFailed(self._path, f"{operator.name} mixes an image with a vector")
        names = [
            found.name if isinstance(found, _Value) else self._graph.constant(_broadcast(found, is_image))
            for found in operator.inputs
        ]
        return _Value(self._graph.add(ELEMENTWISE[operator.kind], *names), is_image)

    def _activation(self, operator: _Operator) -> _Value:
        value = operator.value(0)
        return _Value(self._graph.add(operator.kind, value.name), value.is_image)

    def _softmax(self, operator: _Operator) -> _Value:
        return _Value(self._graph.add("Softmax", self._channels_last(operator.value(0)), axis=-1), is_image=False)

    def _mean(self, operator: _Operator) -> _Value:
        value = operator.value(0)
        axes = tuple(int(axis) for axis in operator.constant(1).ravel())
        if value.is_image:
            axes = tuple(CHANNELS_FIRST[axis] for axis in axes)
        keep = bool(operator.attributes.get("keep_dims", {}).get("b"))
        name = self._graph.add("ReduceMean", value.name, axes=axes, keepdims=int(keep))
        if value.is_image and not keep and set(axes) != {2, 3}:
            raise ImportFailed(self._path, f"the mean {operator.name} leaves an image without channels last")
        return _Value(name, value.is_image and keep)


def _broadcast(constant: Tensor, is_image: bool) -> Tensor:
    """A constant in the order of what it is combined with: a scalar stays, one value per channel becomes (C, 1, 1)."""
    if not is_image or constant.ndim == 0:
        return constant
    if constant.ndim == 1:
        return constant.reshape(-1, 1, 1)
    return constant.swapaxes(-1, -2).swapaxes(-2, -3)


def _shape(described: Mapping[str, Any]) -> Shape:
    """Sizes of a TensorFlow shape; an open one, which is the batch, becomes 1."""
    return tuple(max(1, int(dimension["size"])) for dimension in described["dim"])
