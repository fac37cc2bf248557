"""The trained head: how well does a reply to this question fulfil this condition? A small network on frozen embeddings.

Question, condition and reply are projected separately; the network sees the projections of condition and reply, their
product and difference, and the products with the question, so that "yes" can mean different things to different
questions.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from conversation.evaluate.providers.embedded.encoder import Vector

Weights = Mapping[str, NDArray[np.float32]]


class Head:
    """Applies the weights of one or more equally shaped networks; several give the mean of their logits."""

    def __init__(self, weights: Weights) -> None:
        self._members = [
            {name.split("/", 1)[1]: array for name, array in weights.items() if name.startswith(f"{member}/")}
            for member in sorted({name.split("/", 1)[0] for name in weights if name.startswith("head")})
        ]

    def logits(self, prompt: Vector, conditions: Vector, reply: Vector) -> Vector:
        """Return one logit per condition. Shapes: ``(384,)``, ``(conditions, 384)``, ``(384,)``."""
        outputs = [_forward(member, prompt, conditions, reply) for member in self._members]
        return np.asarray(np.mean(outputs, axis=0), dtype=np.float32)


def _forward(weights: Weights, prompt: Vector, conditions: Vector, reply: Vector) -> Vector:
    def linear(name: str, values: Vector) -> Vector:
        return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], dtype=np.float32)

    count = len(conditions)
    asked = np.repeat(linear("prompt", prompt)[None], count, axis=0)
    answered = np.repeat(linear("reply", reply)[None], count, axis=0)
    wanted = linear("condition", conditions)
    cosine = (conditions @ reply)[:, None]
    joined = np.concatenate(
        [wanted, answered, wanted * answered, np.abs(wanted - answered), asked * wanted, asked * answered, cosine],
        axis=1,
    )
    hidden = np.maximum(linear("hidden", joined), 0.0)
    return linear("output", hidden).ravel()
