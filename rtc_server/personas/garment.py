"""Clothes: the body's own surface, smoothed and raised, cut along a neckline, with what finishes the edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtc_server.personas.base_mesh import Floats, Ints
from rtc_server.personas.eyes import grid_triangles
from rtc_server.personas.part import Part, between, clipped, compacted, linear, normals_of, smoothstep, unit
from rtc_server.personas.roster import Persona
from rtc_server.personas.shape import Shape
from rtc_server.personas.strands import Surface

Line = Sequence[tuple[float, float]]
"""Degrees around the neck from straight ahead, and height of the edge there above the chin, dm."""

_CREW: Line = ((0, -0.80), (35, -0.72), (70, -0.50), (105, -0.36), (180, -0.28))
_HIGH: Line = ((0, -0.62), (40, -0.58), (75, -0.44), (110, -0.33), (180, -0.26))
_OPEN: Line = ((0, -1.30), (12, -1.08), (28, -0.80), (52, -0.54), (80, -0.40), (110, -0.31), (180, -0.24))
_DEEP: Line = ((0, -1.95), (10, -1.62), (22, -1.20), (40, -0.78), (60, -0.52), (85, -0.39), (115, -0.32), (180, -0.26))
_NECK_BACK = 0.28
"""The axis of the neck lies this far behind the eyes' corners, dm; the angles are about it."""
_SMOOTHINGS = 6
_WIDEST, _LOWEST = 2.15, 1.8
"""Cloth further aside, or this far below the chin, is outside every picture."""


@dataclass(frozen=True, slots=True)
class _Cloth:
    """A piece of cloth and its upper edge."""

    positions: Floats
    triangles: Ints
    edge: Floats
    """Points of the edge around the neck in order, from behind on the left to behind on the right."""
    edge_normals: Floats


def garment_parts(persona: Persona, shape: Shape, skin: Surface) -> list[Part]:
    """What is worn, from the inside out."""
    worn, colour = persona.garment, linear(persona.garment.colour)
    second = linear(worn.second or worn.colour)
    if worn.neckline == "crew":
        cloth = _cut(shape, _CREW, 0.045)
        return [_part("garment", colour, cloth, _rib(cloth, 0.05))]
    if worn.neckline == "roll":
        cloth = _cut(shape, _HIGH, 0.05)
        return [_part("garment", colour, cloth, _roll(cloth, skin))]
    if worn.neckline == "jacket":
        inner, outer = _cut(shape, _OPEN, 0.02, 1.05), _cut(shape, _DEEP, 0.075)
        return [_part("garment_2", second, inner, _rib(inner, 0.022)), _part("garment", colour, outer, _lapel(outer))]
    cloth = _cut(shape, _OPEN, 0.035)
    return [_part("garment", colour, cloth, _collar(cloth))]


def _cut(shape: Shape, line: Line, height: float, widest: float = _WIDEST) -> _Cloth:
    """Cloth below a neckline, this high above the skin, and no further aside than ``widest``."""
    p = shape.positions
    corners = shape.body
    heights = p[corners][:, :, 1] - shape.chin
    wanted = (heights < 0.1).any(axis=1) & (heights > -2.25).all(axis=1)
    wanted &= (np.abs(p[corners][:, :, 0]) < 2.75).all(axis=1)
    used, triangles = compacted(corners[wanted])
    places, triangles = _divided(p[used], triangles)
    places = _smoothed(places, triangles)
    places = places + normals_of(places, triangles) * (height + 0.05 * _slack(shape, places))[:, None]
    in_picture = np.minimum(widest - np.abs(places[:, 0]), places[:, 1] - shape.chin + _LOWEST)
    ends, shares, triangles = clipped(triangles, in_picture)
    places = between(places, ends, shares)
    ends, shares, cut = clipped(triangles, _below(shape, places, line))
    places = between(places, ends, shares)
    used, cut = compacted(cut)
    places, on_edge = places[used], shares[used] > 0.0
    normals = normals_of(places, cut)
    order = np.argsort(_angles(shape, places[on_edge]), kind="stable")
    return _Cloth(places, cut, places[on_edge][order], normals[on_edge][order])


