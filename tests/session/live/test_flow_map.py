"""A flow as a map: what nodes are called and what their ways mean."""

from typing import Any

from conversation.flow.graph import build_graph
from rtc_server.session.live.flow_map import LABEL_CHARACTERS, TITLE_CHARACTERS, flow_to_json
from tests.scores.flows import conversation, fixed, name_flow


def nodes_of(flow: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in flow_to_json(build_graph(flow))["nodes"]}


def test_every_node_is_there_with_its_ways() -> None:
    flow = name_flow()
    told = flow_to_json(build_graph(flow))
    assert told["start"] == "start"
    assert [node["id"] for node in told["nodes"]] == [node["id"] for node in flow]
    ask = nodes_of(flow)["ask"]
    assert (ask["type"], ask["title"]) == ("conversation", "Hi {title}, what is your name?")
    assert ask["outcomes"][0] == {"key": "given", "label": "The user provided their name", "target": "thanks"}
    assert nodes_of(flow)["thanks"]["outcomes"] == [{"key": "go", "label": "always", "target": "end"}]
    assert nodes_of(flow)["start"]["outcomes"][0]["label"] == "always"


def test_long_words_are_cut() -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: " + "many words " * 40, ("a", "end", "the person " * 40), ("b", "end", "")),
        {"id": "end", "type": "end"},
    ]
    ask = nodes_of(flow)["ask"]
    assert len(ask["title"]) <= TITLE_CHARACTERS
    assert ask["title"].startswith("many words many")
    assert ask["title"].endswith("words…")
    assert len(ask["outcomes"][0]["label"]) <= LABEL_CHARACTERS


def test_keys_become_words() -> None:
    node = nodes_of(fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace", "inconclusive"))["it"]
    assert node["title"] == "Liveness check"
    assert [outcome["label"] for outcome in node["outcomes"]] == [
        "liveness detected", "deepfake detected", "no face", "inconclusive",
    ]  # fmt: skip


def test_rules_of_a_branch_are_written_out() -> None:
    age = {"source": "extractedData", "field": "age"}
    rules = [
        {"left": age, "operator": "gte", "right": {"value": 18}, "outcome": "adult"},
        {"left": age, "operator": "notExists", "right": None, "outcome": "end"},
    ]
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "branch"},
        {"id": "branch", "type": "field_condition", "rules": rules, "default": "end"},
        {"id": "adult", "type": "end"},
        {"id": "end", "type": "end"},
    ]
    labels = [outcome["label"] for outcome in nodes_of(flow)["branch"]["outcomes"]]
    assert labels == ["age ≥ 18", "age is not known", "otherwise"]
