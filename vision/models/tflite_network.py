"""One TFLite network with one input, on LiteRT's CPU kernels."""

from collections.abc import Sequence

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from vision.ports import Floats


class TfliteNetwork:
    """Runs on the calling thread alone; not for two threads at once."""

    def __init__(self, model: bytes, outputs: Sequence[str]) -> None:
        """``outputs`` are the names of the tensors that ``run`` returns, in that order.

        Raises:
            ValueError: the bytes are no TFLite model, or it lacks an output of that name.
        """
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = int(self._interpreter.get_input_details()[0]["index"])
        indices = {str(detail["name"]): int(detail["index"]) for detail in self._interpreter.get_output_details()}
        missing = [name for name in outputs if name not in indices]
        if missing:
            raise ValueError(f"the network has no output {', '.join(missing)}; it has {', '.join(indices)}")
        self._outputs = [indices[name] for name in outputs]

    def run(self, tensor: Floats) -> list[Floats]:
        """The named outputs for one input, without their batch axis; copies that the caller may keep."""
        self._interpreter.set_tensor(self._input, tensor[np.newaxis])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]
