"""Writing the cross-encoder as ONNX in 8 bits: one case at a time, nothing but standard operators of opset 20.

Weights are rounded symmetrically, for each output by itself, to 7 bits: processors without VNNI add products of 8 bits
in 16, and would overflow. Words have a scale each. Activations are quantised as they come (``DynamicQuantizeLinear``).
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from conversation.evaluate.providers.embedded.joined import CONDITION, MAXIMUM_TOKENS, QUESTION, REPLY
from conversation.evaluate.training.cross_encoder.base import Array
from conversation.evaluate.training.cross_encoder.network import HEADS, NORM_EPSILON, SEGMENTS, WIDTH, CrossEncoder

_OPSET = 20
_IR_VERSION = 10
_WEIGHT_LIMIT = 63
_WORD_LIMIT = 127


class _Graph:
    """Collects nodes and constants; each method returns the name of what it computes."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        if all(known.name != name for known in self.constants):
            self.constants.append(numpy_helper.from_array(values, name))
        return name

    def ints(self, *values: int) -> str:
        return self.constant("i" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def apply(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """Add a node; further outputs are called like the first, with ``.1`` and ``.2`` behind."""
        name = f"n{len(self.nodes)}"
        names = [name, *(f"{name}.{place}" for place in range(1, outputs))]
        self.nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return name

    def linear(self, states: str, name: str) -> str:
        """A layer of weights in 8 bits."""
        whole = self.weights[f"{name}.weight"].T
        scale = np.maximum(np.abs(whole).max(axis=0), 1e-8) / _WEIGHT_LIMIT
        rounded = self.constant(f"{name}.rounded", np.round(whole / scale).astype(np.int8))
        scales = self.constant(f"{name}.scale", scale.astype(np.float32))
        quantised = self.apply("DynamicQuantizeLinear", states, outputs=3)
        product = self.apply("MatMulInteger", quantised, rounded, f"{quantised}.2")
        both = self.apply("Mul", f"{quantised}.1", scales)
        exact = self.apply("Mul", self.apply("Cast", product, to=TensorProto.FLOAT), both)
        return self.apply("Add", exact, self.constant(f"{name}.bias", self.weights[f"{name}.bias"]))

    def exact(self, states: str, name: str) -> str:
        """A small layer of weights in float32."""
        product = self.apply("MatMul", states, self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T.copy()))
        return self.apply("Add", product, self.constant(f"{name}.bias", self.weights[f"{name}.bias"]))

    def norm(self, states: str, name: str) -> str:
        weight = self.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.apply("LayerNormalization", states, weight, bias, axis=-1, epsilon=NORM_EPSILON)

    def words(self) -> str:
        table = self.weights["words.weight"]
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / _WORD_LIMIT
        rounded = self.constant("words.rounded", np.round(table / scale).astype(np.int8))
        scales = self.constant("words.scale", scale.astype(np.float32))
        row = self.apply("Cast", self.apply("Gather", rounded, "tokens"), to=TensorProto.FLOAT)
        return self.apply("Mul", row, self.apply("Gather", scales, "tokens"))

    def layer(self, states: str, name: str) -> str:
        """Shape of ``states``: ``(tokens, WIDTH)``."""
        size = WIDTH // HEADS
        split = self.apply("Reshape", self.linear(states, f"{name}.queries_keys_values"), self.ints(-1, 3, HEADS, size))
        turned = self.apply("Transpose", split, perm=[1, 2, 0, 3])
        queries, keys, values = (
            self.apply("Gather", turned, self.constant(f"p{part}", np.array(part))) for part in range(3)
        )
        scale = self.constant("scale", np.array(1 / math.sqrt(size), dtype=np.float32))
        scores = self.apply("MatMul", self.apply("Mul", queries, scale), self.apply("Transpose", keys, perm=[0, 2, 1]))
        mixed = self.apply("MatMul", self.apply("Softmax", scores, axis=-1), values)
        joined = self.apply("Reshape", self.apply("Transpose", mixed, perm=[1, 0, 2]), self.ints(-1, WIDTH))
        states = self.norm(self.apply("Add", states, self.linear(joined, f"{name}.mixed")), f"{name}.mixed_norm")
        inner = self.apply("Gelu", self.linear(states, f"{name}.inner"))
        return self.norm(self.apply("Add", states, self.linear(inner, f"{name}.outer")), f"{name}.outer_norm")


def export(network: CrossEncoder, file: Path) -> None:
    """Write the model: of ``tokens`` and ``owners`` ``(tokens,)`` it makes ``logits`` ``(1 + conditions,)``."""
    weights = {name: tensor.detach().float().numpy() for name, tensor in network.state_dict().items()}
    graph = _Graph(weights)
    length = graph.apply("Shape", "tokens")
    positions = graph.constant("positions.weight", weights["positions.weight"])
    places = graph.apply("Slice", positions, graph.ints(0), length)
    segment = graph.apply("Min", "owners", graph.ints(SEGMENTS - 1))
    segments = graph.apply("Gather", graph.constant("segments.weight", weights["segments.weight"]), segment)
    states = graph.apply("Add", graph.apply("Add", graph.words(), places), segments)
    states = graph.norm(states, "norm")
    for number in range(len(network.layers)):
        states = graph.layer(states, f"layers.{number}")
    logits = _head(graph, states)
    graph.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"]) for name in ("tokens", "owners")]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["choices"])
    made = helper.make_graph(graph.nodes, "cross_encoder", inputs, [output], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def _head(graph: _Graph, states: str) -> str:
    """The means of the parts, and what is made of them."""
    last = graph.apply("ReduceMax", "owners", keepdims=0)
    one = graph.constant("one", np.array(1))
    parts = graph.apply("Range", graph.constant("zero", np.array(0)), graph.apply("Add", last, one), one)
    equal = graph.apply(
        "Equal", graph.apply("Unsqueeze", parts, graph.ints(1)), graph.apply("Unsqueeze", "owners", graph.ints(0))
    )
    belongs = graph.apply("Cast", equal, to=TensorProto.FLOAT)
    counts = graph.apply("ReduceSum", belongs, graph.ints(1))
    means = graph.apply("Div", graph.apply("MatMul", belongs, states), counts)
    whole = graph.apply("Gather", states, graph.ints(0))
    question = graph.apply("Gather", means, graph.ints(QUESTION))
    reply = graph.apply("Gather", means, graph.ints(REPLY))
    met = graph.apply("Slice", means, graph.ints(CONDITION), graph.ints(MAXIMUM_TOKENS), graph.ints(0))
    shape = graph.apply("Shape", met)
    said, seen = graph.apply("Expand", reply, shape), graph.apply("Expand", whole, shape)
    product, distance = graph.apply("Mul", met, said), graph.apply("Abs", graph.apply("Sub", met, said))
    pairs = graph.apply("Concat", met, said, product, distance, seen, axis=-1)
    logits = graph.exact(graph.apply("Gelu", graph.linear(pairs, "hidden")), "met")
    beside = graph.apply("Concat", whole, question, reply, axis=-1)
    none = graph.exact(graph.apply("Gelu", graph.linear(beside, "none_hidden")), "none")
    return graph.apply("Reshape", graph.apply("Concat", none, logits, axis=0), graph.ints(-1))
