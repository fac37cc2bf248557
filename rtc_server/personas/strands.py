"""Ribbons along paths: locks of hair, single brow hairs, lashes (pure)."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from rtc_server.personas.base_mesh import Floats, Ints
from rtc_server.personas.eyes import grid_triangles
from rtc_server.personas.part import unit


@dataclass(frozen=True, slots=True)
class Ribbons:
    """Many ribbons in one mesh."""

    positions: Floats
    """(n, 3)."""
    triangles: Ints
    uvs: Floats
    """Along the strand from root to tip, and across it."""
    along: Floats
    """(n,): 0 at the root, 1 at the tip."""
    strand: Ints
    """(n,): number of its ribbon."""


def ribbons(paths: Floats, outward: Floats, widths: Floats, *, bulge: float = 0.35, across: int = 3) -> Ribbons:
    """Ribbons of a lens-shaped section.

    ``paths``: (count, steps, 3); ``outward``: the same, where their broad side looks; ``widths``: (count, steps), half
    the width.
    ``bulge``: height of the section as a share of half its width; ``across``: points of the section.
    """
    count, steps, _ = paths.shape
    tangents = unit(np.gradient(paths, axis=1))
    side = unit(np.cross(tangents, outward))
    out = unit(np.cross(side, tangents))
    v = np.linspace(-1.0, 1.0, across)
    height = bulge * (1.0 - v * v)
    points = (
        paths[:, :, None, :]
        + side[:, :, None, :] * (widths[:, :, None] * v)[..., None]
        + out[:, :, None, :] * (widths[:, :, None] * height)[..., None]
    )
    one = grid_triangles(steps, across)[:, ::-1]
    triangles = (one[None] + (np.arange(count) * steps * across)[:, None, None]).reshape(-1, 3)
    along = np.broadcast_to(np.linspace(0.0, 1.0, steps)[None, :, None], (count, steps, across))
    # Each ribbon shows another strip of the fibres.
    shift = (np.arange(count) * 0.6180339887) % 1.0
    place = np.broadcast_to(shift[:, None, None] * 0.7 + (v + 1.0) * 0.15, (count, steps, across))
    return Ribbons(
        positions=points.reshape(-1, 3),
        triangles=triangles,
        uvs=np.stack([along.ravel(), place.ravel()], axis=1),
        along=along.ravel().copy(),
        strand=np.repeat(np.arange(count), steps * across),
    )


def tufts(places: Floats, outward: Floats, sizes: Floats, random: np.random.Generator) -> Ribbons:
    """Uneven balls: curls that stand close. Their fibres run from the crown of each ball down its sides."""
    rings, sectors = 5, 7
    polar, turn = np.linspace(0.0, 0.82 * np.pi, rings), np.linspace(0.0, 2 * np.pi, sectors)
    aside = unit(np.cross(outward, np.array([0.31, 0.87, 0.39])))
    across = np.cross(outward, aside)
    bumps = 1.0 + 0.22 * (random.random((len(places), rings, sectors)) - 0.5)
    bumps[:, 0], bumps[:, :, -1] = bumps[:, :1, 0], bumps[:, :, 0]
    ball = (
        outward[:, None, None] * np.cos(polar)[:, None, None]
        + aside[:, None, None] * (np.sin(polar)[:, None] * np.cos(turn))[..., None]
        + across[:, None, None] * (np.sin(polar)[:, None] * np.sin(turn))[..., None]
    )
    points = places[:, None, None] + ball * (bumps * sizes[:, None, None])[..., None]
    one = grid_triangles(rings, sectors)
    triangles = (one[None] + (np.arange(len(places)) * rings * sectors)[:, None, None]).reshape(-1, 3)
    along = np.broadcast_to(1.0 - polar[:, None] / polar[-1], (rings, sectors)).ravel()
    uvs = np.stack([along, np.broadcast_to(np.linspace(0.0, 1.0, sectors), (rings, sectors)).ravel()], axis=1)
    return Ribbons(
        points.reshape(-1, 3), triangles, np.tile(uvs, (len(places), 1)), np.tile(along, len(places)),
        np.repeat(np.arange(len(places)), rings * sectors),
    )  # fmt: skip


class Surface:
    """A mesh that strands grow on and must not enter."""

    def __init__(self, positions: Floats, normals: Floats, triangles: Ints) -> None:
        self.ids = np.unique(triangles)
        self._positions, self._normals = positions[self.ids], normals[self.ids]
        self._all, self._all_normals, self._triangles = positions, normals, triangles
        self._tree = cKDTree(self._positions)

    def nearest(self, points: Floats) -> tuple[Floats, Floats]:
        """Height of points above the surface, (n,), and its normals there, (n, 3), smoothed over three vertices."""
        distances, found = self._tree.query(points, k=3)
        share = 1.0 / np.maximum(distances, 1e-6)
        share /= share.sum(axis=1, keepdims=True)
        normals = unit((self._normals[found] * share[..., None]).sum(axis=1))
        feet = (self._positions[found] * share[..., None]).sum(axis=1)
        return np.asarray(((points - feet) * normals).sum(axis=1)), normals

    def carriers(self, points: Floats) -> tuple[Ints, Floats]:
        """Vertices of the base mesh that carry points, (n, 3), and their shares."""
        distances, found = self._tree.query(points, k=3)
        share = 1.0 / np.maximum(distances, 1e-4)
        return self.ids[found], np.asarray(share / share.sum(axis=1, keepdims=True))

    def project(self, points: Floats) -> Floats:
        """Points of the front of the surface with the same x and y, found by the nearest vertices in x and y."""
        front = self._normals[:, 2] > 0.1
        tree = cKDTree(self._positions[front][:, :2])
        distances, found = tree.query(points[:, :2], k=4)
        near = self._positions[front][found]
        normals = self._normals[front][found]
        # Each neighbour's tangent plane says a height; the nearest count most.
        delta = points[:, None, :2] - near[..., :2]
        z = near[..., 2] - (delta * normals[..., :2]).sum(axis=2) / np.maximum(normals[..., 2], 0.25)
        share = 1.0 / np.maximum(distances, 1e-4) ** 2
        return np.column_stack([points[:, :2], (z * share).sum(axis=1) / share.sum(axis=1)])

    def scattered(self, weights: Floats, count: int, random: np.random.Generator) -> Floats:
        """About ``count`` points spread evenly over the triangles where ``weights`` (by vertex) are; (count, 3)."""
        share = weights[self._triangles].mean(axis=1)
        a, b, c = (self._all[self._triangles[:, at]] for at in range(3))
        area = np.sqrt((np.cross(b - a, c - a) ** 2).sum(axis=1)) * share
        ends = np.cumsum(area)
        chosen = np.searchsorted(ends, random.random(count * 5) * ends[-1])
        first, second = random.random(len(chosen)), random.random(len(chosen))
        flip = first + second > 1.0
        first, second = np.where(flip, 1 - first, first)[:, None], np.where(flip, 1 - second, second)[:, None]
        points = a[chosen] * (1 - first - second) + b[chosen] * first + c[chosen] * second
        return _spread(points, count)


def _spread(points: Floats, count: int) -> Floats:
    """Of too many points those that keep away from each other: always the one that is farthest from all so far."""
    chosen = [0]
    distance = ((points - points[0]) ** 2).sum(axis=1)
    while len(chosen) < min(count, len(points)):
        farthest = int(distance.argmax())
        chosen.append(farthest)
        distance = np.minimum(distance, ((points - points[farthest]) ** 2).sum(axis=1))
    return points[chosen]
