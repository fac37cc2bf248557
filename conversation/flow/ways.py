"""The ways out of a node by name: which there are, and which one stands for success or failure."""

from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    EndNode,
    ExternalCallNode,
    FieldConditionNode,
    FixedOutcomes,
    Node,
    StartNode,
)

_GOOD = {
    "permissions": "permissionsGranted",
    "liveness_detection": "livenessDetected",
    "face_scan": "passed",
    "face_compare": "match",
    "recognition": "recognized",
    "age_estimation": "success",
    "document_scan": "scanSuccess",
    "enter_email": "emailEntered",
    "two_factor_email": "verified",
    "two_factor_sms": "verified",
}
_BAD = {
    "permissions": "permissionsDenied",
    "liveness_detection": "deepfakeDetected",
    "face_scan": "notPassed",
    "face_compare": "noMatch",
    "recognition": "newUser",
    "age_estimation": "failure",
    "document_scan": "userCancelled",
    "enter_email": "canceled",
    "two_factor_email": "failed_unverified",
    "two_factor_sms": "failed_unverified",
}


def possible_outcomes(node: Node) -> tuple[str, ...]:
    """Names by which an outcome of the node can be chosen; for branches, the ids of the nodes they lead to."""
    match node:
        case StartNode() | EndNode():
            return ()
        case ConversationNode() | DataValidationNode():
            return tuple(key for key, _ in node.targets)
        case ExternalCallNode() | FieldConditionNode():
            return tuple(dict.fromkeys(target for _, target in node.targets))
        case _:
            return tuple(node.outcomes)


def usual_outcome(node: Node, *, good: bool) -> str:
    """What happens when all goes well, or badly: for a branch without a name for it, its first or last way."""
    if isinstance(node, FixedOutcomes):
        return node.way((_GOOD if good else _BAD)[node.type])[0]
    outcomes = possible_outcomes(node)
    return outcomes[0 if good else -1]


def target_of(node: Node, outcome: str) -> str | None:
    """Id of the node that an outcome leads to: by key in any spelling, outcome id, or the id of the next node."""
    if isinstance(node, FixedOutcomes):
        for key in node.OUTCOMES:
            if outcome in (key.name, *key.aliases):
                return node.way(key.name)[1] if _has(node, key.name) else None
    targets = dict(node.targets)
    return targets.get(outcome) or (outcome if outcome in targets.values() else None)


def _has(node: FixedOutcomes, name: str) -> bool:
    try:
        node.way(name)
    except KeyError:
        return False
    return True
