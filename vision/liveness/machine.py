"""The liveness machine: frame the face, set challenges, flash colours, collect enough feed, judge. Pure.

``receive(event, now=…)`` is the only door; ``deadline`` says when it wants ``TimePassed``. Every wait is bounded by
the plan's limit. Observations from before the start may be fed first, in order; they count as evidence as long as they
show the face that is there at the start.
"""

import math
from collections.abc import Iterator
from typing import Literal

from vision.liveness.commands import Command, Hint, HintKey, Ignored, Judged, Progress, ShowFlash
from vision.liveness.conclusion import Cause, conclude
from vision.liveness.course import Course
from vision.liveness.cues import models_done
from vision.liveness.events import (
    CameraDescribed,
    Event,
    FlashDeclined,
    FlashShown,
    GuidedByEar,
    InstructionSpoken,
    Observed,
    SpeechHeard,
    TimePassed,
    WordsHeard,
)
from vision.liveness.flash_show import FlashShow
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record, View
from vision.liveness.verdict import Verdict
from vision.trace import is_finite
from vision.tracking.guidance import Guide
from vision.tracking.observation import Observation
from vision.tracking.quality import LIVENESS, PORTRAIT, assess

Phase = Literal["framing", "challenges", "flash", "collecting"]
PHASES: tuple[Phase, ...] = ("framing", "challenges", "flash", "collecting")
ALWAYS_SAID: frozenset[HintKey] = frozenset({"no_face", "more_faces"})
"""Advice that also makes sense while an instruction is on the screen."""
CAMERAS_LIMIT = 8
"""Different labels that are remembered; a page cannot fill the memory with them."""


