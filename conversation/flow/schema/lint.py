"""Advice on flows that are valid and would still go badly, from the contract's load-bearing rules (§3.5)."""

from collections.abc import Collection, Iterator

from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    DocumentScanNode,
    EndNode,
    EnterEmailNode,
    FieldConditionNode,
    Node,
    PermissionsNode,
    TwoFactorNode,
)
from conversation.flow.schema.lint_text import prompt_advice
from conversation.flow.schema.lint_vision import needs_feed, vision_advice
from conversation.flow.schema.problems import Advice

_DOCUMENT_OBJECTS = frozenset({"documentClassInfo", "dataMatchResult", "subResults", "driverLicenseDetailedInfo"})
"""Members of a document report that say nothing as one text (contract §4.5)."""
_DOCUMENT_DATES = frozenset({"dateOfBirth", "dateOfIssue", "dateOfExpiry"})
_DOCUMENT_TEXTS = frozenset({
    "firstName", "lastName", "fullName", "fathersName", "mothersName", "address", "placeOfBirth", "nationality", "sex",
    "documentNumber", "personalIdNumber", "issuingAuthority",
})  # fmt: skip
_DOCUMENT_FIELDS = _DOCUMENT_OBJECTS | _DOCUMENT_DATES | _DOCUMENT_TEXTS
"""The best known members of a document report."""
_ORDERS = frozenset({"greater_than", "less_than", "greater_or_equal", "less_or_equal"})


def find_advice(graph: FlowGraph, provided: Collection[str] | None = None) -> list[Advice]:
    """All advice on a valid flow. ``provided``: names of the data that the session brings, when known."""
    return [
        *vision_advice(graph, provided),
        *_greeting(graph),
        *_farewell(graph),
        *_document_fields(graph),
        *prompt_advice(graph, provided),
    ]


def _greeting(graph: FlowGraph) -> Iterator[Advice]:
    def asks(node: Node) -> bool:
        return isinstance(node, EnterEmailNode | TwoFactorNode | DocumentScanNode) or needs_feed(node)

    def gain(node: Node) -> float:
        speaks = isinstance(node, ConversationNode) or (isinstance(node, PermissionsNode) and node.prompt != "")
        return 1.0 if speaks or asks(node) else 0.0

    for node_id, before in graph.least_before(gain, 1.0).items():
        if asks(graph.nodes[node_id]) and not before:
            message = f"node '{node_id}' is the first thing that a person meets; greet them with a conversation first"
            yield Advice("greeting", message)


def _farewell(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.conversations():
        if node.does_not_require_reply:
            if len(node.outcomes) > 1:
                message = (
                    f"node '{node.id}' needs no reply but has {len(node.outcomes)} outcomes; only the first can be "
                    "taken, so keep one with an empty condition"
                )
                yield Advice("farewell", message)
            elif not node.outcomes[0].unconditional:
                message = f"node '{node.id}' needs no reply, so its outcome's condition is never judged; leave it empty"
                yield Advice("farewell", message)
        elif (only := node.unconditional) and len(node.targets) == 1 and isinstance(graph.nodes[only.target], EndNode):
            message = (
                f"node '{node.id}' says the last words and waits for a reply that changes nothing; set "
                "'doesNotRequireReply' to true"
            )
            yield Advice("farewell", message)


def _document_fields(graph: FlowGraph) -> Iterator[Advice]:
    if not any(isinstance(node, DocumentScanNode) for node in graph.nodes.values()):
        return
    for node in graph.nodes.values():
        if isinstance(node, DataValidationNode):
            field, action = node.validation.field, node.validation.action
            if field in _DOCUMENT_OBJECTS:
                message = f"node '{node.id}' reads '{field}', which a document reports as an object and not as text"
                yield Advice("document_field", message)
            elif field in _DOCUMENT_DATES and action in _ORDERS:
                message = (
                    f"node '{node.id}' puts '{field}' in an order, which dates do not have here; compare 'age', which "
                    "follows from the date of birth on a document"
                )
                yield Advice("document_field", message)
        elif isinstance(node, FieldConditionNode):
            for field in dict.fromkeys(rule.left.field for rule in node.rules):
                if field in _DOCUMENT_FIELDS:
                    message = (
                        f"node '{node.id}' reads '{field}' of what was said or provided, not of a document; use "
                        "data_validation for a document"
                    )
                    yield Advice("document_field", message)
