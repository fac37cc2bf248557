"""What a turn can ask for."""

from dataclasses import dataclass
from enum import StrEnum


class EndedBy(StrEnum):
    """Why a turn was taken to be over."""

    COMPLETE = "complete"
    """The text answers the question in full."""
    CONFIDENT = "confident"
    """It sounded finished to the turn detector."""
    SILENCE = "silence"
    """It was silent for long enough."""
    STALL = "stall"
    """No more audio came."""
    LIMIT = "limit"
    """The turn was too long."""


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Turn [first_sample, end_sample) into text; ``Transcribed`` comes back. Replaces an earlier request."""

    request_id: str
    first_sample: int
    end_sample: int
    digits: int | None = None
    """How many digits the answer should have, where the question says so: engines that know several readings of what
    was said then give them, and the likeliest that can be right counts."""


@dataclass(frozen=True, slots=True)
class JudgeTurn:
    """Ask the turn detector about [first_sample, end_sample); ``TurnJudged`` comes back, or nothing."""

    request_id: str
    first_sample: int
    end_sample: int


@dataclass(frozen=True, slots=True)
class UserStarted:
    """Somebody has begun to speak."""


@dataclass(frozen=True, slots=True)
class UserStopped:
    """It was nothing: a noise, a backchannel, the avatar's own echo."""

    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Text so far of the turn that goes on, for captions. May still change."""

    text: str


@dataclass(frozen=True, slots=True)
class Commit:
    """The turn is over."""

    text: str
    first_sample: int
    end_sample: int
    """End of the speech, without the silence after it."""
    ended_by: EndedBy
    silence_seconds: float
    """How long it had been silent when the decision fell."""


@dataclass(frozen=True, slots=True)
class PauseSpeaking:
    """Hold the avatar's utterance: the person may be cutting in."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class ResumeSpeaking:
    """Go on with the utterance: it was a false interruption."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Drop the rest of the utterance: barge-in."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that means nothing here (late, double); counted, never an error."""

    event: str
    why: str


Command = (
    Transcribe | JudgeTurn | UserStarted | UserStopped | Heard | Commit | PauseSpeaking | ResumeSpeaking | StopSpeaking
    | Ignored
)  # fmt: skip
