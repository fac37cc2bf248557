"""What can happen to a flow. Frozen, JSON-able (see ``codec``); a journal is the list of these with their times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


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
class PermissionsAnswered:
    """What the browser said about the devices (answer to ``AskPermissions``)."""

    request_id: str
    camera: Literal["granted", "denied", "absent"]
    """``absent``: there is no such device."""
    microphone: Literal["granted", "denied", "absent"]


@dataclass(frozen=True, slots=True)
class InputGiven:
    """The person filled in a field (answer to ``AskInput``)."""

    request_id: str
    value: str


@dataclass(frozen=True, slots=True)
class InputCancelled:
    """The person closed the field."""

    request_id: str


@dataclass(frozen=True, slots=True)
class ResendRequested:
    """The person asks for another code."""

    request_id: str


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code is on its way, or could not be sent (answer to ``SendCode``)."""

    request_id: str
    digest: str
    """Keyed hash of the code, hex; the code itself is known to the recipient alone. Empty when it failed."""
    failure: str = ""
    """``undeliverable`` (refused for good), ``unavailable`` (no answer), ``not_configured``; empty = sent."""


@dataclass(frozen=True, slots=True)
class CodeChecked:
    """A candidate was compared with the code that was sent (answer to ``CheckCode``)."""

    request_id: str
    matches: bool


@dataclass(frozen=True, slots=True)
class ExternalAnswered:
    """The integrator's server answered, or did not (answer to ``CallExternal``)."""

    request_id: str
    status: int | None
    """HTTP status; None when there was no answer."""
    data: Mapping[str, str | int | float | bool]
    """The scalars of a flat JSON object; empty otherwise."""
    error: str
    """Why there is no usable answer (``not_allowed``, ``timeout``, ``too_large``, …); empty = fine."""
    attempts: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class FaceAttributes:
    """What many frames say about the person; a range and a tendency, never a fact."""

    age_min: int
    age_max: int
    sex: Literal["male", "female", ""]
    """Empty = unclear."""
    frames: int


@dataclass(frozen=True, slots=True)
class CheckGuided:
    """A running check wants something said: an advice or a challenge."""

    request_id: str
    kind: Literal["hint", "challenge", "flash", "document_hint", "document_step", "document_problem"]
    """``document_problem``: the same side is asked for again, and why."""
    key: str
    """Which one; the catalogue of lines has the words."""
    phrase: str = ""
    """What is to be read aloud."""


@dataclass(frozen=True, slots=True)
class CheckCancelled:
    """The person closed the camera view of a check."""

    request_id: str


@dataclass(frozen=True, slots=True)
class LivenessJudged:
    """A check of the person before the camera has ended (answer to ``CheckLiveness``)."""

    request_id: str
    outcome: Literal["bona_fide", "attack", "inconclusive", "no_face", "not_checked"]
    """``not_checked``: nothing looked at the picture (no camera, no engine); it says nothing about the person."""
    reason: str
    """Of ``inconclusive`` and ``not_checked``: ``no_media``, ``unusable_media``, ``unknown_verdict``, ``timeout`` or
    ``provider_error`` (contract §3.3)."""
    evidence: Mapping[str, Any]
    """Score, deciding cues, every cue's value and state, challenges, policy; goes into the report."""
    attributes: FaceAttributes | None = None


@dataclass(frozen=True, slots=True)
class FaceScanned:
    """A face was captured, or not (answer to ``ScanFace``)."""

    request_id: str
    outcome: Literal["captured", "cancelled", "timeout", "no_face", "not_checked", "error"]
    error: str
    """Why, for other outcomes than ``captured``, or why there is no comparison: ``no_media``, ``reference_missing``,
    ``reference_unreachable``, ``reference_refused``, ``reference_too_large``, ``reference_unreadable``,
    ``reference_no_face``, ``reference_many_faces``, ``no_model`` …; empty = fine."""
    similarity: float | None
    """With the reference; None = nothing was compared."""
    challenge_passed: bool | None
    """None = not asked for or not checked."""
    passive_passed: bool | None
    evidence: Mapping[str, Any]
    attributes: FaceAttributes | None = None


