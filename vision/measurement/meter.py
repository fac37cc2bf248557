"""Turns a picture and the faces in it into an ``Observation``: numbers only, from which everything else is decided."""

from typing import Final

import numpy as np

from vision.measurement.landmarks import INNER_LIPS
from vision.measurement.light import face_light
from vision.measurement.parallax import Parallax
from vision.measurement.pose import HeadPose, head_pose
from vision.measurement.skin import skin_colour
from vision.measurement.whole_frame import FrameComparison
from vision.ports import FaceMesh, Floats, RgbImage
from vision.tracking import blendshapes
from vision.tracking.identity import Box, FaceIdentity
from vision.tracking.observation import FaceView, Observation

POINTS: Final = 478
SMALLEST_SIDE_PX: Final = 2


class FrameMeter:
    """Measures one video. It keeps landmarks, a grid of 32x24 and a checksum of the last frame, never a picture.

    Not for several threads at a time; calls come in the order of the frames.
    """

    def __init__(self) -> None:
        self._identity = FaceIdentity()
        self._comparison = FrameComparison()
        self._parallax = Parallax()
        self._shape: tuple[int, ...] | None = None
        self._shape_of_face: Floats | None = None
        """The landmarks of the frame before, centred, in eye distances."""
        self._track = 0
        self._followed: int | None = None

    @property
    def followed(self) -> int | None:
        """Which of the faces given to the last ``measure`` is the one that it describes; None when none is."""
        return self._followed

    def compared(self, likeness: float) -> bool:
        """The followed face was compared with the first good view of its track; True when it is another person now.

        The next observation then has a new track number.
        """
        return self._identity.compared(likeness)

    def measure(self, image: RgbImage, faces: tuple[FaceMesh, ...], at: float, media_at: float | None) -> Observation:
        """Measure the next frame, as the tracker reports its faces (the largest first).

        Raises ValueError for something that is not a picture. Faces with landmarks that are not finite, or without
        extent, count as none.
        """
        _check(image)
        self._follow_format(image.shape)
        whole = self._comparison.measure(image)
        posed = [(index, face, pose) for index, face in enumerate(faces) if (pose := _pose(face)) is not None]
        sighting = self._identity.observe(tuple(_box(face.points, image) for _, face, _ in posed), at)
        if sighting.track != self._track:
            self._forget_face()
            self._track = sighting.track
        view: FaceView | None = None
        self._followed = None
        if sighting.index is not None:
            index, face, pose = posed[sighting.index]
            view = self._view(image, face, pose)
            self._followed = index if view is not None else None
        if view is None:
            self._shape_of_face = None
        return Observation(
            at=at,
            media_at=media_at,
            width_px=image.shape[1],
            height_px=image.shape[0],
            faces=len(posed),
            track=sighting.track,
            face=view,
            brightness=whole.brightness,
            fingerprint=whole.fingerprint,
            difference=whole.difference,
        )

    def _follow_format(self, shape: tuple[int, ...]) -> None:
        """A change of resolution says nothing about the face; one of the picture's proportions (rotation) makes it
        impossible to show that it is the same."""
        before, self._shape = self._shape, shape
        if before is None or before == shape:
            return
        self._comparison.reset()
        self._shape_of_face = None
        if abs(before[0] / before[1] - shape[0] / shape[1]) > 0.02 * before[0] / before[1]:
            self._identity.restart()

    def _forget_face(self) -> None:
        self._parallax.reset()
        self._shape_of_face = None

    def _view(self, image: RgbImage, face: FaceMesh, pose: HeadPose) -> FaceView | None:
        points = face.points
        light = face_light(image, points)
        if light is None:
            return None
        height, width = image.shape[:2]
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        return FaceView(
            left=float(low[0]) / width,
            top=float(low[1]) / height,
            width=float(high[0] - low[0]) / width,
            height=float(high[1] - low[1]) / height,
            eye_distance_px=pose.eye_distance_px,
            presence=_share(face.presence),
            yaw=pose.yaw,
            pitch=pose.pitch,
            roll=pose.roll,
            eye_closure=_blend(face, blendshapes.BLINK_LEFT, blendshapes.BLINK_RIGHT),
            smile=_blend(face, blendshapes.SMILE_LEFT, blendshapes.SMILE_RIGHT),
            jaw_open=_blend(face, blendshapes.JAW_OPEN),
            mouth_opening=_mouth_opening(points) / pose.eye_distance_px,
            sharpness=light.sharpness,
            brightness=light.brightness,
            contrast=light.contrast,
            clipped=light.clipped,
            backlight=light.backlight,
            occlusion=None,
            skin=skin_colour(image, points, pose.eye_distance_px),
            motion=self._motion(points, pose),
            parallax=self._parallax.measure(points, pose),
        )

    def _motion(self, points: Floats, pose: HeadPose) -> float | None:
        """Mean distance that a landmark moved in the face's own frame: without translation and scale."""
        flat = points[:, :2] - points[:, :2].mean(axis=0)
        shape, before = flat / np.float32(pose.eye_distance_px), self._shape_of_face
        self._shape_of_face = shape
        return None if before is None else float(np.hypot(*(shape - before).T).mean())


def _check(image: RgbImage) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image must be uint8 of shape (height, width, 3), not {image.dtype} of {image.shape}")
    if min(image.shape[:2]) < SMALLEST_SIDE_PX:
        raise ValueError(f"image must be at least {SMALLEST_SIDE_PX} pixels wide and high, not {image.shape[:2]}")


def _pose(face: FaceMesh) -> HeadPose | None:
    usable = face.points.shape == (POINTS, 3) and face.blendshapes.shape == (blendshapes.COUNT,)
    return head_pose(face.points) if usable and bool(np.isfinite(face.points).all()) else None


def _box(points: Floats, image: RgbImage) -> Box:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    centre, width = (low + high) / 2, image.shape[1]
    return Box(float(centre[0]) / width, float(centre[1]) / width, float((high - low).max()) / width)


def _blend(face: FaceMesh, *indices: int) -> float:
    return _share(float(np.mean(face.blendshapes[list(indices)])))


def _mouth_opening(points: Floats) -> float:
    """Pixels between the inner lips, over three places in the middle."""
    return float(np.mean([np.linalg.norm(points[upper] - points[lower]) for upper, lower in INNER_LIPS]))


def _share(value: float) -> float:
    """Into 0 to 1; what is no number is 0."""
    return min(1.0, max(0.0, value)) if np.isfinite(value) else 0.0
