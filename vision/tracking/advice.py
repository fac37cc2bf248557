"""When advice is shown and when it is spoken: steady on the screen, said when somebody is stuck (pure)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=str)


@dataclass(frozen=True, slots=True)
class AdvicePolicy:
    """Seconds. Judgement, all of it: long enough to read, short enough to help."""

    appear: float = 0.6
    """The same problem this long before a hint appears."""
    stay: float = 1.2
    """Each hint is shown at least this long."""
    stuck: float = 3.0
    """The same hint this long before it is spoken."""
    repeat: float = 8.0
    """From one spoken hint to the next."""
    repeat_by_ear: float = 2.5
    """The same for somebody who is led by ear: each new hint is spoken, and the end of it (``steady``)."""


class Advice(Generic[Key]):
    """One advice at a time. ``calm`` is the key that says that all is well: it is spoken only to who is led by ear."""

    def __init__(self, calm: Key, nothing: Key, policy: AdvicePolicy) -> None:
        self._calm = calm
        self._policy = policy
        self.by_ear = False
        """Whether the person is led by ear: every new hint is spoken, and the end of it."""
        self.shown: Key = nothing
        """What is on the screen."""
        self._shown_at: float | None = None
        self._wanted: Key = nothing
        self._wanted_at: float | None = None
        self._spoken: Key = nothing
        self._spoken_at: float | None = None

    def offer(self, wanted: Key, now: float) -> tuple[bool, bool]:
        """What should be shown if it lasts; (whether ``shown`` has changed, whether it is to be spoken)."""
        if self._wanted_at is None or wanted != self._wanted:
            self._wanted_at = now
        self._wanted = wanted
        appeared = now - self._wanted_at >= self._policy.appear
        stayed = self._shown_at is None or now - self._shown_at >= self._policy.stay
        changed = wanted != self.shown and appeared and stayed
        if changed:
            self.shown, self._shown_at = wanted, now
        speak = self._is_to_be_spoken(now)
        if speak:
            self._spoken_at, self._spoken = now, self.shown
        return changed, speak

    def _is_to_be_spoken(self, now: float) -> bool:
        if self._shown_at is None or (self.shown == self._calm and not self.by_ear):
            return False
        pause = self._policy.repeat_by_ear if self.by_ear else self._policy.repeat
        if self._spoken_at is not None and now - self._spoken_at < pause:
            return False
        if self.by_ear and self.shown != self._spoken:
            return True
        return self.shown != self._calm and now - self._shown_at >= self._policy.stuck
