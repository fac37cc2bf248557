"""Whether the person did what was asked: one small judge for each kind of challenge, fed with views of the face.

Each compares with the person's own baseline from before the instruction, so a pose or a smile that was there already
counts for nothing.
"""

from collections.abc import Callable
from typing import Literal, Protocol

from vision.liveness.commands import ChallengeKind
from vision.liveness.policy import LivenessPolicy
from vision.liveness.reading import Reading
from vision.liveness.record import Record, View
from vision.tracking.blink import BlinkDetector, BlinkPolicy
from vision.tracking.observation import FaceView

Answer = Literal["waiting", "passed", "failed"]


class Judge(Protocol):
    """Watches one challenge."""

    @property
    def best(self) -> float | None:
        """What was measured at best, in the unit of the kind; None when nothing was."""

    def look(self, view: View) -> Answer:
        """One more view since the instruction appeared."""

    def hear(self, text: str) -> Answer:
        """Words since the instruction appeared."""

    def speech(self, started_at: float, ended_at: float) -> Answer:
        """A span of speech since the instruction appeared."""


def judge_for(kind: ChallengeKind, phrase: str, record: Record, issued_at: float, policy: LivenessPolicy) -> Judge:
    """A judge that knows how the person looked before the instruction."""
    if kind == "turn_left":
        return Rise(
            _yaw, record.baseline(issued_at, _yaw), policy.turn_degrees, policy, limit=policy.wrong_turn_degrees
        )
    if kind == "turn_right":
        start = record.baseline(issued_at, _yaw_right)
        return Rise(_yaw_right, start, policy.turn_degrees, policy, limit=policy.wrong_turn_degrees)
    if kind == "smile":
        return Rise(_smile, record.baseline(issued_at, _smile), policy.smile_rise, policy)
    if kind == "closer":
        return Approach(record.baseline(issued_at, _eye_distance), policy)
    if kind == "blink":
        return Blink(record, policy)
    return Reading(phrase, record, issued_at, policy)


def seconds_for(kind: ChallengeKind, policy: LivenessPolicy) -> float:
    """How long the person has, after the instruction."""
    return {
        "turn_left": policy.turn_seconds,
        "turn_right": policy.turn_seconds,
        "blink": policy.blink_seconds,
        "smile": policy.smile_seconds,
        "closer": policy.closer_seconds,
        "read": policy.read_seconds,
    }[kind]


class _Seeing:
    """A judge that does not listen."""

    best: float | None = None

    def hear(self, text: str) -> Answer:
        """Words mean nothing to it."""
        return "waiting"

    def speech(self, started_at: float, ended_at: float) -> Answer:
        """Nor does speech."""
        return "waiting"


class Rise(_Seeing):
    """Passed when a measure has risen enough over its baseline; failed when it fell below ``-limit`` before that."""

    def __init__(
        self,
        measure: Callable[[FaceView], float],
        baseline: float | None,
        goal: float,
        policy: LivenessPolicy,
        *,
        limit: float | None = None,
    ) -> None:
        self._measure = measure
        self._baseline = baseline
        self._goal = goal
        self._limit = limit
        self._frames = policy.response_frames
        self._reached = 0
        self._fallen = 0

    def look(self, view: View) -> Answer:
        """Compare with the baseline; the first view is one when nothing was seen before."""
        value = self._measure(view.face)
        if self._baseline is None:
            self._baseline = value
        rise = value - self._baseline
        self.best = rise if self.best is None else max(self.best, rise)
        self._reached = self._reached + 1 if rise >= self._goal else 0
        self._fallen = self._fallen + 1 if self._limit is not None and rise <= -self._limit else 0
        if self._reached >= self._frames:
            return "passed"
        return "failed" if self._fallen >= self._frames else "waiting"


class Approach(_Seeing):
    """Passed when the face has become larger by a ratio."""

    def __init__(self, baseline: float | None, policy: LivenessPolicy) -> None:
        self._baseline = baseline
        self._policy = policy
        self._reached = 0

    def look(self, view: View) -> Answer:
        """Compare with the baseline; the first view is one when nothing was seen before."""
        if not self._baseline or self._baseline <= 0:
            self._baseline = view.face.eye_distance_px
        ratio = view.face.eye_distance_px / self._baseline if self._baseline > 0 else 0.0
        self.best = ratio if self.best is None else max(self.best, ratio)
        self._reached = self._reached + 1 if ratio >= self._policy.approach_ratio else 0
        return "passed" if self._reached >= self._policy.response_frames else "waiting"


class Blink(_Seeing):
    """Passed when the eyes have closed and opened again."""

    def __init__(self, record: Record, policy: LivenessPolicy) -> None:
        self._detector = BlinkDetector(BlinkPolicy(longest=policy.blink_longest, baseline_seconds=policy.blink_longest))
        for view in record.views:
            self.look(view)
        self.best = 0.0

    def look(self, view: View) -> Answer:
        """Passed at the end of a blink."""
        blinked = self._detector.receive(view.at, view.face.eye_closure, view.face.pitch, view.face.yaw)
        self.best = max(self.best or 0.0, float(blinked))
        return "passed" if blinked else "waiting"


def _yaw(face: FaceView) -> float:
    return face.yaw


def _yaw_right(face: FaceView) -> float:
    return -face.yaw


def _smile(face: FaceView) -> float:
    return face.smile


def _eye_distance(face: FaceView) -> float:
    return face.eye_distance_px
