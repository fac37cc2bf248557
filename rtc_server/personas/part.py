"""One mesh of a head, and the geometry that all of them use (pure)."""

from dataclasses import dataclass

import numpy as np

from rtc_server.personas.base_mesh import Floats, Ints


@dataclass(frozen=True, slots=True)
class Part:
    """A mesh as it is written. Lengths in dm; colours are linear."""

    name: str
    positions: Floats
    """(n, 3)."""
    triangles: Ints
    """(m, 3), counter-clockwise from outside."""
    colours: Floats
    """(n, 3), 0 to 1."""
    uvs: Floats | None = None
    """(n, 2). On hair: along the strand, across it."""
    areas: Floats | None = None
    """(n, 4), 0 to 1: lips, lids, stubble, thin skin."""
    carriers: Ints | None = None
    """(n, k): vertices of the base mesh that carry each vertex; with their shares they move it in expressions."""
    shares: Floats | None = None
    """(n, k)."""
    centre: Floats | None = None
    """What it turns about: its positions are from there. None = positions are where they are."""
    parent: str = ""


def normals_of(positions: Floats, triangles: Ints) -> Floats:
    """Unit normals by vertex, shape (n, 3), weighted by area."""
    a, b, c = (positions[triangles[:, at]] for at in range(3))
    faces = np.cross(b - a, c - a)
    normals = np.zeros_like(positions)
    for at in range(3):
        np.add.at(normals, triangles[:, at], faces)
    return unit(normals)


def unit(vectors: Floats) -> Floats:
    """Of length 1, along the last axis; a zero vector stays zero."""
    lengths: Floats = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-9))


def smoothstep(start: float, end: float, values: Floats) -> Floats:
    """0 before ``start``, 1 after ``end``, smooth between; the two may be given in falling order."""
    share = np.clip((values - start) / (end - start), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def around(positions: Floats, centre: Floats | tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
    """1 at a place and falling off as a bell, shape (n,); ``reach`` by axis in dm."""
    distance = (positions - np.asarray(centre)) / np.asarray(reach)
    return np.asarray(np.exp(-(distance * distance).sum(axis=-1)))


def compacted(triangles: Ints) -> tuple[Ints, Ints]:
    """The vertices that triangles use, and the triangles among these alone."""
    used, places = np.unique(triangles, return_inverse=True)
    return used, places.reshape(triangles.shape)


def linear(colour: str) -> Floats:
    """``#rrggbb`` (sRGB) as three linear values (IEC 61966-2-1)."""
    values = np.array([int(colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def clipped(triangles: Ints, keep: Floats) -> tuple[Ints, Floats, Ints]:
    """Cut triangles along ``keep`` = 0 and keep the positive side.

    Returns, for each new vertex, the two old ones between which it lies, (k, 2), and its share of the second, (k,), and
    the triangles among the new vertices. A straight cut through coarse triangles, in place of their ragged edge.
    """
    pairs: dict[tuple[int, int], int] = {}
    places: list[tuple[int, int, float]] = []

    def vertex(a: int, b: int) -> int:
        key = (a, b) if a <= b else (b, a)
        if key not in pairs:
            first, second = key
            share = 0.0 if first == second else float(keep[first] / (keep[first] - keep[second]))
            pairs[key] = len(places)
            places.append((first, second, share))
        return pairs[key]

    kept: list[tuple[int, int, int]] = []
    for corners in triangles.tolist():
        outline: list[int] = []
        for at in range(3):
            here, following = corners[at], corners[(at + 1) % 3]
            if keep[here] > 0:
                outline.append(vertex(here, here))
            if (keep[here] > 0) != (keep[following] > 0):
                outline.append(vertex(here, following))
        kept += [(outline[0], outline[k], outline[k + 1]) for k in range(1, len(outline) - 1)]
    ends = np.array([place[:2] for place in places], dtype=np.int64).reshape(-1, 2)
    shares = np.array([place[2] for place in places])
    return ends, shares, np.array(kept, dtype=np.int64).reshape(-1, 3)


def between(values: Floats, ends: Ints, shares: Floats) -> Floats:
    """Values of old vertices at the new ones of ``clipped``."""
    return np.asarray(values[ends[:, 0]] * (1.0 - shares[:, None]) + values[ends[:, 1]] * shares[:, None])
