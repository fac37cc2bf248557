"""How locks grow: on along the comb, down by weight, out of the skin where a step would enter it (pure).

Each style says how long its locks are, where they are combed to, and how they fall; the walk is the same for all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rtc_server.personas.base_mesh import Floats
from rtc_server.personas.part import smoothstep, unit
from rtc_server.personas.roster import HairStyle
from rtc_server.personas.strands import Surface

_SUBSTEPS = 4


@dataclass(frozen=True, slots=True)
class Style:
    """How a style grows. Lengths in dm."""

    locks: int
    steps: int
    width: float
    """Half the width of a lock."""
    length: Callable[[Floats], Floats]
    """From roots relative to the eyes."""
    comb: Callable[[Floats], Floats]
    """Direction at roots relative to the eyes; it is laid along the skin."""
    lift: float
    """How steeply hair leaves the skin."""
    weight: float
    """How fast it turns downwards."""
    layer: float
    """Height of the outermost locks above the skin."""
    wave: float = 0.0
    tufts: bool = False
    """Tight curls stand in round tufts instead of locks."""
    parting: float | None = None
    """How far to the person's left hair is parted; None = it is not."""
    around_face: bool = False
    """Whether locks are kept from falling over the face."""
    inward: float = 0.0
    """How far tips turn towards the neck."""


def _parted(at: float) -> Callable[[Floats], Floats]:
    """Away from a parting, and a little back."""

    def comb(roots: Floats) -> Floats:
        side = np.tanh((roots[:, 0] - at) / 0.03)
        back = smoothstep(0.4, -0.6, roots[:, 2])
        return np.column_stack([side * (1.0 - 0.75 * back), 0.05 - 0.5 * back, -0.28 - 0.45 * back])

    return comb


def _back(roots: Floats) -> Floats:
    return np.column_stack([0.35 * roots[:, 0], 0.25 - 0.9 * smoothstep(0.1, -0.8, roots[:, 2]), -np.ones(len(roots))])


def _aside(roots: Floats) -> Floats:
    """Forward on top, towards one side; down at the sides and behind."""
    down = smoothstep(0.72, 0.35, roots[:, 1]) + smoothstep(-0.2, -0.9, roots[:, 2])
    return np.column_stack(
        [-0.75 * (1 - np.clip(down, 0, 1)) + 0.1 * np.sign(roots[:, 0]), -down, 0.45 - 0.55 * np.clip(down, 0, 1)]
    )


def _radial(roots: Floats) -> Floats:
    return np.column_stack([roots[:, 0], roots[:, 1] - 0.25, roots[:, 2] + 0.75])


def _down_to(height: float) -> Callable[[Floats], Floats]:
    """Long enough to end at a height below the eyes."""

    def length(roots: Floats) -> Floats:
        return np.maximum(0.5, roots[:, 1] + height + 0.38 * smoothstep(0.5, 1.0, roots[:, 1]))

    return length


def _longer_on_top(side: float, top: float) -> Callable[[Floats], Floats]:
    return lambda roots: side + (top - side) * smoothstep(0.3, 0.85, roots[:, 1])


STYLES: Mapping[HairStyle, Style] = {
    "long": Style(205, 8, 0.122, _down_to(1.6), _parted(0.2), 0.1, 2.6, 0.12, wave=0.03, around_face=True, parting=0.2),
    "bob": Style(
        270, 8, 0.11, _down_to(0.85), _parted(-0.22), 0.1, 2.6, 0.14, around_face=True, parting=-0.22, inward=0.45
    ),
    "neat": Style(395, 5, 0.045, _longer_on_top(0.14, 0.42), _aside, 0.3, 0.3, 0.075),
    "waves": Style(340, 7, 0.06, _longer_on_top(0.2, 0.75), _back, 0.6, 0.35, 0.15, wave=0.04),
    "short": Style(210, 3, 0.066, _longer_on_top(0.05, 0.14), _radial, 1.5, 0.0, 0.07, tufts=True),
    "curls": Style(215, 3, 0.115, _longer_on_top(0.28, 0.36), _radial, 2.4, 0.0, 0.3, tufts=True),
}


def grow(
    roots: Floats, rank: Floats, style: Style, eyes: Floats, skin: Surface, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Paths and what lies outwards of them, (count, steps, 3), of all locks at once.

    ``eyes``: the point between them; ``rank``: 0 = innermost lock, 1 = outermost.
    """
    count = len(roots)
    _, normal = skin.nearest(roots)
    comb = style.comb(roots - eyes)
    direction = unit(unit(comb - normal * (comb * normal).sum(axis=1, keepdims=True)) + normal * style.lift)
    length = style.length(roots - eyes) * (0.88 + 0.24 * random.random(count))
    layer = style.layer * (0.25 + 0.75 * rank)
    phase = random.random(count) * 2 * np.pi
    place = roots + normal * 0.03
    paths, outward = [place], [normal]
    stride = (length / ((style.steps - 1) * _SUBSTEPS))[:, None]
    for step in range(1, (style.steps - 1) * _SUBSTEPS + 1):
        share = step / ((style.steps - 1) * _SUBSTEPS)
        fall = style.weight * (0.3 + share) / _SUBSTEPS
        inward = normal * (style.inward / _SUBSTEPS * max(0.0, share - 0.6) / 0.4)
        direction = unit(direction + np.array([0.0, -fall, 0.0]) - inward)
        place = place + direction * stride
        height, normal = skin.nearest(place)
        wanted = layer * min(1.0, 0.3 + share * style.steps * 0.3)
        place = place + normal * np.clip(wanted - height, 0.0, None)[:, None]
        if not style.tufts:
            # On the skull hair lies on hair; below it hangs free.
            held = smoothstep(-0.15, 0.3, place[:, 1] - eyes[1]) * (1.0 - 0.6 * min(1.0, style.lift))
            place = place - normal * (np.clip(height - wanted, 0.0, None) * held)[:, None]
            lean = (direction * normal).sum(axis=1, keepdims=True)
            direction = unit(direction - normal * (lean * np.where(lean < 0, 1.0, held[:, None])))
        if style.around_face:
            place = _beside_face(place, eyes, layer)
        if step % _SUBSTEPS == 0:
            paths.append(place)
            outward.append(normal)
    path, out = np.stack(paths, axis=1), np.stack(outward, axis=1)
    if style.wave:
        along = np.linspace(0.0, 1.0, style.steps)
        side = unit(np.cross(unit(np.gradient(path, axis=1)), out))
        sway = style.wave * smoothstep(0.1, 0.5, along) * np.sin(phase[:, None] * 0.35 + along * 8.0)
        path = path + side * sway[..., None]
    return path, out


def _beside_face(place: Floats, eyes: Floats, layer: Floats) -> Floats:
    """Locks that fall before the ears pass the cheeks."""
    p = place - eyes
    low = smoothstep(0.62, 0.25, p[:, 1]) * smoothstep(-0.75, -0.45, p[:, 2])
    least = (0.66 + 0.6 * layer) * low
    moved = place.copy()
    moved[:, 0] = np.where(np.abs(p[:, 0]) < least, np.sign(p[:, 0]) * least, place[:, 0])
    moved[:, 2] = np.where(low > 0.3, np.minimum(moved[:, 2], eyes[2] + 0.02), moved[:, 2])
    return moved
