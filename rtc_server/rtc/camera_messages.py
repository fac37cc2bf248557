"""Messages of the data channel about what is before the camera: checks of the face and scans of documents."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ShowCheck:
    """Server: look at the camera now; show the person's own picture large, with an oval, or bring it up to date.

    The page answers with Camera once, and with CancelCheck when the person closes it.
    """

    request_id: str
    purpose: Literal["liveness", "scan", "portrait"]
    """``portrait``: nothing has to be done, a small sign is enough."""
    instructions: str
    """Text of the flow's author; empty = the page's own."""
    sound: bool
    haptics: bool
    cancellable: bool


@dataclass(frozen=True, slots=True)
class CheckHint:
    """Server: one advice, instead of the one before."""

    request_id: str
    key: str
    """``closer``, ``left`` …, see ``vision.liveness.commands.HintKey``; empty = none; ``steady`` = well placed."""


@dataclass(frozen=True, slots=True)
class CheckChallenge:
    """Server: something to do now."""

    request_id: str
    index: int
    """From 0."""
    count: int
    kind: Literal["turn_left", "turn_right", "blink", "smile", "closer", "read"]
    """``turn_left``: the person's own left."""
    phrase: str
    """What to read aloud; empty for other kinds."""
    limit_ms: int


@dataclass(frozen=True, slots=True)
class CheckChallengeEnded:
    """Server: the current challenge is over."""

    request_id: str
    index: int
    passed: bool


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """Server: how far the check is, 0 to 1."""

    request_id: str
    fraction: float


@dataclass(frozen=True, slots=True)
class ShowFlash:
    """Server: show these colours full screen, one after the other; the page answers with FlashShown or FlashDeclined.

    The page warns of flashing light first and lets the person decline; it declines by itself under reduced motion.
    """

    request_id: str
    colours: tuple[str, ...]
    """``#rrggbb``."""
    symbol_ms: int


@dataclass(frozen=True, slots=True)
class ShowDocument:
    """Server: show the camera that sees best what is held before it, large, with a frame for a document, or bring the
    view up to date. Advice comes as CheckHint, progress as CheckProgress, the end as CloseCheck.

    The page answers with Camera once the camera for documents is on, and with CancelCheck when the person closes it.
    """

    request_id: str
    side: int
    """Which side is asked for, from 0."""
    step: Literal["show_front", "show_document", "turn_over", "try_again"]
    problem: str
    """With ``try_again``: what was wrong, see ``vision.document.document.Problem``; else empty."""
    types: tuple[str, ...]
    """Document types that may be shown, by BlinkID's names; ``any`` among them = all."""
    torch_button: bool
    switch_button: bool
    mirror_button: bool
    upload: bool
    """Whether a file may be chosen."""


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """Server: where the document lies in the picture, a few times a second, for an outline over it."""

    request_id: str
    corners: tuple[float, ...]
    """x and y of four corners in shares of the picture; empty = none is seen."""


@dataclass(frozen=True, slots=True)
class TakeStill:
    """Server: send a still at the camera's full resolution by ``POST /client/documents/{request_id}``, now."""

    request_id: str
    number: int


@dataclass(frozen=True, slots=True)
class SideDone:
    """Server: this side was read; show the sign for it."""

    request_id: str
    side: int


@dataclass(frozen=True, slots=True)
class CloseCheck:
    """Server: the check is over; take its view away. After a document the page goes back to the camera for the face
    and says so with Camera."""

    request_id: str
    result: Literal["passed", "failed", "unclear", "stopped"]
    """For a short sign on the page; ``stopped`` shows none."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Page: which camera is on, when one is; sent at the start, at each change, and after ShowCheck."""

    state: Literal["live", "off", "absent"]
    label: str
    """``MediaStreamTrack.label``; empty when the browser hides it."""
    width: int
    height: int
    frames_per_second: float
    """Of the track's settings; 0 = unknown."""
    purpose: Literal["face", "document"] = "face"
    """What it is pointed at, as far as the page can tell."""


@dataclass(frozen=True, slots=True)
class StillFailed:
    """Page: no still can be taken; the server reads a frame of the video instead."""

    request_id: str
    number: int


@dataclass(frozen=True, slots=True)
class PressShutter:
    """Page: the person wants the picture to be taken now."""

    request_id: str


@dataclass(frozen=True, slots=True)
class CancelCheck:
    """Page: the person closed the view of a check."""

    request_id: str


@dataclass(frozen=True, slots=True)
class GuideByEar:
    """Page: the person wants every advice spoken, and to hear when they are well placed, or no more."""

    request_id: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class FlashShown:
    """Page: the colours were shown."""

    request_id: str
    started_ms_ago: float
    """How long before this message the first colour was on the screen."""


@dataclass(frozen=True, slots=True)
class FlashDeclined:
    """Page: the colours were not shown."""

    request_id: str
    reason: Literal["photosensitivity", "reduced_motion", "unavailable"]
