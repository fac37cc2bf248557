"""The graph of a valid flow: look-ups, and the JSON that it is stored as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conversation.flow.nodes import ConversationNode, EndNode, Node, StartNode
from conversation.flow.parse import parse_nodes
from conversation.flow.problems import FlowError
from conversation.flow.validate import find_problems


@dataclass(frozen=True, slots=True)
class FlowGraph:
    """A validated, acyclic flow with exactly one start."""

    nodes: Mapping[str, Node]
    """By id, in the order they were written."""

    @property
    def start(self) -> StartNode:
        """The node where it begins."""
        return next(node for node in self.nodes.values() if isinstance(node, StartNode))

    def successors(self, node_id: str) -> Iterator[Node]:
        """Nodes that may follow, each once."""
        seen: set[str] = set()
        for _, target in self.nodes[node_id].targets:
            if target not in seen:
                seen.add(target)
                yield self.nodes[target]

    def conversations(self) -> Iterator[ConversationNode]:
        """All conversation nodes."""
        return (node for node in self.nodes.values() if isinstance(node, ConversationNode))

    def to_json(self) -> list[dict[str, Any]]:
        """The flow as a list of nodes, generation G2."""
        return [_node_json(node) for node in self.nodes.values()]


def build_graph(flow: Any) -> FlowGraph:
    """Parse and validate a flow given as JSON. Raises FlowError with all problems."""
    nodes, problems = parse_nodes(flow)
    problems += find_problems(nodes, flow)
    if problems:
        raise FlowError(tuple(problems))
    return FlowGraph({node.id: node for _, node in nodes})


def _node_json(node: Node) -> dict[str, Any]:
    if isinstance(node, StartNode):
        return {"id": node.id, "type": "start", "outcome": node.target}
    if isinstance(node, EndNode):
        return {"id": node.id, "type": "end"}
    outcomes = [{"id": o.id, "targetNodeId": o.target, "condition": o.condition} for o in node.outcomes]
    data: dict[str, Any] = {"id": node.id, "type": "conversation", "prompt": node.prompt, "outcomes": outcomes}
    if node.does_not_require_reply:
        data["doesNotRequireReply"] = True
    return data
