"""Which pictures of a face are worth keeping: a few of the best, not all of the same moment, of one person (pure)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True, eq=False)
class Portrait(Generic[Payload]):
    """Something kept about one good frame: a picture, a template."""

    payload: Payload
    score: float
    """``Quality.score`` of the frame."""
    at: float


class Gallery(Generic[Payload]):
    """Keeps the best portraits of the face that is followed now; those of the one before go when the track changes."""

    def __init__(self, size: int = 5, spacing: float = 0.3) -> None:
        """``spacing``: seconds between any two that are kept; neighbouring frames would tell the same twice."""
        if size < 1:
            raise ValueError(f"size must be at least 1, not {size}")
        self._size = size
        self._spacing = spacing
        self._track = 0
        self._kept: list[Portrait[Payload]] = []

    @property
    def track(self) -> int:
        """Whose portraits these are."""
        return self._track

    @property
    def best_first(self) -> tuple[Portrait[Payload], ...]:
        """What is kept."""
        return tuple(sorted(self._kept, key=lambda portrait: -portrait.score))

    def follow(self, track: int) -> None:
        """Tell with each frame which face is followed, whether the frame is good or not."""
        if track != self._track:
            self._kept.clear()
            self._track = track

    def would_take(self, score: float, at: float) -> bool:
        """Whether ``offer`` would keep it: to be asked before anything expensive is made for it."""
        return self._place(score, at) is not None

    def offer(self, payload: Payload, score: float, at: float) -> bool:
        """One good frame of the face that is followed; True when it is kept."""
        losers = self._place(score, at)
        if losers is None:
            return False
        self._kept = [portrait for portrait in self._kept if portrait not in losers]
        self._kept.append(Portrait(payload, score, at))
        return True

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()

    def _place(self, score: float, at: float) -> list[Portrait[Payload]] | None:
        """Which portraits it would replace; None when it is not better than they are."""
        losers = [portrait for portrait in self._kept if abs(portrait.at - at) < self._spacing]
        if not losers and len(self._kept) >= self._size:
            losers = [min(self._kept, key=lambda portrait: portrait.score)]
        return losers if all(score > portrait.score for portrait in losers) else None
