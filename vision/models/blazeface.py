"""BlazeFace, short range: finds faces in a whole picture (Bazarevsky et al. 2019, arXiv:1907.05047).

The numbers are those of MediaPipe's graph ``face_detection_short_range``.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from vision.models.tflite_network import TfliteNetwork
from vision.ports import Floats, RgbImage

INPUT_SIZE = 128
OUTPUTS = ("regressors", "classificators")
MINIMUM_SCORE = 0.5
SAME_FACE_OVERLAP = 0.3
"""Two detections that overlap by more (intersection over union) are one face."""
ANCHOR_LAYERS = ((8, 2), (16, 6))
"""Stride of a grid in pixels of the input, and anchors on each of its cells."""
RIGHT_EYE, LEFT_EYE = 4, 6
"""Columns of a regression in which the eyes' x, y start; 0 to 3 are the box: centre x, y, width, height."""
_LARGEST_LOGIT = 50.0


@dataclass(frozen=True, slots=True)
class Detection:
    """A face, in pixels of the picture."""

    centre: tuple[float, float]
    size: float
    """Longer side of the box."""
    angle: float
    """Of the line from the person's right eye to the left one, in radians, clockwise positive as y points down."""
    score: float


class FaceDetector:
    """Finds faces that take up at least a tenth of the picture or so."""

    def __init__(self, model: bytes) -> None:
        """Raises ValueError when the bytes are no such network."""
        self._network = TfliteNetwork(model, OUTPUTS)
        self._anchors = anchors()

    def detect(self, image: RgbImage, most: int) -> list[Detection]:
        """At most ``most`` faces, the surest first; none overlaps another."""
        padded, scale, left, top = letterbox(image)
        regressors, logits = self._network.run(padded)
        scores = (1.0 / (1.0 + np.exp(-np.clip(logits[0, :, 0], -_LARGEST_LOGIT, _LARGEST_LOGIT)))).astype(np.float32)
        sure = np.flatnonzero(scores >= MINIMUM_SCORE)
        found: Floats = regressors[0, sure]
        # Positions are relative to the anchor, in pixels of the input.
        found[:, :2] += self._anchors[sure]
        for eye in (RIGHT_EYE, LEFT_EYE):
            found[:, eye : eye + 2] += self._anchors[sure]
        kept = suppress_overlaps(found[:, :4], scores[sure], most)
        return [_detection(found[index], float(scores[sure[index]]), scale, left, top) for index in kept]


def anchors() -> Floats:
    """Centres of the 896 anchors in pixels of the input, shape (896, 2)."""
    layers = []
    for stride, per_cell in ANCHOR_LAYERS:
        line = (np.arange(INPUT_SIZE // stride, dtype=np.float32) + 0.5) * stride
        y, x = np.meshgrid(line, line, indexing="ij")
        layers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), per_cell, axis=0))
    return np.concatenate(layers)


def letterbox(image: RgbImage) -> tuple[Floats, float, int, int]:
    """The picture scaled into the middle of the input, -1 to 1, on black as MediaPipe does it.

    Returns it with its scale (pixels of the input per pixel of the picture) and its left and top edge in the input.
    """
    height, width = image.shape[:2]
    scale = INPUT_SIZE / max(height, width)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (INPUT_SIZE - inner_width) // 2, (INPUT_SIZE - inner_height) // 2
    padded = np.zeros((INPUT_SIZE, INPUT_SIZE, 3), np.float32)
    padded[top : top + inner_height, left : left + inner_width] = cv2.resize(
        image, (inner_width, inner_height), interpolation=cv2.INTER_AREA
    )
    return padded / np.float32(127.5) - np.float32(1.0), scale, left, top


def suppress_overlaps(boxes: Floats, scores: Floats, most: int) -> list[int]:
    """Indices of the best of each group of boxes (centre x, y, width, height) that overlap, best first."""
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable"):
        if all(overlap(boxes[index], boxes[other]) <= SAME_FACE_OVERLAP for other in kept):
            kept.append(int(index))
            if len(kept) == most:
                break
    return kept


def overlap(one: Floats, other: Floats) -> float:
    """Intersection over union of two boxes given as centre x, y, width, height."""
    low = np.maximum(one[:2] - one[2:] / 2, other[:2] - other[2:] / 2)
    high = np.minimum(one[:2] + one[2:] / 2, other[:2] + other[2:] / 2)
    shared = float(np.prod(np.maximum(high - low, 0.0)))
    whole = float(np.prod(one[2:]) + np.prod(other[2:])) - shared
    return shared / whole if whole > 0 else 0.0


def _detection(found: Floats, score: float, scale: float, left: int, top: int) -> Detection:
    right_eye, left_eye = found[RIGHT_EYE : RIGHT_EYE + 2], found[LEFT_EYE : LEFT_EYE + 2]
    return Detection(
        centre=((float(found[0]) - left) / scale, (float(found[1]) - top) / scale),
        size=float(max(found[2], found[3])) / scale,
        angle=math.atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]),
        score=score,
    )
