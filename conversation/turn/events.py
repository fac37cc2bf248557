"""What can happen to a turn. Positions are sample indices of the 16 kHz stream that is heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """A new audio stream (first join, or a fresh peer); sample indices start again at 0."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One voice-activity window of ``WINDOW_SAMPLES``."""

    first_sample: int
    probability: float
    """P(somebody speaks), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """Answer to ``Transcribe``. Empty text: nothing was said. ``failed``: the engine could not do it."""

    request_id: str
    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class TurnJudged:
    """Answer to ``JudgeTurn``: P(the turn sounds finished), 0 to 1."""

    request_id: str
    probability: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What is asked now, so that a complete answer can be told from half of one."""

    question: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgentStarted:
    """The avatar has begun an utterance."""

    utterance_id: str
    text: str
    interruptible: bool


@dataclass(frozen=True, slots=True)
class AgentEnded:
    """The avatar's utterance is over."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The person has sent a typed answer; whatever is being heard no longer counts."""


@dataclass(frozen=True, slots=True)
class PatienceSet:
    """Whether the person wants more time to finish what they say."""

    extra_time: bool


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = (
    StreamStarted | Speech | Transcribed | TurnJudged | Expected | AgentStarted | AgentEnded | Typed | PatienceSet
    | TimePassed
)  # fmt: skip
