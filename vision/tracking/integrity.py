"""Numbers that tell a camera from a feed that is made: repeats, timing, stillness, loops (pure).

Nothing is judged here. What has passed a video codec is never quite the same twice, so a loop is looked for in what the
tracker saw, with room for its noise, besides the fingerprints of the frames.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from vision.tracking.observation import FaceView, Observation

RATE_HZ: Final = 30.0
"""To which the observations are resampled: a loop need not be a whole number of frames, and half of one of these is
short enough for a head that turns quickly."""
SHORTEST_LOOP: Final = 1.5
"""Seconds. Shorter repetitions are nods."""
SAME_BITS: Final = 6
"""Fingerprints that differ in at most so many of 64 bits count as the same: what a codec leaves of them."""
SAME_FACE: Final = np.array([0.01, 0.01, 0.01, 1.5, 1.5, 1.0, 0.10, 0.10, 0.10, 0.015])
"""The same for x, y, width (shares), yaw, pitch, roll (degrees), eyes, smile, jaw (0 to 1), mouth (eye distances)."""
FEWEST_INTERVALS: Final = 10
ON_BEAT: Final = 0.15
"""Standard deviation of intervals, in beats, up to which they count as whole beats."""
WANDERING_SECONDS: Final = 0.5
WANDERING_FRAMES: Final = 2
WANDERING_BINS: Final = 4
"""Two seconds at least, of half-seconds with two frames at least."""
NEIGHBOURS: Final = 6
"""Lags beside each other, of which the best is taken."""
SAME_FIT: Final = 0.8
"""A period that fits nearly as well as its multiples is the period."""
Series = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loop:
    """The repetition that fits best."""

    period: float
    """Seconds."""
    share: float
    """Of the moments, one period apart, that look the same, 0 to 1."""
    chance: float
    """Share that look the same at an arbitrary distance in time: near 1 when nothing moves, so that nothing is told."""


@dataclass(frozen=True, slots=True)
class FeedNumbers:
    """What a span of observations shows. None = not measured: too few frames, no face, no timestamps."""

    frames: int
    seconds: float
    repeated: float | None
    """Share of frames that are exactly the one before."""
    longest_repeat: float
    """Seconds of the longest run of such frames."""
    interval_ms: float | None
    """Time between two frames of the stream by its own timestamps (frames that were left out are allowed for)."""
    jitter_ms: float | None
    """Standard deviation of the frames' timestamps from that beat. Cameras: about a millisecond and more."""
    difference: float | None
    """Median difference of a frame to the one before; sensor noise alone is about 0.0005."""
    motion: float | None
    """Median motion of the landmarks, eye distances per frame."""
    pose_span_degrees: float | None
    """Larger of the spans of yaw and pitch, between the 5th and the 95th percentile."""
    sway: float | None
    """How the place of the face wanders, without the tracker's noise: standard deviation of its half-second means, in
    eye distances. Measured over 3 s: persons from 0.09, a still with noise and compression up to 0.013."""
    wobble_degrees: float | None
    """The same of yaw or pitch, whichever is more. Persons from 2.6, a still up to 0.4, a picture in the hand 0.3."""
    loop: Loop | None


def examine(observations: Sequence[Observation]) -> FeedNumbers:
    """Look at a span of observations, oldest first. Some 30 ms for 20 s: for a verdict, not for every frame."""
    differences = [item.difference for item in observations if item.difference is not None]
    motions = [item.face.motion for item in observations if item.face is not None and item.face.motion is not None]
    interval_ms, jitter_ms = _timing([item.media_at for item in observations if item.media_at is not None])
    sway, wobble_degrees = _wandering(observations)
    return FeedNumbers(
        frames=len(observations),
        seconds=observations[-1].at - observations[0].at if observations else 0.0,
        repeated=sum(value == 0.0 for value in differences) / len(differences) if differences else None,
        longest_repeat=_longest_repeat(observations),
        interval_ms=interval_ms,
        jitter_ms=jitter_ms,
        difference=median(differences) if differences else None,
        motion=median(motions) if motions else None,
        pose_span_degrees=_pose_span([item.face for item in observations if item.face is not None]),
        sway=sway,
        wobble_degrees=wobble_degrees,
        loop=find_loop(observations),
    )


def _longest_repeat(observations: Sequence[Observation]) -> float:
    longest, since = 0.0, None
    for before, after in pairwise(observations):
        if after.difference != 0.0:
            since = None
            continue
        since = before.at if since is None else since
        longest = max(longest, after.at - since)
    return longest


