"""The shape of a face out of the model bundle: MediaPipe's canonical face model, in centimetres."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

METADATA = "geometry_pipeline_metadata_landmarks.binarypb"
MESH_FIELD, VERTEX_FIELD, INDEX_FIELD = 1, 3, 4
"""Fields of MediaPipe's messages ``GeometryPipelineMetadata`` and ``Mesh3d``."""
VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5
FLOATS_PER_VERTEX = 5


@dataclass(frozen=True)
class Surface:
    """Triangles in space: x to the person's left, y up, z towards the viewer."""

    vertices: npt.NDArray[np.float64]
    """(n, 3)."""
    triangles: npt.NDArray[np.int64]
    """(m, 3) indices of vertices."""


@cache
def canonical_face(task_file: Path) -> Surface:
    """468 points, numbered as landmarks are, and 898 triangles with holes for the eyes and the mouth, if any."""
    with zipfile.ZipFile(task_file) as archive:
        metadata = archive.read(METADATA)
    mesh = next(value for field, value in _fields(metadata) if field == MESH_FIELD)
    assert isinstance(mesh, bytes)
    floats = b"".join(v for field, v in _fields(mesh) if field == VERTEX_FIELD and isinstance(v, bytes))
    indices = [v for field, v in _fields(mesh) if field == INDEX_FIELD and isinstance(v, int)]
    vertices = np.frombuffer(floats, "<f4").reshape(-1, FLOATS_PER_VERTEX)[:, :3].astype(np.float64)
    return Surface(vertices, np.array(indices, np.int64).reshape(-1, 3))


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a protocol buffer message, undecoded."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        kind = tag & 7
        if kind == VARINT:
            number, position = _varint(message, position)
            yield tag >> 3, number
            continue
        if kind == BYTES:
            length, position = _varint(message, position)
        else:
            length = {FIXED_64: 8, FIXED_32: 4}[kind]
        yield tag >> 3, message[position : position + length]
        position += length


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
