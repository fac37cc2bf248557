"""Node settings: one frozen class per node type, each knowing its outcomes.

Names and fields follow the vendor-compatible contract (generation G2). A further node type needs a class here, a
parser in ``parse`` and a behaviour in ``machine``; nothing else knows the types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from conversation.text.dialogue import Condition

PROMPT_LIMIT = 8_000
"""Longest prompt in characters; nobody listens to nine minutes of speech."""

Scalar = str | int | float | bool
"""What a field of collected data may hold."""

DataSource = Literal["extractedData", "providedData"]


@dataclass(frozen=True, slots=True)
class OutcomeKey:
    """One key that a node's ``outcomes`` must have."""

    name: str
    aliases: tuple[str, ...] = ()
    """Other spellings of the contract's sources; a report uses the one that the flow uses."""
    required: bool = True


def _keys(*names: str) -> tuple[OutcomeKey, ...]:
    return tuple(OutcomeKey(name) for name in names)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way out of a node whose outcomes are conditions."""

    id: str
    target: str
    """Id of the next node."""
    condition: str
    """When it applies; empty or ``true`` = always."""

    @property
    def unconditional(self) -> bool:
        """Whether it applies whatever is said."""
        return self.condition.strip().lower() in ("", "true")


@dataclass(frozen=True, slots=True)
class Reference:
    """A value to be looked up when the node runs."""

    source: DataSource
    field: str


Operand = Scalar | Reference


@dataclass(frozen=True, slots=True)
class ExternalRequest:
    """A call to the integrator's own server."""

    url: str
    method: Literal["GET", "POST"] = "POST"
    variables: Mapping[str, Operand] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AwaitExternal:
    """Asks a server again and again while the conversation goes on; whichever is ready first leaves the node."""

    request: ExternalRequest
    interval_seconds: float
    timeout_seconds: float
    on_data_ready: str
    """Ids of the next nodes."""
    on_timeout: str
    on_error: str

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(exit name, target id) pairs."""
        return (("onDataReady", self.on_data_ready), ("onTimeout", self.on_timeout), ("onError", self.on_error))


class FixedOutcomes:
    """A node whose outcome keys are given by its type."""

    __slots__ = ()
    OUTCOMES: ClassVar[tuple[OutcomeKey, ...]] = ()
    outcomes: Mapping[str, str]
    """Key as the author spelled it → id of the next node."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome key, target id) pairs."""
        return tuple(self.outcomes.items())

    def way(self, name: str) -> tuple[str, str]:
        """(key as the author spelled it, target id) of an outcome by its canonical name. Raises KeyError."""
        key = next((key for key in self.OUTCOMES if key.name == name), OutcomeKey(name))
        for spelling in (key.name, *key.aliases):
            if spelling in self.outcomes:
                return spelling, self.outcomes[spelling]
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class StartNode:
    """Where a flow begins."""

    type: ClassVar[str] = "start"
    id: str
    target: str
    """Id of the first node."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome key, target id) pairs."""
        return (("outcome", self.target),)


@dataclass(frozen=True, slots=True)
class EndNode:
    """Reaching it completes the session."""

    type: ClassVar[str] = "end"
    id: str

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """None: nothing follows."""
        return ()


@dataclass(frozen=True, slots=True)
class ConversationNode:
    """The avatar speaks a prompt and, unless no reply is wanted, stays until an outcome's condition holds."""

    type: ClassVar[str] = "conversation"
    id: str
    prompt: str
    """``Say: …`` is spoken as written; anything else is a goal that is worded first."""
    outcomes: tuple[Outcome, ...]
    does_not_require_reply: bool = False
    await_external: AwaitExternal | None = None

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome id, target id) pairs, those of ``await_external`` last."""
        own = tuple((outcome.id, outcome.target) for outcome in self.outcomes)
        return own + (self.await_external.targets if self.await_external is not None else ())

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The outcomes that depend on what is said."""
        return tuple(Condition(o.id, o.condition) for o in self.outcomes if not o.unconditional)

    @property
    def unconditional(self) -> Outcome | None:
        """The outcome that is taken whatever is said, if there is one."""
        return next((o for o in self.outcomes if o.unconditional), None)


@dataclass(frozen=True, slots=True)
class PermissionsNode(FixedOutcomes):
    """Asks the browser for camera and microphone."""

    type: ClassVar[str] = "permissions"
    OUTCOMES: ClassVar = (
        OutcomeKey("permissionsGranted", ("granted",)),
        OutcomeKey("permissionsDenied", ("denied",)),
    )
    id: str
    outcomes: Mapping[str, str]
    camera: bool = True
    microphone: bool = True
    prompt: str = ""
    """Spoken while the browser asks; skipped when everything is granted already."""


@dataclass(frozen=True, slots=True)
class LivenessNode(FixedOutcomes):
    """Presentation attack detection (ISO/IEC 30107-3) on the running video."""

    type: ClassVar[str] = "liveness_detection"
    OUTCOMES: ClassVar = (
        OutcomeKey("livenessDetected"),
        OutcomeKey("deepfakeDetected", ("deepfaceDetected",)),
        OutcomeKey("noFace"),
        OutcomeKey("inconclusive", required=False),
        OutcomeKey("captureUnavailable", required=False),
    )
    id: str
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FaceScanNode(FixedOutcomes):
    """Captures the face and, with a reference, verifies it 1:1."""

    type: ClassVar[str] = "face_scan"
    OUTCOMES: ClassVar = (*_keys("passed", "notPassed"), OutcomeKey("cancelled", ("canceled",)), OutcomeKey("error"))
    id: str
    outcomes: Mapping[str, str]
    reference_image_key: str = ""
    """Key in the provided data that holds the reference image; empty = none."""
    similarity_threshold: float = 0.85
    capture_instructions: str = ""
    require_liveness_challenge: bool = False
    require_ai_liveness_check: bool = False
    enable_sound: bool = True
    enable_haptics: bool = True


