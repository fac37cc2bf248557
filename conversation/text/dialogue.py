"""The two words that flow and evaluator share: a condition, and an exchange of question and reply."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """One outcome as the evaluator sees it."""

    id: str
    """Outcome id, unique in its node."""
    text: str
    """When it applies, in natural language (English)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One earlier question and answer of the same node."""

    question: str
    reply: str
