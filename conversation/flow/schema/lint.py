"""Advice on flows that are valid and would still go badly, from the contract's load-bearing rules (§3.5)."""

from collections.abc import Callable, Collection, Iterator
from math import inf

from conversation.flow.behaviours.not_checked import NOT_CHECKED
from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    DocumentScanNode,
    EndNode,
    EnterEmailNode,
    FaceCompareNode,
    FaceScanNode,
    FieldConditionNode,
    LivenessNode,
    Node,
    PermissionsNode,
    RecognitionNode,
    TwoFactorNode,
)
from conversation.flow.schema.lint_text import prompt_advice
from conversation.flow.schema.problems import Advice
from conversation.text.phrasing import phrase_goal, verbatim

FEED_SECONDS = 5.0
"""Camera feed that a video node needs before it can judge."""
CHARACTERS_PER_SECOND = 15.0
"""Ordinary speech: about 150 English words a minute."""
_DOCUMENT_MEMBERS = """
firstName lastName fullName fathersName mothersName address placeOfBirth nationality sex documentNumber personalIdNumber
issuingAuthority dateOfBirth dateOfIssue dateOfExpiry documentClassInfo dataMatchResult subResults
"""
DOCUMENT_FIELDS = frozenset(_DOCUMENT_MEMBERS.split())
"""Members of a document report that are objects, not strings (contract §4.5)."""


def find_advice(graph: FlowGraph, provided: Collection[str] | None = None) -> list[Advice]:
    """All advice on a valid flow. ``provided``: names of the data that the session brings, when known."""
    return [
        *_camera_feed(graph),
        *_greeting(graph),
        *_farewell(graph),
        *_liveness_routes(graph),
        *_same_pictures(graph),
        *_document_fields(graph),
        *prompt_advice(graph, provided),
        *_not_checked(graph),
    ]


def speech_seconds(node: ConversationNode) -> float:
    """How long the avatar speaks at least: the prompt as it is worded without a model."""
    words = verbatim(node.prompt) or phrase_goal(node.prompt, 0, "en", not node.does_not_require_reply)
    return len(words) / CHARACTERS_PER_SECOND


def _least_before(graph: FlowGraph, gain: Callable[[Node], float], enough: float) -> dict[str, float]:
    """For each node, the smallest sum of gains over all paths that lead to it; what is enough is not added to."""
    least = dict.fromkeys(graph.nodes, inf)
    for node in graph.in_order():
        if node is graph.start:
            least[node.id] = 0.0
        after = least[node.id] if least[node.id] >= enough else least[node.id] + gain(node)
        for _, target in node.targets:
            least[target] = min(least[target], after)
    return least


def _needs_feed(node: Node) -> bool:
    if isinstance(node, FaceCompareNode):
        return "sessionVideo" in (node.source_a.source, node.source_b.source)
    return isinstance(node, LivenessNode | FaceScanNode | RecognitionNode)


def _camera_feed(graph: FlowGraph) -> Iterator[Advice]:
    if not any(_needs_feed(node) for node in graph.nodes.values()):
        return

    def gain(node: Node) -> float:
        # A code form keeps the camera on; behind the first video node there is enough feed for the next.
        if isinstance(node, TwoFactorNode) or _needs_feed(node):
            return inf
        return speech_seconds(node) if isinstance(node, ConversationNode) else 0.0

    for node_id, seconds in _least_before(graph, gain, FEED_SECONDS).items():
        node = graph.nodes[node_id]
        if _needs_feed(node) and seconds < FEED_SECONDS:
            yield Advice(
                "camera_feed",
                f"node '{node_id}' ({node.type}) needs about {FEED_SECONDS:g} s of camera feed, and on one path the "
                f"avatar speaks only {seconds:.1f} s before it; put a longer greeting in front",
            )


def _greeting(graph: FlowGraph) -> Iterator[Advice]:
    def asks(node: Node) -> bool:
        return isinstance(node, EnterEmailNode | TwoFactorNode | DocumentScanNode) or _needs_feed(node)

    def gain(node: Node) -> float:
        speaks = isinstance(node, ConversationNode) or (isinstance(node, PermissionsNode) and node.prompt != "")
        return 1.0 if speaks or asks(node) else 0.0

    for node_id, before in _least_before(graph, gain, 1.0).items():
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


def _liveness_routes(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.nodes.values():
        if isinstance(node, LivenessNode):
            _, success = node.way("livenessDetected")
            same = [key for key, target in node.outcomes.items() if target == success and key != "livenessDetected"]
            if same:
                keys = " and ".join(f"'{key}'" for key in same)
                message = (
                    f"node '{node.id}' sends {keys} to '{success}', where a live person goes; nothing was proved "
                    "there, so retry, step up or stop instead"
                )
                yield Advice("liveness_route", message)


def _same_pictures(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.nodes.values():
        if isinstance(node, FaceCompareNode) and node.source_a == node.source_b:
            message = f"node '{node.id}' compares a picture with itself; give 'sourceA' and 'sourceB' different sources"
            yield Advice("same_picture", message)


def _document_fields(graph: FlowGraph) -> Iterator[Advice]:
    if not any(isinstance(node, DocumentScanNode) for node in graph.nodes.values()):
        return
    for node in graph.nodes.values():
        fields: list[str] = []
        if isinstance(node, DataValidationNode):
            fields = [node.validation.field]
        elif isinstance(node, FieldConditionNode):
            fields = [rule.left.field for rule in node.rules]
        for field in dict.fromkeys(fields):
            if field in DOCUMENT_FIELDS:
                message = (
                    f"node '{node.id}' reads '{field}', which a document scan reports as an object and not as text; "
                    "compare 'age', or let extractionSchema collect the value"
                )
                yield Advice("document_field", message)


def _not_checked(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.nodes.values():
        if node.type in NOT_CHECKED and not isinstance(node, EndNode):
            outcome = NOT_CHECKED[node.type]
            target = dict(node.targets).get(outcome) or _aliased(node, outcome)
            message = (
                f"node '{node.id}' ({node.type}) is not checked by this version; the flow goes on by '{outcome}' to "
                f"'{target}', so make sure that this is no success"
            )
            yield Advice("not_checked", message)


def _aliased(node: Node, outcome: str) -> str:
    return node.way(outcome)[1] if isinstance(node, FaceCompareNode) else ""
