"""Face tracking with MediaPipe's networks on LiteRT, without MediaPipe: needs no OpenGL and no network."""

from pathlib import Path

from vision.models.face_follower import FaceFollower
from vision.models.face_networks import FaceNetworks
from vision.models.region import face_size
from vision.ports import FaceMesh, RgbImage

MOST_FACES = 2


class LiteRtFaceTracker:
    """Follows up to two faces. 8 to 9 ms of processor time a frame for one face, 7 to 8 more for a second."""

    def __init__(self, task_file: Path) -> None:
        """Load the networks, which takes some 50 ms.

        Raises:
            TaskFileError: the model file is missing, damaged, or holds other networks.
        """
        self._follower = FaceFollower(FaceNetworks(task_file), MOST_FACES)
        self._shape: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """``litert``."""
        return "litert"

    def track(self, image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        """The faces of the next frame, the largest first, at most two; ``at`` in seconds."""
        if image.shape != self._shape:
            self.reset()
            self._shape = image.shape
        return tuple(sorted(self._follower.follow(image, at), key=face_size, reverse=True))

    def reset(self) -> None:
        """Forget where the faces were."""
        self._follower.reset()

    def close(self) -> None:
        """Nothing to let go that the garbage collector does not."""
