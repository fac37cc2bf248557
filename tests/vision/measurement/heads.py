"""Heads whose pose is known: landmarks in centimetres, turned and projected here, and simple pictures of them."""

import cv2
import numpy as np
import numpy.typing as npt

from tests.fakes.person import rotation_of
from vision.measurement.landmarks import CANONICAL_EYE_DISTANCE, CANONICAL_RIGID, FACE_OVAL, INNER_LIPS
from vision.ports import FaceMesh, RgbImage
from vision.tracking import blendshapes

Points = npt.NDArray[np.float64]
CHEEKS_AND_FOREHEAD = {
    50: (-4.0, -0.5, 4.0), 280: (4.0, -0.5, 4.0), 101: (-3.0, 0.4, 4.2), 330: (3.0, 0.4, 4.2),
    205: (-3.8, -1.5, 4.1), 425: (3.8, -1.5, 4.1), 9: (0.0, 4.8, 5.3), 151: (0.0, 6.2, 5.0),
    108: (-1.6, 6.0, 4.9), 337: (1.6, 6.0, 4.9),
}  # fmt: skip


def canonical(mouth_cm: float = 0.0, *, flat: bool = False) -> Points:
    """A face that looks at the camera: x to the right of the picture, y up, z towards the camera, centimetres."""
    spread = np.random.default_rng(7).uniform(-0.7, 0.7, (478, 2))
    points = np.column_stack([spread * (7.0, 8.5), 7.0 * np.sqrt(1 - (spread**2).sum(axis=1) / 2) - 2.0])
    turn = np.arange(len(FACE_OVAL)) * 2 * np.pi / len(FACE_OVAL)
    points[FACE_OVAL] = np.column_stack([7.6 * np.sin(turn), 9.0 * np.cos(turn) - 0.5, np.full(len(turn), -0.5)])
    for index, x, y, z, _ in CANONICAL_RIGID:
        points[index] = (x, y, z)
    for index, place in CHEEKS_AND_FOREHEAD.items():
        points[index] = place
    for (upper, lower), x in zip(INNER_LIPS, (-0.8, 0.0, 0.8), strict=True):
        points[upper] = (x, -4.0 + mouth_cm / 2, 5.5)
        points[lower] = (x, -4.0 - mouth_cm / 2, 5.5)
    if flat:
        points[:, 2] = 0.0
    return points


def turned(points: Points, yaw: float, pitch: float, roll: float) -> Points:
    """First lean to the own left shoulder by ``roll``, then look up by ``pitch``, then turn to the own left by ``yaw``.

    The person's own left is at the right of the picture.
    """
    return np.asarray(points @ rotation_of(yaw, pitch, roll).T)


def head(
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    eye_distance_px: float = 100.0,
    centre: tuple[float, float] = (320.0, 240.0),
    mouth_cm: float = 0.0,
    flat: bool = False,
    noise_px: float = 0.0,
    seed: int = 0,
) -> FaceMesh:
    """A mesh as a tracker would report it, without perspective."""
    points = turned(canonical(mouth_cm, flat=flat), yaw, pitch, roll) * eye_distance_px / CANONICAL_EYE_DISTANCE
    points += np.random.default_rng(seed).normal(0.0, noise_px, points.shape) if noise_px else 0.0
    seen = np.column_stack([centre[0] + points[:, 0], centre[1] - points[:, 1], -points[:, 2]])
    return FaceMesh(seen.astype(np.float32), 0.9, np.zeros(blendshapes.COUNT, dtype=np.float32))


def picture(
    face: FaceMesh | None = None,
    *,
    size: tuple[int, int] = (640, 480),
    skin: tuple[int, int, int] = (180, 135, 110),
    background: int = 90,
    grain: float = 12.0,
    seed: int = 0,
) -> RgbImage:
    """An oval of grainy skin before a plain wall with some sensor noise; ``size`` is (width, height)."""
    chance = np.random.default_rng(seed)
    image = np.full((size[1], size[0], 3), background, dtype=np.float32)
    image += chance.normal(0.0, 2.0, image.shape)
    if face is not None:
        mask = np.zeros(image.shape[:2], dtype=np.uint8)
        cv2.fillConvexPoly(mask, cv2.convexHull(face.points[FACE_OVAL, :2].astype(np.int32)), 1)
        # The grain is of the face, not of the frame: it is there again in the next one, wherever that shows the face.
        coarse = np.random.default_rng(99).normal(0.0, grain, (96, 96)).astype(np.float32)
        low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
        rows, columns = np.nonzero(mask)
        across = ((columns - low[0]) / (high[0] - low[0]) * 95).clip(0, 95).astype(int)
        down = ((rows - low[1]) / (high[1] - low[1]) * 95).clip(0, 95).astype(int)
        texture = coarse[down, across][:, None] + chance.normal(0.0, 2.0, (len(rows), 3))
        image[rows, columns] = np.array(skin, dtype=np.float32) + texture
    return np.asarray(image.clip(0, 255).astype(np.uint8))
