"""Where references lead in the older graph form ``{nodes, edges}``, in which outcomes name transitions, not nodes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversation.flow.schema.problems import Notes, at, kind, storable


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of the graph."""

    path: str
    id: str
    source: str
    target: str
    names: tuple[str, ...]
    """What its ``outcome``, ``condition`` and ``sourceHandle`` say, as far as they are there."""

    @property
    def condition(self) -> str:
        """Its ``condition``, else its ``outcome``."""
        return self.names[0] if self.names else ""


class Edges:
    """Resolves references by the contract's rules a to f (§3.1). Without edges a reference is the target."""

    def __init__(self, node_ids: frozenset[str], edges: Sequence[Edge] | None) -> None:
        self.given = edges is not None
        self._node_ids = node_ids
        self._by_id: dict[str, Edge] = {}
        self._by_source: dict[str, list[Edge]] = defaultdict(list)
        for edge in edges or ():
            self._by_id.setdefault(edge.id, edge)
            self._by_source[edge.source].append(edge)

    def leaving(self, node_id: str) -> Sequence[Edge]:
        """The edges whose source is the node."""
        return self._by_source.get(node_id, ())

    def resolve(self, node_id: str, reference: str, names: Sequence[str], place: int | None) -> tuple[str, str]:
        """(target, path of the edge that says so) of a reference from a node; ("", "") when it leads nowhere.

        ``names``: what an edge may call the outcome; ``place``: position among the node's ordered outcomes.
        """
        if not self.given or reference in self._node_ids:
            return reference, ""
        edge = self._find(node_id, reference, names, place)
        return (edge.target, at(edge.path, "target")) if edge is not None else ("", "")

    def _find(self, node_id: str, reference: str, names: Sequence[str], place: int | None) -> Edge | None:
        if reference and reference in self._by_id:
            return self._by_id[reference]
        if reference and self._by_source.get(reference):
            return self._by_source[reference][0]
        leaving = self.leaving(node_id)
        for edge in leaving:
            if any(name and name in edge.names for name in names):
                return edge
        if place is not None and place < len(leaving):
            return leaving[place]
        if len(leaving) == 1 and (reference or place is not None or "outcome" in names):
            return leaving[0]
        return None


_TEXT_LIMIT = 8_000


def read_edges(value: Any, path: str, notes: Notes) -> list[Edge]:
    """The edges of a graph; what is none is noted as a problem."""
    if value is None:
        return []
    if not isinstance(value, list):
        notes.refuse(path, "field_type", f"'edges' must be a list, not {kind(value)}")
        return []
    edges: list[Edge] = []
    for index, item in enumerate(value):
        where = at(path, index)
        if not isinstance(item, dict):
            notes.refuse(where, "field_type", f"an edge must be an object, not {kind(item)}")
            continue
        spoiled = [key for key in item if isinstance(item[key], str) and not _keepable(item[key])]
        for key in spoiled:
            notes.refuse(at(where, key), "field_type", "a text that is too long or no text (NUL, half a pair)")
        if spoiled:
            continue
        ends = {field: item.get(field) for field in ("source", "target")}
        wrong = [field for field, end in ends.items() if not isinstance(end, str) or not end]
        for field in wrong:
            notes.refuse(at(where, field), "required_field", f"an edge needs '{field}', the id of a node")
        if wrong:
            continue
        names = [item.get(key) for key in ("condition", "outcome", "sourceHandle", "source_handle")]
        edge_id = item.get("id")
        edges.append(
            Edge(
                where,
                edge_id if isinstance(edge_id, str) else "",
                str(ends["source"]),
                str(ends["target"]),
                tuple(name for name in names if isinstance(name, str) and name),
            )
        )
    return edges


def _keepable(text: str) -> bool:
    return len(text) <= _TEXT_LIMIT and storable(text)