@dataclass(frozen=True, slots=True)
class FacesCompared:
    """Two faces were compared, or not (answer to ``CompareFaces``)."""

    request_id: str
    similarity: float | None
    """None = not compared."""
    found_a: bool
    """Whether a face was found in each."""
    found_b: bool
    error: str
    """As in ``FaceScanned``; empty = fine."""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FaceIdentified:
    """The person was looked up (answer to ``IdentifyFace``)."""

    request_id: str
    outcome: Literal["recognized", "new", "no_face", "not_checked"]
    reason: str
    """Of ``not_checked``; else empty."""
    face_id: str
    """Id of the enrolled face; empty when there is none."""
    fields: Mapping[str, str]
    """What was enrolled with it."""
    evidence: Mapping[str, Any]
    """Similarity, margin to the runner-up, how many are enrolled."""


@dataclass(frozen=True, slots=True)
class FaceEnrolled:
    """The template was kept, or not (answer to ``EnrolFace``)."""

    request_id: str
    face_id: str
    duplicate_of: str
    """Id of another enrolled face that is too much alike; then nothing was kept."""
    error: str
    """``low_quality``, ``no_face``, ``no_model``, ``unavailable``, ``reference_taken`` (by somebody else),
    ``person_changed`` (since they were looked up); empty = fine."""


@dataclass(frozen=True, slots=True)
class DocumentScanned:
    """A document was read, or not (answer to ``ScanDocument``)."""

    request_id: str
    outcome: Literal["read", "rejected", "cancelled", "timeout", "not_checked", "error"]
    """``rejected``: it was read and may not be taken; ``timeout``: nothing could be read surely; ``not_checked``:
    nobody looked (no camera, no reader), which says nothing about the person."""
    reason: str
    """Of other outcomes than ``read``: a problem such as ``expired``, ``wrong_type``, ``data_mismatch``,
    ``mrz_check_digit``, or ``no_media``, ``no_reader``, ``provider_error``; else empty."""
    report: Mapping[str, Any]
    """DocumentScanReport (contract §4.5); empty when nothing was read."""
    evidence: Mapping[str, Any]
    """Verdict, problems, comparisons, signs of re-capture, engines; goes into the node's report. ``verifiedFields``
    names the fields that a check digit or a bar code vouches for: nobody's correction of these counts."""


@dataclass(frozen=True, slots=True)
class PaceChosen:
    """The person chose how fast the avatar speaks, and whether it waits longer for them."""

    speech_rate: float
    """1.0 = normal."""
    extra_time: bool


@dataclass(frozen=True, slots=True)
class OutcomeForced:
    """Somebody with the right to do so decided the current node (sandbox, operator)."""

    node_id: str
    """Must be where the flow stands, else it is too late."""
    outcome: str
    """An outcome key or id of that node, or the id of the next node."""
    by: str
    """``sandbox`` or ``operator``."""


@dataclass(frozen=True, slots=True)
class NodeSkipped:
    """An operator wants the flow to go on without this node; it is left by the way that says nothing of the person."""

    node_id: str
    """Must be where the flow stands, else it is too late."""
    by: str
    """``operator``."""


@dataclass(frozen=True, slots=True)
class AgentCame:
    """A support agent has begun to watch the session."""

    agent_id: str
    name: str
    """As the person is told it."""


@dataclass(frozen=True, slots=True)
class AgentWent:
    """The agent watches no longer."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class AgentWrote:
    """A line from an agent: the avatar says it; while an agent has taken over, it is only shown."""

    agent_id: str
    text: str


@dataclass(frozen=True, slots=True)
class AgentTookOver:
    """An agent talks to the person: the flow stands still, and nobody judges what is said."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class AgentHandedBack:
    """The avatar goes on where it was."""

    agent_id: str
    reason: Literal["agent", "lost", "restart"] = "agent"
    """``lost``: the agent's connection broke; ``restart``: that of the server."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody ended the session."""

    by: str
    """``user``, ``integrator``, ``operator``, ``sandbox`` or ``shutdown``."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = (
    Joined | Left | UserStarted | UserStopped | UserSpoke | SpeechEnded | Phrased | Evaluated | PermissionsAnswered
    | InputGiven | InputCancelled | ResendRequested | CodeSent | CodeChecked | ExternalAnswered | CheckGuided
    | CheckCancelled | LivenessJudged | FaceScanned | FacesCompared | FaceIdentified | FaceEnrolled | DocumentScanned
    | PaceChosen | OutcomeForced | NodeSkipped | AgentCame | AgentWent | AgentWrote | AgentTookOver | AgentHandedBack
    | Cancelled | TimePassed
)  # fmt: skip