def _slack(shape: Shape, places: Floats) -> Floats:
    """Cloth hangs free below the shoulders."""
    return smoothstep(shape.chin - 0.7, shape.chin - 1.6, places[:, 1])


def _angles(shape: Shape, places: Floats) -> Floats:
    """Degrees around the neck: 0 straight ahead, positive to the person's left."""
    axis = shape.eyes["left"][2] - 0.6 - _NECK_BACK
    return np.asarray(np.degrees(np.arctan2(places[:, 0], places[:, 2] - axis)))


def _below(shape: Shape, places: Floats, line: Line) -> Floats:
    edge = np.interp(np.abs(_angles(shape, places)), [row[0] for row in line], [row[1] for row in line])
    return np.asarray(shape.chin + edge - places[:, 1])


def _edges(triangles: Ints) -> Ints:
    """The first side of each triangle, then the second ones, then the third, (3 m, 2), the lower vertex first."""
    return np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)


def _divided(places: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """Each triangle in four."""
    unique, which = np.unique(_edges(triangles), axis=0, return_inverse=True)
    middle = (which.ravel() + len(places)).reshape(3, -1)
    a, b, c = triangles.T
    ab, bc, ca = middle
    parts = [np.stack(corners, axis=1) for corners in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    return np.concatenate([places, places[unique].mean(axis=1)]), np.concatenate(parts)


def _smoothed(places: Floats, triangles: Ints) -> Floats:
    """Cloth bridges hollows: each vertex moves half way to the middle of its neighbours, a few times."""
    edges = np.unique(_edges(triangles), axis=0)
    count = np.bincount(edges.ravel(), minlength=len(places))[:, None]
    for _ in range(_SMOOTHINGS):
        total = np.zeros_like(places)
        np.add.at(total, edges[:, 0], places[edges[:, 1]])
        np.add.at(total, edges[:, 1], places[edges[:, 0]])
        places = places + 0.5 * (total / np.maximum(count, 1) - places)
    return places


def _outward(cloth: _Cloth) -> tuple[Floats, Floats]:
    """At each point of the edge: away from the cloth, and away from the body."""
    edge = cloth.edge
    along = unit(np.gradient(edge, axis=0))
    out = unit(cloth.edge_normals)
    up = unit(np.cross(out, along))
    return up * np.sign(up[:, 1:2] + 1e-9), out


def _even(cloth: _Cloth, count: int = 72) -> _Cloth:
    """The edge at even distances, its corners rounded off."""
    edge, normals = cloth.edge, cloth.edge_normals
    length = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(edge, axis=0) ** 2).sum(axis=1)))])
    at = np.linspace(0.0, length[-1], count)
    places = np.column_stack([np.interp(at, length, edge[:, axis]) for axis in range(3)])
    outward = np.column_stack([np.interp(at, length, normals[:, axis]) for axis in range(3)])
    return _Cloth(cloth.positions, cloth.triangles, _rounded(places, 4), unit(_rounded(outward, 4)))


def _rounded(line: Floats, times: int) -> Floats:
    """Each point of a line but its ends moves half way to the middle of its neighbours, a few times."""
    line = line.copy()
    for _ in range(times):
        line[1:-1] = 0.5 * line[1:-1] + 0.25 * (line[:-2] + line[2:])
    return line


def _strip(rows: Sequence[Floats]) -> tuple[Floats, Ints]:
    count = len(rows[0])
    return np.concatenate(rows), grid_triangles(len(rows), count)


def _rib(cloth: _Cloth, radius: float) -> tuple[Floats, Ints]:
    """A rounded border."""
    even = _even(cloth)
    up, out = _outward(even)
    turns = np.linspace(-0.6, 1.15, 8) * np.pi
    rows = [
        even.edge + radius * (up * (0.4 + np.sin(turn) * 0.9) + out * (np.cos(turn) * 0.55 + 0.1))
        for turn in turns[::-1]
    ]
    return _strip(rows)


