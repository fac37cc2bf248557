"""Training cases, and further ones made from them by recombination."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


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


def folds(cases: Sequence[Case], count: int, seed: int) -> list[set[str]]:
    """Split the nodes into ``count`` sets of about equal size."""
    nodes = sorted({case.node for case in cases})
    random.Random(seed).shuffle(nodes)
    return [set(nodes[start::count]) for start in range(count)]


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
