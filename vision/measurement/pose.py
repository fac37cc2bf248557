"""How a head is turned, from its landmarks: weighted Procrustes against the canonical face.

No focal length is needed: the mesh's own z makes it a fit of points to points under a scaled orthographic camera, the
same for portrait and landscape pictures. What is measured is the turn towards the camera, not towards its axis.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vision.measurement.landmarks import CANONICAL_EYE_DISTANCE, CANONICAL_RIGID, RIGID
from vision.ports import Floats

_MODEL: Final = np.array([row[1:4] for row in CANONICAL_RIGID], dtype=np.float64)
_WEIGHTS: Final = np.array([row[4] for row in CANONICAL_RIGID]) / sum(row[4] for row in CANONICAL_RIGID)
_CENTRED: Final = _MODEL - _WEIGHTS @ _MODEL
_SPREAD: Final = float(_WEIGHTS @ (_CENTRED**2).sum(axis=1))
_PICTURE_TO_MODEL: Final = np.array([1.0, -1.0, -1.0])
"""Pictures count y downwards and z away from the camera."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees, signs as in ``FaceView``."""

    yaw: float
    pitch: float
    roll: float
    eye_distance_px: float
    """What it would be if the head faced the camera: from the scale of the whole fit."""


def head_pose(points: Floats) -> HeadPose | None:
    """The pose of a mesh of shape (478, 3); None where the points have no extent."""
    seen = points[RIGID].astype(np.float64) * _PICTURE_TO_MODEL
    seen -= _WEIGHTS @ seen
    left, singular, right = np.linalg.svd((seen * _WEIGHTS[:, None]).T @ _CENTRED)
    handed = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    scale = float(singular @ handed) / _SPREAD
    if scale * CANONICAL_EYE_DISTANCE < 1.0:
        return None
    return HeadPose(*_angles((left * handed) @ right), eye_distance_px=scale * CANONICAL_EYE_DISTANCE)


def _angles(rotation: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll of R = Ry(yaw) · Rx(-pitch) · Rz(-roll): first lean, then look up, then turn aside."""
    yaw = np.arctan2(rotation[0, 2], rotation[2, 2])
    pitch = np.arcsin(np.clip(rotation[1, 2], -1.0, 1.0))
    roll = -np.arctan2(rotation[1, 0], rotation[1, 1])
    return float(np.degrees(yaw)), float(np.degrees(pitch)), float(np.degrees(roll))
