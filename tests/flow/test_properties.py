"""Any graph of any nodes: accepted and every path ends, or refused for a reason that is true."""

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.flow.nodes import NODE_TYPES
from conversation.flow.schema.check import check_flow
from conversation.flow.schema.problems import Problem

Json = dict[str, Any]

FIXED = {
    "permissions": ("granted", "permissionsDenied"),
    "liveness_detection": ("livenessDetected", "deepfakeDetected", "noFace"),
    "face_scan": ("passed", "notPassed", "cancelled", "error"),
    "face_compare": ("match", "noMatch", "error"),
    "recognition": ("recognized", "newUser", "noFace"),
    "age_estimation": ("success", "failure"),
    "document_scan": ("scanSuccess", "userCancelled", "scanTimeout"),
    "enter_email": ("emailEntered", "canceled"),
    "two_factor_email": ("verified", "delivery_failed", "failed_unverified", "cancelled", "error"),
    "two_factor_sms": ("verified", "delivery_failed", "failed_unverified", "cancelled", "error"),
}
SETTINGS: dict[str, Json] = {
    "document_scan": {"scanningMode": "single", "allowedDocumentTypes": ["id_card"]},
    "conversation": {"prompt": "Say: hello"},
    "data_validation": {"validation": {"field": "age", "action": "exists"}},
    "external_call": {"request": {"url": "https://example.org/"}},
}
EXITS = ("onDataReady", "onTimeout", "onError")


@st.composite
def a_node(draw: st.DrawFn, node_id: str, targets: st.SearchStrategy[str]) -> Json:
    """A node of any type but start and end, whose ways lead anywhere."""
    node_type = draw(st.sampled_from(sorted(NODE_TYPES - {"start", "end"})))
    node: Json = {"id": node_id, "type": node_type} | SETTINGS.get(node_type, {})
    if node_type in FIXED:
        return node | {"outcomes": {key: draw(targets) for key in FIXED[node_type]}}
    if node_type == "external_call":
        return node | {"outcome": draw(targets)}
    ways = draw(st.lists(targets, min_size=1, max_size=3))
    if node_type == "field_condition":
        left = {"source": "providedData", "field": "tier"}
        rules = [{"left": left, "operator": "exists", "outcome": target} for target in ways]
        return node | {"rules": rules, "default": draw(targets)}
    outcomes = [{"id": f"o{i}", "targetNodeId": target, "condition": "c"} for i, target in enumerate(ways)]
    if node_type == "conversation" and draw(st.booleans()):
        waiting = {"request": {"url": "https://example.org/"}, "poll": {"intervalMs": 500, "timeoutMs": 5000}}
        node |= {"awaitExternal": waiting | {"exits": {name: draw(targets) for name in EXITS}}}
    field = draw(st.sampled_from(["outcomes", "transitions"])) if node_type == "data_validation" else "outcomes"
    return node | {field: outcomes}


@st.composite
def flows(draw: st.DrawFn) -> list[Json]:
    """Mostly forward graphs, so that many are valid; then sometimes one thing is spoiled."""
    count = draw(st.integers(0, 6))
    names = [f"n{index}" for index in range(count)] + ["end"]
    anywhere = draw(st.integers(0, 3)) == 0
    nodes: list[Json] = [{"id": "start", "type": "start", "outcome": names[0]}]
    for index, name in enumerate(names[:-1]):
        ahead = [names[index + 1], *names[index + 1 :]]
        nodes.append(draw(a_node(name, st.sampled_from([*names, "start", "ghost"] if anywhere else ahead))))
    nodes.append({"id": "end", "type": "end"})
    spoiled = draw(st.sampled_from(["", "", "", "drop", "twin", "field", "start", "nothing"]))
    victim = draw(st.integers(0, len(nodes) - 1))
    if spoiled == "drop":
        nodes.pop(victim)
    elif spoiled == "twin":
        nodes.append(nodes[victim])
    elif spoiled == "field":
        key = draw(st.sampled_from(sorted(nodes[victim])))
        nodes[victim] = {name: value for name, value in nodes[victim].items() if name != key}
    elif spoiled == "start":
        nodes.append({"id": "again", "type": "start", "outcome": "end"})
    return nodes


def ways_of(node: Json) -> list[str]:
    """Every target that a node names, by walking its JSON."""
    found: list[str] = [node[key] for key in ("outcome", "default") if key in node]
    outcomes: Any = node.get("outcomes", node.get("transitions", []))
    found += list(outcomes.values()) if isinstance(outcomes, dict) else [way["targetNodeId"] for way in outcomes]
    found += [rule["outcome"] for rule in node.get("rules", [])]
    return [*found, *node.get("awaitExternal", {}).get("exits", {}).values()]


def reached(edges: dict[str, list[str]], root: str) -> set[str]:
    seen: set[str] = set()
    todo = [root]
    while todo:
        node_id = todo.pop()
        if node_id not in seen:
            seen.add(node_id)
            todo += edges.get(node_id, [])
    return seen


