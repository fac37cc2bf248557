"""One frame: picture, tracking, measuring, and the slower models that are due. For a thread; one frame at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import av
import numpy as np

from vision.face.templates import distance
from vision.measurement.meter import FrameMeter
from vision.pipeline.pace import Wishes
from vision.ports import (
    AttributeEstimator,
    FaceAttributes,
    FaceEmbedder,
    FaceMesh,
    FaceTracker,
    Floats,
    Result,
    RgbImage,
    TextureModel,
)
from vision.tracking.observation import FaceView, Observation

LONG_SIDE = 640
"""Frames are tracked at this size at most; the tracker's own input is far smaller."""

FRONTAL_DEGREES = 20.0
"""Models look at faces that are turned less, as those that they were trained on."""


@dataclass(frozen=True, slots=True)
class Models:
    """What is looked with. A model that is None is not asked."""

    new_tracker: Callable[[], FaceTracker]
    texture: TextureModel | None = None
    embedder: FaceEmbedder | None = None
    attributes: AttributeEstimator | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What came of one frame. The picture is for this moment alone: only the gallery keeps some."""

    observation: Observation | None
    """None when the tracker failed."""
    image: RgbImage
    face: FaceMesh | None = None
    """The largest face."""
    attributes: FaceAttributes | None = None
    used: frozenset[str] = frozenset()
    """Names of the models that looked, as in ``Wishes``."""
    failures: tuple[tuple[str, Exception], ...] = ()
    """(what, error) of engines that could not do it."""


class Eye:
    """Looks at the frames of one video. The first ``look`` makes the tracker, because that takes a while."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._busy = threading.Lock()
        """Held while the tracker is used: a look goes on when whoever asked for it has been cancelled."""
        self._closed = False
        self._tracker: FaceTracker | None = None
        self._meter = FrameMeter()
        self._shape: tuple[int, ...] = ()
        self._stream_began: float | None = None
        self._first_template: Floats | None = None
        self._compared_track = 0
        self._track_template: Floats | None = None

    @property
    def tracker_name(self) -> str:
        """Which tracker looks; empty before the first frame."""
        return "" if self._tracker is None else self._tracker.name

    def begin_stream(self) -> None:
        """The next frame has nothing to do with the last: the connection was replaced."""
        self._shape = ()
        self._stream_began = None

    def look(self, frame: av.VideoFrame, at: float, wishes: Wishes) -> Look:
        """Everything about one frame. Engines that fail are named in the answer; nothing of them is raised."""
        image = picture(frame)
        with self._busy:
            return Look(None, image) if self._closed else self._look(image, frame, at, wishes)

    def _look(self, image: RgbImage, frame: av.VideoFrame, at: float, wishes: Wishes) -> Look:
        try:
            faces = self._track(image, at)
        except Exception as error:
            return Look(None, image, failures=(("face tracking", error),))
        observation = self._meter.measure(image, faces, at, self._media_time(frame))
        if self._meter.followed is None:
            return Look(observation, image)
        look = Look(observation, image, faces[self._meter.followed])
        return self._ask_models(look, faces[self._meter.followed], observation, wishes)

    def close(self) -> None:
        """Let the tracker go, when a look under way is over; on the same pool as ``look``. Nothing is seen after it."""
        with self._busy:
            self._closed = True
            if self._tracker is not None:
                self._tracker.close()
                self._tracker = None
            self._first_template = self._track_template = None

    def _track(self, image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        if self._tracker is None:
            self._tracker = self._models.new_tracker()
        elif image.shape != self._shape:
            self._tracker.reset()
        self._shape = image.shape
        return self._tracker.track(image, at)

    def _media_time(self, frame: av.VideoFrame) -> float | None:
        if frame.time is None:
            return None
        if self._stream_began is None:
            self._stream_began = frame.time
        return float(frame.time - self._stream_began)

    def _ask_models(self, look: Look, face: FaceMesh, observation: Observation, wishes: Wishes) -> Look:
        """Texture, likeness and attributes, as far as they are due and the face can be judged."""
        view = observation.face
        if view is None or observation.faces != 1 or not _frontal(view):
            return look
        models, image, asked = self._models, look.image, _Asked()
        if wishes.texture and models.texture is not None:
            score = asked.result("texture", models.texture.bona_fide_score, image, face)
            observation = replace(observation, texture=score)
        if wishes.likeness and models.embedder is not None:
            likeness = asked.result("likeness", self._likeness, models.embedder, look.image, face, observation.track)
            observation = replace(observation, likeness=likeness)
        attributes = None
        if wishes.attributes and models.attributes is not None:
            attributes = asked.result("attributes", models.attributes.estimate, image, face)
        return replace(
            look,
            observation=observation,
            attributes=attributes,
            used=frozenset(asked.names),
            failures=tuple(asked.failures),
        )

    def _likeness(self, embedder: FaceEmbedder, image: RgbImage, face: FaceMesh, track: int) -> float:
        """Similarity with the first good view of the session. The meter is told that with the first of this track, so
        that a person who slips into a track gets one of their own."""
        template = embedder.embed(image, face)
        if not np.isfinite(template).all():
            raise ValueError("a template that is not finite")
        if self._first_template is None:
            self._first_template = template
        if self._track_template is None or track != self._compared_track:
            self._compared_track, self._track_template = track, template
        similarity = embedder.calibration.similarity
        self._meter.compared(similarity(distance(template, self._track_template)))
        return similarity(distance(template, self._first_template))


class _Asked:
    """Which models were asked of one frame, and which of them failed."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.failures: list[tuple[str, Exception]] = []

    def result(self, name: str, ask: Callable[..., Result], *arguments: object) -> Result | None:
        """What the model says; None when it fails, or says what is no number."""
        self.names.append(name)
        try:
            said = ask(*arguments)
            numbers: Any = (said.age_years, said.male) if isinstance(said, FaceAttributes) else said
            if not np.isfinite(numbers).all():
                raise ValueError("a model gave numbers that are not finite")
            return said
        except Exception as error:
            self.failures.append((name, error))
            return None


def picture(frame: av.VideoFrame) -> RgbImage:
    """The frame as RGB, at most ``LONG_SIDE`` px long."""
    scale = min(1.0, LONG_SIDE / max(frame.width, frame.height))
    width, height = round(frame.width * scale), round(frame.height * scale)
    return np.asarray(frame.to_ndarray(format="rgb24", width=width, height=height), np.uint8)


def _frontal(view: FaceView) -> bool:
    return abs(view.yaw) < FRONTAL_DEGREES and abs(view.pitch) < FRONTAL_DEGREES
