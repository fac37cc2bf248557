"""Age and sex by ``faceres``."""

from pathlib import Path

import numpy as np

from vision.models.alignment import level_square, warp
from vision.models.onnx_network import OnnxNetwork
from vision.ports import FaceAttributes, FaceMesh, RgbImage

SIZE_PX = 224
MARGIN = 1.2
"""The square is so much larger than the mesh."""
MEAN_BGR = np.array([103.939, 116.779, 123.68], np.float32)
"""Of ImageNet, as the network's authors subtract it; @vladmandic/human feeds RGB instead, which is measurably worse."""
AGE, SEX = "age_pred/Softmax", "gender_pred/Sigmoid"
"""Probabilities of 1 to 100 years; probability of a man."""


class FaceresAttributes:
    """16 to 17 ms of processor time."""

    def __init__(self, path: Path, *, name: str = "faceres") -> None:
        """Load a network with the input (1, 224, 224, 3) and the outputs ``AGE`` and ``SEX``.

        Raises:
            OnnxModelError: the file is missing or another kind of model.
        """
        self._network = OnnxNetwork(path, (1, SIZE_PX, SIZE_PX, 3), (AGE, SEX))
        self._name = name

    @property
    def name(self) -> str:
        """``faceres``, or what the caller named a file of its own."""
        return self._name

    def estimate(self, image: RgbImage, face: FaceMesh) -> FaceAttributes:
        """Of one face. One frame says little: many make a range (``vision.face.attributes``)."""
        chip = warp(image, level_square(face, MARGIN, SIZE_PX), SIZE_PX)
        tensor = chip[np.newaxis, ..., ::-1].astype(np.float32) - MEAN_BGR
        ages, sex = self._network.run(tensor)
        years = np.arange(1, len(ages) + 1)
        return FaceAttributes(age_years=float(ages @ years), male=float(sex[0]))
