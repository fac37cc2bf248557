"""A person who is nobody: a shaded three-dimensional head that face trackers accept, with pose and expression at will.

The face is MediaPipe's canonical model out of the model bundle; eyes, hair, neck and clothes are simple bodies. The
same arguments make the same picture on every machine. Needs the model weights (fixture ``weights``).
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from rtc_server.weights.cache import locate_default
from tests.fakes import person_shapes as shapes
from tests.fakes.canonical_face import canonical_face
from tests.fakes.person_paint import PX_PER_CM, Paint, paint_of
from vision.ports import Floats, RgbImage

Array = npt.NDArray[np.float64]

FACE_HEIGHT_CM = 17.7
"""Of the canonical face, chin to hairline."""
CAMERA_CM = 60.0
"""How far a person sits from a laptop."""
LIGHT_FROM = np.array([-0.35, 0.55, 0.75]) / np.float64(0.9937303)
AMBIENT = 0.55
LENS_BLUR_PX = 0.6
"""Of the picture; hides the steps at the edges of bodies."""
SEEDS_PER_PERSON = 1000
"""Seeds 0 to 999 are frames of one person, 1000 to 1999 of another in other colours, and so on."""


@dataclass(frozen=True)
class Body:
    """One body with its texture coordinates in the paint, and whether it turns with the head."""

    surface: shapes.TexturedSurface
    turns: bool


def render_person(
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    eye_closure: float = 0.0,
    smile: float = 0.0,
    jaw_open: float = 0.0,
    size: float = 0.5,
    centre: tuple[float, float] = (0.5, 0.5),
    width: int = 640,
    height: int = 480,
    light: tuple[float, float, float] = (1.0, 1.0, 1.0),
    background: tuple[int, int, int] | RgbImage = (150, 156, 162),
    noise: float = 1.5,
    seed: int = 0,
) -> RgbImage:
    """One frame.

    Angles in degrees, signs as in ``FaceView``; expressions 0 to 1; ``size`` is the height of the face in that of the
    picture; ``centre`` where the middle of the face is, in shares of the picture; ``light`` what falls on the person in
    red, green and blue, 1 = well exposed; ``noise`` the standard deviation of the sensor's noise in grey levels, which
    ``seed`` draws. A ``background`` may be a picture of the same size, such as one with another person.
    """
    scale = size * height / FACE_HEIGHT_CM
    rotation = rotation_of(yaw, pitch, roll)
    paint = paint_of(seed // SEEDS_PER_PERSON)
    canvas = _Canvas(width, height)
    for body in _bodies(eye_closure, smile, jaw_open):
        vertices = body.surface.vertices @ rotation.T if body.turns else body.surface.vertices
        canvas.draw(vertices, body.surface, scale, centre)
    return canvas.picture(paint, np.array(light, np.float32), background, noise, seed)


def rotation_of(yaw: float, pitch: float, roll: float) -> Array:
    """Degrees to Ry(yaw) · Rx(-pitch) · Rz(-roll), as ``vision.measurement.pose`` takes it apart."""
    y, x, z = np.radians([yaw, -pitch, -roll])
    around_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    around_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray(around_y @ around_x @ around_z)


@cache
def _bodies(eye_closure: float, smile: float, jaw_open: float) -> tuple[Body, ...]:
    face = canonical_face(locate_default().folder / "face-landmarker" / "face_landmarker.task")
    moved = shapes.with_expression(face, eye_closure, smile, jaw_open)
    head = [shapes.cranium(), *shapes.eyeballs(face), shapes.mouth(face), moved]
    return (*(Body(surface, True) for surface in head), Body(shapes.neck(), False), Body(shapes.shoulders(), False))


class _Canvas:
    """A depth buffer that remembers, of the nearest surface at each pixel, where its paint is and how it is turned."""

    def __init__(self, width: int, height: int) -> None:
        self.depth = np.full((height, width), -np.inf, np.float32)
        self.paint_at = np.zeros((height, width, 2), np.float32)
        self.facing = np.zeros((height, width, 3), np.float32)

    def draw(self, vertices: Array, surface: shapes.TexturedSurface, scale: float, centre: tuple[float, float]) -> None:
        height, width = self.depth.shape
        nearness = CAMERA_CM / (CAMERA_CM - vertices[:, 2])
        x = width * centre[0] + vertices[:, 0] * nearness * scale
        y = height * centre[1] - vertices[:, 1] * nearness * scale
        screen = np.stack([x, y], axis=1)
        normals = shapes.vertex_normals(vertices, surface.triangles)
        corners = screen[surface.triangles]
        one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
        attributes = np.concatenate([vertices[:, 2:], surface.paint_at, normals], axis=1)
        for index in np.flatnonzero(area < 0):  # turned towards the camera
            self._fill(corners[index], attributes[surface.triangles[index]])

    def _fill(self, corners: Array, attributes: Array) -> None:
        height, width = self.depth.shape
        left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
        right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (width, height))
        if left >= right or top >= bottom:
            return
        x = np.arange(left, right)[None, :] + 0.5
        y = np.arange(top, bottom)[:, None] + 0.5
        (ax, ay), (bx, by), (cx, cy) = corners
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        of_b = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area
        of_c = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area
        of_a = 1.0 - of_b - of_c
        here = np.s_[top:bottom, left:right]
        inside = (of_a >= 0) & (of_b >= 0) & (of_c >= 0)
        depth = of_a * attributes[0, 0] + of_b * attributes[1, 0] + of_c * attributes[2, 0]
        shown = inside & (depth > self.depth[here])
        weights = np.stack([of_a[shown], of_b[shown], of_c[shown]], axis=1)
        values = weights @ attributes
        self.depth[here][shown] = values[:, 0]
        self.paint_at[here][shown] = values[:, 1:3]
        self.facing[here][shown] = values[:, 3:]

    def picture(
        self, paint: Paint, light: Floats, background: tuple[int, int, int] | RgbImage, noise: float, seed: int
    ) -> RgbImage:
        seen = np.isfinite(self.depth)
        at = self.paint_at * np.float32(PX_PER_CM)
        colour = cv2.remap(paint, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[seen].astype(np.float32)
        facing = self.facing[seen] / np.maximum(np.linalg.norm(self.facing[seen], axis=1, keepdims=True), 1e-6)
        lit = AMBIENT + (1 - AMBIENT) * np.clip(facing @ LIGHT_FROM, 0, 1)
        lit *= np.clip(facing[:, 2], 0, 1) ** 0.25  # surfaces darken towards their edge
        full = np.empty((*self.depth.shape, 3), np.float32)
        full[:] = np.array(background, np.float32)
        full[seen] = colour * lit[:, None] * light
        blurred = cv2.GaussianBlur(full, (0, 0), LENS_BLUR_PX).astype(np.float32)
        blurred += np.random.default_rng(seed).standard_normal(full.shape, np.float32) * np.float32(noise)
        return np.clip(np.round(blurred), 0, 255).astype(np.uint8)
