"""Training cases, and further ones made from them by recombination."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

FOLDS = 3
"""Into so many parts the nodes are divided: what is said of one part was learned from the others."""


@dataclass(frozen=True, slots=True)
class Case:
    """One reply to one question."""

    node: str
    """Cases of one node never stand on both sides of a split."""
    prompt: str
    conditions: tuple[str, ...]
    reply: str
    label: int | None
    """Index of the condition that holds, or None."""
    tags: tuple[str, ...] = ()


def fold_of(node: str) -> int:
    """Return the fold of a node: always the same one, however many nodes are written later."""
    return int.from_bytes(hashlib.sha256(node.encode()).digest()[:4]) % FOLDS


def recombine(cases: Sequence[Case], seed: int) -> list[Case]:
    """Make further groups: the right outcome left out (none holds), a foreign one put in, the conditions shuffled.

    A foreign condition comes from another node, so that it hardly ever holds by chance.
    """
    chooser = random.Random(seed)
    foreign = [(case.node, condition) for case in cases for condition in case.conditions]
    made = []
    for case in cases:
        order = list(range(len(case.conditions)))
        drop = case.label is not None and len(order) > 2 and chooser.random() < 0.2
        kept = [index for index in order if not (drop and index == case.label)]
        texts = [(case.conditions[index], index == case.label) for index in kept]
        if chooser.random() < 0.5:
            node, text = chooser.choice(foreign)
            if node != case.node:
                texts.append((text, False))
        chooser.shuffle(texts)
        label = next((place for place, (_, right) in enumerate(texts) if right), None)
        made.append(Case(case.node, case.prompt, tuple(text for text, _ in texts), case.reply, label, case.tags))
    return made
