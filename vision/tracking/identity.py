"""Which of the faces in a frame is the one that is followed, and when another has taken its place (pure)."""

import math
from dataclasses import dataclass
from typing import Final

LONGEST_ABSENCE: Final = 1.0
"""Seconds; after that nobody knows who comes back. Two blinks of the tracker at 5 fps are well below."""
REACH: Final = 0.5
REACH_PER_SECOND: Final = 2.0
"""How far a face may be from where it was, in its own widths: at once, and more with time (a quick lean is about two
widths a second)."""
REACH_LIMIT: Final = 1.5
LARGEST_GROWTH: Final = 1.6
"""Ratio of its sizes from one sighting to the next; leaning in doubles a face in about a second."""
STRANGER: Final = 0.5
"""Likeness below which a sighting is more likely another person (0.5 is the middle of the calibrated scale)."""
STRANGE_SIGHTINGS: Final = 2
"""One bad comparison in a row is forgiven: blur, a turned head."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a face is, in widths of the frame, so that the frame's shape plays no role."""

    x: float
    """Of the centre."""
    y: float
    size: float
    """Larger side."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What became of the followed face in one frame."""

    index: int | None
    """Which of the given faces it is; None when none is."""
    track: int
    """Its number; 0 while there has been no face yet."""
    swapped: bool
    """Another face than before is followed from this frame on."""


class FaceIdentity:
    """Follows one face. A new number means: it cannot be shown that this is still the same person."""

    def __init__(self) -> None:
        self._track = 0
        self._box: Box | None = None
        self._seen_at = 0.0
        self._strange = 0

    def observe(self, faces: tuple[Box, ...], now: float) -> Sighting:
        """The faces of the next frame, the largest first."""
        if not faces:
            return Sighting(None, self._track, swapped=False)
        index = self._continued(faces, now)
        swapped = index is None and self._track > 0
        if index is None:
            index = 0
            self._track += 1
            self._strange = 0
        self._box, self._seen_at = faces[index], now
        return Sighting(index, self._track, swapped)

    def compared(self, likeness: float) -> bool:
        """The followed face was compared with the first good view of its track; True when it is another person now.

        The next sighting then has a new number.
        """
        self._strange = self._strange + 1 if likeness < STRANGER else 0
        if self._strange < STRANGE_SIGHTINGS:
            return False
        self.restart()
        return True

    def restart(self) -> None:
        """The picture changed its shape, or the face its owner: the next sighting has a new number."""
        self._box = None
        self._strange = 0

    def _continued(self, faces: tuple[Box, ...], now: float) -> int | None:
        """The nearest face that can be the one before."""
        before, elapsed = self._box, now - self._seen_at
        if before is None or elapsed > LONGEST_ABSENCE:
            return None
        reach = min(REACH_LIMIT, REACH + REACH_PER_SECOND * max(0.0, elapsed)) * before.size
        growth = LARGEST_GROWTH ** max(1.0, elapsed * 5)
        near = [
            (math.hypot(face.x - before.x, face.y - before.y), index)
            for index, face in enumerate(faces)
            if 1 / growth <= face.size / before.size <= growth
        ]
        distance, index = min(near, default=(math.inf, 0))
        return index if distance <= reach else None
