"""A persona's body: the base mesh with its targets, its expressions, and the places that other parts need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rtc_server.personas.base_mesh import BaseMesh, Floats, Ints, read_target
from rtc_server.personas.part import normals_of
from rtc_server.personas.roster import Persona

MACRO, LOCAL, FACE_UNITS = "macro", "local", "units"
"""Folders of the targets beside the mesh."""

_NEVER_MADE = frozenset(
    {"jawForward", "jawLeft", "jawRight", "mouthLeft", "mouthRight", "cheekPuff", "noseSneerLeft", "noseSneerRight",
     "mouthShrugUpper", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight"}
)  # fmt: skip
"""Expressions that no avatar of ours makes; a fifth of the file."""

_SHOULDER = (1.62, 4.95)
_ARM_FROM, _ARM_TO = 1.15, 2.0
_ARM_DOWN = 0.62
"""Radians by which the arms of the base mesh, which stand off, are let down."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A persona before it gets its surface."""

    mesh: BaseMesh
    positions: Floats
    """Of all vertices of the base mesh, (n, 3)."""
    normals: Floats
    """Of the body."""
    moves: Mapping[str, Floats]
    """ARKit expression → offsets, (n, 3)."""
    eyes: Mapping[str, Floats]
    """``left`` and ``right`` → centre."""
    eye_radius: float
    chin: float
    """Height of the lowest point of the chin."""
    top: float
    """Height of the head without hair."""

    @property
    def body(self) -> Ints:
        """Its triangles."""
        return self.mesh.triangles["body"]


def shape_of(persona: Persona, mesh: BaseMesh, folder: Path) -> Shape:
    """Add up targets. ``folder`` holds ``macro``, ``local`` and ``units``. Raises MeshError and OSError."""
    count = len(mesh.positions)
    positions = mesh.positions.copy()
    for name, share in persona.macro.items():
        positions += share * read_target(folder / MACRO / f"{name}.target.gz", count)
    for name, share in persona.local.items():
        positions += share * read_target(folder / LOCAL / f"{name.split('/')[1]}.target.gz", count)
    positions = _arms_down(positions)
    units = [path for path in sorted((folder / FACE_UNITS).glob("*.target")) if path.stem not in _NEVER_MADE]
    moves = {path.stem: read_target(path, count) for path in units}
    eyes = {side: _middle(positions, mesh.triangles[f"helper-{side[0]}-eye"]) for side in ("left", "right")}
    ball = positions[np.unique(mesh.triangles["helper-l-eye"])]
    body = positions[np.unique(mesh.triangles["body"])]
    chin = body[
        (np.abs(body[:, 0]) < 0.1) & (body[:, 2] > eyes["left"][2] - 0.1) & (body[:, 1] > eyes["left"][1] - 1.3)
    ]
    return Shape(
        mesh=mesh,
        positions=positions,
        normals=normals_of(positions, mesh.triangles["body"]),
        moves=moves,
        eyes=eyes,
        eye_radius=float(np.sqrt(((ball - eyes["left"]) ** 2).sum(axis=1)).mean()),
        chin=float(chin[:, 1].min()),
        top=float(body[:, 1].max()),
    )


def _middle(positions: Floats, triangles: Ints) -> Floats:
    points = positions[np.unique(triangles)]
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


def _arms_down(positions: Floats) -> Floats:
    side = np.sign(positions[:, 0])
    reach = np.abs(positions[:, 0])
    share = np.clip((reach - _ARM_FROM) / (_ARM_TO - _ARM_FROM), 0.0, 1.0)
    angle = -_ARM_DOWN * share * share * (3 - 2 * share) * (positions[:, 1] > 2.0)
    x, y = reach - _SHOULDER[0], positions[:, 1] - _SHOULDER[1]
    turned = positions.copy()
    turned[:, 0] = side * (_SHOULDER[0] + x * np.cos(angle) - y * np.sin(angle))
    turned[:, 1] = _SHOULDER[1] + x * np.sin(angle) + y * np.cos(angle)
    return np.where((angle != 0)[:, None], turned, positions)


def targets_of(personas: Iterable[Persona]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the macro and of the local targets that they use, each once."""
    everyone = list(personas)
    macro = dict.fromkeys(name for persona in everyone for name in persona.macro)
    local = dict.fromkeys(name for persona in everyone for name in persona.local)
    return tuple(macro), tuple(local)
