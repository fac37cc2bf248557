"""Ways out of a node that somebody with the right to do so decides. Nothing is made up beside the outcome."""

from collections.abc import Mapping

from conversation.flow.behaviour import Leave
from conversation.flow.nodes import ConversationNode, FixedOutcomes, Node
from conversation.flow.ways import target_of
from conversation.text.conditions import no_answer_outcome

_NEUTRAL: Mapping[str, str] = {
    "permissions": "permissionsDenied",
    "liveness_detection": "inconclusive",
    "face_scan": "cancelled",
    "face_compare": "imageUnavailable",
    "recognition": "noFace",
    "age_estimation": "unclear",
    "document_scan": "userCancelled",
    "enter_email": "canceled",
    "two_factor_email": "cancelled",
    "two_factor_sms": "cancelled",
    "external_call": "onError",
}
"""Node type → the way out that neither passes nor fails the person."""


def forced_leave(node: Node, outcome: str, by: str) -> Leave | None:
    """The step that leaves a node by an outcome, or None when it has no such outcome.

    ``outcome`` is an outcome key in any spelling, the id of an outcome, or the id of the next node.
    """
    target = target_of(node, outcome)
    if target is None:
        return None
    return Leave(target, _reported(node, outcome, target), {"forced": True, "by": by})


def skipped_leave(node: Node, by: str) -> Leave | None:
    """The step that leaves a node as if nobody had answered, or None when it has no way that says nothing."""
    outcome = neutral_outcome(node)
    leave = forced_leave(node, outcome, by) if outcome is not None else None
    return Leave(leave.target, leave.outcome, {"reason": "skipped", "by": by}) if leave is not None else None


def neutral_outcome(node: Node) -> str | None:
    """What a node is skipped by: of a conversation the way without a condition, or the one for no answer."""
    if isinstance(node, ConversationNode):
        if node.unconditional is not None:
            return node.unconditional.id
        return no_answer_outcome((condition.id, condition.text) for condition in node.conditions)
    outcome = _NEUTRAL.get(node.type)
    return outcome if outcome is not None and target_of(node, outcome) is not None else None


def _reported(node: Node, outcome: str, target: str) -> str:
    """What the report names: the key as the author spelled it, or the node taken where outcomes have no keys."""
    if not isinstance(node, FixedOutcomes):
        return target
    key = next((key for key in node.OUTCOMES if outcome in (key.name, *key.aliases)), None)
    if key is not None:
        return node.way(key.name)[0]
    return next(spelling for spelling, next_id in node.targets if spelling == outcome or next_id == target)
