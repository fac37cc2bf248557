"""How the cross-encoder reads a case: question, reply and all conditions as one sequence of tokens.

``<s> question </s> reply </s> condition </s> condition </s> …``. The mean state over the tokens of a condition, beside
that of the reply, says how well it is met. All conditions stand side by side, so that "anything else" can be
understood. Training and service build the sequence with this one function, so they cannot drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

START, PADDING, END = 0, 1, 2
"""Ids of ``<s>``, ``<pad>`` and ``</s>``."""
MAXIMUM_TOKENS = 512
"""As many positions as the base model has."""
_QUESTION_TOKENS = 60
_REPLY_TOKENS = 140
_CONDITION_TOKENS = 50
"""Longer texts are cut, each from its end; of a question the end is kept, where it asks."""
MAXIMUM_CONDITIONS = 24
"""So many at once, with at least eleven tokens each."""

Tokens = Sequence[int]


QUESTION, REPLY, CONDITION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Joined:
    """One sequence."""

    tokens: list[int]
    owners: list[int]
    """Whose each token is: ``QUESTION``, ``REPLY``, ``CONDITION`` for the first condition, one more for the next …"""


def join(question: Tokens, reply: Tokens, conditions: Sequence[Tokens]) -> Joined:
    """Join the tokens of texts, without special tokens, to at most ``MAXIMUM_TOKENS``.

    Raises ``ValueError`` for more than ``MAXIMUM_CONDITIONS``.
    """
    if len(conditions) > MAXIMUM_CONDITIONS:
        raise ValueError(f"{len(conditions)} conditions are too many for one sequence")
    asked = [START, *question[-_QUESTION_TOKENS:], END]
    said = [*reply[:_REPLY_TOKENS], END]
    room = MAXIMUM_TOKENS - len(asked) - len(said)
    each = min(_CONDITION_TOKENS, room // max(1, len(conditions)) - 1)
    tokens = asked + said
    owners = [QUESTION] * len(asked) + [REPLY] * len(said)
    for place, condition in enumerate(conditions):
        part = [*condition[:each], END]
        tokens += part
        owners += [CONDITION + place] * len(part)
    return Joined(tokens, owners)
