"""What a check asks for. Frozen and JSON-able."""

from dataclasses import dataclass
from typing import Literal

from vision.liveness.verdict import Verdict

HintKey = Literal[
    "", "no_face", "more_faces", "closer", "back", "left", "right", "up", "down", "face_camera", "level", "hold_still",
    "more_light", "less_light", "backlight", "uncover", "blurred", "steady",
]  # fmt: skip
"""One advice at a time. ``left``, ``right``, ``up``, ``down``: where the person should move, seen by themselves.
``steady``: well placed, stay so; ``""``: nothing to say."""

ChallengeKind = Literal["turn_left", "turn_right", "blink", "smile", "closer", "read"]
"""``turn_left``: the person's own left."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Show this advice now, instead of the one before."""

    key: HintKey
    speak: bool
    """Whether the person is stuck, so that the avatar should say it."""


@dataclass(frozen=True, slots=True)
class IssueChallenge:
    """Show and speak an instruction; ``InstructionSpoken`` comes back when it has been said."""

    index: int
    """From 0."""
    count: int
    kind: ChallengeKind
    phrase: str
    """What to read aloud; empty for other kinds."""
    seconds: float
    """How long the person has."""


@dataclass(frozen=True, slots=True)
class ChallengeEnded:
    """The current challenge is over."""

    index: int
    passed: bool


@dataclass(frozen=True, slots=True)
class ShowFlash:
    """Let the page show these colours, full screen, one after the other; FlashShown or FlashDeclined comes back."""

    colours: tuple[str, ...]
    """CSS colours, ``#rrggbb``."""
    symbol_ms: int
    """How long each is shown."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the check is, 0 to 1, for a progress bar."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The check is over. Nothing follows."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that means nothing here (late, double, impossible now); counted, never an error."""

    event: str
    why: str


Command = Hint | IssueChallenge | ChallengeEnded | ShowFlash | Progress | Judged | Ignored