@dataclass(frozen=True, slots=True)
class FaceSource:
    """Where a face of a comparison comes from."""

    source: Literal["sessionVideo", "faceScan", "documentPhoto", "providedData"]
    provided_data_key: str = ""


@dataclass(frozen=True, slots=True)
class FaceCompareNode(FixedOutcomes):
    """Compares two faces that are at hand; captures nothing."""

    type: ClassVar[str] = "face_compare"
    OUTCOMES: ClassVar = (*_keys("match", "noMatch"), OutcomeKey("imageUnavailable", ("error",)))
    id: str
    outcomes: Mapping[str, str]
    source_a: FaceSource = FaceSource("documentPhoto")
    source_b: FaceSource = FaceSource("sessionVideo")
    similarity_threshold: float = 0.85


@dataclass(frozen=True, slots=True)
class RecognitionNode(FixedOutcomes):
    """Identification (1:N) among the tenant's enrolled faces."""

    type: ClassVar[str] = "recognition"
    OUTCOMES: ClassVar = _keys("recognized", "newUser", "noFace")
    id: str
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DocumentScanNode(FixedOutcomes):
    """Captures and reads an identity document."""

    type: ClassVar[str] = "document_scan"
    OUTCOMES: ClassVar = (
        OutcomeKey("scanSuccess"),
        OutcomeKey("userCancelled", ("userCanceled",)),
        OutcomeKey("scanTimeout"),
    )
    id: str
    outcomes: Mapping[str, str]
    scanning_mode: Literal["single", "automatic"]
    allowed_document_types: tuple[str, ...]
    """As the author spelled them."""
    show_torch_button: bool = True
    show_camera_switch: bool = True
    show_mirror_camera_button: bool = True


@dataclass(frozen=True, slots=True)
class EnterEmailNode(FixedOutcomes):
    """A form for an e-mail address, which is not verified."""

    type: ClassVar[str] = "enter_email"
    OUTCOMES: ClassVar = (OutcomeKey("emailEntered"), OutcomeKey("canceled", ("cancelled",)))
    id: str
    outcomes: Mapping[str, str]
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class TwoFactorNode(FixedOutcomes):
    """Sends a one-time code and verifies it, spoken or typed. Types ``two_factor_email`` and ``two_factor_sms``."""

    OUTCOMES: ClassVar = (
        *_keys("verified", "delivery_failed", "failed_unverified"),
        OutcomeKey("cancelled", ("canceled",)),
        OutcomeKey("error"),
    )
    id: str
    outcomes: Mapping[str, str]
    channel: Literal["email", "sms"]
    code_length: int = 6
    expiry_seconds: float = 300.0
    max_attempts: int = 3
    resend_after_seconds: float = 30.0
    show_ui: bool = True
    template: str = ""
    """Text of the message with ``{{otp}}``, ``{{code}}``, ``{{userName}}``, ``{{companyName}}``; empty = ours."""

    @property
    def type(self) -> str:
        """Node type of the contract."""
        return f"two_factor_{self.channel}"


Action = Literal[
    "exists", "not_exists", "equals", "not_equals", "matches", "contains",
    "greater_than", "less_than", "greater_or_equal", "less_or_equal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Validation:
    """A test of one field of the collected data."""

    field: str
    action: Action
    value: Scalar | None = None


@dataclass(frozen=True, slots=True)
class DataValidationNode:
    """Branches on collected data; takes no time."""

    type: ClassVar[str] = "data_validation"
    id: str
    validation: Validation
    outcomes: tuple[Outcome, ...]
    """In order; a condition such as ``age >= 18`` is computed, any other text follows the validation's result."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome id, target id) pairs."""
        return tuple((outcome.id, outcome.target) for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class ExternalCallNode:
    """Calls the integrator's server once and goes on, whatever it answers."""

    type: ClassVar[str] = "external_call"
    id: str
    request: ExternalRequest
    target: str

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome key, target id) pairs."""
        return (("outcome", self.target),)


Operator = Literal["equals", "notEquals", "gt", "lt", "gte", "lte", "exists", "notExists"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison and where it leads."""

    left: Reference
    operator: Operator
    right: Operand | None
    """None for ``exists`` and ``notExists``."""
    target: str


@dataclass(frozen=True, slots=True)
class FieldConditionNode:
    """Branches on collected data by rules, the first that holds; takes no time."""

    type: ClassVar[str] = "field_condition"
    id: str
    rules: tuple[Rule, ...]
    default: str
    """Id of the next node when no rule holds."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(``rules[i]`` or ``default``, target id) pairs."""
        return (*((f"rules[{i}]", rule.target) for i, rule in enumerate(self.rules)), ("default", self.default))


VisionNode = LivenessNode | FaceScanNode | FaceCompareNode | RecognitionNode | DocumentScanNode
Node = (
    StartNode | EndNode | ConversationNode | PermissionsNode | EnterEmailNode | TwoFactorNode
    | DataValidationNode | ExternalCallNode | FieldConditionNode | VisionNode
)  # fmt: skip

NODE_TYPES = frozenset({
    "start", "end", "conversation", "liveness_detection", "face_scan", "document_scan", "recognition", "enter_email",
    "two_factor_email", "two_factor_sms", "data_validation", "face_compare", "permissions", "external_call",
    "field_condition",
})  # fmt: skip
"""All types of the public contract."""
