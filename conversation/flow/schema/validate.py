"""The rules that hold across nodes. All broken ones are reported at once.

Rules: ``one_start``, ``one_end``, ``unique_ids``, ``valid_references``, ``acyclic``, ``reachable``.
"""

from collections.abc import Iterator, Mapping, Sequence

from conversation.flow.nodes import EndNode, StartNode
from conversation.flow.schema.parse import ParsedFlow, ParsedNode
from conversation.flow.schema.problems import PROBLEM_LIMIT, Problem
from conversation.flow.schema.shapes import Submission

_SHOWN_STEPS = 4


def find_problems(parsed: ParsedFlow) -> list[Problem]:
    """Problems across the nodes of a parsed flow.

    A node that could not be read still counts as a target, so that one mistake is not reported twice.
    """
    submission, nodes = parsed.submission, parsed.nodes
    if not submission.items or not nodes:
        return []
    problems = [*_counts(submission), *_duplicates(nodes), *_references(nodes, submission.ids)]
    by_id: dict[str, ParsedNode] = {}
    for item in nodes:
        by_id.setdefault(item.node.id, item)
    problems += _cycles(by_id)
    if not problems and not parsed.notes.problems:
        # With a piece missing, what cannot be reached would only repeat the first mistake.
        problems += _unreachable(by_id, submission.path)
    return problems


def unreached(nodes: Mapping[str, ParsedNode]) -> list[ParsedNode]:
    """The nodes, by id, to which no path leads from the start."""
    todo = [item.node.id for item in nodes.values() if isinstance(item.node, StartNode)]
    reached: set[str] = set()
    while todo:
        node_id = todo.pop()
        if node_id not in reached and node_id in nodes:
            reached.add(node_id)
            todo += [target for _, target in nodes[node_id].node.targets]
    return [item for node_id, item in nodes.items() if node_id not in reached]


def _counts(submission: Submission) -> Iterator[Problem]:
    starts = submission.places("start")
    if not starts:
        yield Problem(submission.path, "one_start", 'there is no start node; add {"type": "start", …}')
    for path in starts[1:]:
        yield Problem(path, "one_start", f"a second start node; a flow has exactly one, here {starts[0]}")
    if not submission.places("end"):
        yield Problem(submission.path, "one_end", 'there is no end node; add at least one {"type": "end", …}')


def _duplicates(nodes: Sequence[ParsedNode]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for item in nodes:
        path = first.setdefault(item.node.id, item.path)
        if path != item.path:
            yield Problem(f"{item.path}.id", "unique_ids", f"id '{item.node.id}' is also used by {path}")


def _references(nodes: Sequence[ParsedNode], submitted: frozenset[str]) -> Iterator[Problem]:
    known = submitted | {item.node.id for item in nodes}
    for item in nodes:
        for index, (_, target) in enumerate(item.node.targets):
            if target and target not in known:
                message = f"there is no node with id '{target}'"
                yield Problem(item.target_path(index), "valid_references", message)


def _cycles(by_id: Mapping[str, ParsedNode]) -> list[Problem]:
    """Depth-first search without recursion; each back edge is one problem."""
    targets = {node_id: [target for _, target in item.node.targets] for node_id, item in by_id.items()}
    done: set[str] = set()
    problems: list[Problem] = []
    for root in by_id:
        if root in done:
            continue
        trail: list[tuple[str, int]] = [(root, 0)]
        on_trail = {root}
        while trail and len(problems) < PROBLEM_LIMIT:
            node_id, index = trail.pop()
            if index >= len(targets[node_id]):
                on_trail.discard(node_id)
                done.add(node_id)
                continue
            trail.append((node_id, index + 1))
            target = targets[node_id][index]
            if target in on_trail:
                message = f"the flow runs in a circle ({_loop(trail, target)}); a retry needs a node of its own"
                problems.append(Problem(by_id[node_id].target_path(index), "acyclic", message))
            elif target in by_id and target not in done:
                trail.append((target, 0))
                on_trail.add(target)
    return problems


def _loop(trail: Sequence[tuple[str, int]], target: str) -> str:
    ids = [node_id for node_id, _ in trail]
    loop = ids[ids.index(target) :]
    if len(loop) > 2 * _SHOWN_STEPS:
        loop = [*loop[:_SHOWN_STEPS], "…", *loop[-_SHOWN_STEPS:]]
    return " → ".join([*loop, target])


def _unreachable(by_id: Mapping[str, ParsedNode], root: str) -> Iterator[Problem]:
    lost = unreached(by_id)
    for item in lost:
        message = f"no path leads from the start to '{item.node.id}'; connect it or remove it"
        yield Problem(item.path, "reachable", message)
    lost_ids = {item.node.id for item in lost}
    if all(item.node.id in lost_ids for item in by_id.values() if isinstance(item.node, EndNode)):
        yield Problem(root, "one_end", "no end node can be reached from the start")
