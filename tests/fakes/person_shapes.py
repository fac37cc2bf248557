"""The bodies that make up the person of ``tests.fakes.person``, in centimetres."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.fakes.canonical_face import Surface
from tests.fakes.person_paint import CLOTHES, EYE, FACE, HAIR, MOUTH, SKIN, Patch

Array = npt.NDArray[np.float64]

RIGHT_UPPER_LID = (246, 161, 160, 159, 158, 157, 173)
RIGHT_LOWER_LID = (7, 163, 144, 145, 153, 154, 155)
LEFT_UPPER_LID = (466, 388, 387, 386, 385, 384, 398)
LEFT_LOWER_LID = (249, 390, 373, 374, 380, 381, 382)
RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS = (33, 133), (263, 362)
RIGHT_FOLD = (247, 30, 29, 27, 28, 56, 190)
LEFT_FOLD = (467, 260, 259, 257, 258, 286, 414)
"""The row of points above each upper lid."""
UPPER_INNER_LIP = (191, 80, 81, 82, 13, 312, 311, 310, 415)
LOWER_INNER_LIP = (95, 88, 178, 87, 14, 317, 402, 318, 324)
LOWER_LIP = (*LOWER_INNER_LIP, 146, 91, 181, 84, 17, 314, 405, 321, 375, 96, 89, 179, 86, 15, 316, 403, 319, 325,
             77, 90, 180, 85, 16, 315, 404, 320, 307)  # fmt: skip
INNER_MOUTH_CORNERS = (78, 308)
MOUTH_CORNERS = (61, 291)
MOUTH_Y = -4.3

WIDE_OPEN_CM = 0.3
"""How much wider the person's eyes are open than the canonical ones, which look sleepy."""
JAW_DROP_CM = 3.2


@dataclass(frozen=True)
class TexturedSurface(Surface):
    """A surface with a place in the paint for each vertex."""

    paint_at: Array
    """(n, 2) centimetres in the paint."""


def with_expression(face: Surface, eye_closure: float, smile: float, jaw_open: float) -> TexturedSurface:
    """The face with holes for eyes and mouth, moved into an expression."""
    rest, moved = face.vertices, face.vertices.copy()
    _move_jaw(rest, moved, jaw_open)
    _move_mouth_corners(rest, moved, smile)
    for upper, lower, fold in (
        (RIGHT_UPPER_LID, RIGHT_LOWER_LID, RIGHT_FOLD),
        (LEFT_UPPER_LID, LEFT_LOWER_LID, LEFT_FOLD),
    ):
        _move_lids(rest, moved, upper, lower, fold, eye_closure)
    holes = [
        {*RIGHT_UPPER_LID, *RIGHT_LOWER_LID, *RIGHT_EYE_CORNERS},
        {*LEFT_UPPER_LID, *LEFT_LOWER_LID, *LEFT_EYE_CORNERS},
        {*UPPER_INNER_LIP, *LOWER_INNER_LIP, *INNER_MOUTH_CORNERS},
    ]
    kept = [triangle for triangle in face.triangles if not any(hole.issuperset(triangle) for hole in holes)]
    return TexturedSurface(moved, np.array(kept), FACE.at(rest[:, 0], rest[:, 1]))


def _move_lids(
    rest: Array, moved: Array, upper: tuple[int, ...], lower: tuple[int, ...], fold: tuple[int, ...], closure: float
) -> None:
    arch = np.sin(np.linspace(0.15, 0.85, len(upper)) * np.pi)[:, None] * np.array([0.0, WIDE_OPEN_CM, 0.0])
    opened, closed = rest[list(upper)] + arch, rest[list(lower)] + np.array([0.0, -0.12, 0.2])
    # A lid slides over the eyeball, so it comes forward on its way.
    bulge = np.array([0.0, 0.0, 0.15]) * np.sin(np.pi * closure)
    moved[list(upper)] = opened + closure * (closed - opened) + bulge
    moved[list(fold)] += 0.35 * (moved[list(upper)] - rest[list(upper)])