def _roll(cloth: _Cloth, skin: Surface) -> tuple[Floats, Ints]:
    """A collar that stands up around the neck and folds over."""
    even = _even(cloth)
    rows = [even.edge - np.array([0.0, 0.08, 0.0])]
    for rise, gap in (
        (0.05, 0.105),
        (0.14, 0.125),
        (0.24, 0.125),
        (0.34, 0.11),
        (0.40, 0.085),
        (0.41, 0.055),
        (0.37, 0.03),
    ):
        place = even.edge + np.array([0.0, rise, 0.0])
        for _ in range(3):
            height, normal = skin.nearest(place)
            flat = unit(normal * np.array([1.0, 0.0, 1.0]))
            place = place + flat * (gap - height)[:, None]
        rows.append(_rounded(place, 6))
    return _strip(rows[::-1])


def _collar(cloth: _Cloth) -> tuple[Floats, Ints]:
    """A shirt's collar: up along the neck, over, and down in two points."""
    even = _even(cloth, 84)
    up, out = _outward(even)
    share = np.abs(np.linspace(-1.0, 1.0, len(even.edge)))  # 0 in front, 1 behind
    stand = 0.05 + 0.13 * smoothstep(0.25, 0.75, share)
    leaf = 0.16 + 0.15 * smoothstep(0.75, 0.28, share) * smoothstep(0.02, 0.26, share)
    leaf *= smoothstep(0.015, 0.10, share)
    down = np.array([0.0, -1.0, 0.0])
    away = unit(out - up * 0.35)
    top = even.edge + up * stand[:, None] + out * 0.015
    rows = [
        even.edge - up * 0.03, even.edge + up * (0.5 * stand)[:, None], top, top + away * 0.03 + down * 0.012,
        top + away * (0.035 + 0.10 * leaf)[:, None] + down * (0.5 * leaf)[:, None],
        top + away * (0.03 + 0.30 * leaf)[:, None] + down * leaf[:, None],
    ]  # fmt: skip
    return _strip(rows[::-1])


def _lapel(cloth: _Cloth) -> tuple[Floats, Ints]:
    """A jacket's collar and lapels: laid back on the cloth, widest where they point."""
    even = _even(cloth, 96)
    up, out = _outward(even)
    share = np.abs(np.linspace(-1.0, 1.0, len(even.edge)))
    width = 0.20 + 0.17 * smoothstep(0.62, 0.40, share) * smoothstep(0.0, 0.34, share)
    notch = np.exp(-(((share - 0.56) / 0.035) ** 2))
    width = (width - 0.11 * notch) * smoothstep(0.0, 0.10, share)
    stand = 0.10 * smoothstep(0.55, 0.9, share)
    top = even.edge + up * stand[:, None] + out * 0.03
    rows = [even.edge - up * 0.02 - out * 0.02, even.edge + up * (0.6 * stand)[:, None] + out * 0.012, top]
    for step, lift in ((0.15, 0.045), (0.5, 0.05), (0.85, 0.042), (1.0, 0.02)):
        rows.append(top - up * (width * step + stand * step)[:, None] + out * lift)
    return _strip(rows[::-1])


def _part(name: str, colour: Floats, cloth: _Cloth, finish: tuple[Floats, Ints]) -> Part:
    """Cloth and its border as one mesh; a little darker where it lies under something."""
    extra, triangles = finish
    positions = np.concatenate([cloth.positions, extra])
    triangles = np.concatenate([cloth.triangles, triangles + len(cloth.positions)])
    top = positions[:, 1].max()
    light = 0.86 + 0.14 * smoothstep(top - 1.6, top - 0.5, positions[:, 1])
    return Part(name, positions, triangles, np.clip(colour * light[:, None], 0.0, 1.0))
