"""What can happen to a check of the person before the camera. Frozen and JSON-able; the journal of a check is these."""

from dataclasses import dataclass

from vision.tracking.observation import Observation


@dataclass(frozen=True, slots=True)
class CameraDescribed:
    """What the page says of its camera. It comes from the client, so it can raise suspicion and never lower it."""

    label: str
    """As ``MediaStreamTrack.label`` gives it; empty when the browser hides it."""
    frames_per_second: float
    """Of the track's settings; 0 = unknown."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One frame was looked at."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The person spoke, on the session's clock; told when it has ended."""

    started_at: float
    ended_at: float


@dataclass(frozen=True, slots=True)
class WordsHeard:
    """What was understood of it."""

    text: str


@dataclass(frozen=True, slots=True)
class InstructionSpoken:
    """The avatar has come to the end of the line for the current challenge; from now on it is the person's turn."""


@dataclass(frozen=True, slots=True)
class GuidedByEar:
    """The person does not look at the screen: every advice is to be spoken, or no more."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class FlashShown:
    """The page has shown the colour sequence (answer to ``ShowFlash``)."""

    started_at: float
    """When the first colour was on the screen, on the session's clock, as well as the page could tell."""


@dataclass(frozen=True, slots=True)
class FlashDeclined:
    """The sequence was not shown: the person does not want flashing light, or the page cannot do it."""

    reason: str
    """``photosensitivity``, ``reduced_motion`` or ``unavailable``."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = (
    CameraDescribed | Observed | SpeechHeard | WordsHeard | InstructionSpoken | GuidedByEar | FlashShown
    | FlashDeclined | TimePassed
)  # fmt: skip
