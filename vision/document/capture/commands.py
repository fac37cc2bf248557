"""What a document scan asks for. Frozen and JSON-able."""

from dataclasses import dataclass
from typing import Literal

from vision.document.document import Document, Problem

HintKey = Literal[
    "", "no_document", "two_documents", "cut_off", "closer", "back", "tilted", "glare", "blurred", "shadow",
    "more_light", "less_light", "hold_still", "steady", "reading",
]  # fmt: skip
"""One advice at a time. ``steady``: well placed, the picture is about to be taken; ``reading``: wait;
``""``: nothing to say."""

Step = Literal["show_front", "show_document", "turn_over", "try_again"]
"""``show_document``: any side will do. ``try_again`` comes with the problem of the picture before."""


Outcome = Literal["read", "rejected", "timeout", "not_checked"]
"""``rejected``: a document was read and may not be taken; ``timeout``: none could be read surely in time."""

Reason = Problem | Literal["", "no_media", "provider_error"]


@dataclass(frozen=True, slots=True)
class Hint:
    """Show this advice now, instead of the one before."""

    key: HintKey
    speak: bool
    """Whether the person is stuck, so that the avatar should say it."""


@dataclass(frozen=True, slots=True)
class Instruct:
    """Show and say what to do next; ``StepSpoken`` comes back when it has been said."""

    step: Step
    side: int
    """From 0."""
    problem: Problem | None
    """Why the same is asked again."""


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Have the page take a still, or read the newest frame; ``PictureRead`` or ``PictureFailed`` comes back."""

    number: int


@dataclass(frozen=True, slots=True)
class SideAccepted:
    """A side is done: play the shutter's sign."""

    side: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the scan is, 0 to 1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Concluded:
    """The scan is over. Nothing follows."""

    outcome: Outcome
    reason: Reason
    """Of every outcome but ``read``; there it is empty."""
    document: Document | None
    """As far as it could be read."""
    pictures: tuple[int, ...]
    """Numbers of the pictures that it was read from, one for each side, best first."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that means nothing here (late, double, impossible now); counted, never an error."""

    event: str
    why: str


Command = Hint | Instruct | TakePicture | SideAccepted | Progress | Concluded | Ignored
