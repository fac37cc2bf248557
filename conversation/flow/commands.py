"""What a flow can ask for. Frozen and JSON-able; the session's effects carry them out, in order."""

from dataclasses import dataclass
from typing import Literal

from conversation.text.dialogue import Condition, Exchange


@dataclass(frozen=True, slots=True)
class Enter:
    """The flow has come to a node; ``ahead`` are lines that may be spoken next, worth preparing."""

    node_id: str
    node_type: str
    ahead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """Speak. ``SpeechEnded`` with the same id comes back, whatever happens."""

    utterance_id: str
    text: str
    interruptible: bool
    """Whether the person may cut in."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Word a goal prompt; ``Phrased`` comes back. ``fallback`` is what the rules would say."""

    request_id: str
    goal: str
    fallback: str
    attempt: int
    history: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Listen:
    """An answer to this question is expected from now on."""

    question: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Judge a reply; ``Evaluated`` with the same id comes back, whatever happens."""

    request_id: str
    question: str
    conditions: tuple[Condition, ...]
    history: tuple[Exchange, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class OfferTyping:
    """Speech does not get through: put the typing field forward."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over. Nothing follows."""

    status: Literal["complete", "incomplete"]
    reason: str
    """``end``, ``cancelled``, ``abandoned``, ``no_match``, ``silence``, ``time_limit``."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that means nothing here (late, double, impossible now); counted, never an error."""

    event: str
    why: str


Command = Enter | Say | Phrase | Listen | Evaluate | OfferTyping | Finish | Ignored
