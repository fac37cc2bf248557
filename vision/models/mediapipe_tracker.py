"""Face tracking with MediaPipe's own graph (MediaPipe Tasks, ``FaceLandmarker`` for video).

MediaPipe 1.x reports its use to Google (``play.googleapis.com``) whenever a task is closed, and has no switch for that.
Nothing may leave this machine unasked, so every landmarker is made on a thread that cannot open a connection; MediaPipe
does all its work on threads that it starts from there.
"""

from pathlib import Path
from typing import Any

import numpy as np

from vision.models.face_follower import FaceFollower
from vision.models.face_networks import FaceNetworks
from vision.models.offline_thread import run_offline
from vision.models.region import face_size, region_of_points
from vision.ports import FaceMesh, RgbImage

FACES = 1
"""Of the graph. With two it looks for the other one on every frame, which costs half as much again, and it no longer
smooths: the blinks of a clip then agree with LiteRT's by 0.4 to 0.7 instead of 0.9 (correlation)."""


class MediaPipeFaceTracker:
    """Follows one face with MediaPipe, 7 to 11 ms of processor time a frame, and looks for a second one with LiteRT."""

    def __init__(self, task_file: Path) -> None:
        """Load MediaPipe, which takes a second the first time, and make a landmarker, which takes 0.1 s.

        Raises:
            TaskFileError: the model file is missing or damaged.
            CannotGoOffline: this system cannot keep MediaPipe from reporting to Google.
            ImportError: MediaPipe or something that it needs is not installed.
            OSError: a system library is missing, such as libEGL.so.1.
            RuntimeError: MediaPipe refuses the model.
        """
        self._task_file = task_file
        self._others = FaceFollower(FaceNetworks(task_file), most=1)
        self._image, self._landmarker = run_offline(lambda: _make_landmarker(task_file))
        self._shape: tuple[int, ...] = ()
        self._last_ms = -1

    @property
    def name(self) -> str:
        """``mediapipe``."""
        return "mediapipe"

    def track(self, image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        """The faces of the next frame, the largest first, at most two; ``at`` in seconds."""
        if image.shape != self._shape:
            if self._shape:
                self.reset()
            self._shape = image.shape
        # MediaPipe refuses a timestamp that does not rise.
        self._last_ms = max(self._last_ms + 1, int(at * 1000))
        result = self._landmarker.detect_for_video(self._image(np.ascontiguousarray(image)), self._last_ms)
        if not result.face_landmarks:
            self._others.reset()
            return ()
        face = _mesh(result.face_landmarks[0], result.face_blendshapes[0], image)
        others = self._others.follow(image, at, known=[region_of_points(face.points)])
        return tuple(sorted([face, *others], key=face_size, reverse=True))

    def reset(self) -> None:
        """Forget where the faces were, which MediaPipe can only do by starting anew."""
        self._others.reset()
        self._landmarker.close()
        self._image, self._landmarker = run_offline(lambda: _make_landmarker(self._task_file))
        self._last_ms = -1

    def close(self) -> None:
        """Let MediaPipe's graph go."""
        self._landmarker.close()


def _make_landmarker(task_file: Path) -> tuple[Any, Any]:
    """A function that wraps a picture, and a landmarker."""
    import mediapipe
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(task_file)),
        running_mode=RunningMode.VIDEO,
        num_faces=FACES,
        output_face_blendshapes=True,
    )
    landmarker = FaceLandmarker.create_from_options(options)
    return lambda image: mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image), landmarker


def _mesh(landmarks: Any, blendshapes: Any, image: RgbImage) -> FaceMesh:
    height, width = image.shape[:2]
    # MediaPipe's x and z are shares of the width, y of the height.
    points = np.array([(point.x * width, point.y * height, point.z * width) for point in landmarks], np.float32)
    scores = np.array([category.score for category in blendshapes], np.float32)
    # It reports faces only above min_face_presence_confidence and does not say by how much.
    return FaceMesh(points=points, presence=1.0, blendshapes=scores)
