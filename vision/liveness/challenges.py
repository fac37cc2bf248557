"""Whether the person did what was asked: one small judge for each kind of challenge, fed with views of the face.

Each compares with the person's own baseline from before the instruction, so a pose or a smile that was there already
counts for nothing.
"""

import math
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
    if kind == "turn_left" or kind == "turn_right":
        side = 1.0 if kind == "turn_left" else -1.0
        goal, limit = policy.turn_degrees, policy.wrong_turn_degrees
        return Rise(lambda face: side * face.yaw, goal, record, issued_at, policy, limit=limit)
    if kind == "smile":
        return Rise(lambda face: face.smile, policy.smile_rise, record, issued_at, policy)
    if kind == "closer":
        return Rise(_log_size, math.log(policy.approach_ratio), record, issued_at, policy)
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
    """Passed when a measure has risen enough over its baseline, and clearly over all that it was in the seconds before.

    The second keeps out a recording in which the head turns all the time. Failed when the measure fell by ``limit``
    before it rose.
    """

    def __init__(
        self,
        measure: Callable[[FaceView], float],
        goal: float,
        record: Record,
        issued_at: float,
        policy: LivenessPolicy,
        *,
        limit: float | None = None,
    ) -> None:
        self._measure = measure
        self._goal = goal
        self._limit = limit
        self._frames = policy.response_frames
        self._baseline = record.baseline(issued_at, measure)
        usual = [measure(view.face) for view in record.between(issued_at - policy.habit_seconds, issued_at)]
        self._beyond = max(usual, default=-math.inf) + policy.habit_share * goal
        self._reached = 0
        self._fallen = 0

    def look(self, view: View) -> Answer:
        """Compare with the baseline; the first view is one when nothing was seen before."""
        value = self._measure(view.face)
        if self._baseline is None:
            self._baseline = value
        rise = value - self._baseline
        self.best = rise if self.best is None else max(self.best, rise)
        self._reached = self._reached + 1 if rise >= self._goal and value >= self._beyond else 0
        self._fallen = self._fallen + 1 if self._limit is not None and rise <= -self._limit else 0
        if self._reached >= self._frames:
            return "passed"
        return "failed" if self._fallen >= self._frames else "waiting"


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


def _log_size(face: FaceView) -> float:
    """Logarithm of the distance between the eyes, so that a ratio is a rise."""
    return math.log(max(face.eye_distance_px, 1.0))
