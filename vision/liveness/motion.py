"""Cues from the way the picture moves: alive, still, in a loop; and from the way the feed arrives."""

from itertools import pairwise
from statistics import median

from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record
from vision.liveness.verdict import Cue
from vision.tracking.blink import BlinkDetector


def motion_cue(record: Record, policy: LivenessPolicy) -> Cue:
    """Whether the face moves as living faces do."""
    motion = _median_motion(record)
    if motion is None or _feed(record) < policy.texture_seconds:
        return Cue("pad_motion", "not_checked", None, "too little feed")
    blinks = count_blinks(record)
    alive = motion >= policy.live_motion and (blinks > 0 or pose_span(record) >= policy.still_degrees)
    told = (
        f"{motion * 100:.2f} % of the eye distance per frame, {blinks} blinks, {pose_span(record):.0f} degrees of pose"
    )
    return Cue("pad_motion", "supports" if alive else "neutral", round(motion, 5), told)


def static_cue(record: Record, policy: LivenessPolicy) -> Cue:
    """Whether it is a still picture: frozen, or a photo before a steady camera."""
    differences = [item.difference for item in record.observations if item.difference is not None]
    motion = _median_motion(record)
    if _feed(record) < policy.still_seconds or not differences or motion is None:
        return Cue("pad_static", "not_checked", None, "too little feed")
    repeated = sum(value == 0 for value in differences) / len(differences)
    if repeated >= policy.still_share:
        return Cue("pad_static", "against", round(repeated, 4), f"{repeated * 100:.0f} % of the frames are repeats")
    still = motion < policy.still_motion and pose_span(record) < policy.still_degrees and not count_blinks(record)
    told = "a still picture: neither landmarks, pose nor eyes move" if still else "the picture is not a still one"
    return Cue("pad_static", "against" if still else "supports", round(motion, 5), told)


def count_blinks(record: Record) -> int:
    """Blinks in the whole feed."""
    detector = BlinkDetector()
    for view in record.views:
        detector.receive(view.at, view.face.eye_closure, view.face.pitch, view.face.yaw)
    return detector.count


def pose_span(record: Record) -> float:
    """From the 5th to the 95th percentile of yaw or pitch, whichever is wider, in degrees."""
    return max(
        _span([view.face.yaw for view in record.views]),
        _span([view.face.pitch for view in record.views]),
    )


def _span(values: list[float]) -> float:
    ordered = sorted(values)
    cut = len(ordered) // 20
    return ordered[-1 - cut] - ordered[cut] if ordered else 0.0


def _median_motion(record: Record) -> float | None:
    moved = [view.face.motion for view in record.views if view.face.motion is not None]
    return median(moved) if moved else None


def _feed(record: Record) -> float:
    """Seconds of feed with a face, gaps left out."""
    return sum(min(after.at - before.at, 0.5) for before, after in pairwise(record.views))
