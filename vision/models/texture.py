"""Passive liveness: the network ``fr_liveness`` on three crops of the face."""

from pathlib import Path

import cv2
import numpy as np

from vision.models.alignment import mesh_box
from vision.models.onnx_network import OnnxNetwork
from vision.ports import FaceMesh, RgbImage

SIZE_PX = 128
CROPS = (2.7, 2.0, 1.6)
"""Width and height of a crop in those of the mesh's box. The wide one sees the edges of a sheet or screen, the narrow
one the grain of the skin. Nobody says which size the network was trained on, so the mean is over a geometric series."""
BONA_FIDE = 0
"""Which of the three classes is a real face; the others are kinds of attack."""


class FrLiveness:
    """The mean over the crops. 18 to 20 ms of processor time."""

    def __init__(self, path: Path, *, name: str = "fr-liveness") -> None:
        """Load a network with the input (1, 3, 128, 128), BGR 0 to 255, and the output (1, 3), logits.

        Raises:
            OnnxModelError: the file is missing or another kind of model.
        """
        self._network = OnnxNetwork(path, (1, 3, SIZE_PX, SIZE_PX))
        self._name = name

    @property
    def name(self) -> str:
        """``fr-liveness``, or what the caller named a file of its own."""
        return self._name

    def bona_fide_score(self, image: RgbImage, face: FaceMesh) -> float:
        """How much the picture looks like skin rather than paper or a screen, 0 to 1."""
        return float(np.mean([self._score(crop_around(image, face, scale)) for scale in CROPS]))

    def _score(self, crop: RgbImage) -> float:
        bgr = crop[..., ::-1].transpose(2, 0, 1)[np.newaxis].astype(np.float32)
        logits = self._network.run(bgr)[0].astype(np.float64)
        odds = np.exp(logits - logits.max())
        return float(odds[BONA_FIDE] / odds.sum())


def crop_around(image: RgbImage, face: FaceMesh, scale: float) -> RgbImage:
    """The mesh's box made ``scale`` times as large, moved inside the picture, as a square of 128 pixels.

    Where the picture is too small for the scale, the box grows only so far. As minivision's Silent-Face
    Anti-Spoofing cuts (``generate_patches.py``) and the package of the network does as well.
    """
    height, width = image.shape[:2]
    left, top, box_width, box_height = mesh_box(face)
    scale = min(scale, (width - 1) / max(box_width, 1.0), (height - 1) / max(box_height, 1.0))
    crop_width, crop_height = box_width * scale, box_height * scale
    x = min(max(left + (box_width - crop_width) / 2, 0.0), width - 1 - crop_width)
    y = min(max(top + (box_height - crop_height) / 2, 0.0), height - 1 - crop_height)
    part = image[int(max(y, 0)) : int(y + crop_height) + 1, int(max(x, 0)) : int(x + crop_width) + 1]
    shrinks = max(part.shape[:2]) > SIZE_PX
    kind = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (SIZE_PX, SIZE_PX), interpolation=kind), np.uint8)
