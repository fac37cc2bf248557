"""From chances to a verdict: injection and silence first, then rules, then the weighed evidence or an abstention."""

from dataclasses import dataclass

import numpy as np

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded.features import Prepared, Table
from conversation.evaluate.providers.embedded.rules import Opinions
from conversation.text.acts import Act
from conversation.text.conditions import Kind
from conversation.text.hallucination import is_hallucination
from conversation.text.injection import injection_quote
from conversation.text.normalise import sentences

THRESHOLD = 0.5
"""Below this chance the evaluator abstains: an outcome is taken when it is likelier than everything else together.
Asking again is cheaper than a wrong turn."""
SURE = 0.9
"""From this chance on, a model's outcome counts where a wrong one is worse than asking again, and needs no second
opinion. On the development set all outcomes that were at least so sure were right (127 of 127)."""
_NOT_ANSWERING = (Kind.MISSING, Kind.NO_ANSWER, Kind.OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome and why, without the bookkeeping of a ``Verdict``."""

    outcome: str | None
    chance: float
    reason: str
    quote: str
    injection: bool = False


def before_reading(question: Question, reply: str, prepared: Prepared) -> Decision | None:
    """Decide what needs no model: a flow that goes on anyway, injected instructions, noise that became words."""
    always = _of_kind(question, prepared, Kind.ALWAYS)
    injected = injection_quote(reply)
    if len(question.conditions) == 1 and always is not None:
        return Decision(always, 1.0, "always", "", injection=injected is not None)
    if injected is not None:
        quote = injected if injected in reply else reply
        for kind in _NOT_ANSWERING:
            outcome = _of_kind(question, prepared, kind)
            if outcome is not None:
                return Decision(outcome, 0.9, "injection", quote, injection=True)
        return Decision(None, 0.9, "injection", quote, injection=True)
    if is_hallucination(reply):
        return Decision(None, 0.9, "noise", "")
    return None


def decide(
    question: Question,
    reply: str,
    prepared: Prepared,
    opinions: Opinions,
    chances: Table,
    said: frozenset[Act],
    relevance: Table,
) -> Decision:
    """Choose by rule where a rule is sure, by chance where it is high enough, else abstain.

    ``chances`` begin with "none"; ``relevance`` is the similarity of each sentence of the reply to the chosen outcome.
    """
    ruled = opinions.decided
    if ruled is not None:
        place = 1 + [condition.id for condition in question.conditions].index(ruled)
        return Decision(ruled, max(opinions.chance[ruled], float(chances[place])), opinions.reason, opinions.quote)
    best = int(np.argmax(chances))
    chance = float(chances[best])
    always = _of_kind(question, prepared, Kind.ALWAYS)
    if best == 0 or chance < THRESHOLD:
        if always is not None:
            return Decision(always, 1.0, "always", "")
        return Decision(None, chance if best == 0 else 1.0 - chance, "abstained", "")
    if chance < SURE and question.doubt != "decide":
        return Decision(None, 1.0 - chance, "doubt", "")
    reason = "lexicon" if said else "model"
    return Decision(question.conditions[best - 1].id, chance, reason, _deciding_sentence(reply, relevance))


def _deciding_sentence(reply: str, relevance: Table) -> str:
    parts = sentences(reply)
    if len(parts) <= 1 or len(relevance) != len(parts):
        return reply.strip()
    return parts[int(np.argmax(relevance))]


def _of_kind(question: Question, prepared: Prepared, kind: Kind) -> str | None:
    for condition, found in zip(question.conditions, prepared.kinds, strict=True):
        if kind in found:
            return condition.id
    return None
