"""Settings of the camera half."""

from dataclasses import dataclass
from typing import Any, get_args

from vision.liveness.commands import ChallengeKind
from vision.liveness.policy import LivenessPolicy, Suspicion

CHALLENGES: tuple[ChallengeKind, ...] = get_args(ChallengeKind)


@dataclass(frozen=True, slots=True)
class VisionSettings:
    """Seeing."""

    tracker: str = "auto"
    """``mediapipe``, ``litert``, ``auto`` (the first of the two that works here) or ``off`` (nobody looks)."""
    texture: str = "fr-liveness"
    """Passive liveness: ``fr-liveness``, ``off`` or the path of an ONNX file of the same form."""
    embedder: str = "dlib"
    """Face comparison: ``dlib``, ``fr-feature``, ``off`` or the path of an ONNX file in the form of fr-feature."""
    attributes: str = "faceres"
    """Age and sex: ``faceres``, ``off`` or the path of an ONNX file of the same form."""
    threads: int = 2
    """Threads that track and compare, for all sessions together."""
    frames_per_second: float = 15.0
    """Frames looked at while a check runs; fewer when the host is busy, down to a third."""
    idle_frames_per_second: float = 5.0
    """Frames looked at while none runs."""
    check_seconds: float = 60.0
    """Longest time that a check may take."""
    challenges: str = "turn_left,turn_right,blink,smile,closer,read"
    """Which challenges may be drawn, separated by commas."""
    challenge_count: int = 2
    """How many are drawn for a liveness check."""
    flash: bool = True
    """Whether liveness checks also show colours on the screen and look for their reflection."""
    require_texture: bool = False
    """Whether nobody is found live without the passive model."""
    suspicion: str = "inconclusive"
    """Verdict when the feed looks injected and no colours were reflected: ``inconclusive``, ``attack`` or ``allow``."""
    keep_images: bool = False
    """Whether a good picture of each check is kept, encrypted, with the session's media."""

    def kinds(self) -> tuple[ChallengeKind, ...]:
        """The challenges, in the order of the product."""
        named = {name.strip() for name in self.challenges.split(",")}
        return tuple(kind for kind in CHALLENGES if kind in named)

    def policy(self) -> LivenessPolicy:
        """What a verdict needs."""
        suspicion: Any = self.suspicion  # ``problem`` has seen to it
        return LivenessPolicy(require_texture=self.require_texture, suspicion=suspicion)

    def problem(self) -> tuple[str, str] | None:
        """(field, what is wrong with it), or None."""
        named = [name.strip() for name in self.challenges.split(",") if name.strip()]
        if unknown := next((name for name in named if name not in CHALLENGES), None):
            return "challenges", f"names '{unknown}'; there are {', '.join(CHALLENGES)}"
        if self.suspicion not in get_args(Suspicion):
            return "suspicion", f"is '{self.suspicion}'; choose {', '.join(get_args(Suspicion))}"
        return None
