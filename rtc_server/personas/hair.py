"""Hair: a cap on the scalp, and solid locks or tufts that grow from it and lie on each other (pure)."""

import numpy as np
import numpy.typing as npt

from rtc_server.personas.base_mesh import Floats, Ints
from rtc_server.personas.growth import STYLES, Style, grow
from rtc_server.personas.part import Part, between, clipped, compacted, linear, smoothstep, unit
from rtc_server.personas.roster import Persona
from rtc_server.personas.shape import Shape
from rtc_server.personas.strands import Surface, ribbons, tufts

_HAIRLINE = (
    (0, 0.66), (25, 0.65), (45, 0.55), (60, 0.36), (70, 0.1), (78, -0.12), (88, -0.12), (94, 0.1), (104, 0.22),
    (116, 0.06), (135, -0.3), (155, -0.48), (180, -0.5),
)  # fmt: skip
"""Degrees from straight ahead, and how high above the eyes hair begins there, dm."""


_CAP_TONE = 0.6
_HAIRLINE_LOCKS = 44
_EDGE = 0.06
"""The cap begins this far behind the hairline, under the locks that grow there."""


def hair_part(persona: Persona, shape: Shape, skin: Surface, random: np.random.Generator) -> Part:
    """Cap and locks as one mesh."""
    style = STYLES[persona.hair.style]
    above = above_hairline(shape.positions, shape)
    cap_places, cap_triangles = _cap(shape, above, style)
    roots = np.concatenate([
        skin.scattered((above > _EDGE).astype(float), style.locks, random),
        *_at_parting(style, skin, above, shape, random),
        skin.scattered(((above > 0.0) & (above < 2.5 * _EDGE)).astype(float), _HAIRLINE_LOCKS, random),
    ])  # fmt: skip
    roots = roots[above_hairline(roots, shape) > (0.02 if style.tufts else 0.0)]
    layer = random.random(len(roots))
    paths, outward = grow(roots, layer, style, _eyes(shape), skin, random)
    sizes = style.width * (0.75 + 0.5 * random.random(len(roots)))
    if style.tufts:
        locks = tufts(paths[:, -1], outward[:, -1], sizes, random)
    else:
        taper = np.interp(np.linspace(0, 1, style.steps), [0, 0.13, 0.6, 0.9, 1.0], [0.7, 1.0, 1.0, 0.75, 0.3])
        locks = ribbons(paths, outward, np.outer(sizes, taper), across=3)
    tone = (0.82 + 0.36 * random.random(len(roots))) * (0.5 + 0.5 * layer)
    grey = random.random(len(roots)) < persona.hair.grey
    colours = _colours(persona, locks.along, tone[locks.strand], grey[locks.strand])
    depth = smoothstep(0.02, 0.5 * style.layer, skin.nearest(locks.positions)[0])
    shade = 0.45 + 0.55 * np.maximum(depth, smoothstep(0.2, 0.0, locks.along))
    colours = colours * shade[:, None]
    cap_colour = np.tile(linear(persona.hair.root) * _CAP_TONE, (len(cap_places), 1))
    return Part(
        "hair",
        np.concatenate([cap_places, locks.positions]),
        np.concatenate([cap_triangles, locks.triangles + len(cap_places)]),
        np.clip(np.concatenate([cap_colour, colours]), 0.0, 1.0),
        uvs=np.concatenate([np.full((len(cap_places), 2), 0.5), locks.uvs]),
    )


def _at_parting(style: Style, skin: Surface, above: Floats, shape: Shape, random: np.random.Generator) -> list[Floats]:
    """Roots on both sides of a parting, close to it."""
    if style.parting is None:
        return []
    eyes = _eyes(shape)
    away = np.abs(shape.positions[:, 0] - eyes[0] - style.parting)
    points = skin.scattered(
        ((above > 0.0) & (away < 0.16) & (shape.positions[:, 2] > eyes[2] - 1.3)).astype(float), 90, random
    )
    return [points[np.abs(points[:, 0] - eyes[0] - style.parting) < 0.1]]


def _eyes(shape: Shape) -> Floats:
    return np.asarray((shape.eyes["left"] + shape.eyes["right"]) / 2)


def above_hairline(places: Floats, shape: Shape) -> Floats:
    """How far places lie above the hairline, dm, (n,)."""
    p = places - _eyes(shape)
    angle = np.degrees(np.arctan2(np.abs(p[:, 0]), p[:, 2] + 0.75))
    begins = np.interp(angle, [row[0] for row in _HAIRLINE], [row[1] for row in _HAIRLINE])
    return np.asarray(p[:, 1] - begins)


def _cap(shape: Shape, above: Floats, style: Style) -> tuple[Floats, Ints]:
    """The scalp, a little raised."""
    triangles = shape.body[(above[shape.body] > -0.25).any(axis=1)]
    ends, shares, cut = clipped(triangles, above - _EDGE)
    height = 0.012 + (0.55 if style.tufts else 0.1) * style.layer * smoothstep(
        0.0, 0.25, between(above[:, None], ends, shares)[:, 0] - _EDGE
    )
    places = between(shape.positions, ends, shares) + unit(between(shape.normals, ends, shares)) * height[:, None]
    used, cut = compacted(cut)
    return places[used], cut


def _colours(persona: Persona, along: Floats, tone: Floats, grey: npt.NDArray[np.bool_]) -> Floats:
    root, tip = linear(persona.hair.root), linear(persona.hair.tip)
    colour = root + (tip - root) * smoothstep(0.0, 0.9, along)[:, None]
    colour = np.where(grey[:, None], 0.6 * colour + 0.4 * linear("#a9a8a6"), colour)
    # At the root a lock has the colour of the cap, so that it grows out of it.
    return np.asarray(colour * (_CAP_TONE + (tone - _CAP_TONE) * smoothstep(0.0, 0.22, along))[:, None])
