"""Pictures and faces that are computed, for tests of the networks."""

import numpy as np

from vision.models.embedding import ARCFACE_TEMPLATE, DLIB_POINTS, DLIB_TEMPLATE
from vision.ports import FaceMesh, Floats, RgbImage


def pattern(size_px: int) -> RgbImage:
    """The picture that the recorded outputs belong to; shape (size_px, size_px, 3)."""
    y, x, channel = np.mgrid[:size_px, :size_px, :3]
    return np.asarray((x * 7 + y * 13 + channel * 29 + (x * y) % 31) % 256, np.uint8)


def mesh_at(points: Floats) -> FaceMesh:
    """A face with these 478 points."""
    return FaceMesh(points.astype(np.float32), 1.0, np.zeros(52, np.float32))


def level_face(left: float, top: float, size_px: float) -> FaceMesh:
    """An upright face whose mesh fills this square, with eyes, nose and mouth where networks expect them."""
    shares = np.random.default_rng(1).uniform(0.05, 0.95, (478, 2))
    for position, share in zip((33, 133, 263, 362), (0.2, 0.4, 0.8, 0.6), strict=True):
        shares[position] = share, 0.4
    shares[1], shares[2], shares[61], shares[291] = (0.5, 0.6), (0.5, 0.65), (0.35, 0.8), (0.65, 0.8)
    shares[5], shares[6], shares[10], shares[152] = (0, 0.5), (1, 0.5), (0.5, 0), (0.5, 1)
    return mesh_at(np.column_stack([shares * size_px + (left, top), np.zeros(478)]))


def face_in_dlib_chip(size_px: int) -> FaceMesh:
    """A face that already lies as dlib's chip wants it, in a picture of this size."""
    points = np.zeros((478, 3), np.float32)
    points[list(DLIB_POINTS), :2] = (DLIB_TEMPLATE + 0.25) / 1.5 * size_px
    return mesh_at(points)


def face_in_arcface_chip() -> FaceMesh:
    """A face that already lies as the ArcFace chip wants it, in a picture of 112 pixels."""
    points = np.zeros((478, 3), np.float32)
    right_eye, left_eye, nose, right_mouth, left_mouth = ARCFACE_TEMPLATE
    for position, offset in ((33, -5), (133, 5)):
        points[position, :2] = right_eye + np.array((offset, 0))
    for position, offset in ((362, -5), (263, 5)):
        points[position, :2] = left_eye + np.array((offset, 0))
    points[1, :2], points[61, :2], points[291, :2] = nose, right_mouth, left_mouth
    return mesh_at(points)
