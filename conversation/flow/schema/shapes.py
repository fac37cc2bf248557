"""The shapes in which flows arrive (contract §3.1): a list of nodes, a graph with edges, a designer's export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversation.flow.schema.edges import Edges, read_edges
from conversation.flow.schema.problems import Notes, at, kind, shown

NODE_LIMIT = 5_000
"""Most nodes in a flow."""

_EXPORT_FIELDS = ("version", "config", "name", "description", "viewport", "id", "metadata")


@dataclass(frozen=True, slots=True)
class Submission:
    """The list of nodes inside what was submitted, and how their references are resolved."""

    path: str
    """JSON path of the list."""
    items: Sequence[Any]
    edges: Edges
    ids: frozenset[str]
    """Ids of all nodes, also of those that cannot be read."""

    def places(self, node_type: str) -> list[str]:
        """Paths of the nodes of a type, also of those that cannot be read."""
        return [
            at(self.path, index)
            for index, item in enumerate(self.items)
            if isinstance(item, dict) and item.get("type") == node_type
        ]


def read_shape(flow: Any, notes: Notes) -> Submission:
    """Find the nodes and the edges; no nodes and a problem when there are none."""
    root = "flow"
    if isinstance(flow, list):
        return _submission(root, flow, None, notes)
    if not isinstance(flow, dict):
        notes.refuse(root, "field_type", f"a flow must be a list of nodes, not {kind(flow)}")
        return _nothing(root)
    graph, path = _graph(flow, root)
    if graph is None:
        message = "a flow must be a list of nodes, or an object with 'nodes' and 'edges'"
        notes.refuse(root, "field_type", message)
        return _nothing(root)
    for key in graph:
        if key not in ("nodes", "edges", *_EXPORT_FIELDS):
            if notes.lenient:
                notes.advise("ignored_field", f"the graph's unknown field '{shown(key)}' ignored")
            else:
                notes.refuse(at(path, key), "unknown_field", f"unknown field '{shown(key)}'; known: nodes, edges")
    nodes = graph["nodes"]
    if not isinstance(nodes, list):
        notes.refuse(at(path, "nodes"), "field_type", f"'nodes' must be a list, not {kind(nodes)}")
        return _nothing(at(path, "nodes"))
    return _submission(at(path, "nodes"), nodes, (graph.get("edges"), at(path, "edges")), notes)


def _graph(flow: Mapping[str, Any], root: str) -> tuple[Mapping[str, Any] | None, str]:
    """The object that has ``nodes``: the flow itself, or the ``config`` that a designer's export wraps it in."""
    if "nodes" in flow:
        return flow, root
    config = flow.get("config")
    if isinstance(config, dict) and "nodes" in config:
        return config, at(root, "config")
    return None, root


def _submission(path: str, items: list[Any], edges: tuple[Any, str] | None, notes: Notes) -> Submission:
    if not items:
        notes.refuse(path, "one_start", "the flow is empty; it needs at least a start and an end node")
    ids = frozenset(item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str))
    lines = read_edges(edges[0], edges[1], notes) if edges is not None else None
    return Submission(path, items, Edges(ids, lines), ids)


def _nothing(path: str) -> Submission:
    return Submission(path, (), Edges(frozenset(), None), frozenset())
