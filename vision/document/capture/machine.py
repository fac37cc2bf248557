"""The capture machine: frame the document, take a picture, judge it, turn over, conclude. Pure.

    FRAMING ──steady and good──▶ PICTURE ──read──▶ side accepted ──more sides──▶ TURNING ──other side──▶ FRAMING
       ▲                            │                   └──complete──▶ concluded
       └──── no use: why, again ────┘

``receive(event, now=…)`` is the only door; ``deadline`` says when it wants ``TimePassed``, the first time at once: that
brings the first instruction. Every wait is bounded by the plan's limit. What a picture says is kept, also when it was
not enough: the next one votes with it. An uploaded file is judged like a picture that was asked for.
"""

import math
from typing import Literal

from vision.document.capture.commands import (
    Command,
    Concluded,
    Hint,
    HintKey,
    Ignored,
    Instruct,
    Outcome,
    Progress,
    Reason,
    SideAccepted,
    Step,
    TakePicture,
)
from vision.document.capture.events import (
    Event,
    FrameMeasured,
    GuidedByEar,
    PictureFailed,
    PictureRead,
    ShutterPressed,
    StepSpoken,
    TimePassed,
)
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.guidance import FAULTS_OF_LIGHT, Guide
from vision.document.capture.judgement import Judgement, judge, pictures_used
from vision.document.capture.plan import Plan
from vision.document.capture.policy import CapturePolicy
from vision.document.capture.turning import TurnWatch
from vision.document.document import Document, Problem
from vision.document.readings import SideReading
from vision.tracking.advice import Advice

Phase = Literal["framing", "picture", "turning"]


