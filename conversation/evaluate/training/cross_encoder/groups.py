"""What one epoch shows the network: every written reply once, its conditions changed at random.

Beginning with the conditions of the node, which resemble each other, a network of this size learns nothing for many
thousand cases. So the first part of the training shows *easy* groups, in which the other conditions come from other
nodes; there it learns within minutes what belongs together, and goes on from that to the real ones.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

from conversation.evaluate.training.data import Case

_FILLERS = ("um", "uh", "well", "er", "so", "hm", "I mean", "you know")
_LEFT_OUT = 0.12
_FOREIGN_ADDED = 0.25
_FROM_SIBLINGS = 0.15
"""Share of cases in which a condition is told by another reply that meets it."""
_MOST_CONDITIONS = 5
_WITHOUT_QUESTION = 0.1
_BARE = 0.25
"""Share of replies in lower case without punctuation, as some recognisers write."""
_STUMBLING = 0.1
_PLAIN_SHOWN = 0.4
"""Share of the plain replies that an epoch shows; each is made from a condition, and soon learned."""

_Choice = tuple[str, bool]
"""The text of a condition, and whether it holds."""


class Groups:
    """Makes groups of cases. Every reply keeps its meaning, and so its label."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._conditions = [(case.node, text) for case in cases for text in case.conditions]
        self._replies: dict[tuple[str, int], list[str]] = defaultdict(list)
        for case in cases:
            if case.label is not None:
                self._replies[case.node, case.label].append(case.reply)

    def epoch(self, seed: int, easy: float) -> list[Case]:
        """Return each written case once and some plain ones, in random order; ``easy`` is the share of easy groups."""
        chooser = random.Random(seed)
        shown = [case for case in self._cases if "plain" not in case.tags or chooser.random() < _PLAIN_SHOWN]
        made = [self._easy(case, chooser) if chooser.random() < easy else self._real(case, chooser) for case in shown]
        chooser.shuffle(made)
        return made

    def _easy(self, case: Case, chooser: random.Random) -> Case:
        right = (
            []
            if case.label is None or chooser.random() < _LEFT_OUT
            else [(self._told(case, case.label, chooser), True)]
        )
        strange = [
            (text, False) for node, text in chooser.sample(self._conditions, chooser.randint(1, 4)) if node != case.node
        ]
        return _case(case, (right + strange) or [(case.prompt, False)], chooser)

    def _real(self, case: Case, chooser: random.Random) -> Case:
        choices = [(self._told(case, place, chooser), place == case.label) for place in range(len(case.conditions))]
        if case.label is not None and len(choices) > 2 and chooser.random() < _LEFT_OUT:
            choices = [choice for choice in choices if not choice[1]]
        if chooser.random() < _FOREIGN_ADDED:
            node, text = chooser.choice(self._conditions)
            choices += [(text, False)] * (node != case.node)
        if len(choices) > _MOST_CONDITIONS and chooser.random() < 0.6:
            wrong = [choice for choice in choices if not choice[1]]
            right = [choice for choice in choices if choice[1]]
            choices = right + chooser.sample(wrong, _MOST_CONDITIONS - len(right))
        return _case(case, choices, chooser)

    def _told(self, case: Case, place: int, chooser: random.Random) -> str:
        """Return the condition, or now and then another reply that meets it."""
        if chooser.random() < _FROM_SIBLINGS:
            others = [reply for reply in self._replies[case.node, place] if reply != case.reply]
            if others:
                return chooser.choice(others)
        return case.conditions[place]


def _case(case: Case, choices: list[_Choice], chooser: random.Random) -> Case:
    chooser.shuffle(choices)
    label = next((place for place, (_, right) in enumerate(choices) if right), None)
    prompt = "" if chooser.random() < _WITHOUT_QUESTION else case.prompt
    return Case(case.node, prompt, tuple(text for text, _ in choices), _as_heard(case.reply, chooser), label, case.tags)


def _as_heard(reply: str, chooser: random.Random) -> str:
    """Return the reply as another recogniser, or a less fluent speaker, would have it."""
    if chooser.random() < _BARE:
        reply = "".join(letter for letter in reply.lower() if letter.isalnum() or letter in " '")
    if chooser.random() < _STUMBLING:
        words = reply.split()
        place = chooser.randrange(len(words) + 1)
        again = words[place] if place < len(words) else words[-1] if words else ""
        words.insert(place, chooser.choice((again, chooser.choice(_FILLERS))))
        reply = " ".join(words)
    return reply
