"""Brows and lashes: single hairs that move with the skin that carries them."""

import itertools

import numpy as np

from rtc_server.personas.base_mesh import Floats
from rtc_server.personas.part import Part, linear, unit
from rtc_server.personas.roster import Persona
from rtc_server.personas.shape import Shape
from rtc_server.personas.strands import Ribbons, Surface, ribbons

_LASH_COLOUR = linear("#1a110d")
_BROW_HAIRS = 120
_UPPER_LASHES, _LOWER_LASHES = 30, 9


def brow_part(persona: Persona, shape: Shape, skin: Surface, random: np.random.Generator) -> Part:
    """Both brows."""
    groups = [_brow(persona, shape, skin, side, random) for side in (1.0, -1.0)]
    return _hairs("brows", groups, linear(persona.hair.brow), skin, random)


def _brow(persona: Persona, shape: Shape, skin: Surface, side: float, random: np.random.Generator) -> Ribbons:
    """From the nose outwards: upright at first, then along the arch, the upper ones downwards."""
    eye = shape.eyes["left" if side > 0 else "right"]
    weight = persona.hair.brow_weight
    count = int(_BROW_HAIRS * (0.7 + 0.3 * weight))
    t = (np.arange(count) + random.random(count)) / count
    across = random.random(count) * 2 - 1
    inner, outer = 0.46, 1.76
    x = np.abs(eye[0]) * (inner + (outer - inner) * t)
    arch = 0.258 + 0.07 * np.sin(np.clip(t * 1.18, 0, 1) * np.pi * 0.62) - 0.115 * np.clip(t - 0.62, 0, 1) ** 1.3 * 2
    thick = 0.034 * weight * np.clip(0.45 + 2.6 * t, 0.0, 1.0) * np.clip(1.25 - t, 0.25, 1.0)
    y = eye[1] + arch + across * thick
    angle = np.radians(52 * (1 - np.clip(t / 0.3, 0, 1)) + 14 - 32 * t - across * 22)
    length = (0.10 - 0.03 * t) * (0.8 + 0.4 * random.random(count))
    steps = np.linspace(0.0, 1.0, 3)
    bend = -0.35 * np.abs(np.sin(angle))
    path_x = x[:, None] + length[:, None] * np.cos(angle)[:, None] * steps
    path_y = y[:, None] + length[:, None] * (np.sin(angle)[:, None] * steps + bend[:, None] * steps**2)
    points = np.stack([side * path_x, path_y, np.zeros_like(path_x)], axis=-1)
    paths = skin.project(points.reshape(-1, 3)).reshape(points.shape)
    _, out = skin.nearest(paths.reshape(-1, 3))
    out = out.reshape(paths.shape)
    paths = paths + out * (0.004 + 0.012 * steps * (1 - steps) * 4)[None, :, None]
    widths = np.outer(0.0062 * (0.8 + 0.4 * random.random(count)), np.array([0.85, 1.0, 0.15]))
    return ribbons(paths, out, widths, across=2)


def lash_part(persona: Persona, shape: Shape, random: np.random.Generator) -> Part:
    """Lashes of both eyes, grown from the edge of the strips that the base mesh has there."""
    weight = 1.0 if persona.gender == "female" else 0.62
    groups, ids = [], []
    for side in ("l", "r"):
        eye = shape.eyes["left" if side == "l" else "right"]
        for strip, count, up, length in (("2", _UPPER_LASHES, 1.0, 0.12), ("1", _LOWER_LASHES, -1.0, 0.03)):
            vertices = np.unique(shape.mesh.triangles[f"helper-{side}-eyelashes-{strip}"])
            ids.append(vertices)
            groups.append(_row(shape.positions[vertices], eye, count, up, length * weight, random))
    strips = np.concatenate(ids)
    forward = np.tile([0.0, 0.0, 1.0], (len(shape.positions), 1))
    surface = Surface(shape.positions, forward, strips.reshape(1, -1))
    return _hairs("lashes", groups, _LASH_COLOUR, surface, random)


def _row(strip: Floats, eye: Floats, count: int, up: float, length: float, random: np.random.Generator) -> Ribbons:
    """Lashes along the edge of a lid: outwards, curved upwards, longest towards the outer corner."""
    distance = np.sqrt(((strip - eye) ** 2).sum(axis=1))
    edges = np.linspace(strip[:, 0].min(), strip[:, 0].max(), 13)
    root = []
    for low, high in itertools.pairwise(edges):
        inside = np.flatnonzero((strip[:, 0] >= low - 1e-6) & (strip[:, 0] <= high + 1e-6))
        if len(inside):
            root.append(strip[inside[distance[inside].argmin()]])
    line = np.array(root)
    share = (np.arange(count) + 0.5 + 0.5 * (random.random(count) - 0.5)) / count
    at = share * (len(line) - 1)
    first = np.clip(at.astype(int), 0, len(line) - 2)
    roots = line[first] + (line[first + 1] - line[first]) * (at - first)[:, None]
    outer = np.abs(roots[:, 0] - eye[0]) / 0.17 * np.sign((roots[:, 0] - eye[0]) * np.sign(eye[0]))
    fan = np.sign(eye[0]) * np.clip(outer, -1, 1) * 0.75
    size = length * (0.72 + 0.3 * np.clip(outer, -0.6, 1)) * (0.85 + 0.3 * random.random(count))
    steps = np.linspace(0.0, 1.0, 4)
    forward = np.stack([fan, np.full(count, -0.12 * up), np.ones(count)], axis=1)
    rise = up * np.array([0.0, 0.05, 0.22, 0.6])
    paths = roots[:, None] + size[:, None, None] * (
        unit(forward)[:, None] * steps[:, None] * 0.85 + np.array([0.0, 1.0, 0.0]) * rise[:, None]
    )
    outward = np.zeros_like(paths) + np.array([0.0, up, 0.35])
    return ribbons(paths, outward, np.outer(np.full(count, 0.0075), np.array([1.0, 0.6, 0.35, 0.05])), across=2)


def _hairs(name: str, groups: list[Ribbons], colour: Floats, carrier: Surface, random: np.random.Generator) -> Part:
    offsets = np.cumsum([0, *(len(group.positions) for group in groups)])
    positions = np.concatenate([group.positions for group in groups])
    triangles = np.concatenate([group.triangles + start for group, start in zip(groups, offsets, strict=False)])
    tones = [0.75 + 0.5 * random.random(group.strand.max() + 1)[group.strand] for group in groups]
    carriers, shares = carrier.carriers(positions)
    return Part(
        name, positions, triangles, np.clip(colour * np.concatenate(tones)[:, None], 0.0, 1.0),
        uvs=np.concatenate([group.uvs for group in groups]), carriers=carriers, shares=shares,
    )  # fmt: skip
