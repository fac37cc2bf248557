"""Numbers that tell a camera from a feed that is made: repeats, timing, stillness, loops (pure).

Nothing is judged here. What has passed a video codec is never quite the same twice, so a loop is looked for in what the
tracker saw, with room for its noise, besides the fingerprints of the frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from vision.tracking.observation import FaceView, Observation

RATE_HZ: Final = 15.0
"""To which the observations are resampled, so that a loop need not be a whole number of frames."""
SHORTEST_LOOP: Final = 1.5
"""Seconds. Shorter repetitions are nods."""
SAME_BITS: Final = 6
"""Fingerprints that differ in at most so many of 64 bits count as the same: what a codec leaves of them."""
SAME_FACE: Final = np.array([0.01, 0.01, 0.01, 1.5, 1.5, 1.0, 0.10, 0.10, 0.10, 0.015])
"""The same for x, y, width (shares), yaw, pitch, roll (degrees), eyes, smile, jaw (0 to 1), mouth (eye distances)."""
FEWEST_INTERVALS: Final = 10
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
    loop: Loop | None


def examine(observations: Sequence[Observation]) -> FeedNumbers:
    """Look at a span of observations, oldest first. Some 10 ms for 20 s: for a verdict, not for every frame."""
    differences = [item.difference for item in observations if item.difference is not None]
    motions = [item.face.motion for item in observations if item.face is not None and item.face.motion is not None]
    interval_ms, jitter_ms = _timing([item.media_at for item in observations if item.media_at is not None])
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
    # Frames that nobody looked at leave holes of two, three … beats: what is nearest to one beat gives its length.
    shortest = float(np.percentile(intervals, 10))
    beats = np.maximum(1.0, np.round(intervals / shortest))
    interval = float(intervals.sum() / beats.sum())
    jitter = float(np.std(intervals - beats * interval)) / np.sqrt(2)
    return interval * 1000, float(jitter) * 1000


def _pose_span(faces: list[FaceView]) -> float | None:
    if len(faces) < FEWEST_INTERVALS:
        return None
    spans = [
        float(np.ptp(np.percentile(np.array(angles), (5, 95))))
        for angles in ([face.yaw for face in faces], [face.pitch for face in faces])
    ]
    return max(spans)


def find_loop(observations: Sequence[Observation]) -> Loop | None:
    """The period of at least ``SHORTEST_LOOP`` whose repetition fits best; None where the span is shorter than two."""
    seen = [item for item in observations if item.face is not None]
    if len(seen) < FEWEST_INTERVALS or seen[-1].at - seen[0].at < 2 * SHORTEST_LOOP:
        return None
    moments = np.arange(seen[0].at, seen[-1].at, 1 / RATE_HZ)
    faces, prints = _resampled(seen, moments)
    shortest = round(SHORTEST_LOOP * RATE_HZ)
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
    best = int(np.argmax(shares))
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
