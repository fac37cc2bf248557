"""One advice at a time to the person before the camera: steady on the screen, spoken when they are stuck (pure)."""

from dataclasses import dataclass
from typing import Final

from vision.liveness.commands import Hint, HintKey
from vision.tracking.advice import Advice, AdvicePolicy
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
class GuidancePolicy(AdvicePolicy):
    """Seconds, unless it says otherwise."""

    clearly_inside: float = 0.12
    """Share by which a value must be better than its limit before its hint goes away. Judgement."""


class Guide:
    """Turns frame after frame into hints."""

    def __init__(self, quality: QualityPolicy, policy: GuidancePolicy | None = None) -> None:
        policy = policy or GuidancePolicy()
        self._strict = quality.tightened(policy.clearly_inside)
        self._advice: Advice[HintKey] = Advice(_STEADY, "", policy)
        self._problem: Problem | None = None

    @property
    def by_ear(self) -> bool:
        """Whether the person is led by ear: every new hint is spoken, and the end of it."""
        return self._advice.by_ear

    @by_ear.setter
    def by_ear(self, wanted: bool) -> None:
        self._advice.by_ear = wanted

    def observe(self, observation: Observation, quality: Quality, now: float) -> Hint | None:
        """One frame with its quality by the same policy; what to show from now on, or None where nothing changes."""
        key, problem = self._wish(observation, quality)
        changed, speak = self._advice.offer(key, now)
        if changed:
            self._problem = problem
        return Hint(self._advice.shown, speak) if changed or speak else None

    def _wish(self, observation: Observation, quality: Quality) -> tuple[HintKey, Problem | None]:
        """The most important problem; the one that is shown stays until it is clearly gone or a worse one comes."""
        first = quality.problems[0] if quality.problems else None
        shown = self._problem
        worse = first is not None and shown is not None and ORDER.index(first) <= ORDER.index(shown)
        if shown is not None and not worse and shown in assess(observation, self._strict).problems:
            return ADVICE[shown], shown
        return (_STEADY, None) if first is None else (ADVICE[first], first)
