"""Messages on the data channel ``visavis`` between the session page and the server.

Each is one JSON object with ``type`` (the class name in camelCase) and camelCase fields; times are milliseconds. A
receiver ignores types and fields that it does not know, so both sides can be newer. ``docs/protocol.md`` is the prose;
a test checks that ``static/shared/messages.js`` names exactly these types.
"""

from dataclasses import dataclass
from typing import Literal

from rtc_server.rtc.camera_messages import (
    Camera,
    CancelCheck,
    CheckChallenge,
    CheckChallengeEnded,
    CheckHint,
    CheckProgress,
    CloseCheck,
    DocumentSeen,
    FlashDeclined,
    FlashShown,
    GuideByEar,
    PressShutter,
    ShowCheck,
    ShowDocument,
    ShowFlash,
    SideDone,
    StillFailed,
    TakeStill,
)

__all__ = [
    "Agent", "AskInput", "AskPermissions", "Camera", "CancelCheck", "CancelInput", "Caption", "CheckChallenge",
    "CheckChallengeEnded", "CheckHint", "CheckProgress", "CloseCheck", "CloseInput", "DocumentSeen", "Finished",
    "FlashDeclined", "FlashShown", "FromPage", "FromServer", "GuideByEar", "Hello", "Input", "InputRefused", "Leave",
    "Microphone", "Node", "OfferTyping", "Permissions", "Ping", "Pong", "PressShutter", "Problem", "Recording",
    "Replaced", "Resend", "ShowCheck", "ShowDocument", "ShowFlash", "SideDone", "Speech", "SpeechPaused",
    "SpeechResumed", "SpeechStopped", "State", "Statistics", "StillFailed", "StopRecording", "TakeStill", "Text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hello:
    """Server: the channel is open; the page may start its heartbeat."""

    session_id: str
    rejoined: bool
    """True when the session went on before (reload, network change)."""
    heartbeat_ms: int
    """How often the page pings; three missed pings mean a dead peer, on either side."""


@dataclass(frozen=True, slots=True)
class State:
    """Server: what the avatar does now."""

    state: Literal["idle", "listening", "hearing", "thinking", "speaking", "waiting"]
    """idle = before the start; hearing = the user speaks; waiting = something other than speech is awaited."""


@dataclass(frozen=True, slots=True)
class Node:
    """Server: the flow has come to a node."""

    node_id: str
    node_type: str


@dataclass(frozen=True, slots=True)
class Caption:
    """Server: words said by either side, for captions and transcript."""

    id: str
    """Same id = newer wording of the same line."""
    speaker: Literal["avatar", "user"]
    text: str
    final: bool
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """Server: one clause of avatar speech is on its way; mouth shapes ride along."""

    utterance_id: str
    text: str
    rtp_timestamp: int
    """RTP timestamp (48 kHz, modulo 2**32) of the clause's first sample on the audio track, so that the mouth can
    follow the audio that is actually played."""
    duration_ms: int
    visemes: tuple[tuple[int, str, float], ...]
    """(milliseconds from the first sample, Oculus viseme, weight 0 to 1), in order of time."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """Server: the avatar fell silent before the end (barge-in): close the mouth at once."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """Server: the avatar holds its breath because the user may be speaking."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """Server: the avatar goes on; the rest of the utterance now starts at ``rtp_timestamp``."""

    utterance_id: str
    rtp_timestamp: int
    offset_ms: int
    """How much of the utterance had been played; its clauses follow each other without a gap."""


@dataclass(frozen=True, slots=True)
class OfferTyping:
    """Server: speech is not getting through; put the typing field forward."""


@dataclass(frozen=True, slots=True)
class AskPermissions:
    """Server: the flow wants these devices now; the page explains, asks the browser and answers with Permissions."""

    request_id: str
    camera: bool
    microphone: bool


@dataclass(frozen=True, slots=True)
class AskInput:
    """Server: show a field, or bring the one with this id up to date; the page answers with Input or CancelInput."""

    request_id: str
    kind: Literal["email", "phone", "code"]
    value: str
    """What the field holds at first."""
    sent_to: str
    """Masked address that the code went to; empty for other kinds."""
    code_length: int
    resend_after_ms: int
    """When the button for another code becomes usable, from now; -1 = no such button."""


@dataclass(frozen=True, slots=True)
class InputRefused:
    """Server: the value was not taken; the field stays."""

    request_id: str
    problem: Literal["invalid_email", "invalid_phone", "wrong_code", "expired_code", "not_sent"]
    attempts_left: int
    """Only meaningful with ``wrong_code``."""


@dataclass(frozen=True, slots=True)
class CloseInput:
    """Server: take the field away."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Pong:
    """Server: answer to a Ping, with its time as sent."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class Finished:
    """Server: the session has ended."""

    status: Literal["complete", "incomplete"]
    reason: str
    """``end``, ``cancelled``, ``abandoned``, ``no_match``, ``silence``, ``time_limit``, ``error``."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Server: another page has taken this session over; this one closes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Server: something went wrong that the person should know."""

    code: str
    message: str
    recoverable: bool


@dataclass(frozen=True, slots=True)
class Agent:
    """Server: whether a person of the support team is with them; sent to each page that connects while one is."""

    mode: Literal["none", "watching", "speaking"]
    """speaking = they talk in place of the avatar."""
    name: str
    """Of whoever speaks, or came first; empty with ``none``."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Server: whether the conversation is recorded; sent to each page that connects while it is, and at each change."""

    state: Literal["on", "off", "erased"]
    """erased = the person did not want it any more, and nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Page: still here. ``at_ms`` comes back in Pong."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class Text:
    """Page: an answer typed instead of spoken."""

    text: str


@dataclass(frozen=True, slots=True)
class Microphone:
    """Page: whether the person's microphone is open."""

    state: Literal["live", "muted", "absent"]


@dataclass(frozen=True, slots=True)
class Permissions:
    """Page: what the browser said about the devices."""

    request_id: str
    camera: Literal["granted", "denied", "absent"]
    microphone: Literal["granted", "denied", "absent"]


@dataclass(frozen=True, slots=True)
class Input:
    """Page: the value of a field."""

    request_id: str
    value: str


@dataclass(frozen=True, slots=True)
class CancelInput:
    """Page: the person closed the field."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Resend:
    """Page: the person asks for another code."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Page: how fast the avatar is to speak, and whether the person wants more time, for the rest of the session."""

    speech_rate: float
    """1.0 = normal; what is outside of 0.7 to 1.3 is taken for the nearest."""
    extra_time: bool
    """Whether every wait for the person is twice as long."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Page: the person takes back that they may be recorded; what was recorded is to be erased."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Page: the person chose to end the session."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Page: what its peer connection measures, every few seconds, for latency records."""

    round_trip_ms: float
    jitter_buffer_ms: float
    packets_lost: int
    concealed_samples: int


FromServer = (
    Hello | State | Node | Caption | Speech | SpeechStopped | SpeechPaused | SpeechResumed | OfferTyping
    | AskPermissions | AskInput | InputRefused | CloseInput | ShowCheck | CheckHint | CheckChallenge
    | CheckChallengeEnded | CheckProgress | ShowFlash | ShowDocument | DocumentSeen | TakeStill | SideDone
    | CloseCheck | Agent | Recording | Pong | Finished | Replaced | Problem
)  # fmt: skip
FromPage = (
    Ping | Text | Microphone | Camera | Permissions | Input | CancelInput | Resend | CancelCheck | GuideByEar
    | FlashShown | FlashDeclined | StillFailed | PressShutter | Pace | StopRecording | Leave | Statistics
)  # fmt: skip
