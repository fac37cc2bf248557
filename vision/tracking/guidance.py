"""One advice at a time to the person before the camera: steady on the screen, spoken when they are stuck (pure)."""

from dataclasses import dataclass
from typing import Final

from vision.liveness.commands import Hint, HintKey
from vision.tracking.observation import Observation
from vision.tracking.quality import ORDER, Problem, Quality, QualityPolicy, assess

ADVICE: Final[dict[Problem, HintKey]] = {
    "no_face": "no_face",
    "more_faces": "more_faces",
    "too_dark": "more_light",
    "too_bright": "less_light",
    "backlit": "backlight",
    "covered": "uncover",
    "too_far": "closer",
    "too_near": "back",
    # The camera's picture is not mirrored: it shows the person as somebody opposite sees them. Whoever appears at the
    # left of it stands too far to their own right, so they have to move to their own left.
    "at_left": "left",
    "at_right": "right",
    "at_top": "down",
    "at_bottom": "up",
    "turned": "face_camera",
    "tilted": "level",
    "moving": "hold_still",
    "blurred": "blurred",
    "too_coarse": "blurred",
}
_STEADY: Final[HintKey] = "steady"


@dataclass(frozen=True, slots=True)
class GuidancePolicy:
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
    clearly_inside: float = 0.12
    """Share by which a value must be better than its limit before its hint goes away."""


class Guide:
    """Turns frame after frame into hints."""

    def __init__(self, quality: QualityPolicy, policy: GuidancePolicy | None = None) -> None:
        self._strict = quality.tightened((policy or GuidancePolicy()).clearly_inside)
        self._policy = policy or GuidancePolicy()
        self.by_ear = False
        """Whether the person is led by ear: every new hint is spoken, and the end of it."""
        self._shown: HintKey = ""
        self._problem: Problem | None = None
        self._shown_at: float | None = None
        self._wanted: tuple[HintKey, Problem | None] = ("", None)
        self._wanted_at: float | None = None
        self._spoken_at: float | None = None
        self._spoken: HintKey = ""

    def observe(self, observation: Observation, quality: Quality, now: float) -> Hint | None:
        """One frame with its quality by the same policy; what to show from now on, or None where nothing changes."""
        wanted = self._wish(observation, quality)
        if self._wanted_at is None or wanted[0] != self._wanted[0]:
            self._wanted_at = now
        self._wanted = wanted
        appeared = now - self._wanted_at >= self._policy.appear
        stayed = self._shown_at is None or now - self._shown_at >= self._policy.stay
        changed = wanted[0] != self._shown and appeared and stayed
        if changed:
            self._shown, self._problem = wanted
            self._shown_at = now
        speak = self._is_to_be_spoken(now)
        if speak:
            self._spoken_at, self._spoken = now, self._shown
        return Hint(self._shown, speak) if changed or speak else None

    def _wish(self, observation: Observation, quality: Quality) -> tuple[HintKey, Problem | None]:
        """The most important problem; the one that is shown stays until it is clearly gone or a worse one comes."""
        first = quality.problems[0] if quality.problems else None
        shown = self._problem
        worse = first is not None and shown is not None and ORDER.index(first) <= ORDER.index(shown)
        if shown is not None and not worse and shown in assess(observation, self._strict).problems:
            return ADVICE[shown], shown
        return (_STEADY, None) if first is None else (ADVICE[first], first)

    def _is_to_be_spoken(self, now: float) -> bool:
        if self._shown_at is None or (self._shown == _STEADY and not self.by_ear):
            return False
        pause = self._policy.repeat_by_ear if self.by_ear else self._policy.repeat
        if self._spoken_at is not None and now - self._spoken_at < pause:
            return False
        if self.by_ear and self._shown != self._spoken:
            return True
        return self._shown != _STEADY and now - self._shown_at >= self._policy.stuck
