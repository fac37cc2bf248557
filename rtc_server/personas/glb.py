"""Writes a head as binary glTF 2.0 (ISO/IEC 12113), small: 16-bit positions (KHR_mesh_quantization), sparse targets."""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rtc_server.personas.base_mesh import Floats
from rtc_server.personas.part import Part, normals_of

SHORT, BYTE, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT = 5122, 5120, 5121, 5123, 5125
_TYPES = {SHORT: np.int16, BYTE: np.int8, UNSIGNED_BYTE: np.uint8, UNSIGNED_SHORT: np.uint16, UNSIGNED_INT: np.uint32}
_STEPS = {SHORT: 32767.0, BYTE: 127.0, UNSIGNED_BYTE: 255.0, UNSIGNED_SHORT: 65535.0}

SMALLEST_MOVE = 0.004
"""Movements below this share of half a part's size are left out of an expression."""
SMALLEST_REACH = 0.01
"""An expression that nowhere moves a part this far is left out of it."""


class GlbWriter:
    """Collects meshes; ``content`` is the file."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._length = 0
        self._moves = bytearray()
        self._in_moves: list[dict[str, int]] = []
        """What lies in the view that all movements share; its number is known last."""
        self._placed: dict[str, tuple[dict[str, Any], Floats, float]] = {}
        """Part → its node, its centre and half its size."""
        self._json: dict[str, list[Any]] = {"bufferViews": [], "accessors": [], "meshes": [], "nodes": []}

    def add(self, part: Part, moves: Mapping[str, Floats]) -> None:
        """One mesh with its node. ``moves``: expression → offsets of its vertices, shape (n, 3)."""
        low, high = part.positions.min(axis=0), part.positions.max(axis=0)
        middle = (low + high) / 2 if part.centre is None else np.zeros(3)
        size = float(np.abs(part.positions - middle).max())
        attributes = {
            "POSITION": self._vectors((part.positions - middle) / size, SHORT, bounds=True),
            "COLOR_0": self._vectors(part.colours, UNSIGNED_BYTE),
        }
        if part.centre is not None:  # Elsewhere the reader works them out: a face that moves needs new ones anyway.
            attributes["NORMAL"] = self._vectors(normals_of(part.positions, part.triangles), BYTE)
        if part.uvs is not None:
            attributes["TEXCOORD_0"] = self._vectors(part.uvs, UNSIGNED_SHORT)
        if part.areas is not None:
            attributes["_AREAS"] = self._vectors(part.areas, UNSIGNED_BYTE)
        wanted = {name: move for name, move in moves.items() if np.abs(move).max() >= SMALLEST_REACH}
        primitive: dict[str, Any] = {"attributes": attributes, "indices": self._indices(part.triangles), "material": 0}
        if wanted:
            primitive["targets"] = [{"POSITION": self._sparse(move / size)} for move in wanted.values()]
        self._json["meshes"].append(
            {"name": part.name, "primitives": [primitive], "extras": {"targetNames": list(wanted)}}
        )
        centre = middle if part.centre is None else part.centre
        carrier, origin, unit = self._placed.get(part.parent, ({}, np.zeros(3), 1.0))
        place = middle if part.centre is None else centre - origin
        node: dict[str, Any] = {
            "name": part.name,
            "mesh": len(self._json["meshes"]) - 1,
            "translation": [round(float(one) / unit, 6) for one in place],
            "scale": [size / unit] * 3,
        }
        self._json["nodes"].append(node)
        self._placed[part.name] = (node, centre, size)
        if part.parent:
            carrier.setdefault("children", []).append(len(self._json["nodes"]) - 1)

    def content(self, persona: Mapping[str, Any]) -> bytes:
        """The whole file; ``persona`` goes into the scene's extras."""
        children = {child for node in self._json["nodes"] for child in node.get("children", [])}
        roots = [index for index in range(len(self._json["nodes"])) if index not in children]
        if self._moves:
            view = self._view(bytes(self._moves))
            for place in self._in_moves:
                place["bufferView"] = view
        document = {
            "asset": {"version": "2.0", "generator": "visavis"},
            "extensionsUsed": ["KHR_mesh_quantization"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "scene": 0,
            "scenes": [{"nodes": roots, "extras": {"persona": persona}}],
            "materials": [{"doubleSided": True, "pbrMetallicRoughness": {"metallicFactor": 0.0}}],
            **self._json,
            "buffers": [{"byteLength": self._length}],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        binary = b"".join(self._chunks)
        total = 12 + 8 + len(text) + 8 + len(binary)
        return b"".join(
            [
                struct.pack("<III", 0x46546C67, 2, total),
                struct.pack("<II", len(text), 0x4E4F534A), text,
                struct.pack("<II", len(binary), 0x004E4942), binary,
            ]
        )  # fmt: skip

    def _indices(self, triangles: npt.NDArray[np.int64]) -> int:
        kind = UNSIGNED_SHORT if triangles.max() < 65535 else UNSIGNED_INT
        view = self._view(triangles.ravel().astype(_TYPES[kind]).tobytes(), target=34963)
        return self._accessor({"bufferView": view, "componentType": kind, "count": triangles.size, "type": "SCALAR"})

    def _vectors(self, values: Floats, kind: int, *, bounds: bool = False) -> int:
        """Normalised; each vertex begins at a multiple of four bytes, as glTF wants it."""
        steps = _quantised(values, kind)
        bytes_each = steps.itemsize * steps.shape[1]
        stride = bytes_each + (-bytes_each % 4)
        padded = np.zeros((len(steps), stride // steps.itemsize), steps.dtype)
        padded[:, : steps.shape[1]] = steps
        view = self._view(padded.tobytes(), target=34962, stride=stride)
        accessor: dict[str, Any] = {"bufferView": view, "componentType": kind, "normalized": True, "count": len(steps)}
        accessor["type"] = f"VEC{steps.shape[1]}"
        if bounds:
            accessor |= {"min": steps.min(axis=0).tolist(), "max": steps.max(axis=0).tolist()}
        return self._accessor(accessor)

    def _sparse(self, move: Floats) -> int:
        moved = np.flatnonzero(np.abs(move).max(axis=1) >= SMALLEST_MOVE)
        steps = _quantised(move[moved], SHORT)
        indices: dict[str, int] = self._in_shared_view(moved.astype(np.uint16).tobytes())
        indices["componentType"] = UNSIGNED_SHORT
        return self._accessor(
            {
                "componentType": SHORT,
                "normalized": True,
                "count": len(move),
                "type": "VEC3",
                "sparse": {
                    "count": len(moved),
                    "indices": indices,
                    "values": self._in_shared_view(steps.tobytes()),
                },
            }
        )

    def _in_shared_view(self, content: bytes) -> dict[str, int]:
        """All movements share one view, the last, which saves its description a hundred times."""
        place = {"bufferView": 0, "byteOffset": len(self._moves)}
        self._moves += content + b"\0" * (-len(content) % 4)
        self._in_moves.append(place)
        return place

    def _view(self, content: bytes, target: int = 0, stride: int = 0) -> int:
        view: dict[str, Any] = {"buffer": 0, "byteOffset": self._length, "byteLength": len(content)}
        view |= {"target": target} if target else {}
        view |= {"byteStride": stride} if stride else {}
        self._json["bufferViews"].append(view)
        padded = content + b"\0" * (-len(content) % 4)
        self._chunks.append(padded)
        self._length += len(padded)
        return len(self._json["bufferViews"]) - 1

    def _accessor(self, accessor: Mapping[str, Any]) -> int:
        self._json["accessors"].append(accessor)
        return len(self._json["accessors"]) - 1


def _quantised(values: Floats, kind: int) -> npt.NDArray[Any]:
    return (
        np.round(np.clip(values, -1.0, 1.0) * _STEPS[kind])
        .clip(-_STEPS[kind] if kind in (SHORT, BYTE) else 0)
        .astype(_TYPES[kind])
    )


def write(parts: Sequence[Part], moves: Mapping[str, Floats], persona: Mapping[str, Any]) -> bytes:
    """A head of these parts. ``moves``: expression → offsets of all vertices of the base mesh, shape (count, 3)."""
    writer = GlbWriter()
    for part in parts:
        carried: dict[str, Floats] = {}
        if part.carriers is not None and part.shares is not None:
            for name, offsets in moves.items():
                carried[name] = np.einsum("nk,nkc->nc", part.shares, offsets[part.carriers])
        writer.add(part, carried)
    return writer.content(persona)