def assert_every_path_ends(nodes: list[Json]) -> None:
    by_id = {node["id"]: node for node in nodes}
    assert len(by_id) == len(nodes)
    (start,) = [node["id"] for node in nodes if node["type"] == "start"]
    frontier = {start}
    for _ in range(len(nodes)):
        for node_id in frontier:
            assert ways_of(by_id[node_id]) or by_id[node_id]["type"] == "end"
        frontier = {target for node_id in frontier for target in ways_of(by_id[node_id])}
    assert frontier == set(), "no path is longer than the flow has nodes"
    assert reached({node["id"]: ways_of(node) for node in nodes}, start) == by_id.keys()


STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[(\"(?:[^\"\\]|\\.)*\")\]")
MISSING = frozenset({"required_field", "complete_outcomes"})


def member(root: Any, path: str) -> Any:
    """What a path names. Raises LookupError or TypeError when there is no such place."""
    assert path.startswith("flow")
    value, position = root, len("flow")
    while position < len(path):
        step = STEP.match(path, position)
        assert step is not None, path
        name, index, quoted = step.groups()
        value = value[int(index) if index else name if name else json.loads(quoted)]
        position = step.end()
    return value


def assert_true(problem: Problem, submitted: Any, nodes: list[Json]) -> None:
    """The problem's place is there, and what it says is so."""
    if problem.rule in MISSING:
        parent = problem.path[: max(problem.path.rfind("."), len("flow"))]
        assert isinstance(member(submitted, parent), dict | list)
        return
    place = member(submitted, problem.path)
    edges: dict[str, list[str]] = {}
    for node in nodes:
        edges.setdefault(node.get("id", ""), []).extend(ways_of(node))
    types = [node.get("type") for node in nodes]
    match problem.rule:
        case "one_start":
            assert types.count("start") != 1 or not nodes
        case "one_end":
            assert "end" not in types
        case "unique_ids":
            assert [node.get("id") for node in nodes].count(place) > 1
        case "valid_references":
            assert place not in [node.get("id") for node in nodes]
        case "acyclic":
            assert any(place == target and node_id in reached(edges, place)
                       for node_id, targets in edges.items() for target in targets)  # fmt: skip
        case "reachable":
            start = next(node["id"] for node in nodes if node["type"] == "start")
            assert place["id"] not in reached(edges, start)
        case _:
            raise AssertionError(f"a rule that nothing here can break: {problem}")


@given(flows(), st.booleans())
@settings(max_examples=250, deadline=None)
def test_a_graph_is_refused_for_a_true_reason_or_every_path_ends(nodes: list[Json], as_graph: bool) -> None:
    submitted: Any = {"nodes": nodes, "edges": []} if as_graph else nodes
    before = json.dumps(submitted)
    check = check_flow(submitted)
    assert json.dumps(submitted) == before, "what was submitted stays as it was"
    if check.problems:
        assert check.nodes == []
        for problem in check.problems:
            assert_true(problem, submitted, nodes)
        return
    assert_every_path_ends(check.nodes)
    again = check_flow(check.nodes)
    assert again.problems == ()
    assert again.nodes == check.nodes
    assert again.normalizations == ()
    for repair in check.normalizations:
        (node,) = [node for node in check.nodes if node["id"] == repair["nodeId"]]
        assert node["outcomes"][repair["outcome"]] == repair["filledWith"]
        source = {"liveness_detection": "noFace", "age_estimation": "failure"}[node["type"]]
        assert repair["filledWith"] == node["outcomes"][source]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)
FIELDS = (
    "outcome", "outcomes", "transitions", "prompt", "permissions", "awaitExternal", "request", "rules", "default",
    "validation", "scanningMode", "allowedDocumentTypes", "otpLength", "otp_length", "expirySeconds", "sourceA",
    "similarityThreshold", "config", "data", "channels", "age", "mode", "poll", "exits", "vars", "url", "position",
    "emailTemplate", "left", "operator", "right", "value", "type", "source", "targetNodeId", "condition", "id", "name",
)  # fmt: skip
WORDS = st.sampled_from([*sorted(NODE_TYPES), "age_estimation", "two_factor", "n0", "n1", "equals", "ref", "single"])
ODD = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


@st.composite
def odd_nodes(draw: st.DrawFn) -> Json:
    """Something like a node, with anything in fields that exist."""
    node_type = draw(st.sampled_from([*sorted(NODE_TYPES), "age_estimation", "two_factor", "email_verification"]))
    fields = draw(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=6))
    return fields | {"id": draw(st.sampled_from(["n0", "n1", "n2"])), "type": node_type}


ODD_FLOWS = st.lists(odd_nodes() | ODD, max_size=5)


@given(JSON | ODD | ODD_FLOWS | st.fixed_dictionaries({"nodes": ODD_FLOWS, "edges": ODD}), st.booleans())
@settings(max_examples=250, deadline=None)
def test_whatever_json_comes_there_is_an_answer(flow: Any, lenient: bool) -> None:
    check = check_flow(flow, lenient=lenient, provided=("a",))
    for problem in check.problems:
        assert problem.path.startswith("flow")
        assert (problem.path + problem.rule + problem.message).encode()
    if not check.problems:
        assert_every_path_ends(check.nodes)
        assert check_flow(check.nodes).nodes == check.nodes
    assert json.dumps([check.nodes, check.warnings, check.normalizations], allow_nan=False).encode()
