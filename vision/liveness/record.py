"""What a check has seen so far: every frame in order, and how much of it can be used."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from vision.liveness.policy import LivenessPolicy
from vision.tracking.observation import FaceView, Observation
from vision.tracking.quality import PORTRAIT, assess


@dataclass(frozen=True, slots=True)
class View:
    """A face in one frame."""

    at: float
    face: FaceView
    usable: bool
    """Whether it was well placed, so that models can judge it."""


class Record:
    """Grows by one frame at a time; bounded by the policy."""

    def __init__(self, policy: LivenessPolicy) -> None:
        self._policy = policy
        self.observations: list[Observation] = []
        self.views: list[View] = []
        self.usable: list[Observation] = []
        """Those in which the face was well placed."""
        self.feed_seconds = 0.0
        """Feed with a face that was well placed, or doing what was asked."""
        self.portraits = 0
        """Frames that are good enough to be compared or kept."""
        self.front = 0.0
        """Yaw of the head before anything was asked, degrees."""

    @property
    def full(self) -> bool:
        """Whether no more frames are kept."""
        return len(self.observations) >= self._policy.frames_limit

    def add(self, observation: Observation, *, usable: bool, asked: bool) -> None:
        """One frame; ``asked``: the person is carrying out an instruction, which takes the face out of its place."""
        before = self.observations[-1] if self.observations else None
        self.observations.append(observation)
        if observation.face is None:
            return
        self.views.append(View(observation.at, observation.face, usable))
        if usable:
            self.usable.append(observation)
            self.portraits += assess(observation, PORTRAIT).usable
        if before is not None and before.face is not None and (usable or asked):
            self.feed_seconds += min(observation.at - before.at, self._policy.frame_gap_seconds)

    def forget(self) -> None:
        """Begin again: another person has come before the camera, and nothing has been asked yet."""
        self.observations.clear()
        self.views.clear()
        self.usable.clear()
        self.feed_seconds = 0.0
        self.portraits = 0

    def between(self, start: float, end: float) -> Iterator[View]:
        """Views from ``start`` to ``end``, both included, oldest first."""
        return (view for view in self.views if start <= view.at <= end)

    def baseline(self, end: float, measure: Callable[[FaceView], float]) -> float | None:
        """Median of a measure over the time before ``end``; over the last view when there are none in it."""
        recent = [measure(view.face) for view in self.between(end - self._policy.baseline_seconds, end)]
        if recent:
            return median(recent)
        return measure(self.views[-1].face) if self.views else None

    @property
    def seconds(self) -> float:
        """From the first to the last usable frame."""
        return self.usable[-1].at - self.usable[0].at if self.usable else 0.0
