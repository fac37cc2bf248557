"""The flow of a session as a map for people: nodes with a title, and the ways between them (pure)."""

from collections.abc import Mapping

from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    FieldConditionNode,
    Node,
    Operand,
    Operator,
    Reference,
    Rule,
)
from rtc_server.storage.ports import Json

TITLE_CHARACTERS = 60
LABEL_CHARACTERS = 120

_ONLY_WAY = "outcome"
"""Key of the way out of a node that has no other."""

_NAMES = {
    "start": "Start",
    "end": "End",
    "liveness_detection": "Liveness check",
    "face_scan": "Face scan",
    "document_scan": "Document scan",
    "recognition": "Recognition",
    "enter_email": "E-mail address",
    "two_factor_email": "Code by e-mail",
    "two_factor_sms": "Code by SMS",
    "data_validation": "Check of data",
    "face_compare": "Comparison of faces",
    "permissions": "Camera and microphone",
    "external_call": "Call to a server",
    "field_condition": "Branch on data",
    "age_estimation": "Age estimate",
}

_OPERATORS: Mapping[Operator, str] = {
    "equals": "is",
    "notEquals": "is not",
    "gt": ">",
    "lt": "<",
    "gte": "≥",
    "lte": "≤",
    "exists": "is known",
    "notExists": "is not known",
}


def flow_to_json(graph: FlowGraph) -> Json:
    """``nodes`` in the order they were written, and the id of the ``start``."""
    return {
        "nodes": [
            {
                "id": node.id,
                "type": node.type,
                "title": title_of(node),
                "outcomes": [
                    {"key": key, "label": _label(node, key), "target": target} for key, target in node.targets
                ],
            }
            for node in graph.nodes.values()
        ],
        "start": graph.start.id,
    }


def title_of(node: Node) -> str:
    """The first words of what the avatar says, or what the node is."""
    if isinstance(node, ConversationNode) and (words := _plain(node.prompt)):
        return _cut(words.removeprefix("Say:").strip(), TITLE_CHARACTERS)
    return _NAMES.get(node.type, "Conversation")


def _label(node: Node, key: str) -> str:
    """When a way is taken, in words."""
    if isinstance(node, ConversationNode | DataValidationNode):
        outcome = next((outcome for outcome in node.outcomes if outcome.id == key), None)
        if outcome is not None:
            return "always" if outcome.unconditional else _cut(_plain(outcome.condition), LABEL_CHARACTERS)
    if isinstance(node, FieldConditionNode):
        rules = {f"rules[{index}]": rule for index, rule in enumerate(node.rules)}
        return _cut(_rule(rules[key]), LABEL_CHARACTERS) if key in rules else "otherwise"
    return "always" if key == _ONLY_WAY else _words(key)


def _rule(rule: Rule) -> str:
    parts = (rule.left.field, _OPERATORS[rule.operator], *(() if rule.right is None else (_operand(rule.right),)))
    return " ".join(parts)


def _operand(operand: Operand) -> str:
    return operand.field if isinstance(operand, Reference) else str(operand)


def _words(key: str) -> str:
    """``livenessDetected`` and ``failed_unverified`` as words."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in key)
    return spaced.replace("_", " ").strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, most: int) -> str:
    """At the end of a word, where there is one."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return f"{kept.rsplit(' ', 1)[0].rstrip(',.;:')}…"
