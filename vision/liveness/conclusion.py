"""The end of a check: all cues, the verdict, and what it is called when the check could not be completed."""

from typing import Literal

from vision.liveness import cues
from vision.liveness.course import Course
from vision.liveness.flash_show import FlashShow
from vision.liveness.injection import camera_cue
from vision.liveness.judgement import fused_score, judge
from vision.liveness.motion import feed_cues
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record
from vision.liveness.verdict import Cue, Outcome, Verdict

Cause = Literal["complete", "timeout", "no_media", "no_face"]
"""Why it ends: everything was done, or patience ran out."""


def conclude(
    cause: Cause,
    plan: Plan,
    policy: LivenessPolicy,
    record: Record,
    course: Course,
    flash: FlashShow,
    cameras: tuple[str, ...],
) -> Verdict:
    """The verdict on everything that was seen."""
    found = collect(plan, policy, record, course, flash, cameras)
    score = fused_score(found, policy)
    outcome, reasons = judge(found, score, course.results, policy)
    outcome, why = _named(cause, outcome, plan, record)
    return Verdict(
        outcome=outcome,
        inconclusive_reason=why,
        score=score,
        reasons=reasons if outcome in ("bona_fide", "attack") or why == "unknown_verdict" else against(found),
        cues=found,
        challenges=tuple(course.results),
        frames=len(record.usable),
        seconds=round(record.seconds, 3),
        policy=policy.version,
    )


def collect(
    plan: Plan, policy: LivenessPolicy, record: Record, course: Course, flash: FlashShow, cameras: tuple[str, ...]
) -> tuple[Cue, ...]:
    """Every cue, in the order of reports."""
    return (
        cues.texture(record, policy),
        cues.challenges(plan, course),
        cues.lips(plan, course),
        cues.flash(flash.response, flash.why_not, policy),
        cues.parallax(record, policy),
        *feed_cues(record, policy),
        *cues.identity(record, policy),
        cues.more_faces(record, policy),
        camera_cue(cameras),
    )


def against(found: tuple[Cue, ...]) -> tuple[str, ...]:
    """Names of the cues that speak against, for a check that was not judged as a whole."""
    return tuple(cue.name for cue in found if cue.state == "against")


def _named(cause: Cause, outcome: Outcome, plan: Plan, record: Record) -> tuple[Outcome, str]:
    """What was not completed is inconclusive, unless it is an attack all the same."""
    if not record.observations:
        return "inconclusive", "no_media"
    if not record.views:
        return ("no_face", "") if cause != "no_media" else ("inconclusive", "no_media")
    if cause == "complete" and plan.purpose != "liveness":
        return "captured", ""
    if cause == "complete":
        return outcome, "unknown_verdict" if outcome == "inconclusive" else ""
    if outcome == "attack" and plan.purpose == "liveness":
        return "attack", ""
    if cause == "no_face":
        return "no_face", ""
    if cause == "no_media":
        return "inconclusive", "no_media"
    return "inconclusive", "timeout" if record.usable else "unusable_media"
