"""What a session leaves behind: phrases and node reports. The machine fills it; the report is written from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversation.text.fields import Answer


@dataclass(frozen=True, slots=True)
class RecordedPhrase:
    """One line of the transcript."""

    at: float
    """When it was said, on the session's clock."""
    text: str
    """What was really heard: an interrupted line ends where it was cut."""
    by_avatar: bool
    typed: bool = False
    by_agent: bool = False
    """Whether a support agent worded it; the avatar said it, or the page showed it."""


@dataclass(frozen=True, slots=True)
class NodeReport:
    """How one node ended."""

    at: float
    node_id: str
    node_type: str
    outcome: str
    """Id of the node that was taken (conversation), or the outcome key."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Why: outcome id, quote, confidence, evaluator, reason, milliseconds."""
    members: Mapping[str, Any] = field(default_factory=dict)
    """Further members of the node's report that the contract names: ``report``, ``email``, ``matchedRuleIndex``,
    ``inconclusiveReason``."""


@dataclass(slots=True)
class AgentVisit:
    """A support agent who watched the session."""

    agent_id: str
    name: str
    came_at: float
    went_at: float | None = None
    """None while they are there."""
    lines: int = 0
    """Lines that they wrote."""
    holds: list[tuple[float, float | None]] = field(default_factory=list)
    """From when to when they talked to the person themselves."""


@dataclass(slots=True)
class Record:
    """Grows as the flow runs."""

    phrases: list[RecordedPhrase] = field(default_factory=list)
    node_reports: list[NodeReport] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    """Replies to the questions of conversation nodes, in order."""
    extracted: dict[str, str | int | bool] = field(default_factory=dict)
    """Values that the person gave: name, email, phone, dateOfBirth, age, yesNo, code; the last one counts."""
    provided: dict[str, str | int | float | bool] = field(default_factory=dict)
    """Values that the integrator's server gave during the session; they come before those of the create call."""
    recognised: dict[str, str] = field(default_factory=dict)
    """What was enrolled with a person who was recognised: name, email, phone, company, jobTitle. It fills prompts and
    stands behind everything that was said or provided."""
    verified_contacts: dict[str, str] = field(default_factory=dict)
    """``email`` and ``phone`` that received a code and gave it back."""
    flags: list[tuple[float, str, str]] = field(default_factory=list)
    """(when, node id, ``duress`` or ``injection``), for people to look at; never decides an outcome."""
    agents: list[AgentVisit] = field(default_factory=list)
    """Who watched, in the order in which they came; whoever comes back is listed again."""

    def agent(self, agent_id: str) -> AgentVisit | None:
        """The visit of an agent who is there."""
        return next((visit for visit in self.agents if visit.agent_id == agent_id and visit.went_at is None), None)
