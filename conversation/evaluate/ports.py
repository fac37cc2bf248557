"""The ports of judging and wording: Evaluator (which outcome does a reply meet?) and Phraser (how is a goal asked?)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from conversation.text.dialogue import Condition, Doubt, Exchange

__all__ = ["Condition", "Doubt", "Evaluator", "Exchange", "Extracted", "Phraser", "Question", "Verdict"]

Extracted = Mapping[str, str | int | bool]
"""Values read out of a reply. Keys: name, email, phone, dateOfBirth (YYYY-MM-DD), age, yesNo, code."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the outcomes a reply may lead to."""

    prompt: str
    """The words the user was asked, as spoken."""
    conditions: tuple[Condition, ...]
    history: tuple[Exchange, ...] = ()
    """Earlier exchanges of this node, oldest first."""
    language: str = "en"
    doubt: Doubt = "decide"
    """What to do with a reply that may be understood wrongly."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which outcome a reply meets, and the evidence for it."""

    outcome: str | None
    """Outcome id, or None when no outcome holds surely enough."""
    confidence: float
    """Calibrated probability that ``outcome`` is right, 0 to 1."""
    quote: str
    """The words of the reply that decided; always a substring of it, possibly empty."""
    evaluator: str
    """Who decided, such as ``rules``, ``embedded`` or ``openai:NAME``."""
    milliseconds: float
    """Wall time of the decision."""
    reason: str
    """One word or two for the record, such as ``number``, ``read_aloud``, ``model``, ``abstained``, ``doubt``,
    ``injection``."""
    duress: bool = False
    """The user hints that somebody else directs, threatens or coaches them."""
    injection: bool = False
    """The reply tries to instruct the evaluator instead of answering; it can then never choose an outcome
    other than one about not answering."""
    extracted: Extracted = field(default_factory=dict)


class Evaluator(Protocol):
    """Judges a reply. Implementations never raise for anything that a user may say."""

    @property
    def name(self) -> str:
        """Who decides, as it appears in evidence."""

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Do ahead what can be done ahead for a flow's questions (embeddings, prompt caches)."""

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        """Judge ``reply`` within ``budget`` seconds. Abstains (outcome None) rather than guess."""


class Phraser(Protocol):
    """Words a goal prompt ("Find out why the person is calling") as something an avatar can say."""

    async def phrase(
        self, goal: str, *, history: Sequence[Exchange] = (), attempt: int = 0, language: str = "en"
    ) -> str:
        """Return one or two spoken sentences; ``attempt`` counts earlier tries that got no usable answer."""


class Summarizer(Protocol):
    """Puts what a session found into a few plain sentences for the person who reads the report."""

    async def summarize(self, facts: Sequence[str]) -> str:
        """From these sentences alone. Never raises, bounded in time; empty when there is nothing fit to be shown."""
