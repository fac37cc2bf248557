"""A head of a few triangles as binary glTF, quantised and sparse like those of the personas."""

import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FACTS: dict[str, Any] = {
    "id": "ava", "name": "Ava", "eyeRadius": 0.16, "irisRadius": 0.07, "irisColour": [90, 70, 40],
    "faceCentre": [0, 6.4, 1.1], "headTop": 7.6, "chin": 5.4, "skin": {"colour": "#d9a184", "roughness": 0.5},
    "hair": {"colour": "#553021", "shine": 0.6}, "garment": {"colour": "#1f5b4e", "kind": "knit"},
}  # fmt: skip

SCALE = [1.5, 1.2, 1.5]
MIDDLE = (0.0, 6.0, 0.5)
COMPONENTS = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}
TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}


class HeadFile:
    """Collects meshes and nodes, then writes one file."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0"}, "extensionsRequired": ["KHR_mesh_quantization"], "scene": 0, "nodes": [],
            "scenes": [{"nodes": [], "extras": {"persona": FACTS}}], "meshes": [], "accessors": [], "bufferViews": [],
        }  # fmt: skip
        self.binary = bytearray()

    def view(self, values: NDArray[Any]) -> int:
        """Append bytes, aligned to four."""
        self.json["bufferViews"].append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": values.nbytes})
        self.binary += values.tobytes() + bytes(-values.nbytes % 4)
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: NDArray[Any], **more: Any) -> int:
        """A plain accessor; small integers count as normalised unless told otherwise."""
        width = values.shape[1] if values.ndim == 2 else 1
        kind = str(values.dtype)
        normalized = {"normalized": True} if kind in ("int8", "uint8", "int16", "uint16") else {}
        described = {"bufferView": self.view(values), "componentType": COMPONENTS[kind], "count": len(values)}
        self.json["accessors"].append(described | {"type": TYPES[width]} | normalized | more)
        return len(self.json["accessors"]) - 1

    def sparse(self, count: int, places: list[int], values: NDArray[Any]) -> int:
        """An accessor that is zero but for a few elements."""
        indices = {"bufferView": self.view(np.array(places, np.uint16)), "componentType": COMPONENTS["uint16"]}
        sparse = {"count": len(places), "indices": indices, "values": {"bufferView": self.view(values)}}
        described = {"componentType": COMPONENTS["int16"], "normalized": True, "count": count, "type": "VEC3"}
        self.json["accessors"].append(described | {"sparse": sparse})
        return len(self.json["accessors"]) - 1

    def plate(self, name: str, targets: tuple[str, ...] = (), translation: Sequence[float] = MIDDLE) -> dict[str, Any]:
        """A node with a square that faces the viewer; each target moves its first corner down by 0.5 of the scale."""
        corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * 32767
        attributes = {
            "POSITION": self.accessor(corners.astype(np.int16)),
            "NORMAL": self.accessor(np.tile(np.array([0, 0, 127], np.int8), (4, 1))),
            "TEXCOORD_0": self.accessor(np.array([[0, 0], [65535, 0], [65535, 65535], [0, 65535]], np.uint16)),
            "COLOR_0": self.accessor(np.tile(np.array([255, 102, 51], np.uint8), (4, 1))),
        }
        if name == "skin":
            attributes["_AREAS"] = self.accessor(np.tile(np.array([255, 0, 0, 51], np.uint8), (4, 1)))
        indices = self.accessor(np.array([0, 1, 2, 0, 2, 3], np.uint16), normalized=False)
        down = np.array([[0, -16384, 0]], np.int16)
        shapes = [{"POSITION": self.sparse(4, [0], down)} for _ in targets]
        primitive = {"attributes": attributes, "indices": indices, "targets": shapes}
        self.json["meshes"].append({"name": name, "primitives": [primitive], "extras": {"targetNames": list(targets)}})
        return self.node(name, scale=SCALE, translation=list(translation))

    def node(self, name: str, **more: Any) -> dict[str, Any]:
        """A node for the newest mesh, a child of the scene."""
        node = {"name": name, "mesh": len(self.json["meshes"]) - 1} | more
        self.json["nodes"].append(node)
        self.json["scenes"][0]["nodes"].append(len(self.json["nodes"]) - 1)
        return node

    def write(self) -> bytes:
        """The file."""
        self.json["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.json).encode()
        text += b" " * (-len(text) % 4)
        length = 12 + 8 + len(text) + 8 + len(self.binary)
        header = struct.pack("<4sII", b"glTF", 2, length)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(self.binary), b"BIN\0")
        return header + chunks + bytes(self.binary)


def tiny_head() -> bytes:
    """Every part that the renderer knows, each a square."""
    head = HeadFile()
    for name in ("skin", "teeth_upper", "teeth_lower", "tongue", "mouth", "lashes", "brows"):
        head.plate(name, targets=("jawOpen", "eyeBlinkLeft"))
    for name in ("hair", "garment", "garment_2"):
        head.plate(name)
    for side, x in (("left", 0.3), ("right", -0.3)):
        head.plate(f"eye_{side}", translation=[x, 6.5, 1.0])["scale"] = [0.16, 0.16, 0.16]
        eye = len(head.json["nodes"]) - 1
        head.plate(f"cornea_{side}", translation=[0.0, 0.0, 0.5])["scale"] = [0.5, 0.5, 0.5]
        head.json["scenes"][0]["nodes"].remove(eye + 1)
        head.json["nodes"][eye]["children"] = [eye + 1]
    return head.write()
