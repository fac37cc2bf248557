"""Advice on the nodes that look: what they need before them, and where their outcomes lead (contract §3.5)."""

from collections.abc import Collection, Iterator
from functools import partial
from math import inf

from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    AgeEstimationNode,
    ConversationNode,
    ExternalCallNode,
    FaceCompareNode,
    FaceScanNode,
    LivenessNode,
    Node,
    RecognitionNode,
    TwoFactorNode,
)
from conversation.flow.schema.problems import Advice
from conversation.text.phrasing import phrase_goal, verbatim

FEED_SECONDS = 5.0
"""Camera feed that a video node needs before it can judge."""
CHARACTERS_PER_SECOND = 15.0
"""Ordinary speech: about 150 English words a minute."""
_MAKERS = {"documentPhoto": "document_scan", "faceScan": "face_scan"}
"""Source of a comparison → type of the node that takes that picture."""


def vision_advice(graph: FlowGraph, provided: Collection[str] | None) -> Iterator[Advice]:
    """All of it. ``provided``: names of the data that the session brings, when known."""
    yield from _camera_feed(graph)
    yield from _routes(graph)
    yield from _same_pictures(graph)
    yield from _missing_pictures(graph)
    yield from _missing_references(graph, provided)
    yield from _portraits_without_liveness(graph)


def needs_feed(node: Node) -> bool:
    """Whether a node judges the running video."""
    if isinstance(node, FaceCompareNode):
        return "sessionVideo" in (node.source_a.source, node.source_b.source)
    return isinstance(node, LivenessNode | FaceScanNode | RecognitionNode | AgeEstimationNode)


def _speech_seconds(node: ConversationNode) -> float:
    """How long the avatar speaks at least: the prompt as it is worded without a model."""
    words = verbatim(node.prompt) or phrase_goal(node.prompt, 0, "en", not node.does_not_require_reply)
    return len(words) / CHARACTERS_PER_SECOND


def _camera_feed(graph: FlowGraph) -> Iterator[Advice]:
    if not any(needs_feed(node) for node in graph.nodes.values()):
        return

    def gain(node: Node) -> float:
        # A code form keeps the camera on; behind the first video node there is enough feed for the next.
        if isinstance(node, TwoFactorNode) or needs_feed(node):
            return inf
        return _speech_seconds(node) if isinstance(node, ConversationNode) else 0.0

    for node_id, seconds in graph.least_before(gain, FEED_SECONDS).items():
        node = graph.nodes[node_id]
        if needs_feed(node) and seconds < FEED_SECONDS:
            yield Advice(
                "camera_feed",
                f"node '{node_id}' ({node.type}) needs about {FEED_SECONDS:g} s of camera feed, and on one path the "
                f"avatar speaks only {seconds:.1f} s before it, so the person has to wait there; a longer greeting in "
                "front lets that time pass unnoticed",
            )


def _routes(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.nodes.values():
        if isinstance(node, LivenessNode | AgeEstimationNode):
            good = "livenessDetected" if isinstance(node, LivenessNode) else "success"
            _, success = node.way(good)
            same = [key for key, target in node.outcomes.items() if target == success and key != good]
            if same:
                keys = " and ".join(f"'{key}'" for key in same)
                message = (
                    f"node '{node.id}' sends {keys} to '{success}', where '{good}' leads; nothing was proved there, "
                    "so retry, step up or stop instead"
                )
                yield Advice("liveness_route", message)


def _same_pictures(graph: FlowGraph) -> Iterator[Advice]:
    for node in graph.nodes.values():
        if isinstance(node, FaceCompareNode) and node.source_a == node.source_b:
            message = f"node '{node.id}' compares a picture with itself; give 'sourceA' and 'sourceB' different sources"
            yield Advice("same_picture", message)


def _makes(node_type: str, node: Node) -> float:
    return float(node.type == node_type)


def _missing_pictures(graph: FlowGraph) -> Iterator[Advice]:
    """Comparisons with a picture that no node has taken on some path to them."""
    comparisons = [node for node in graph.nodes.values() if isinstance(node, FaceCompareNode)]
    for source, maker in _MAKERS.items():
        wanting = [node for node in comparisons if source in (node.source_a.source, node.source_b.source)]
        before = graph.least_before(partial(_makes, maker), 1.0) if wanting else {}
        for node in wanting:
            if not before[node.id]:
                message = (
                    f"node '{node.id}' compares with '{source}', and on one path no {maker} comes before it; "
                    "it would end by 'imageUnavailable' there"
                )
                yield Advice("missing_picture", message)


def _missing_references(graph: FlowGraph, provided: Collection[str] | None) -> Iterator[Advice]:
    """Reference images that the session does not bring, when that can be known."""
    nodes = graph.nodes.values()
    asked_later = any(
        isinstance(node, ExternalCallNode) or (isinstance(node, ConversationNode) and node.await_external)
        for node in nodes
    )
    if provided is None or asked_later:
        return
    for node in nodes:
        keys: list[str] = []
        if isinstance(node, FaceScanNode):
            keys = [node.reference_image_key]
        elif isinstance(node, FaceCompareNode):
            keys = [node.source_a.provided_data_key, node.source_b.provided_data_key]
        for key in dict.fromkeys(keys):
            if key and key not in provided:
                message = f"node '{node.id}' compares with the picture '{key}', which providedData does not have"
                yield Advice("missing_picture", message)


def _proves_life(node: Node) -> float:
    if isinstance(node, FaceScanNode):
        return float(node.require_liveness_challenge or node.require_ai_liveness_check)
    return float(isinstance(node, LivenessNode | AgeEstimationNode))


def _portraits_without_liveness(graph: FlowGraph) -> Iterator[Advice]:
    """Whoever holds a stolen document before the camera shows its portrait to the camera, too."""
    wanting = [
        node
        for node in graph.nodes.values()
        if isinstance(node, FaceCompareNode)
        and {node.source_a.source, node.source_b.source} == {"documentPhoto", "sessionVideo"}
    ]
    before = graph.least_before(_proves_life, 1.0) if wanting else {}
    for node in wanting:
        if not before[node.id]:
            message = (
                f"node '{node.id}' compares the portrait of a document with the session's video, and on one path "
                "nothing before it proves that a live person is there: a photo of the holder would match; put a "
                "liveness_detection before it"
            )
            yield Advice("portrait_without_liveness", message)
