"""Outcomes that a sandbox key or an operator decides. Nothing is made up beside the outcome."""

from conversation.flow.behaviour import Leave
from conversation.flow.nodes import FixedOutcomes, Node
from conversation.flow.ways import target_of


def forced_leave(node: Node, outcome: str, by: str) -> Leave | None:
    """The step that leaves a node by an outcome, or None when it has no such outcome.

    ``outcome`` is an outcome key in any spelling, the id of an outcome, or the id of the next node.
    """
    target = target_of(node, outcome)
    if target is None:
        return None
    return Leave(target, _reported(node, outcome, target), {"forced": True, "by": by})


def _reported(node: Node, outcome: str, target: str) -> str:
    """What the report names: the key as the author spelled it, or the node taken where outcomes have no keys."""
    if not isinstance(node, FixedOutcomes):
        return target
    key = next((key for key in node.OUTCOMES if outcome in (key.name, *key.aliases)), None)
    if key is not None:
        return node.way(key.name)[0]
    return next(spelling for spelling, next_id in node.targets if spelling == outcome or next_id == target)
