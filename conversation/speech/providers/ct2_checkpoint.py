"""Whisper weights from CTranslate2's format to the checkpoint format of the ``openai-whisper`` package.

The default engine runs on CTranslate2 files. The same trained weights serve the PyTorch engine after this conversion,
so nothing else has to be downloaded. Weights quantised to int8 are expanded with their scales: the result is as exact
as the int8 weights were, not as the original float16 ones.

Format: ``ModelReader`` and ``Model::load`` in CTranslate2's ``src/models/model.cc``, binary version 6.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from conversation.speech.errors import Category, SpeechError

Variables = Mapping[str, npt.NDArray[Any]]
"""CTranslate2 variable names, such as ``encoder/conv1/weight``, with their values."""

_ENGINE = "openai-whisper"
_BINARY_VERSION = 6
_SPECIFICATION = "WhisperSpec"
_ELEMENT_TYPES: dict[int, npt.DTypeLike] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_HEAD_SIZE = 64
_AUDIO_CONTEXT = 1500


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What ``whisper.load_model`` expects in a file, before it is made of tensors."""

    dims: dict[str, int]
    """Arguments of ``whisper.model.ModelDimensions``."""
    state: dict[str, npt.NDArray[np.float32]]
    """Parameters by the names of ``whisper.model.Whisper``."""


def convert(source: Path, target: Path) -> None:
    """Write the openai-whisper checkpoint of the CTranslate2 file ``source`` (``model.bin``) to ``target``.

    Needs the extra 'whisper'. Raises ``SpeechError`` (MODEL) when ``source`` is no Whisper model of this format.
    """
    import torch

    checkpoint = to_checkpoint(read_variables(source))
    # In half precision, as in OpenAI's own files; the package expands it again.
    tensors = {name: torch.from_numpy(values.astype(np.float16)) for name, values in checkpoint.state.items()}
    # Written beside the target first, so that a broken run leaves no half checkpoint under its name.
    unfinished = target.with_name(target.name + ".part")
    torch.save({"dims": checkpoint.dims, "model_state_dict": tensors}, unfinished)
    unfinished.replace(target)


def read_variables(path: Path) -> Variables:
    """Read every variable of a CTranslate2 Whisper model. Raises ``SpeechError`` (MODEL) naming ``path``."""
    try:
        with path.open("rb") as file:
            version, specification = _number(file, "I"), _string(file)
            if version != _BINARY_VERSION or specification != _SPECIFICATION:
                message = f"{path} is {specification} in binary version {version}, not {_SPECIFICATION} in version 6"
                raise SpeechError(Category.MODEL, _ENGINE, message)
            _number(file, "I")  # the revision of the specification; every one so far has these variables
            variables = dict(_variable(file) for _ in range(_number(file, "I")))
            for _ in range(_number(file, "I")):
                alias, name = _string(file), _string(file)
                variables[alias] = variables[name]
            return variables
    except (OSError, struct.error, ValueError, KeyError) as error:
        message = f"{path} cannot be read as a CTranslate2 model ({type(error).__name__}); run 'visavis models pull'"
        raise SpeechError(Category.MODEL, _ENGINE, message) from error


def _number(file: BinaryIO, kind: str) -> int:
    """Read one little-endian unsigned integer; ``kind`` is its ``struct`` letter."""
    return int(struct.unpack("<" + kind, file.read(struct.calcsize("<" + kind)))[0])


def _string(file: BinaryIO) -> str:
    """Read a string: its length with the closing zero in two bytes, then the characters."""
    return file.read(_number(file, "H")).rstrip(b"\0").decode()


def _variable(file: BinaryIO) -> tuple[str, npt.NDArray[Any]]:
    """Read one variable: name, shape, element type and values."""
    name = _string(file)
    shape = [_number(file, "I") for _ in range(_number(file, "B"))]
    element_type = _ELEMENT_TYPES[_number(file, "B")]
    values = np.frombuffer(file.read(_number(file, "I")), dtype=element_type)
    return name, values.reshape(shape)


def to_checkpoint(variables: Variables) -> Checkpoint:
    """Rename, split and expand CTranslate2 variables into the parameters of openai-whisper.

    Raises ``SpeechError`` (MODEL) naming the variable that is missing.
    """
    source = _Source(variables)
    try:
        return source.checkpoint()
    except KeyError as error:
        message = f"the CTranslate2 model has no variable {error.args[0]}; is it a Whisper model?"
        raise SpeechError(Category.MODEL, _ENGINE, message) from error


