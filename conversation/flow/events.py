"""What can happen to a flow. Frozen, JSON-able (see ``codec``); a journal is the list of these with their times."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Joined:
    """The person's page is connected. The first one starts the flow, a later one resumes it."""


@dataclass(frozen=True, slots=True)
class Left:
    """The page is gone (network, reload, closed laptop); it may come back."""


@dataclass(frozen=True, slots=True)
class UserStarted:
    """The person has begun to speak or to type; waiting for them is not silence."""


@dataclass(frozen=True, slots=True)
class UserStopped:
    """What had begun was no answer after all (a cough, a door): the silence starts anew."""


@dataclass(frozen=True, slots=True)
class UserSpoke:
    """A whole turn of the person."""

    text: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The avatar has come to the end of an utterance, or was stopped in it."""

    utterance_id: str
    heard: str
    """The words that were really played."""
    completed: bool
    """False when it was interrupted or could not be spoken."""


@dataclass(frozen=True, slots=True)
class Phrased:
    """A goal prompt has been worded (answer to ``Phrase``)."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A reply has been judged (answer to ``Evaluate``)."""

    request_id: str
    outcome: str | None
    """Outcome id, or None when none holds surely enough."""
    confidence: float
    quote: str
    evaluator: str
    reason: str
    milliseconds: float
    duress: bool = False
    injection: bool = False
    extracted: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody ended the session."""

    by: str
    """``user``, ``operator`` or ``shutdown``."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = (
    Joined | Left | UserStarted | UserStopped | UserSpoke | SpeechEnded | Phrased | Evaluated | Cancelled | TimePassed
)