class CaptureMachine:
    """One scan. ``started_at`` is the session's clock at its start."""

    def __init__(self, plan: Plan, policy: CapturePolicy, started_at: float) -> None:
        self._plan = plan
        self._policy = policy
        self._started_at = started_at
        self._now = started_at
        self._guide = Guide(policy)
        self._advice: Advice[HintKey] = Advice("steady", "", policy.advice)
        self._phase: Phase = "framing"
        self._phase_since = started_at
        self._instructed = False
        self._silent_since: float | None = None
        """When the instruction had been said; None while it is being said."""
        self._good_since: float | None = None
        self._bearable_since: float | None = None
        """Since when nothing but the light was wrong."""
        self._turn = TurnWatch(policy)
        self._next_number = 0
        self._failures = 0
        self._refusals = 0
        self._refused: Problem | None = None
        """Why the last one was refused."""
        self._frames = 0
        self._readings: list[SideReading] = []
        self._sides = 0
        """How many have been accepted."""
        self._document: Document | None = None
        self._problem: Problem | None = None
        """Of the last picture that was of no use."""
        self._fraction = 0.0
        self.concluded: Concluded | None = None

    @property
    def readings(self) -> tuple[SideReading, ...]:
        """What the document was, or would be, concluded from."""
        return tuple(self._readings)

    @property
    def deadline(self) -> float | None:
        """When ``TimePassed`` is wanted; None after the conclusion."""
        if self.concluded is not None:
            return None
        return self._started_at if not self._instructed else self._started_at + self._plan.limit_seconds

    def receive(self, event: Event, *, now: float) -> tuple[Command, ...]:
        """Take one event; ``now`` is the session's clock and never goes back."""
        if math.isfinite(now):
            self._now = max(self._now, now)
        if self.concluded is not None:
            return (Ignored(type(event).__name__, "the scan is over"),)
        commands: list[Command] = [] if self._instructed else [self._instruct(self._first_step)]
        commands += self._take(event)
        if self.concluded is None and self._now - self._started_at >= self._plan.limit_seconds:
            commands += self._give_up()
        return (*commands, *self._progress())

    def _take(self, event: Event) -> list[Command]:
        match event:
            case FrameMeasured(frame):
                return self._measured(frame)
            case PictureRead(reading):
                awaited = self._phase == "picture" and reading.number == self._next_number - 1
                if awaited or reading.source == "upload":
                    return self._read(reading)
                return [Ignored("PictureRead", "nobody asked for this picture")]
            case PictureFailed():
                return self._failed(event)
            case ShutterPressed():
                if self._phase == "picture" or self._next_number >= self._policy.pictures_limit:
                    return [Ignored("ShutterPressed", "a picture is being taken")]
                return self._take_picture()
            case StepSpoken():
                self._silent_since = self._now if self._silent_since is None else self._silent_since
            case GuidedByEar(wanted):
                self._advice.by_ear = wanted
            case TimePassed():
                pass
        return []

    # ---- frames

    def _measured(self, frame: DocumentFrame) -> list[Command]:
        self._frames += 1
        self._turn.follow(frame, self._now)
        if self._phase == "picture":
            return []
        if self._phase == "turning":
            # Whatever is wrong with the side that is still in view, the advice is to turn it over.
            if not self._turn.is_over(frame, self._now):
                return []
            self._enter("framing")
        wish = self._guide.wish(frame)
        self._good_since = self._since(wish == "steady", self._good_since)
        self._bearable_since = self._since(wish == "steady" or wish in FAULTS_OF_LIGHT, self._bearable_since)
        steady = self._lasts(self._good_since, self._policy.steady_seconds)
        if (steady or self._lasts(self._bearable_since, self._policy.patience_seconds)) and self._may_take():
            return self._take_picture()
        changed, speak = self._advice.offer(wish, self._now)
        return [Hint(self._advice.shown, speak)] if changed or speak else []

    def _since(self, holds: bool, since: float | None) -> float | None:
        return None if not holds else self._now if since is None else since

    def _lasts(self, since: float | None, seconds: float) -> bool:
        return since is not None and self._now - since >= seconds

    def _may_take(self) -> bool:
        """Whether the person has had the time to do what was asked of them."""
        if self._next_number >= self._policy.pictures_limit:
            return False
        if self._silent_since is None:
            return self._now - self._phase_since >= self._policy.speaking_seconds
        pause = self._policy.retry_seconds if self._problem is not None else 0.0
        return self._now - self._silent_since >= pause

    # ---- pictures

    def _take_picture(self) -> list[Command]:
        self._enter("picture")
        self._next_number += 1
        return [TakePicture(self._next_number - 1), Hint("reading", speak=False)]

    def _failed(self, event: PictureFailed) -> list[Command]:
        if self._phase != "picture" or event.number != self._next_number - 1:
            return [Ignored("PictureFailed", "nobody asked for this picture")]
        self._failures = self._failures + 1 if event.reason == "engine" else 0
        if self._failures >= self._policy.failures_limit:
            return self._conclude("not_checked", "provider_error")
        if event.reason == "unreadable":
            return self._again("nothing_readable")
        self._enter("framing")
        return []

    def _read(self, reading: SideReading) -> list[Command]:
        self._failures = 0
        judgement = judge(self._readings, reading, self._plan, self._sides)
        if judgement.keep:
            self._readings.append(reading)
            self._document = judgement.document
        match judgement.result:
            case "again":
                assert judgement.problem is not None, "a picture that is of no use has a reason"
                return self._again(judgement.problem)
            case "refused":
                return self._refuse(judgement)
        self._sides += 1
        self._problem = None
        accepted: list[Command] = [SideAccepted(self._sides - 1)]
        if judgement.result == "complete":
            return accepted + self._conclude("read", "")
        self._enter("turning")
        self._turn.begin(self._now)
        return [*accepted, self._instruct("show_front" if judgement.front_is_missing else "turn_over")]

    def _refuse(self, judgement: Judgement) -> list[Command]:
        """A document that was read and may not be taken; the person may have another one."""
        assert judgement.problem is not None, "a refusal has a reason"
        self._refusals += 1
        self._refused = judgement.problem
        if self._refusals >= self._policy.refusals_limit:
            return self._conclude("rejected", judgement.problem)
        if not judgement.keep_for_vote:
            self._readings.clear()
            self._sides = 0
        return self._again(judgement.problem)

    def _again(self, problem: Problem) -> list[Command]:
        self._problem = problem
        if self._next_number >= self._policy.pictures_limit:
            return self._give_up()
        if self._phase == "picture":
            self._enter("framing")
        return [self._instruct("try_again", problem)]

    # ---- steps

    @property
    def _first_step(self) -> Step:
        one_sided = self._plan.sides == "single" or set(self._plan.kinds) <= {"passport", "visa"}
        return "show_document" if one_sided else "show_front"

    def _instruct(self, step: Step, problem: Problem | None = None) -> Instruct:
        self._instructed = True
        self._silent_since = None
        self._phase_since = self._now
        return Instruct(step, self._sides, problem)

    def _enter(self, phase: Phase) -> None:
        self._phase, self._phase_since = phase, self._now
        self._good_since = self._bearable_since = None

    def _give_up(self) -> list[Command]:
        if self._problem is None and not self._readings and not self._frames:
            return self._conclude("not_checked", "no_media")
        if self._refused is not None and not self._readings:
            return self._conclude("rejected", self._refused)
        return self._conclude("timeout", self._problem or ("side_missing" if self._sides else "no_document"))

    def _conclude(self, outcome: Outcome, reason: Reason) -> list[Command]:
        self.concluded = Concluded(outcome, reason, self._document, pictures_used(self._readings))
        return [self.concluded]

    def _progress(self) -> list[Command]:
        needed = 1 if self._plan.sides == "single" or (self._document and self._document.complete) else 2
        under_way = 0.5 if self._phase == "picture" else 0.0
        fraction = 1.0 if self.concluded is not None else min(0.95, (self._sides + under_way) / needed)
        if fraction <= self._fraction:
            return []
        self._fraction = fraction
        return [Progress(fraction)]