class _Source:
    """One conversion: reads CTranslate2 variables, collects openai-whisper parameters."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._state: dict[str, npt.NDArray[np.float32]] = {}

    def checkpoint(self) -> Checkpoint:
        """Convert everything."""
        for convolution in ("conv1", "conv2"):
            self._put(f"encoder.{convolution}.weight", self._value(f"encoder/{convolution}/weight"))
            self._put(f"encoder.{convolution}.bias", self._value(f"encoder/{convolution}/bias"))
        self._put("encoder.positional_embedding", self._value("encoder/position_encodings/encodings"))
        self._norm("encoder.ln_post", "encoder/layer_norm")
        self._put("decoder.token_embedding.weight", self._weight("decoder/embeddings"))
        self._put("decoder.positional_embedding", self._value("decoder/position_encodings/encodings"))
        self._norm("decoder.ln", "decoder/layer_norm")
        layers = {side: self._layers(side) for side in ("encoder", "decoder")}
        vocabulary, width = self._state["decoder.token_embedding.weight"].shape
        text_context = self._state["decoder.positional_embedding"].shape[0]
        mels = self._state["encoder.conv1.weight"].shape[1]
        dims = {
            "n_mels": mels,
            "n_audio_ctx": _AUDIO_CONTEXT,
            "n_audio_state": width,
            "n_audio_head": width // _HEAD_SIZE,
            "n_audio_layer": layers["encoder"],
            "n_vocab": vocabulary,
            "n_text_ctx": text_context,
            "n_text_state": width,
            "n_text_head": width // _HEAD_SIZE,
            "n_text_layer": layers["decoder"],
        }
        return Checkpoint(dims, self._state)

    def _layers(self, side: str) -> int:
        """Convert the transformer layers of one side and return how many there are."""
        number = 0
        while f"{side}/layer_{number}/self_attention/layer_norm/gamma" in self._variables:
            layer, block = f"{side}/layer_{number}", f"{side}.blocks.{number}"
            self._fused(f"{layer}/self_attention/linear_0", f"{block}.attn", ("query", "key", "value"))
            self._linear(f"{block}.attn.out", f"{layer}/self_attention/linear_1")
            self._norm(f"{block}.attn_ln", f"{layer}/self_attention/layer_norm")
            if side == "decoder":
                self._linear(f"{block}.cross_attn.query", f"{layer}/attention/linear_0")
                self._fused(f"{layer}/attention/linear_1", f"{block}.cross_attn", ("key", "value"))
                self._linear(f"{block}.cross_attn.out", f"{layer}/attention/linear_2")
                self._norm(f"{block}.cross_attn_ln", f"{layer}/attention/layer_norm")
            self._linear(f"{block}.mlp.0", f"{layer}/ffn/linear_0")
            self._linear(f"{block}.mlp.2", f"{layer}/ffn/linear_1")
            self._norm(f"{block}.mlp_ln", f"{layer}/ffn/layer_norm")
            number += 1
        return number

    def _fused(self, name: str, attention: str, parts: tuple[str, ...]) -> None:
        """Split one linear layer that CTranslate2 made of several projections; Whisper's keys have no bias."""
        weights = np.split(self._weight(name), len(parts))
        biases = np.split(self._value(f"{name}/bias"), len(parts))
        for part, weight, bias in zip(parts, weights, biases, strict=True):
            self._put(f"{attention}.{part}.weight", weight)
            if part != "key":
                self._put(f"{attention}.{part}.bias", bias)

    def _linear(self, target: str, name: str) -> None:
        self._put(f"{target}.weight", self._weight(name))
        self._put(f"{target}.bias", self._value(f"{name}/bias"))

    def _norm(self, target: str, name: str) -> None:
        self._put(f"{target}.weight", self._value(f"{name}/gamma"))
        self._put(f"{target}.bias", self._value(f"{name}/beta"))

    def _weight(self, name: str) -> npt.NDArray[np.float32]:
        """Return a weight matrix; rows of int8 are divided by their scale."""
        weight = self._value(f"{name}/weight")
        if f"{name}/weight_scale" not in self._variables:
            return weight
        return weight / self._value(f"{name}/weight_scale")[:, None]

    def _value(self, name: str) -> npt.NDArray[np.float32]:
        return self._variables[name].astype(np.float32)

    def _put(self, name: str, values: npt.NDArray[np.float32]) -> None:
        self._state[name] = np.ascontiguousarray(values, dtype=np.float32)
