"""Eyeballs and corneas: two spheres each, for gaze is a turn and not a target."""

import numpy as np

from rtc_server.personas.base_mesh import Floats, Ints
from rtc_server.personas.part import Part
from rtc_server.personas.shape import Shape

IRIS_SHARE = 0.49
"""Radius of the iris as a share of the eyeball's (5.9 mm of 12 mm in people)."""
_CORNEA_SHARE = 0.66
"""Radius of curvature of the cornea (7.8 mm of 12 mm)."""
_RINGS, _SECTORS = 14, 24


def eye_parts(shape: Shape) -> list[Part]:
    """Left, then right, each followed by its cornea."""
    radius = shape.eye_radius
    parts = []
    for side, centre in shape.eyes.items():
        ball, triangles = _dome(radius, np.pi)
        parts.append(Part(f"eye_{side}", ball, triangles, np.full((len(ball), 3), 0.8), centre=centre))
        iris = IRIS_SHARE * radius * 1.06
        curve = _CORNEA_SHARE * radius
        cap, triangles = _dome(curve, float(np.arcsin(min(1.0, iris / curve))))
        # Where the cap ends, it meets the ball.
        cap = cap + np.array([0.0, 0.0, np.sqrt(radius**2 - iris**2) - np.sqrt(curve**2 - iris**2) + 0.0008])
        parts.append(
            Part(f"cornea_{side}", cap, triangles, np.ones((len(cap), 3)), centre=centre, parent=f"eye_{side}")
        )
    return parts


def _dome(radius: float, angle: float) -> tuple[Floats, Ints]:
    """A sphere around the origin from its pole at +z down to this angle."""
    polar = np.linspace(0.0, angle, _RINGS + 1)
    turn = np.linspace(0.0, 2 * np.pi, _SECTORS + 1)
    points = radius * np.stack(
        [
            np.outer(np.sin(polar), np.cos(turn)), np.outer(np.sin(polar), np.sin(turn)),
            np.outer(np.cos(polar), np.ones_like(turn)),
        ],
        axis=-1,
    )  # fmt: skip
    return points.reshape(-1, 3), grid_triangles(_RINGS + 1, _SECTORS + 1)


def grid_triangles(rows: int, columns: int) -> Ints:
    """Triangles of a grid of points, row after row."""
    ids = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = ids[:-1, :-1].ravel(), ids[1:, :-1].ravel(), ids[1:, 1:].ravel(), ids[:-1, 1:].ravel()
    return np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
