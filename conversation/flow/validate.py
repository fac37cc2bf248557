"""The rules that hold across nodes. All broken ones are reported at once.

Rules: ``one_start``, ``one_end``, ``unique_ids``, ``valid_references``, ``acyclic``, ``reachable``.
"""

from collections.abc import Sequence
from typing import Any

from conversation.flow.nodes import EndNode, Node, StartNode
from conversation.flow.problems import Problem


def find_problems(nodes: Sequence[tuple[str, Node]], flow: Any) -> list[Problem]:
    """Problems of parsed (path, node) pairs. ``flow`` is the JSON they came from.

    A node that could not be parsed is in ``flow`` only: it still counts as a target, so that one mistake is not
    reported twice.
    """
    problems = _counts(nodes, flow) + _duplicates(nodes)
    known = _ids(flow)
    references = _references(nodes, known)
    problems += references
    by_id = {node.id: (path, node) for path, node in nodes}
    cycles = _cycles(by_id)
    problems += cycles
    whole = not problems and isinstance(flow, list) and len(nodes) == len(flow)
    # With a piece missing, what cannot be reached would only repeat the first mistake.
    return problems + (_unreachable(by_id) if whole and nodes else [])


def _ids(flow: Any) -> set[str]:
    items = flow if isinstance(flow, list) else []
    return {item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)}


def _types(flow: Any, kind: str) -> list[int]:
    items = flow if isinstance(flow, list) else []
    return [index for index, item in enumerate(items) if isinstance(item, dict) and item.get("type") == kind]


def _counts(nodes: Sequence[tuple[str, Node]], flow: Any) -> list[Problem]:
    starts, ends = _types(flow, "start"), _types(flow, "end")
    problems: list[Problem] = []
    if not nodes:
        return problems
    if not starts:
        problems.append(Problem("flow", "one_start", 'there is no start node; add {"type": "start", …}'))
    problems += [
        Problem(f"flow[{index}]", "one_start", "a second start node; a flow has exactly one") for index in starts[1:]
    ]
    if not ends:
        problems.append(Problem("flow", "one_end", 'there is no end node; add at least one {"type": "end", …}'))
    return problems


def _duplicates(nodes: Sequence[tuple[str, Node]]) -> list[Problem]:
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for path, node in nodes:
        if node.id and first.setdefault(node.id, path) != path:
            problems.append(Problem(f"{path}.id", "unique_ids", f"id '{node.id}' is also used by {first[node.id]}"))
    return problems


def _target_path(path: str, node: Node, index: int) -> str:
    return f"{path}.outcome" if isinstance(node, StartNode) else f"{path}.outcomes[{index}].targetNodeId"


def _references(nodes: Sequence[tuple[str, Node]], known: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    for path, node in nodes:
        for index, (_, target) in enumerate(node.targets):
            if target and target not in known:
                message = f"there is no node with id '{target}'"
                problems.append(Problem(_target_path(path, node, index), "valid_references", message))
    return problems


def _cycles(by_id: dict[str, tuple[str, Node]]) -> list[Problem]:
    """Depth-first search without recursion; each back edge is one problem."""
    done: set[str] = set()
    problems: list[Problem] = []
    for root in by_id:
        if root in done:
            continue
        trail: list[tuple[str, int]] = [(root, 0)]
        on_trail = {root}
        while trail:
            node_id, index = trail.pop()
            path, node = by_id[node_id]
            if index >= len(node.targets):
                on_trail.discard(node_id)
                done.add(node_id)
                continue
            trail.append((node_id, index + 1))
            target = node.targets[index][1]
            if target in on_trail:
                loop = [item for item, _ in trail]
                loop = [*loop[loop.index(target) :], target]
                message = f"the flow runs in a circle ({' → '.join(loop[:8])}); a retry needs a node of its own"
                problems.append(Problem(_target_path(path, node, index), "acyclic", message))
            elif target in by_id and target not in done:
                trail.append((target, 0))
                on_trail.add(target)
    return problems


def _unreachable(by_id: dict[str, tuple[str, Node]]) -> list[Problem]:
    start = next(node for _, node in by_id.values() if isinstance(node, StartNode))
    reached: set[str] = set()
    todo = [start.id]
    while todo:
        node_id = todo.pop()
        if node_id not in reached:
            reached.add(node_id)
            todo += [target for _, target in by_id[node_id][1].targets]
    problems = [
        Problem(path, "reachable", f"no path leads from the start to '{node_id}'; connect it or remove it")
        for node_id, (path, _) in by_id.items()
        if node_id not in reached
    ]
    if not any(isinstance(by_id[node_id][1], EndNode) for node_id in reached):
        problems.append(Problem("flow", "one_end", "no end node can be reached from the start"))
    return problems
