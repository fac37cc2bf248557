"""Reads the heads back: just as much of glTF 2.0 as they use, written from the standard and not from the writer."""

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

TYPES = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True)
class Glb:
    """A binary glTF file, its container checked."""

    document: dict[str, Any]
    binary: bytes
    size_bytes: int
    """Of the whole file."""

    def node(self, name: str) -> dict[str, Any]:
        (found,) = [node for node in self.document["nodes"] if node["name"] == name]
        return dict(found)

    def primitive(self, name: str) -> dict[str, Any]:
        (primitive,) = self.document["meshes"][self.node(name)["mesh"]]["primitives"]
        return dict(primitive)

    def morphs(self, name: str) -> list[str]:
        return list(self.document["meshes"][self.node(name)["mesh"]].get("extras", {}).get("targetNames", []))

    def triangles(self, name: str) -> Array:
        return self.values(self.primitive(name)["indices"]).reshape(-1, 3)

    def attribute(self, name: str, attribute: str) -> Array:
        return self.values(self.primitive(name)["attributes"][attribute])

    def places(self, name: str, **weights: float) -> Array:
        """Vertices in the scene, (n, 3), with these expressions at these weights. Nodes are not turned."""
        points = self.attribute(name, "POSITION")
        names = self.morphs(name)
        for morph, weight in weights.items():
            if morph in names:
                points = points + weight * self.values(self.primitive(name)["targets"][names.index(morph)]["POSITION"])
        here: str | None = name
        while here is not None:
            node = self.node(here)
            points = points * np.array(node.get("scale", [1, 1, 1])) + np.array(node.get("translation", [0, 0, 0]))
            here = self._parent(here)
        return points

    def values(self, index: int) -> Array:
        """An accessor as floats, (count, width); scalars as they are, (count,)."""
        accessor = self.document["accessors"][index]
        width, kind = WIDTHS[accessor["type"]], TYPES[accessor["componentType"]]
        if "bufferView" in accessor:
            found = self._read(accessor["bufferView"], accessor.get("byteOffset", 0), kind, accessor["count"], width)
        else:
            found = np.zeros((accessor["count"], width), kind)
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            at, new = sparse["indices"], sparse["values"]
            ids = self._read(at["bufferView"], at.get("byteOffset", 0), TYPES[at["componentType"]], sparse["count"], 1)
            assert (np.diff(ids[:, 0].astype(int)) > 0).all(), "indices of a sparse accessor rise"
            found = found.copy()
            found[ids[:, 0]] = self._read(new["bufferView"], new.get("byteOffset", 0), kind, sparse["count"], width)
        if accessor["type"] == "SCALAR":
            return found[:, 0].astype(int)
        scale = float(np.iinfo(found.dtype).max) if accessor.get("normalized") else 1.0
        return np.maximum(found / scale, -1.0)

    def _parent(self, name: str) -> str | None:
        index = [node["name"] for node in self.document["nodes"]].index(name)
        parents = [node["name"] for node in self.document["nodes"] if index in node.get("children", [])]
        return parents[0] if parents else None

    def _read(self, view_index: int, offset: int, kind: Any, count: int, width: int) -> Array:
        view = self.document["bufferViews"][view_index]
        size = np.dtype(kind).itemsize
        stride = view.get("byteStride", size * width)
        start = view.get("byteOffset", 0) + offset
        assert start % size == 0, "an accessor begins at a multiple of its component"
        if count:
            assert offset + stride * (count - 1) + size * width <= view["byteLength"], "an accessor ends in its view"
        return np.ndarray((count, width), kind, self.binary, start, (stride, size))


def read_glb(content: bytes) -> Glb:
    """Header and two chunks, lengths checked."""
    magic, version, total = struct.unpack_from("<4sII", content)
    assert (magic, version, total) == (b"glTF", 2, len(content))
    length, kind = struct.unpack_from("<I4s", content, 12)
    assert kind == b"JSON"
    assert length % 4 == 0
    document = json.loads(content[20 : 20 + length])
    binary_length, kind = struct.unpack_from("<I4s", content, 20 + length)
    assert kind == b"BIN\0"
    binary = content[28 + length :]
    assert len(binary) == binary_length
    (buffer,) = document["buffers"]
    assert 0 <= len(binary) - buffer["byteLength"] < 4
    return Glb(document, binary, total)
