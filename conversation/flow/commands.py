"""What a flow can ask for. Frozen and JSON-able; the session's effects carry them out, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from conversation.text.dialogue import Condition, Doubt, Exchange


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
    doubt: Doubt = "decide"


@dataclass(frozen=True, slots=True)
class OfferTyping:
    """Speech does not get through: put the typing field forward."""


@dataclass(frozen=True, slots=True)
class AskPermissions:
    """Have the browser ask for devices; ``PermissionsAnswered`` comes back."""

    request_id: str
    camera: bool
    microphone: bool


@dataclass(frozen=True, slots=True)
class AskInput:
    """Show a field; ``InputGiven``, ``InputCancelled`` and ``ResendRequested`` with this id may come.

    With an id that is shown already the field is only brought up to date.
    """

    request_id: str
    kind: Literal["email", "phone", "code"]
    value: str = ""
    """What the field holds at first."""
    sent_to: str = ""
    """Masked address that a code went to."""
    code_length: int = 0
    resend_seconds: float | None = None
    """When another code may be asked for; None = no button for it."""


@dataclass(frozen=True, slots=True)
class RefuseInput:
    """Tell the person beside the field why its value was not taken."""

    request_id: str
    problem: Literal["invalid_email", "invalid_phone", "wrong_code", "expired_code", "not_sent"]
    attempts_left: int = 0


@dataclass(frozen=True, slots=True)
class CloseInput:
    """Take the field away."""

    request_id: str


@dataclass(frozen=True, slots=True)
class SendCode:
    """Draw a one-time code and send it; ``CodeSent`` with the same id comes back, whatever happens."""

    request_id: str
    channel: Literal["email", "sms"]
    contact: str
    """E-mail address, or phone number in E.164."""
    code_length: int
    valid_seconds: float
    template: str
    user_name: str


@dataclass(frozen=True, slots=True)
class CheckCode:
    """Compare what the person said or typed with a code that was sent; ``CodeChecked`` comes back."""

    request_id: str
    sent_request_id: str
    """Id of the ``SendCode`` whose code is meant."""
    digest: str
    candidate: str
    """Digits only."""


@dataclass(frozen=True, slots=True)
class CallExternal:
    """Ask the integrator's server; ``ExternalAnswered`` with the same id comes back, whatever happens."""

    request_id: str
    url: str
    method: Literal["GET", "POST"]
    variables: Mapping[str, str | int | float | bool | None]
    tries: int
    """Attempts at most; failures of the network and 5xx are tried again."""


@dataclass(frozen=True, slots=True)
class FaceImage:
    """Where a face comes from, without the picture itself."""

    source: Literal["sessionVideo", "faceScan", "documentPhoto", "providedData"]
    key: str = ""
    """Key of the provided data, for that source."""


@dataclass(frozen=True, slots=True)
class CheckLiveness:
    """Watch the camera until there is a verdict; ``LivenessJudged`` with the same id comes back, whatever happens."""

    request_id: str
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class ScanFace:
    """Capture the face with an oval on the page and compare it; ``FaceScanned`` comes back, whatever happens."""

    request_id: str
    reference: FaceImage | None
    """None: nothing to compare with."""
    instructions: str
    """Author's text for the page; empty = ours."""
    liveness_challenge: bool
    sound: bool
    haptics: bool
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class CompareFaces:
    """Compare two faces that are at hand; ``FacesCompared`` comes back, whatever happens."""

    request_id: str
    a: FaceImage
    b: FaceImage
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class IdentifyFace:
    """Look the person up among the enrolled; ``FaceIdentified`` comes back, whatever happens."""

    request_id: str
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class EnrolFace:
    """Keep the template of the person's face; ``FaceEnrolled`` comes back, whatever happens."""

    request_id: str
    fields: Mapping[str, str]
    """What a later recognition may tell: name, email, phone, company, jobTitle."""
    consent: str
    """The words that the person agreed to."""


@dataclass(frozen=True, slots=True)
class ScanDocument:
    """Have an identity document shown and read it; ``DocumentScanned`` comes back, whatever happens."""

    request_id: str
    mode: Literal["single", "automatic"]
    """One side, or as many as the document needs."""
    types: tuple[str, ...]
    """Document types that may be shown, by BlinkID's names; ``any`` among them = all."""
    torch_button: bool
    switch_button: bool
    mirror_button: bool
    upload: bool
    """Whether a file may be chosen instead of the camera."""
    allow_expired: bool
    limit_seconds: float


@dataclass(frozen=True, slots=True)
class InstructionSaid:
    """The avatar has said what ``CheckGuided`` asked for: from now on it is the person's turn."""

    request_id: str


@dataclass(frozen=True, slots=True)
class PassWords:
    """The person spoke during a check; it may be what they were asked to read."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class StopCheck:
    """Nobody waits for this check any more."""

    request_id: str


@dataclass(frozen=True, slots=True)
class SetPace:
    """From the next line on, speak at this rate; wait for turns to end as long as the person wants."""

    speech_rate: float
    """1.0 = normal."""
    extra_time: bool


@dataclass(frozen=True, slots=True)
class HoldFloor:
    """An agent talks to the person: the avatar falls silent."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class ReturnFloor:
    """The agent has stopped: the avatar speaks again."""


@dataclass(frozen=True, slots=True)
class ShowLine:
    """Show an agent's line to the person without saying it."""

    line_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over. Nothing follows."""

    status: Literal["complete", "incomplete"]
    reason: str
    """``end``, ``cancelled``, ``abandoned``, ``no_match``, ``silence``, ``time_limit``; the server adds ``expired`` and
    ``error``."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that means nothing here (late, double, impossible now); counted, never an error."""

    event: str
    why: str


Command = (
    Enter | Say | Phrase | Listen | Evaluate | OfferTyping | AskPermissions | AskInput | RefuseInput | CloseInput
    | SendCode | CheckCode | CallExternal | CheckLiveness | ScanFace | CompareFaces | IdentifyFace | EnrolFace
    | ScanDocument | InstructionSaid | PassWords | StopCheck | SetPace | HoldFloor | ReturnFloor | ShowLine | Finish
    | Ignored
)  # fmt: skip
