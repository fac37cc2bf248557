"""Node settings: one frozen class per node type, each knowing its outcomes.

Names and fields follow the vendor-compatible contract (generation G2). A further node type needs a class here, a
parser in ``parse`` and a behaviour in ``machine``; nothing else knows the types.
"""

from dataclasses import dataclass

from conversation.text.dialogue import Condition

PROMPT_LIMIT = 8_000
"""Longest prompt in characters; nobody listens to nine minutes of speech."""

NODE_TYPES = frozenset({
    "start", "end", "conversation", "liveness_detection", "face_scan", "document_scan", "recognition", "enter_email",
    "two_factor_email", "two_factor_sms", "data_validation", "face_compare", "permissions", "external_call",
    "field_condition",
})  # fmt: skip
"""All types of the public contract, whether this version can run them or not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way out of a conversation node."""

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
class StartNode:
    """Where a flow begins."""

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

    id: str

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """None: nothing follows."""
        return ()


@dataclass(frozen=True, slots=True)
class ConversationNode:
    """The avatar speaks a prompt and, unless no reply is wanted, stays until an outcome's condition holds."""

    id: str
    prompt: str
    """``Say: …`` is spoken as written; anything else is a goal that is worded first."""
    outcomes: tuple[Outcome, ...]
    does_not_require_reply: bool = False

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome id, target id) pairs."""
        return tuple((outcome.id, outcome.target) for outcome in self.outcomes)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The outcomes that depend on what is said."""
        return tuple(Condition(o.id, o.condition) for o in self.outcomes if not o.unconditional)

    @property
    def unconditional(self) -> Outcome | None:
        """The outcome that is taken whatever is said, if there is one."""
        return next((o for o in self.outcomes if o.unconditional), None)


Node = StartNode | EndNode | ConversationNode

RUNNABLE_TYPES = frozenset({"start", "end", "conversation"})
"""The types that this version runs."""