def _timing(stamps: list[float]) -> tuple[float | None, float | None]:
    """The beat of the stream and how far frames are off it, both in milliseconds."""
    intervals = np.diff(np.array(stamps))
    intervals = intervals[intervals > 0]
    if len(intervals) < FEWEST_INTERVALS:
        return None, None
    # Frames that nobody looked at leave holes, so the usual interval may be two or three beats of the stream.
    usual = float(np.median(intervals))
    beats = next(
        (beats for parts in (1, 2, 3) if _off_beat(intervals, beats := _beats(intervals, usual / parts)) < ON_BEAT),
        _beats(intervals, usual),
    )
    interval = float(intervals.sum() / beats.sum())
    jitter = float(np.std(intervals - beats * interval) / np.sqrt(2))
    return interval * 1000, jitter * 1000


def _beats(intervals: Series, guess: float) -> Series:
    """How many beats each interval takes, beginning from a guess of how long one is."""
    for _ in range(3):
        beats = np.maximum(1.0, np.round(intervals / guess))
        guess = float(intervals.sum() / beats.sum())
    return beats


def _off_beat(intervals: Series, beats: Series) -> float:
    """How far intervals are from whole beats: standard deviation in beats; 0.29 when there is no beat at all."""
    interval = intervals.sum() / beats.sum()
    return float(np.std(intervals / interval - beats))


def _pose_span(faces: list[FaceView]) -> float | None:
    if len(faces) < FEWEST_INTERVALS:
        return None
    angles = np.array([(face.yaw, face.pitch) for face in faces])
    return float(np.ptp(np.percentile(angles, (5, 95), axis=0), axis=0).max())


def _wandering(observations: Sequence[Observation]) -> tuple[float | None, float | None]:
    """Place in eye distances, and degrees: standard deviation of half-second means, in which noise averages out."""
    seen = [(item, item.face) for item in observations if item.face is not None and item.face.eye_distance_px > 0]
    rows = np.array([(item.at, *_place(item, face), face.yaw, face.pitch) for item, face in seen])
    if not len(rows):
        return None, None
    bins = ((rows[:, 0] - rows[0, 0]) / WANDERING_SECONDS).astype(int)
    counts = np.bincount(bins)
    full = counts >= WANDERING_FRAMES
    if full.sum() < WANDERING_BINS:
        return None, None
    means = np.stack([np.bincount(bins, weights=column)[full] / counts[full] for column in rows[:, 1:].T], axis=1)
    x, y, yaw, pitch = means.std(axis=0)
    return float(np.hypot(x, y)), float(max(yaw, pitch))


def _place(observation: Observation, face: FaceView) -> tuple[float, float]:
    """The middle of the face, in eye distances."""
    x = (face.left + face.width / 2) * observation.width_px
    y = (face.top + face.height / 2) * observation.height_px
    return x / face.eye_distance_px, y / face.eye_distance_px


def find_loop(observations: Sequence[Observation]) -> Loop | None:
    """The period of at least ``SHORTEST_LOOP`` whose repetition fits best; None where the span is shorter than two."""
    seen = [item for item in observations if item.face is not None]
    if len(seen) < FEWEST_INTERVALS or seen[-1].at - seen[0].at < 2 * SHORTEST_LOOP:
        return None
    moments = np.arange(seen[0].at, seen[-1].at, 1 / RATE_HZ)
    faces, prints = _resampled(seen, moments)
    shortest = math.ceil(SHORTEST_LOOP * RATE_HZ)
    lags = range(shortest, len(moments) - shortest)
    shares = [
        float(
            np.mean(
                (np.abs(faces[lag:] - faces[:-lag]) <= SAME_FACE).all(axis=1)
                & ((prints[lag:] != prints[:-lag]).sum(axis=1) <= SAME_BITS)
            )
        )
        for lag in lags
    ]
    if not shares:
        return None
    first = next(index for index, share in enumerate(shares) if share >= SAME_FIT * max(shares))
    best = first + int(np.argmax(shares[first : first + NEIGHBOURS]))
    return Loop(period=lags[best] / RATE_HZ, share=shares[best], chance=float(np.median(shares)))


def _resampled(seen: Sequence[Observation], moments: Series) -> tuple[Series, npt.NDArray[np.uint8]]:
    """Faces at those moments, in between by straight lines, and the fingerprint of the nearest frame as 64 bits."""
    at = np.array([item.at for item in seen])
    rows = np.array([_numbers(item.face) for item in seen if item.face is not None])
    faces = np.stack([np.interp(moments, at, column) for column in rows.T], axis=1)
    nearest = np.abs(at[None, :] - moments[:, None]).argmin(axis=1)
    prints = np.array([np.frombuffer(bytes.fromhex(item.fingerprint), dtype=np.uint8) for item in seen])
    return faces, np.unpackbits(prints[nearest], axis=1)


def _numbers(face: FaceView) -> tuple[float, ...]:
    x, y = face.left + face.width / 2, face.top + face.height / 2
    pose = (face.yaw, face.pitch, face.roll)
    return (x, y, face.width, *pose, face.eye_closure, face.smile, face.jaw_open, face.mouth_opening)
