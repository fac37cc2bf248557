"""Reading the weights of TensorFlow.js: a manifest (JSON) that says which tensors lie in which binary files.

Format: https://github.com/tensorflow/tfjs, ``tfjs-core/src/io/types.ts`` (WeightsManifestConfig). A face-api manifest
is the bare list; a graph model holds the same list as ``weightsManifest``.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vision.models.importers.errors import ImportFailed

Tensor = npt.NDArray[np.float32] | npt.NDArray[np.int32]

PLAIN_TYPES: Mapping[str, npt.DTypeLike] = {"float32": "<f4", "int32": "<i4"}
QUANTISED_TYPES: Mapping[str, npt.DTypeLike] = {"uint8": "u1", "uint16": "<u2", "float16": "<f2"}


def read_weights(manifest: object, path: Path) -> dict[str, Tensor]:
    """All tensors of a manifest by name; quantised ones come back as float32.

    ``path`` is the file that the manifest was read from: its binary files stand beside it.

    Raises:
        ImportFailed: the manifest has another form, or a binary file is missing or has another size.
    """
    if not isinstance(manifest, list) or not all(
        isinstance(group, dict) and isinstance(group.get("paths"), list) and isinstance(group.get("weights"), list)
        for group in manifest
    ):
        raise ImportFailed(path, "it has no list of weight groups with 'paths' and 'weights'")
    weights: dict[str, Tensor] = {}
    for group in manifest:
        content = b"".join(_shard(path, name) for name in group["paths"])
        offset = 0
        for entry in group["weights"]:
            name, tensor, offset = _tensor(entry, content, offset, path)
            weights[name] = tensor
        if offset != len(content):
            names = ", ".join(group["paths"])
            raise ImportFailed(path, f"{names} holds {len(content)} bytes, but the manifest describes {offset}")
    return weights


def _shard(path: Path, name: str) -> bytes:
    if Path(name).name != name:
        raise ImportFailed(path, f"its binary file {name!r} does not stand beside it")
    try:
        return (path.parent / name).read_bytes()
    except FileNotFoundError as error:
        raise ImportFailed(path, f"its binary file {name} is missing") from error


def _tensor(entry: Any, content: bytes, offset: int, path: Path) -> tuple[str, Tensor, int]:
    """Name and value of the tensor at ``offset``, and the offset behind it."""
    try:
        name, shape, plain = str(entry["name"]), tuple(int(size) for size in entry["shape"]), entry["dtype"]
        quantised = entry.get("quantization")
        stored = np.dtype(QUANTISED_TYPES[quantised["dtype"]] if quantised else PLAIN_TYPES[plain])
        scale, minimum = (quantised.get("scale"), quantised.get("min")) if quantised else (None, None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ImportFailed(path, f"a weight has no name, shape or known type: {str(entry)[:120]}") from error
    count = math.prod(shape)
    end = offset + count * stored.itemsize
    if end > len(content):
        raise ImportFailed(path, f"the binary files end before the weight {name!r}")
    values = np.frombuffer(content, stored, count, offset).reshape(shape)
    if not quantised and plain == "int32":
        return name, values.astype(np.int32), end
    # Two float32 steps, as TensorFlow.js does it: the result must not depend on the platform.
    tensor = values.astype(np.float32)
    if scale is not None:
        tensor = tensor * np.float32(scale) + np.float32(minimum)
    return name, tensor, end
