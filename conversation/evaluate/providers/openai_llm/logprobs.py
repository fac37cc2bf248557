"""How sure a model was of the outcome that it named, from the log-probabilities of its tokens. Pure."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_OUTCOME_KEY = re.compile(r'"outcome"\s*:\s*"')


@dataclass(frozen=True, slots=True)
class Token:
    """One generated token."""

    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...] = ()
    """The likeliest tokens at this place with their log-probabilities, as ``top_logprobs`` reports them."""


def alias_probability(tokens: Sequence[Token], alias: str, legal: Collection[str]) -> float | None:
    """Return P(``alias``) among the ``legal`` aliases, 0 to 1, or None when the tokens do not tell.

    Servers with constrained decoding report raw probabilities, before the grammar took illegal tokens away. So at
    each token of the alias the probability is renormalised over those alternatives that continue a legal alias.
    """
    text = "".join(token.text for token in tokens)
    key = _OUTCOME_KEY.search(text)
    if key is None or not text.startswith(alias + '"', key.end()):
        return None
    start, end = key.end(), key.end() + len(alias) + 1
    probability, informed, at = 1.0, False, 0
    for token in tokens:
        token_start, at = at, at + len(token.text)
        if at <= start or token_start >= end:
            continue
        written, lead = text[start : max(token_start, start)], text[min(token_start, start) : start]
        rivals = {
            other: logprob
            for other, logprob in token.alternatives
            if other != token.text and _continues(other, lead, written, legal)
        }
        informed = informed or bool(token.alternatives)
        chosen = math.exp(token.logprob)
        total = chosen + sum(math.exp(logprob) for logprob in rivals.values())
        probability *= chosen / total if total > 0 else 0.0
    return probability if informed else None


def _continues(token: str, lead: str, written: str, legal: Collection[str]) -> bool:
    """Whether ``token``, after ``written`` of an alias, leads on to a legal one. ``lead`` precedes the alias."""
    if not token.startswith(lead) or len(token) == len(lead):
        return False
    candidate = written + token[len(lead) :]
    return any((alias + '"').startswith(candidate) or candidate.startswith(alias + '"') for alias in legal)
