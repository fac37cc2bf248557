"""A flow is accepted, or refused with every reason at once."""

import copy
from typing import Any

import pytest

from conversation.flow.schema.check import check_flow
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
        (lambda f: f[1].update(doubt="ask"), ("flow[1].doubt", "known_value")),
        (lambda f: f[1].update(doubt=True), ("flow[1].doubt", "field_type")),
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


def talk(node_id: str, *targets: str) -> dict[str, Any]:
    outcomes = [{"id": f"o{index}", "targetNodeId": target, "condition": "c"} for index, target in enumerate(targets)]
    return {"id": node_id, "type": "conversation", "prompt": "Say: hi", "outcomes": outcomes}


def rules_of(flow: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in check_flow(flow).problems]


def test_circles_of_every_size() -> None:
    end = {"id": "end", "type": "end"}
    start = {"id": "start", "type": "start", "outcome": "a"}
    assert rules_of([start, talk("a", "a", "end"), end]) == [("flow[1].outcomes[0].targetNodeId", "acyclic")]
    assert rules_of([start, talk("a", "start", "end"), end]) == [("flow[1].outcomes[0].targetNodeId", "acyclic")]
    assert rules_of([start | {"outcome": "start"}, end]) == [("flow[0].outcome", "acyclic")]
    both = [start, talk("a", "b", "end"), talk("b", "a", "b"), end]
    assert rules_of(both) == [
        ("flow[2].outcomes[0].targetNodeId", "acyclic"),
        ("flow[2].outcomes[1].targetNodeId", "acyclic"),
    ]


def test_a_long_circle_is_shown_in_short() -> None:
    flow: list[dict[str, Any]] = [{"id": "start", "type": "start", "outcome": "n0"}]
    flow += [talk(f"n{index}", f"n{index + 1}") for index in range(50)]
    (problem,) = check_flow([*flow, talk("n50", "n0", "end"), {"id": "end", "type": "end"}]).problems
    assert "n0 → n1 → n2 → n3 → … → n47 → n48 → n49 → n50 → n0" in problem.message


def test_a_node_that_cannot_be_read_still_counts_as_a_target() -> None:
    flow = name_flow()
    flow[2]["type"] = "converzation"
    assert rules_of(flow) == [("flow[2].type", "known_type")]


def test_the_number_of_problems_is_bounded() -> None:
    flow = [{"id": f"n{index}", "type": "conversation"} for index in range(500)]
    problems = check_flow(flow).problems
    assert len(problems) == 101
    assert problems[-1].rule == "more_problems"
    assert "more problems" in problems[-1].message


def test_too_many_nodes() -> None:
    flow = [{"id": f"n{index}", "type": "end"} for index in range(5_001)]
    assert rules_of(flow) == [("flow", "length")]


def test_too_many_outcomes_or_unknown_fields_are_refused_quickly() -> None:
    assert ("flow[0].outcomes", "length") in rules_of([talk("a", *["end"] * 201)])
    crowded = {"id": "a", "type": "end"} | {f"field{index}": 1 for index in range(50_000)}
    assert len(check_flow([crowded]).problems) == 101
