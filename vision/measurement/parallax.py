"""Whether the landmarks of a turned head can be a flat picture: they then differ from the frontal view by a homography.

Hartley and Zisserman, Multiple View Geometry, ch. 13: two views of a plane are related by a homography; points off the
plane leave a residual that grows with their depth and with the turn.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from vision.measurement.landmarks import RIGID
from vision.measurement.pose import HeadPose
from vision.ports import Floats

FRONTAL_YAW_DEGREES: Final = 10.0
FRONTAL_PITCH_DEGREES: Final = 15.0
"""Within these a view serves as the frontal one (the canonical face and a level camera differ by some pitch)."""
TURNED_DEGREES: Final = 15.0
"""Below this turn the residual drowns in tracker noise (measured, docs/seeing.md)."""
TRACKER_NOISE: Final = 0.01
"""Difference of two trackers on the same frame, in eye distances (measured); taken off in quadrature."""


class Parallax:
    """Keeps the first frontal view of a face and compares later ones with it."""

    def __init__(self) -> None:
        self._frontal: tuple[npt.NDArray[np.float64], float] | None = None

    def reset(self) -> None:
        """Another face, or another picture format."""
        self._frontal = None

    def measure(self, points: Floats, pose: HeadPose) -> float | None:
        """Relief in eye distances; None while there is no frontal view or the head is not turned away from it.

        The residual grows with the sine of the turn, so it is divided by that: one number for every angle.
        """
        if self._frontal is None:
            if abs(pose.yaw) <= FRONTAL_YAW_DEGREES and abs(pose.pitch) <= FRONTAL_PITCH_DEGREES:
                self._frontal = (_normalised(points), pose.yaw)
            return None
        view, yaw = self._frontal
        if abs(pose.yaw - yaw) <= TURNED_DEGREES:
            return None
        size = float(np.std(points[RIGID, :2].astype(np.float64), axis=0).max())
        residual = _homography_residual(view, _normalised(points)) * size / pose.eye_distance_px
        turn = float(np.sin(np.radians(min(90.0, abs(pose.yaw - yaw)))))
        return float(np.sqrt(max(0.0, residual**2 - TRACKER_NOISE**2))) / turn


def _normalised(points: Floats) -> npt.NDArray[np.float64]:
    """The rigid points about their mean, in units of their larger standard deviation."""
    flat = points[RIGID, :2].astype(np.float64)
    flat -= flat.mean(axis=0)
    return flat / max(float(flat.std(axis=0).max()), 1e-9)


def _homography_residual(source: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> float:
    """Root mean square distance of ``target`` from the best homography of ``source`` (direct linear transform)."""
    x, y = source.T
    u, v = target.T
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], axis=1),
        ]
    )
    _, vectors = np.linalg.eigh(rows.T @ rows)
    homography = vectors[:, 0].reshape(3, 3)
    mapped = np.stack([x, y, one], axis=1) @ homography.T
    depth = np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:])
    return float(np.sqrt(np.mean(np.sum((mapped[:, :2] / depth - target) ** 2, axis=1))))
