"""The skin: head and neck, tinted by vertex, with what lies behind the lips."""

from collections.abc import Mapping

import numpy as np

from rtc_server.personas.base_mesh import Floats
from rtc_server.personas.part import Part, around, compacted, linear, smoothstep
from rtc_server.personas.roster import Persona
from rtc_server.personas.shape import Shape

_DOWN_TO = 1.3
"""dm below the chin where the skin ends, under the clothes."""
_UNDER_HAIR = 0.2
_MOUTH = np.array([0.10, 0.02, 0.02])
_TEETH = linear("#d9cfc2")
_TONGUE = linear("#a8524f")

Masks = Mapping[str, Floats]
"""Name → share of each vertex of the base mesh, (n,)."""


def skin_part(persona: Persona, shape: Shape, masks: Masks, covered: Floats) -> Part:
    """Head and neck. ``covered``: how far each vertex lies under the hair, dm; well under it there is no skin."""
    heights = shape.positions[:, 1]
    triangles = shape.body[(heights[shape.body] > shape.chin - _DOWN_TO).all(axis=1)]
    triangles = triangles[(np.abs(shape.positions[triangles][:, :, 0]) < 1.3).all(axis=1)]
    triangles = triangles[(covered[triangles] < _UNDER_HAIR).any(axis=1)]
    used, triangles = compacted(triangles)
    places = shape.positions[used]
    areas = _areas(persona, shape, masks)[used]
    return Part(
        "skin", places, triangles, _colours(persona, shape, masks)[used], areas=areas, carriers=used[:, None],
        shares=np.ones((len(used), 1)),
    )  # fmt: skip


def beard_share(shape: Shape) -> Floats:
    """Where a beard grows, by vertex of the base mesh: chin, jaw, moustache, not the lips themselves."""
    p, eye = shape.positions, shape.eyes["left"]
    nose = eye[1] - 0.42
    jaw = smoothstep(nose + 0.02, nose - 0.14, p[:, 1]) * smoothstep(shape.chin - 0.24, shape.chin - 0.1, p[:, 1])
    cheeks = smoothstep(0.95, 0.35, np.abs(p[:, 0]) * 0.2 + (p[:, 1] - shape.chin) * 0.9)
    moustache = around(p, (0.0, nose - 0.1, eye[2] + 0.3), (0.26, 0.09, 0.35))
    side = smoothstep(eye[2] - 0.55, eye[2] - 0.35, p[:, 2])
    return np.asarray(np.clip(np.maximum(jaw * cheeks * side, moustache), 0.0, 1.0))


def _areas(persona: Persona, shape: Shape, masks: Masks) -> Floats:
    p = shape.positions
    thin = np.clip(masks["ears"] + 0.7 * around(p, _nose(shape), (0.16, 0.14, 0.2)), 0.0, 1.0)
    beard = beard_share(shape) * (1.0 - masks["lips"]) * persona.skin.stubble
    return np.stack([masks["lips"], masks["eyelids"], beard, thin], axis=1)


def _colours(persona: Persona, shape: Shape, masks: Masks) -> Floats:
    p, look, eye = shape.positions, persona.skin, shape.eyes
    colours = np.tile(linear(look.colour), (len(p), 1))
    flush = sum(
        (around(p, (eye[side][0] * 1.45, eye[side][1] - 0.34, eye[side][2] + 0.1), (0.24, 0.2, 0.4)) for side in eye),
        start=np.zeros(len(p)),
    )
    flush = np.clip(flush + 0.8 * around(p, _nose(shape), (0.13, 0.12, 0.2)) + 0.6 * masks["ears"], 0.0, 1.0)
    colours = _mixed(colours, linear(look.flush), look.flush_share * flush)
    under = sum(
        (around(p, (eye[side][0], eye[side][1] - 0.2, eye[side][2] + 0.15), (0.2, 0.06, 0.3)) for side in eye),
        start=np.zeros(len(p)),
    )
    colours = _mixed(colours, colours * np.array([0.72, 0.6, 0.66]), (0.35 + 0.25 * look.age) * under)
    colours = _mixed(colours, colours * np.array([0.82, 0.66, 0.64]), 0.5 * masks["eyelids"])
    beard = beard_share(shape) * (1.0 - masks["lips"])
    colours = _mixed(colours, linear(persona.hair.brow) * 0.8 + 0.012, 0.62 * look.stubble * beard)
    colours = _mixed(colours, linear(look.lips), 0.85 * masks["lips"])
    neck = smoothstep(shape.chin - 0.02, shape.chin - 0.3, p[:, 1]) * smoothstep(
        eye["left"][2] + 0.2, eye["left"][2] - 0.3, p[:, 2]
    )
    colours = colours * (1.0 - 0.25 * neck[:, None])
    return _mixed(colours, _MOUTH, masks["inside-mouth"])


def _nose(shape: Shape) -> tuple[float, float, float]:
    eye = shape.eyes["left"]
    return (0.0, float(eye[1]) - 0.37, float(eye[2]) + 0.5)


def _mixed(colours: Floats, other: Floats, share: Floats) -> Floats:
    return np.asarray(colours + (other - colours) * share[:, None])


def mouth_parts(shape: Shape) -> list[Part]:
    """Teeth and tongue; further back they lie in the dark."""
    names = {
        "teeth_upper": ("helper-upper-teeth", _TEETH), "teeth_lower": ("helper-lower-teeth", _TEETH),
        "tongue": ("helper-tongue", _TONGUE),
    }  # fmt: skip
    parts = []
    for name, (group, colour) in names.items():
        used, triangles = compacted(shape.mesh.triangles[group])
        places = shape.positions[used]
        light = 0.25 + 0.75 * smoothstep(places[:, 2].min() + 0.1, places[:, 2].max() - 0.05, places[:, 2])
        parts.append(
            Part(
                name, places, triangles, colour * light[:, None], carriers=used[:, None], shares=np.ones((len(used), 1))
            )
        )
    return parts
