"""Cues from how the picture moves and how the feed arrives: alive, still, in a loop, too regular, repeated."""

from collections.abc import Iterator

from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record
from vision.liveness.verdict import Cue
from vision.tracking.blink import BlinkDetector
from vision.tracking.integrity import FeedNumbers, examine


def feed_cues(record: Record, policy: LivenessPolicy) -> Iterator[Cue]:
    """All of them, over the last part of the feed; the search for loops takes time by its square."""
    last = record.observations[-1].at if record.observations else 0.0
    numbers = examine([item for item in record.observations if item.at >= last - policy.examined_seconds])
    blinks = count_blinks(record)
    yield _motion(numbers, blinks, policy)
    yield _static(numbers, repeated_share(record), blinks, policy)
    yield _loop(numbers, policy)
    yield _timing(numbers, policy)
    yield _repeats(numbers, policy)


def repeated_share(record: Record) -> float:
    """Share of exact repeats in the whole feed: a camera that freezes on the way is no still picture."""
    differences = [item.difference for item in record.observations if item.difference is not None]
    return sum(value == 0.0 for value in differences) / len(differences) if differences else 0.0


def count_blinks(record: Record) -> int:
    """Blinks in the whole feed."""
    detector = BlinkDetector()
    for view in record.views:
        detector.receive(view.at, view.face.eye_closure, view.face.pitch, view.face.yaw)
    return detector.count


def _motion(numbers: FeedNumbers, blinks: int, policy: LivenessPolicy) -> Cue:
    """Whether the head moves as living heads do: it is never quite at rest."""
    wobble = numbers.wobble_degrees
    if wobble is None or numbers.seconds < policy.motion_seconds:
        return Cue("pad_motion", "not_checked", None, "too little feed")
    alive = wobble >= policy.live_wobble_degrees
    told = f"the pose wanders by {wobble:.1f} degrees; {blinks} blinks"
    return Cue("pad_motion", "supports" if alive else "neutral", round(wobble, 4), told)


def _static(numbers: FeedNumbers, repeated: float, blinks: int, policy: LivenessPolicy) -> Cue:
    """Whether it is a still picture: a frozen feed, or a photo before a steady camera."""
    sway, wobble = numbers.sway, numbers.wobble_degrees
    if numbers.seconds < policy.still_seconds or sway is None or wobble is None:
        return Cue("pad_static", "not_checked", None, "too little feed")
    if repeated >= policy.still_share:
        told = f"{repeated * 100:.0f} % of the frames are exact repeats"
        return Cue("pad_static", "against", round(wobble, 4), told)
    still = sway < policy.still_sway and wobble < policy.still_wobble_degrees and blinks == 0
    told = "a still picture: neither place, pose nor eyes move" if still else "the picture is not a still one"
    return Cue("pad_static", "against" if still else "supports", round(wobble, 4), told)


def _loop(numbers: FeedNumbers, policy: LivenessPolicy) -> Cue:
    """Whether a clip is played over and over."""
    loop = numbers.loop
    if loop is None:
        return Cue("pad_loop", "not_checked", None, "too little feed to see two rounds of a loop")
    if loop.chance > policy.loop_chance:
        return Cue("pad_loop", "neutral", round(loop.share, 4), "too little moves to tell a loop")
    looped = loop.share >= policy.loop_share
    told = f"{loop.share * 100:.0f} % of the moments come again after {loop.period:.1f} s"
    return Cue("pad_loop", "against" if looped else "supports", round(loop.share, 4), told)


def _timing(numbers: FeedNumbers, policy: LivenessPolicy) -> Cue:
    """Whether frames come as regularly as no camera takes them."""
    if numbers.jitter_ms is None:
        return Cue("injection_timing", "not_checked", None, "the frames carry no times")
    made = numbers.jitter_ms < policy.camera_jitter_ms
    told = f"frames are off their beat by {numbers.jitter_ms:.2f} ms"
    return Cue("injection_timing", "against" if made else "neutral", round(numbers.jitter_ms, 4), told)


def _repeats(numbers: FeedNumbers, policy: LivenessPolicy) -> Cue:
    """Whether frames are repeated exactly, which the noise of a sensor never does."""
    if numbers.repeated is None:
        return Cue("injection_repeats", "not_checked", None, "too little feed")
    frozen = numbers.longest_repeat >= policy.frozen_seconds or numbers.repeated >= policy.repeats_share
    told = f"{numbers.repeated * 100:.0f} % exact repeats, the longest for {numbers.longest_repeat:.1f} s"
    return Cue("injection_repeats", "against" if frozen else "neutral", round(numbers.repeated, 4), told)
