"""The words that flow and evaluator share: a condition, an exchange of question and reply, and what doubt leads to."""

from dataclasses import dataclass
from typing import Literal

Doubt = Literal["decide", "repeat", "llm", "human"]
"""What a node wants done with a reply that may be understood wrongly.

``decide``: take an outcome that is likelier than all else together. For the others a wrong outcome is worse than asking
again, so only a sure one is taken. ``repeat``: ask again. ``llm``: ask a language model first, where one is configured.
``human``: ask again, and call people to look.
"""


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
