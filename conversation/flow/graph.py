"""The graph of a valid flow, with its look-ups."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from conversation.flow.nodes import ConversationNode, Node, StartNode
from conversation.flow.schema.parse import parse_flow
from conversation.flow.schema.problems import FlowError
from conversation.flow.schema.validate import find_problems


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

    def in_order(self) -> list[Node]:
        """All nodes, each behind everything that leads to it."""
        waiting = dict.fromkeys(self.nodes, 0)
        for node in self.nodes.values():
            for _, target in node.targets:
                waiting[target] += 1
        ready = [node_id for node_id, count in waiting.items() if not count]
        order: list[Node] = []
        for node_id in ready:
            order.append(self.nodes[node_id])
            for _, target in self.nodes[node_id].targets:
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
        return order

    def least_before(self, gain: Callable[[Node], float], enough: float) -> dict[str, float]:
        """For each node, the smallest sum of gains over all paths to it; what is enough is not added to."""
        least = dict.fromkeys(self.nodes, inf)
        for node in self.in_order():
            if node is self.start:
                least[node.id] = 0.0
            after = least[node.id] if least[node.id] >= enough else least[node.id] + gain(node)
            for _, target in node.targets:
                least[target] = min(least[target], after)
        return least


def build_graph(flow: Any) -> FlowGraph:
    """Parse and validate a flow given as JSON. Raises FlowError with all problems."""
    parsed = parse_flow(flow)
    problems = [*parsed.notes.problems, *find_problems(parsed)]
    if problems:
        raise FlowError(tuple(problems))
    return FlowGraph({item.node.id: item.node for item in parsed.nodes})
