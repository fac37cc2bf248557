"""One ONNX network with one input, on onnxruntime's CPU kernels."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from vision.ports import Floats

ONLY_FATAL = 4
"""onnxruntime's log level; some networks of the catalogue warn about every one of their initializers."""


class OnnxModelError(Exception):
    """A network cannot be used; the message names the file and says what to do."""


class OnnxNetwork:
    """May be called from several threads at once; each call runs on its own thread alone."""

    def __init__(self, path: Path, input_shape: tuple[int, ...], outputs: tuple[str, ...] = ()) -> None:
        """``outputs`` are the names that ``run`` returns, in that order; without names, the only one there is.

        Raises:
            OnnxModelError: the file is missing or no ONNX model, or has another input or other outputs.
        """
        _require(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = ONLY_FATAL
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors have no common class
            raise OnnxModelError(f"{path} is no ONNX model that can be run ({type(error).__name__})") from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or not _fits(inputs[0].shape, input_shape):
            found = ", ".join(str(item.shape) for item in inputs)
            raise OnnxModelError(f"{path} takes {found} and not {list(input_shape)}: it is a model of another kind")
        shapes = {item.name: item.shape for item in self._session.get_outputs()}
        self._outputs = outputs or tuple(shapes)
        if (not outputs and len(shapes) != 1) or not set(outputs) <= set(shapes):
            wanted = ", ".join(outputs) or "one output"
            raise OnnxModelError(f"{path} gives {', '.join(shapes)} and not {wanted}: it is a model of another kind")
        self.output_shapes = tuple(shapes[name] for name in self._outputs)
        """Of the outputs in their order; an open size is a string or None."""
        self._input = inputs[0].name

    def run(self, tensor: npt.NDArray[np.float32]) -> list[Floats]:
        """The outputs for one input, which has its batch axis; theirs is taken off."""
        found = self._session.run(self._outputs, {self._input: np.ascontiguousarray(tensor)})
        return [output[0] for output in found]


def fingerprint(path: Path) -> str:
    """Twelve hex digits that another file does not have: the start of its SHA-256.

    Raises:
        OnnxModelError: the file is missing.
    """
    _require(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _require(path: Path) -> None:
    if not path.is_file():
        raise OnnxModelError(f"{path} is missing; run: visavis models pull, or name another file in the settings")


def _fits(found: list[int | str | None], wanted: tuple[int, ...]) -> bool:
    """Whether a declared shape admits this one; an open size admits any."""
    return len(found) == len(wanted) and all(
        not isinstance(have, int) or have == want for have, want in zip(found, wanted, strict=True)
    )
