"""MediaPipe's three face networks on LiteRT: where faces are, 478 points of a face, and its expression."""

from pathlib import Path

import cv2
import numpy as np

from vision.models.blazeface import FaceDetector
from vision.models.region import Region, region_of_detection
from vision.models.task_file import TaskFileError, read_task_file
from vision.models.tflite_network import TfliteNetwork
from vision.ports import FaceMesh, Floats, RgbImage

MESH_INPUT_SIZE = 256
MESH_OUTPUTS = ("Identity", "Identity_1")
"""The 478 points, and the logit of their being a face."""
BLENDSHAPE_OUTPUTS = ("StatefulPartitionedCall:0",)
MINIMUM_PRESENCE = 0.5
"""MediaPipe's ``min_face_presence_confidence``."""

BLENDSHAPE_POINTS = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251,
    263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318,
    321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)  # fmt: skip
"""What the blendshape network looks at (MediaPipe, ``face_blendshapes_graph.cc``, ``kLandmarksSubsetIdxs``)."""


class FaceNetworks:
    """Runs on the calling thread alone; not for two threads at once."""

    def __init__(self, task_file: Path) -> None:
        """Load the networks, which takes some 50 ms.

        Raises:
            TaskFileError: the model file is missing, damaged, or holds other networks.
        """
        task = read_task_file(task_file)
        try:
            self._detector = FaceDetector(task.detector)
            self._mesh = TfliteNetwork(task.landmarks, MESH_OUTPUTS)
            self._blendshapes = TfliteNetwork(task.blendshapes, BLENDSHAPE_OUTPUTS)
        except ValueError as error:
            raise TaskFileError(f"{task_file} holds networks that do not fit: {error}") from error

    def find(self, image: RgbImage, most: int) -> list[Region]:
        """Where there seem to be faces, the surest first. Takes 1.5 to 2 ms of processor time."""
        return [region_of_detection(detection) for detection in self._detector.detect(image, most)]

    def look_at(self, image: RgbImage, region: Region) -> FaceMesh | None:
        """The face in a region; None when there is none. Takes 7 to 8 ms of processor time."""
        to_input = region.to_square(MESH_INPUT_SIZE)
        size = (MESH_INPUT_SIZE, MESH_INPUT_SIZE)
        crop = cv2.warpAffine(image, to_input, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        raw_points, logit = self._mesh.run(crop.astype(np.float32) / np.float32(255.0))
        presence = 1.0 / (1.0 + float(np.exp(-logit.item())))
        if presence < MINIMUM_PRESENCE:
            return None
        points = _in_picture(raw_points.reshape(-1, 3), to_input)
        if not np.isfinite(points).all():
            return None
        (blendshapes,) = self._blendshapes.run(points[list(BLENDSHAPE_POINTS), :2])
        return FaceMesh(points=points, presence=presence, blendshapes=blendshapes.ravel())


def _in_picture(points: Floats, to_input: Floats) -> Floats:
    """Points of the network's input in pixels of the picture; z is scaled alike."""
    back = np.linalg.inv(to_input[:, :2])
    scale = float(np.sqrt(abs(np.linalg.det(back))))
    mapped = np.empty_like(points)
    mapped[:, :2] = (points[:, :2] - to_input[:, 2]) @ back.T
    mapped[:, 2] = points[:, 2] * scale
    return mapped