class LivenessMachine:
    """One check. ``started_at`` is the session's clock at its start; what was observed before it is history."""

    def __init__(self, plan: Plan, policy: LivenessPolicy, started_at: float) -> None:
        self._plan = plan
        self._policy = policy
        self._started_at = started_at
        self._now = started_at
        self._record = Record(policy)
        self._course = Course(plan, policy, self._record)
        self._flash = FlashShow(plan, policy)
        self._quality = LIVENESS if plan.purpose == "liveness" else PORTRAIT
        self._guide = Guide(self._quality)
        self._advice: HintKey = ""
        self._phase: Phase = "framing"
        self._phase_since = started_at
        self._cameras: tuple[str, ...] = ()
        self._frame_at = started_at
        self._face_at = started_at
        self._well_placed_since: float | None = None
        self._hint: HintKey = ""
        self._fraction = 0.0
        self.verdict: Verdict | None = None

    @property
    def deadline(self) -> float | None:
        """When ``TimePassed`` is wanted; None after the verdict."""
        if self.verdict is not None:
            return None
        waits = [
            self._started_at + self._plan.limit_seconds,
            self._frame_at + self._policy.no_media_seconds,
            self._face_at + self._policy.no_face_seconds,
        ]
        if self._phase == "challenges" and self._course.deadline is not None:
            waits.append(self._course.deadline)
        if self._phase == "flash" and self._flash.deadline is not None:
            waits.append(self._flash.deadline)
        if self._phase == "collecting":
            waits.append(self._phase_since + self._policy.collecting_seconds)
        return min((at for at in waits if at > self._now), default=self._now)

    def receive(self, event: Event, *, now: float) -> tuple[Command, ...]:
        """Take one event; ``now`` is the session's clock and never goes back."""
        if math.isfinite(now):
            self._now = max(self._now, now)
        if self.verdict is not None:
            return (Ignored(type(event).__name__, "the check is over"),)
        return (*self._take(event), *self._advance())

    def _take(self, event: Event) -> tuple[Command, ...]:
        match event:
            case Observed(observation):
                return self._observe(observation)
            case CameraDescribed(label):
                if label not in self._cameras and len(self._cameras) < CAMERAS_LIMIT:
                    self._cameras = (*self._cameras, label)
                return ()
            case InstructionSpoken():
                return () if self._course.spoken(self._now) else _ignored(event, "no instruction is being said")
            case SpeechHeard(start, end):
                heard = math.isfinite(start) and math.isfinite(end) and self._course.speech(start, end, self._now)
                return () if heard else _ignored(event, "nothing was asked then")
            case WordsHeard(text):
                return () if self._course.hear(text, self._now) else _ignored(event, "nothing was asked")
            case GuidedByEar(wanted):
                self._guide.by_ear = wanted
                return ()
            case FlashShown(started_at):
                return () if self._flash.shown(started_at, self._now) else _ignored(event, "no colours were asked for")
            case FlashDeclined(reason):
                return () if self._flash.declined(reason) else _ignored(event, "no colours were asked for")
            case TimePassed():
                return ()
        return _ignored(event, "unknown")

    def _observe(self, observation: Observation) -> tuple[Command, ...]:
        """Keep one frame, and say how the face could be placed better."""
        why = self._unfit(observation)
        if why:
            return (Ignored("Observed", why),)
        if self._phase == "framing" and self._another_face(observation):
            self._record.forget()
            self._well_placed_since = None
        quality = assess(observation, self._quality)
        hint = self._guide.observe(observation, quality, observation.at)
        asked = self._course.asking or self._phase == "flash"
        self._record.add(observation, usable=quality.usable, asked=asked)
        self._frame_at = max(self._frame_at, observation.at)
        if observation.face is not None:
            self._face_at = max(self._face_at, observation.at)
            self._course.look(View(observation.at, observation.face, quality.usable))
        if not quality.usable:
            self._well_placed_since = None
        elif self._well_placed_since is None:
            self._well_placed_since = observation.at
        if hint is not None:
            self._advice = hint.key
        if observation.at < self._started_at:
            return ()
        return self._say(self._advice, hint is not None and hint.speak)

    def _unfit(self, observation: Observation) -> str:
        if not is_finite(observation):
            return "its numbers are not finite"
        if observation.at > self._now:
            return "it lies in the future"
        if self._record.full:
            return "enough frames were seen"
        before = self._record.observations
        return "it is older than the one before" if before and observation.at <= before[-1].at else ""

    def _another_face(self, observation: Observation) -> bool:
        before = next((item.track for item in reversed(self._record.observations) if item.face is not None), None)
        return observation.face is not None and before is not None and before != observation.track

    def _say(self, key: HintKey, speak: bool) -> tuple[Command, ...]:
        """A hint, when it is a new one, or the same but now to be spoken."""
        if self._phase in ("challenges", "flash") and key not in ALWAYS_SAID:
            key, speak = "", False
        if key == self._hint and not speak:
            return ()
        self._hint = key
        return (Hint(key, speak),)

    def _advance(self) -> tuple[Command, ...]:
        """Do everything that is due by now."""
        cause = self._end_of_patience()
        if cause is not None:
            return self._finish(cause)
        commands: list[Command] = []
        while self.verdict is None:
            commands += self._step()
            if not self._phase_over():
                break
            if self._phase == "collecting":
                return (*commands, *self._finish("complete"))
            self._enter(PHASES[PHASES.index(self._phase) + 1])
        return (*commands, *self._progress())

    def _end_of_patience(self) -> Cause | None:
        if self._now >= self._started_at + self._plan.limit_seconds:
            return "complete" if self._judgeable else "timeout"
        if self._now >= self._frame_at + self._policy.no_media_seconds:
            return "no_media"
        return "no_face" if self._now >= self._face_at + self._policy.no_face_seconds else None

    def _step(self) -> Iterator[Command]:
        """What the current phase does by itself."""
        if self._phase == "challenges":
            yield from self._course.advance(self._now)
        if self._phase == "flash":
            command = self._flash.advance(self._now, self._record)
            if isinstance(command, ShowFlash):
                yield from self._say("", False)
                yield command

    def _phase_over(self) -> bool:
        if self._phase == "framing":
            since = self._well_placed_since
            return since is not None and self._frame_at - since >= self._policy.framing_seconds and self._seen_now
        if self._phase == "challenges":
            return self._course.done
        if self._phase == "flash":
            return self._flash.done
        if self._now >= self._phase_since + self._policy.collecting_seconds:
            return self._judgeable
        return self._judgeable and self._has_portraits and models_done(self._record, self._policy)

    @property
    def _judgeable(self) -> bool:
        """Whether a verdict can do without what is still missing: colours, scores, portraits of a liveness check."""
        needed = self._has_portraits or self._plan.purpose == "liveness"
        fed = self._record.feed_seconds >= self._plan.minimum_seconds
        return self._phase in ("flash", "collecting") and needed and fed

    @property
    def _has_portraits(self) -> bool:
        return self._record.portraits >= self._plan.portrait_frames

    @property
    def _seen_now(self) -> bool:
        """Whether a frame has come since the start."""
        return bool(self._record.observations) and self._record.observations[-1].at >= self._started_at

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._phase_since = self._now
        if phase == "challenges":
            self._course.begin(self._now)

    def _progress(self) -> tuple[Command, ...]:
        """Each phase and each challenge is a step of the same length."""
        steps = len(self._plan.challenges) + 2 + bool(self._plan.flash)
        done = 0.0
        if self._phase != "framing":
            done = 1 + self._course.fraction * len(self._plan.challenges)
        if self._phase == "collecting":
            fed = self._record.feed_seconds / self._plan.minimum_seconds if self._plan.minimum_seconds > 0 else 1.0
            done += bool(self._plan.flash) + 0.9 * min(1.0, fed)
        fraction = round(max(self._fraction, done / steps), 2)
        if fraction <= self._fraction:
            return ()
        self._fraction = fraction
        return (Progress(fraction),)

    def _finish(self, cause: Cause) -> tuple[Command, ...]:
        self.verdict = conclude(cause, self._plan, self._policy, self._record, self._course, self._flash, self._cameras)
        return (Progress(1.0), Judged(self.verdict))


def _ignored(event: Event, why: str) -> tuple[Command, ...]:
    return (Ignored(type(event).__name__, why),)
