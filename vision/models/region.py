"""Where in a picture the landmark network looks: a square around a face, turned as the face is."""

import math
from dataclasses import dataclass

import numpy as np

from vision.models.blazeface import Detection
from vision.ports import FaceMesh, Floats

MARGIN = 1.5
"""A region is so much larger than the face in it (MediaPipe, ``RectTransformationCalculator`` of both face graphs)."""
RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263
"""Outer corners; their line is level in the region."""
SAME_FACE_DISTANCE = 0.35
"""Two faces whose centres are nearer than this share of the larger one are one face seen twice: two heads cannot be."""


@dataclass(frozen=True, slots=True)
class Region:
    """A square; lengths in pixels of the picture."""

    centre: tuple[float, float]
    size: float
    angle: float
    """Radians, clockwise positive as y points down."""

    def to_square(self, side: int) -> Floats:
        """Affine matrix, shape (2, 3), from the picture to an upright square of ``side`` pixels."""
        scale = side / self.size
        cosine, sine = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        x, y = self.centre
        return np.array(
            [[cosine, sine, side / 2 - cosine * x - sine * y], [-sine, cosine, side / 2 + sine * x - cosine * y]],
            np.float32,
        )

    def is_same_face(self, other: "Region") -> bool:
        """Whether both look at one face."""
        face_size = max(self.size, other.size) / MARGIN
        return math.dist(self.centre, other.centre) < SAME_FACE_DISTANCE * face_size


def region_of_detection(detection: Detection) -> Region:
    """Where the landmarks of a detected face are to be looked for."""
    return Region(detection.centre, max(detection.size, 1.0) * MARGIN, detection.angle)


def region_of_points(points: Floats) -> Region:
    """Where the face with these landmarks is to be looked for in the next frame."""
    right_eye, left_eye = points[RIGHT_EYE_CORNER], points[LEFT_EYE_CORNER]
    angle = math.atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0])
    cosine, sine = math.cos(angle), math.sin(angle)
    upright = points[:, :2] @ np.array([[cosine, -sine], [sine, cosine]], np.float32)
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = (low + high) / 2
    centre = (float(cosine * x - sine * y), float(sine * x + cosine * y))
    return Region(centre, max(float((high - low).max()), 1.0) * MARGIN, angle)


def face_size(mesh: FaceMesh) -> float:
    """Longer side of the face in pixels, however it is turned."""
    return region_of_points(mesh.points).size / MARGIN
