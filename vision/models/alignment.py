"""Cutting a face out of a picture in the position and size that a network was trained on."""

import math

import cv2
import numpy as np

from vision.ports import FaceMesh, Floats, RgbImage

FACE_POINTS = 468
"""The mesh without the irises."""
RIGHT_EYE_CORNERS = (33, 133)
LEFT_EYE_CORNERS = (263, 362)
"""Outer and inner corner; right and left are the person's own."""


def similarity_transform(source: Floats, target: Floats) -> Floats:
    """The rotation, scale and shift that brings ``source`` nearest to ``target`` in the least-squares sense.

    Both have the shape (points, 2); the matrix has the shape (2, 3). In closed form and exact, unlike OpenCV's
    ``estimateAffinePartial2D``, which samples and refines (Umeyama 1991; in the plane, without reflection).
    """
    source_centre, target_centre = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    s, t = source - source_centre, target - target_centre
    spread = float((s * s).sum())
    if spread <= 0:
        raise ValueError("the points of a face coincide")
    cosine = float((s * t).sum()) / spread
    sine = float((s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum()) / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([turn, (target_centre - turn @ source_centre)[:, np.newaxis]]).astype(np.float32)


def warp(image: RgbImage, matrix: Floats, size_px: int) -> RgbImage:
    """The square of ``size_px`` that the matrix maps the picture to; black where there is no picture.

    Bilinear sampling looks at four pixels only, so a face that is at least twice as large as the square is first made
    smaller by averaging: else fine detail of a large picture turns into noise.
    """
    shrink = int(1 / max(float(math.hypot(matrix[0, 0], matrix[1, 0])), 1e-6))
    if shrink < 2:
        return _sampled(image, matrix, size_px)
    linear, shift = matrix[:, :2].astype(np.float64), matrix[:, 2].astype(np.float64)
    corners = np.array([(0, 0), (size_px, 0), (0, size_px), (size_px, size_px)]) - shift
    seen = corners @ np.linalg.inv(linear).T
    limits = np.array([image.shape[1], image.shape[0]])
    low = np.clip(np.floor(seen.min(axis=0)) - shrink, 0, limits).astype(int)
    high = np.clip(np.ceil(seen.max(axis=0)) + shrink, 0, limits).astype(int)
    columns, rows = (high - low) // shrink
    if columns < 1 or rows < 1:
        return np.zeros((size_px, size_px, 3), np.uint8)
    part = image[low[1] : low[1] + rows * shrink, low[0] : low[0] + columns * shrink]
    small = np.asarray(cv2.resize(part, (int(columns), int(rows)), interpolation=cv2.INTER_AREA), np.uint8)
    # The centre of a small pixel lies between the centres of those that it is the mean of.
    origin = low + (shrink - 1) / 2
    composed = np.hstack([linear * shrink, (linear @ origin + shift)[:, np.newaxis]])
    return _sampled(small, composed.astype(np.float32), size_px)


def _sampled(image: RgbImage, matrix: Floats, size_px: int) -> RgbImage:
    return np.asarray(cv2.warpAffine(image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR), np.uint8)


def mesh_box(face: FaceMesh) -> tuple[float, float, float, float]:
    """Left, top, width and height of the mesh in pixels; may reach outside the picture."""
    low, high = face.points[:FACE_POINTS, :2].min(axis=0), face.points[:FACE_POINTS, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def level_square(face: FaceMesh, margin: float, size_px: int) -> Floats:
    """The matrix to a square around the mesh, turned so that the eyes are level.

    The square is ``margin`` times as large as the longer side of the turned mesh.
    """
    points = face.points[:FACE_POINTS, :2]
    across = face.points[LEFT_EYE_CORNERS, :2].mean(axis=0) - face.points[RIGHT_EYE_CORNERS, :2].mean(axis=0)
    angle = math.atan2(across[1], across[0])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    turned = points @ turn.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    scale = size_px / max(float((high - low).max()) * margin, 1.0)
    shift = size_px / 2 - scale * (low + high) / 2
    return np.hstack([scale * turn, shift[:, np.newaxis]]).astype(np.float32)
