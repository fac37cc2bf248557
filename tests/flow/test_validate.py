"""A flow is accepted, or refused with every reason at once."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.flow.check import check_flow
from conversation.flow.graph import build_graph
from conversation.flow.nodes import EndNode
from tests.scores.flows import name_flow


def broken(change: Any) -> list[tuple[str, str]]:
    flow = copy.deepcopy(name_flow())
    change(flow)
    return [(problem.path, problem.rule) for problem in check_flow(flow).problems]


def test_a_valid_flow_keeps_its_form() -> None:
    check = check_flow(name_flow())
    assert check.problems == ()
    assert check.nodes == name_flow()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda f: f.append({"id": "s2", "type": "start", "outcome": "ask"}), ("flow[5]", "one_start")),
        (lambda f: f.pop(0), ("flow", "one_start")),
        (lambda f: f.pop(4), ("flow", "one_end")),
        (lambda f: f[3]["outcomes"][0].update(targetNodeId="ask"), ("flow[3].outcomes[0].targetNodeId", "acyclic")),
        (
            lambda f: f[1]["outcomes"][0].update(targetNodeId="x"),
            ("flow[1].outcomes[0].targetNodeId", "valid_references"),
        ),
        (lambda f: f[1].update(outcomes=[]), ("flow[1].outcomes", "complete_outcomes")),
        (lambda f: f[1].pop("outcomes"), ("flow[1].outcomes", "complete_outcomes")),
        (lambda f: f[1].pop("prompt"), ("flow[1].prompt", "required_field")),
        (lambda f: f[1].update(prompt="Say: "), ("flow[1].prompt", "required_field")),
        (lambda f: f[1].update(prompt="a" * 20_000), ("flow[1].prompt", "length")),
        (lambda f: f[1].update(prompt=7), ("flow[1].prompt", "field_type")),
        (lambda f: f[1].update(promt="x"), ("flow[1].promt", "unknown_field")),
        (lambda f: f[1].update(type="converzation"), ("flow[1].type", "known_type")),
        (lambda f: f[1].update(type="liveness_detection"), ("flow[1].outcomes", "field_type")),
        (lambda f: f[2].update(id="ask"), ("flow[2].id", "unique_ids")),
        (lambda f: f[1]["outcomes"][1].update(id="given"), ("flow[1].outcomes[1].id", "unique_ids")),
        (lambda f: f[1].update(doesNotRequireReply="yes"), ("flow[1].doesNotRequireReply", "field_type")),
        (lambda f: f.insert(3, "node"), ("flow[3]", "field_type")),
    ],
)
def test_each_broken_rule_is_named_with_its_place(change: Any, found: tuple[str, str]) -> None:
    assert found in broken(change)


def test_an_unreachable_node_is_named() -> None:
    flow = [*name_flow(), {"id": "island", "type": "end"}]
    assert [(p.path, p.rule) for p in check_flow(flow).problems] == [("flow[5]", "reachable")]


def test_a_misspelt_field_gets_a_hint() -> None:
    flow = name_flow()
    flow[1]["promt"] = flow[1].pop("prompt")
    messages = [problem.message for problem in check_flow(flow).problems]
    assert any("did you mean 'prompt'?" in message for message in messages)


def test_all_problems_are_reported_at_once() -> None:
    flow = name_flow()
    flow[1]["prompt"] = ""
    flow[2]["outcomes"][0]["targetNodeId"] = "nowhere"
    flow.append({"id": "s2", "type": "start"})
    assert {p.rule for p in check_flow(flow).problems} >= {"required_field", "valid_references", "one_start"}


@pytest.mark.parametrize("flow", [None, {}, "flow", 7, [], [None], [{}], [[]], [{"id": 1, "type": []}]])
def test_anything_else_is_refused_not_crashed_on(flow: Any) -> None:
    assert check_flow(flow).problems


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = [{"id": "start", "type": "start", "outcome": "n0"}]
    for index in range(4_000):
        outcome = {"id": "o", "targetNodeId": f"n{index + 1}", "condition": ""}
        chain.append({"id": f"n{index}", "type": "conversation", "prompt": "Say: hi", "outcomes": [outcome]})  # type: ignore[dict-item]
    chain.append({"id": "n4000", "type": "end"})
    assert check_flow(chain).problems == ()


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Any graph of conversation nodes, edges drawn freely."""
    count = draw(st.integers(1, 8))
    names = [f"n{index}" for index in range(count)] + ["end"]
    nodes: list[dict[str, Any]] = [{"id": "start", "type": "start", "outcome": draw(st.sampled_from(names))}]
    for name in names[:-1]:
        targets = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
        outcomes = [{"id": f"o{i}", "targetNodeId": t, "condition": "c"} for i, t in enumerate(targets)]
        nodes.append({"id": name, "type": "conversation", "prompt": "Say: hi", "outcomes": outcomes})
    return [*nodes, {"id": "end", "type": "end"}]


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_a_graph_is_refused_for_a_true_reason_or_every_path_ends(flow: list[dict[str, Any]]) -> None:
    problems = check_flow(flow).problems
    edges = {n["id"]: [o["targetNodeId"] for o in n.get("outcomes", [])] or [n.get("outcome")] for n in flow}
    if problems:
        assert {p.rule for p in problems} <= {"acyclic", "reachable", "one_end"}
        for problem in problems:
            if problem.rule == "reachable":
                index = int(problem.path.removeprefix("flow[").removesuffix("]"))
                assert flow[index]["id"] not in _reachable(edges, "start")
            elif problem.rule == "acyclic":
                index = int(problem.path.split("[")[1].split("]")[0])
                node = flow[index]["id"]
                assert any(node in _reachable(edges, target) for target in edges[node])
        return
    graph = build_graph(flow)
    longest = [graph.start.id]
    for _ in range(len(flow)):
        longest = [target for node in longest for _, target in graph.nodes[node].targets]
    assert longest == [], "no walk is longer than the flow has nodes"
    assert all(isinstance(graph.nodes[n], EndNode) or graph.nodes[n].targets for n in graph.nodes)


def _reachable(edges: dict[str, list[str]], root: str) -> set[str]:
    seen: set[str] = set()
    todo = [root]
    while todo:
        node = todo.pop()
        if node and node not in seen:
            seen.add(node)
            todo += edges.get(node, [])
    return seen
