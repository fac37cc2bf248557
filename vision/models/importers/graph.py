"""A graph of ONNX operators while it is being made."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

OPSET = 17
IR_VERSION = 8
"""Of ONNX 1.12, which every onnxruntime since 1.12 reads."""

Attribute = int | float | str | tuple[int, ...]
Shape = tuple[int | str, ...]
"""A name stands for a size that is open, such as that of the batch."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operator."""

    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Attribute]


class GraphBuilder:
    """Collects operators and constants in order. Names are numbered, so the same calls give the same bytes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[Node] = []
        self._constants: dict[str, npt.NDArray[np.generic]] = {}
        self._inputs: dict[str, Shape] = {}
        self._outputs: dict[str, Shape] = {}

    def input(self, name: str, shape: Shape) -> str:
        """Declare a float32 input of the model."""
        self._inputs[name] = shape
        return name

    def constant(self, values: npt.NDArray[np.generic]) -> str:
        """Add a constant (float32 or int64); its name."""
        name = f"constant_{len(self._constants)}"
        self._constants[name] = np.ascontiguousarray(values).reshape(values.shape)
        return name

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Attribute) -> str:
        """Add an operator with one output; the name of that."""
        name = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(Node(kind, inputs, name, attributes))
        return name

    def output(self, source: str, name: str, shape: Shape) -> None:
        """Declare that ``source`` leaves the model under this name."""
        self.add("Identity", source, output=name)
        self._outputs[name] = shape

    def serialise(self) -> bytes:
        """The ONNX file.

        Raises:
            ModuleNotFoundError: the package ``onnx`` is not installed.
            onnx.checker.ValidationError: the operators do not fit together.
        """
        from onnx import NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

        def node_of(node: Node) -> NodeProto:
            proto = helper.make_node(node.kind, node.inputs, [node.output])
            proto.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(node.attributes.items()))
            return proto

        def values(shapes: Mapping[str, Shape]) -> list[ValueInfoProto]:
            return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]

        graph = helper.make_graph(
            [node_of(node) for node in self._nodes],
            self._name,
            values(self._inputs),
            values(self._outputs),
            [numpy_helper.from_array(array, name) for name, array in self._constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        checker.check_model(model, full_check=True)
        content: bytes = model.SerializeToString(deterministic=True)
        return content
