"""The MakeHuman base mesh and its targets (CC0), as files: positions, faces by group, and offsets by vertex.

Coordinates: x to the person's left, y up, z forward; 1 unit = 1 dm. The whole mesh is a person; helpers are shapes
beside the body that follow it: eyes, teeth, tongue, lashes.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class MeshError(Exception):
    """A file of the base mesh that does not say what it should."""


@dataclass(frozen=True, slots=True)
class BaseMesh:
    """The mesh without any target."""

    positions: Floats
    """Shape (n, 3)."""
    uvs: Floats
    """Shape (n, 2), v upwards: one place for each vertex in the masks; at a seam the last one wins."""
    triangles: Mapping[str, Ints]
    """Group → triangles, shape (m, 3), counter-clockwise from outside."""


def read_mesh(path: Path) -> BaseMesh:
    """Read a Wavefront OBJ file of quads. Raises MeshError."""
    positions: list[list[float]] = []
    places: list[list[float]] = []
    corners: dict[str, list[tuple[int, int, int]]] = {}
    place_of: dict[int, int] = {}
    group = ""
    for line in path.read_text(encoding="ascii").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            positions.append([float(one) for one in rest.split()])
        elif kind == "vt":
            places.append([float(one) for one in rest.split()])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            pairs = [[int(one) - 1 for one in corner.split("/")[:2]] for corner in rest.split()]
            place_of |= {corner[0]: corner[1] for corner in pairs}
            ids = [vertex for vertex, _ in pairs]
            corners.setdefault(group, []).extend((ids[0], ids[k], ids[k + 1]) for k in range(1, len(ids) - 1))
    if not positions or not corners:
        raise MeshError(f"{path.name} holds no mesh")
    uvs = np.zeros((len(positions), 2))
    uvs[list(place_of)] = np.array(places)[list(place_of.values())]
    return BaseMesh(np.array(positions), uvs, {name: np.array(faces) for name, faces in corners.items()})


def read_target(path: Path, count: int) -> Floats:
    """Offsets of all ``count`` vertices, (count, 3), of a ``.target`` file, plain or gzipped. Raises MeshError."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    offsets = np.zeros((count, 3))
    try:
        ids = np.array([int(row[0]) for row in rows], dtype=np.int64)
        offsets[ids] = np.array([[float(one) for one in row[1:4]] for row in rows]).reshape(-1, 3)
    except (ValueError, IndexError) as error:
        raise MeshError(f"{path.name} is no target of this mesh") from error
    return offsets
