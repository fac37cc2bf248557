"""The verdict on a submitted flow: its canonical form, or every reason to refuse it."""

from dataclasses import dataclass
from typing import Any

from conversation.flow.graph import build_graph
from conversation.flow.problems import FlowError, Problem


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """What ``check_flow`` found."""

    nodes: list[dict[str, Any]]
    """The flow in canonical form; empty when there are problems."""
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    """Sentences about what is allowed but looks unwise."""
    normalizations: tuple[dict[str, str], ...] = ()
    """Repairs, each ``{nodeId, outcome, filledWith}``."""


def check_flow(flow: Any, *, lenient: bool = False) -> FlowCheck:
    """Judge a flow given as JSON. Never raises."""
    try:
        graph = build_graph(flow)
    except FlowError as error:
        return FlowCheck([], error.problems, ())
    warnings = tuple(
        f"node '{node.id}' needs no reply but has {len(node.outcomes)} outcomes; only the first can be taken"
        for node in graph.conversations()
        if node.does_not_require_reply and len(node.outcomes) > 1
    )
    return FlowCheck(graph.to_json(), (), warnings)
