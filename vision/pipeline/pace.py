"""How often frames are looked at, and which models look at which of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

IDLE_TEXTURE_SECONDS = 1.0
"""A score of the texture model a second costs about 13 ms of CPU; after a conversation of some seconds a check begins
with enough of them for a median, instead of making the person wait."""

CHECK_TEXTURE_SECONDS = 0.75
LIKENESS_SECONDS = 1.0
ATTRIBUTES_SECONDS = 2.0

LOAD_SHARE = 0.6
"""Part of the time between two frames that looking at one may take before fewer are looked at."""
LEAST_SHARE = 1 / 3
"""Part of the wished rate that is kept however slow the host is."""

_SMOOTHING = 0.2
_EARLY_SECONDS = 0.015
"""A frame is taken this much before its time, so that a camera at the wished rate does not lose every other frame."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What shall be done with a frame beside tracking."""

    texture: bool = False
    likeness: bool = False
    attributes: bool = False


@dataclass(slots=True)
class Pace:
    """Frames a second and the turns of the slower models, all on the session's clock."""

    idle_frames_per_second: float = 5.0
    check_frames_per_second: float = 15.0
    checking: bool = False
    """Whether a check is running, so that every frame counts."""
    _cost: float = 0.0
    """Seconds that a look takes, smoothed."""
    _looked_at: float = float("-inf")
    _turns: dict[str, float] = field(default_factory=dict)

    @property
    def frames_per_second(self) -> float:
        """The rate of now, lowered when looking takes more than its share of the time."""
        wished = self.check_frames_per_second if self.checking else self.idle_frames_per_second
        affordable = LOAD_SHARE / self._cost if self._cost > 0 else wished
        return max(wished * LEAST_SHARE, min(wished, affordable))

    def wait(self, now: float) -> float:
        """Seconds until the next frame should be taken."""
        return max(0.0, self._looked_at + 1 / self.frames_per_second - _EARLY_SECONDS - now)

    def begin(self, now: float) -> Wishes:
        """A frame is taken now; which models shall look at it."""
        self._looked_at = now
        texture = CHECK_TEXTURE_SECONDS if self.checking else IDLE_TEXTURE_SECONDS
        return Wishes(
            texture=self._due("texture", texture, now),
            likeness=self.checking and self._due("likeness", LIKENESS_SECONDS, now),
            attributes=self.checking and self._due("attributes", ATTRIBUTES_SECONDS, now),
        )

    def took(self, seconds: float) -> None:
        """Looking at a frame took so long."""
        self._cost = seconds if self._cost == 0 else (1 - _SMOOTHING) * self._cost + _SMOOTHING * seconds

    def used(self, names: Iterable[str], now: float) -> None:
        """Which models really looked; one that could not, as there was no face to judge, has its turn again."""
        for name in names:
            self._turns[name] = now

    def _due(self, name: str, seconds: float, now: float) -> bool:
        return now - self._turns.get(name, float("-inf")) >= seconds
