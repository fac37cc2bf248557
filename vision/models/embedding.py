"""Face templates: dlib's ResNet, and ``fr_feature`` of the ArcFace family."""

from pathlib import Path

import numpy as np

from vision.face.calibration import Calibration
from vision.models.alignment import similarity_transform, warp
from vision.models.onnx_network import OnnxModelError, OnnxNetwork
from vision.ports import FaceMesh, Floats, RgbImage

DLIB_SIZE_PX = 150
DLIB_PADDING = 0.25
DLIB_DIMENSIONS = 128
DLIB_POINTS = (263, 362, 33, 133, 2)
"""The corners of the left eye from outside in, those of the right eye, the base of the nose."""
DLIB_TEMPLATE = np.array(
    [
        (0.8595674595992, 0.2134981538014),
        (0.6460604764104, 0.2289674387677),
        (0.1205750620789, 0.2137274526848),
        (0.3340850613712, 0.2290642403242),
        (0.4901123135679, 0.6277995316475),
    ],
    np.float32,
)
"""Where dlib's five-point chip has them (dlib, ``image_transforms/interpolation.h``, ``get_face_chip_details``)."""
DLIB_CALIBRATION = Calibration(midpoint=0.63, slope=21.7)

ARCFACE_SIZE_PX = 112
ARCFACE_TEMPLATE = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)], np.float32
)
"""Middle of the right eye, of the left eye, tip of the nose, right and left corner of the mouth (InsightFace,
``face_align.py``, ``arcface_dst``)."""
FR_FEATURE_CALIBRATION = Calibration(midpoint=1.17, slope=24.8)


class DlibEmbedder:
    """128 numbers; 7 to 8 ms of processor time."""

    def __init__(self, path: Path) -> None:
        """Load ``dlib_face.onnx`` of the artefact ``dlib-face``.

        Raises:
            OnnxModelError: the file is missing or another kind of model.
        """
        self._network = OnnxNetwork(path, (1, DLIB_SIZE_PX, DLIB_SIZE_PX, 3), ("template",))

    @property
    def name(self) -> str:
        """``dlib``."""
        return "dlib"

    @property
    def dimensions(self) -> int:
        """Length of a template."""
        return DLIB_DIMENSIONS

    @property
    def calibration(self) -> Calibration:
        """Similarity 0.85 is a distance of 0.55."""
        return DLIB_CALIBRATION

    def embed(self, image: RgbImage, face: FaceMesh) -> Floats:
        """The template, shape (128,), as long as the network makes it."""
        target = (DLIB_TEMPLATE + DLIB_PADDING) / (1 + 2 * DLIB_PADDING) * DLIB_SIZE_PX
        matrix = similarity_transform(face.points[DLIB_POINTS, :2], target)
        chip = warp(image, matrix, DLIB_SIZE_PX)
        return self._network.run(chip[np.newaxis].astype(np.float32))[0]


class FrFeatureEmbedder:
    """512 numbers of unit length, or as many as a file of the same form has; 9 to 12 ms of processor time."""

    def __init__(self, path: Path, *, name: str = "fr-feature") -> None:
        """Load a network with the input (1, 3, 112, 112), RGB from -1 to 1, and the output (1, dimensions).

        A file of one's own needs a name of its own, because its templates are not comparable with others.

        Raises:
            OnnxModelError: the file is missing or another kind of model.
        """
        self._network = OnnxNetwork(path, (1, 3, ARCFACE_SIZE_PX, ARCFACE_SIZE_PX))
        dimensions = self._network.output_shapes[0][-1]
        if not isinstance(dimensions, int):
            raise OnnxModelError(f"{path} does not say how long its templates are: it is a model of another kind")
        self._dimensions = dimensions
        self._name = name

    @property
    def name(self) -> str:
        """``fr-feature``, or what the caller named a file of its own."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of a template."""
        return self._dimensions

    @property
    def calibration(self) -> Calibration:
        """Similarity 0.85 is a distance of 1.10, a cosine of 0.395."""
        return FR_FEATURE_CALIBRATION

    def embed(self, image: RgbImage, face: FaceMesh) -> Floats:
        """The template, shape (dimensions,), of unit length."""
        chip = warp(image, similarity_transform(arcface_points(face), ARCFACE_TEMPLATE), ARCFACE_SIZE_PX)
        tensor = (chip.astype(np.float32) - np.float32(127.5)) / np.float32(128)
        template = self._network.run(tensor.transpose(2, 0, 1)[np.newaxis])[0]
        return template / max(float(np.linalg.norm(template)), 1e-9)


def arcface_points(face: FaceMesh) -> Floats:
    """The five points of the ArcFace template in this face, shape (5, 2)."""
    points = face.points[:, :2]
    eyes = (points[[33, 133]].mean(axis=0), points[[263, 362]].mean(axis=0))
    return np.stack([*eyes, points[1], points[61], points[291]])
