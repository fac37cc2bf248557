"""Nodes of the dialogue: where it begins and ends, what is said, and what is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from conversation.flow.nodes.data import ExternalRequest
from conversation.flow.nodes.outcomes import FixedOutcomes, Outcome, OutcomeKey, required_keys
from conversation.text.dialogue import Condition, Doubt

PROMPT_LIMIT = 8_000
"""Longest prompt in characters; nobody listens to nine minutes of speech."""


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
    doubt: Doubt = "decide"

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
        *required_keys("verified", "delivery_failed", "failed_unverified"),
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