def _move_jaw(rest: Array, moved: Array, jaw_open: float) -> None:
    share = np.clip((MOUTH_Y - 0.4 - rest[:, 1]) / 1.2, 0, 1)
    share[list(LOWER_LIP)] = 1.0
    share[[*MOUTH_CORNERS, *INNER_MOUTH_CORNERS]] = 0.35
    share *= np.clip(1.35 - np.abs(rest[:, 0]) / 7.0, 0, 1)
    moved[:, 1] -= share * JAW_DROP_CM * jaw_open
    moved[:, 2] -= share * 0.8 * jaw_open
    # The canonical mouth stands a little open; at rest the lips meet.
    gap = moved[list(UPPER_INNER_LIP), 1] - (
        moved[list(LOWER_INNER_LIP), 1] + share[list(LOWER_INNER_LIP)] * JAW_DROP_CM * jaw_open
    )
    moved[list(UPPER_INNER_LIP), 1] -= gap / 2
    moved[list(LOWER_INNER_LIP), 1] += gap / 2


def _move_mouth_corners(rest: Array, moved: Array, smile: float) -> None:
    for corner in MOUTH_CORNERS:
        distance = np.linalg.norm(rest - rest[corner], axis=1)
        outwards = np.array([np.sign(rest[corner, 0]) * 1.1, 1.0, -0.5])
        moved += np.exp(-((distance / 1.9) ** 2))[:, None] * outwards * smile


def eyeballs(face: Surface) -> Iterator[TexturedSurface]:
    """Spheres behind the lids, looking straight ahead."""
    for upper, lower in ((RIGHT_UPPER_LID, RIGHT_LOWER_LID), (LEFT_UPPER_LID, LEFT_LOWER_LID)):
        lids = face.vertices[[*upper, *lower]]
        middle = lids.mean(axis=0) + np.array([0.0, WIDE_OPEN_CM / 2, -1.4])
        yield _textured_ellipsoid(EYE, middle, (1.35, 1.35, 1.35), rings=12, spokes=16)


def mouth(face: Surface) -> TexturedSurface:
    """What is seen behind the lips: darkness, and teeth at its top."""
    x, y = np.array([-2.2, 2.2, 2.2, -2.2]), np.array([-8.5, -8.5, -3.6, -3.6])
    vertices = np.stack([x, y, np.full(4, face.vertices[13, 2] - 2.8)], axis=1)
    return TexturedSurface(vertices, np.array([[0, 1, 2], [0, 2, 3]]), MOUTH.at(x, y - MOUTH_Y))


def cranium() -> TexturedSurface:
    """The head behind the face, with hair."""
    return _textured_ellipsoid(HAIR, np.array([0.0, 2.6, -5.2]), (8.3, 9.4, 8.4), rings=14, spokes=20)


def neck() -> TexturedSurface:
    """Does not turn with the head."""
    return _textured_ellipsoid(SKIN, np.array([0.0, -10.0, -5.0]), (5.4, 9.0, 5.4), rings=10, spokes=16)


def shoulders() -> TexturedSurface:
    """Clothed; do not turn with the head."""
    return _textured_ellipsoid(CLOTHES, np.array([0.0, -24.0, -7.0]), (21.0, 10.5, 8.0), rings=12, spokes=20)


def vertex_normals(vertices: Array, triangles: npt.NDArray[np.int64]) -> Array:
    """Mean of the normals of the triangles at each vertex, not normalised."""
    corners = vertices[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(sums, triangles[:, corner], normals)
    return sums


def _textured_ellipsoid(
    patch: Patch, middle: Array, radii: tuple[float, float, float], *, rings: int, spokes: int
) -> TexturedSurface:
    surface = _ellipsoid(middle, radii, rings=rings, spokes=spokes)
    return TexturedSurface(surface.vertices, surface.triangles, patch.at(*(surface.vertices - middle)[:, :2].T))


def _ellipsoid(middle: Array, radii: tuple[float, float, float], *, rings: int, spokes: int) -> Surface:
    latitude = np.linspace(-np.pi / 2, np.pi / 2, rings)
    longitude = np.linspace(0, 2 * np.pi, spokes, endpoint=False)
    up, around = np.meshgrid(latitude, longitude, indexing="ij")
    unit = np.stack([np.cos(up) * np.sin(around), np.sin(up), np.cos(up) * np.cos(around)], axis=2)
    ring, spoke = np.meshgrid(np.arange(rings - 1), np.arange(spokes), indexing="ij")
    here, beside = ring * spokes + spoke, ring * spokes + (spoke + 1) % spokes
    lower = np.stack([here, beside, beside + spokes], axis=2).reshape(-1, 3)
    upper = np.stack([here, beside + spokes, here + spokes], axis=2).reshape(-1, 3)
    return Surface(unit.reshape(-1, 3) * np.array(radii) + middle, np.concatenate([lower, upper]))
