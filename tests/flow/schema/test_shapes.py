"""Older shapes: graphs with edges, the vendor's Python SDK, the designer's export, node types of the past."""

from typing import Any

import pytest
from facesign.models.nodes import FSFlow

from conversation.flow.graph import build_graph
from conversation.flow.nodes import TwoFactorNode
from conversation.flow.schema.check import FlowCheck, check_flow

Json = dict[str, Any]

START: Json = {"id": "start", "type": "start"}
LIVE: Json = {
    "id": "live",
    "type": "liveness_detection",
    "outcomes": {"livenessDetected": "t1", "deepfakeDetected": "t2", "noFace": "t2", "inconclusive": "t2"},
}
ENDS: list[Json] = [{"id": "good", "type": "end"}, {"id": "bad", "type": "end"}]
TO_LIVE: Json = {"id": "e0", "source": "start", "target": "live"}


def check_graph(nodes: list[Json], *edges: Json) -> FlowCheck:
    return check_flow({"nodes": nodes, "edges": list(edges)})


def ways(check: FlowCheck, node_id: str = "live") -> Json:
    """Where the outcomes of a node lead in the canonical form."""
    assert check.problems == ()
    assert check_flow(check.nodes).nodes == check.nodes
    (node,) = [node for node in check.nodes if node["id"] == node_id]
    outcomes = node["outcomes"]
    return outcomes if isinstance(outcomes, dict) else {way["id"]: way["targetNodeId"] for way in outcomes}


def test_a_reference_may_be_a_node() -> None:
    live = LIVE | {"outcomes": dict.fromkeys(LIVE["outcomes"], "bad") | {"livenessDetected": "good"}}
    assert ways(check_graph([START, live, *ENDS], TO_LIVE))["livenessDetected"] == "good"


def test_b_reference_may_be_an_edge() -> None:
    edges = [{"id": "t1", "source": "live", "target": "good"}, {"id": "t2", "source": "live", "target": "bad"}]
    found = ways(check_graph([START, LIVE, *ENDS], TO_LIVE, *edges))
    assert found == {"livenessDetected": "good", "deepfakeDetected": "bad", "noFace": "bad", "inconclusive": "bad"}


def test_c_reference_may_be_the_source_of_an_edge() -> None:
    edges = [{"id": "x", "source": "t1", "target": "good"}, {"id": "y", "source": "t2", "target": "bad"}]
    found = ways(check_graph([START, LIVE, *ENDS], TO_LIVE, *edges))
    assert (found["livenessDetected"], found["noFace"]) == ("good", "bad")


@pytest.mark.parametrize("field", ["outcome", "condition", "sourceHandle", "source_handle"])
def test_d_edge_may_name_the_outcome(field: str) -> None:
    edges = [
        {"id": f"e{index}", "source": "live", "target": "good" if key == "livenessDetected" else "bad", field: key}
        for index, key in enumerate(LIVE["outcomes"])
    ]
    found = ways(check_graph([START, LIVE, *ENDS], TO_LIVE, *edges))
    assert (found["livenessDetected"], found["noFace"]) == ("good", "bad")
    bare = {key: value for key, value in LIVE.items() if key != "outcomes"}
    assert ways(check_graph([START, bare, *ENDS], TO_LIVE, *edges)) == found


def test_e_transitions_take_the_edges_in_order() -> None:
    talk = {
        "id": "talk",
        "type": "conversation",
        "prompt": "Say: Shall we?",
        "transitions": [{"id": "t1", "condition": "The user agrees"}, {"id": "t2", "condition": "true"}],
    }
    edges = [{"id": "p", "source": "talk", "target": "good"}, {"id": "q", "source": "talk", "target": "bad"}]
    check = check_graph([START, talk, *ENDS], TO_LIVE | {"target": "talk"}, *edges)
    assert ways(check, "talk") == {"t1": "good", "t2": "bad"}
    assert "transitions" not in check.nodes[1]


def test_f_single_edge_is_the_way() -> None:
    found = ways(check_graph([START, LIVE, ENDS[0]], TO_LIVE, {"id": "z", "source": "live", "target": "good"}))
    assert set(found.values()) == {"good"}


def test_what_leads_nowhere_is_refused_at_its_place() -> None:
    edges = [{"id": "t1", "source": "live", "target": "good"}, {"id": "q", "source": "live", "target": "bad"}]
    check = check_graph([START, LIVE, *ENDS], TO_LIVE, *edges)
    assert {(p.path, p.rule) for p in check.problems} == {
        (f"flow.nodes[1].outcomes.{key}", "valid_references") for key in ("deepfakeDetected", "noFace", "inconclusive")
    }
    dangling = check_graph([START, *ENDS[:1]], {"id": "e", "source": "start", "target": "gone"})
    assert ("flow.edges[0].target", "valid_references") in [(p.path, p.rule) for p in dangling.problems]


@pytest.mark.parametrize(
    ("edges", "path"),
    [
        (7, "flow.edges"),
        ([7], "flow.edges[0]"),
        ([{"id": "a", "source": "start"}], "flow.edges[0].target"),
        ([{"id": "a", "target": "good", "source": 7}], "flow.edges[0].source"),
        ([{"id": "\x00", "target": "good", "source": "start"}], "flow.edges[0].id"),
    ],
)
def test_edges_that_are_none(edges: Any, path: str) -> None:
    assert path in [p.path for p in check_flow({"nodes": [START, *ENDS], "edges": edges}).problems]


def test_what_the_python_sdk_sends() -> None:
    """It keeps the fields that its models know, writes them in snake_case and drops the rest, ``outcome`` first."""
    flow = FSFlow.model_validate(
        {
            "nodes": [
                START | {"outcome": "talk"},
                {
                    "id": "talk",
                    "type": "conversation",
                    "prompt": "Say: Hello.",
                    "transitions": [{"id": "t", "condition": "true", "targetNodeId": "scan"}],
                    "doesNotRequireReply": True,
                },
                {
                    "id": "scan",
                    "type": "document_scan",
                    "scanning_mode": "MULTI_SIDE",
                    "allowed_document_types": ["MRTD_TYPE_PASSPORT"],
                    "outcomes": {"scanSuccess": "face", "userCancelled": "bad", "scanTimeout": "bad"},
                },
                {
                    "id": "face",
                    "type": "face_scan",
                    "mode": "compare",
                    "outcomes": {"match": "code", "noMatch": "bad", "noFace": "bad", "error": "bad"},
                },
                {
                    "id": "code",
                    "type": "two_factor",
                    "channels": ["sms", "email"],
                    "contact_source": "session_data",
                    "otp_length": 4,
                    "outcomes": {"verified": "good", "failed_unverified": "bad"},
                },
                *ENDS,
            ],
            "edges": [
                {"id": "e1", "source": "start", "target": "talk"},
                {"id": "t", "source": "talk", "target": "scan"},
            ],
        }
    )
    written = flow.model_dump(mode="json")
    assert "outcome" not in written["nodes"][0]
    check = check_flow(written)
    assert check.problems == ()
    assert check.nodes[0] == START | {"outcome": "talk"}
    assert check.nodes[2]["scanningMode"] == "MULTI_SIDE"
    assert check.nodes[3]["outcomes"] == {"passed": "code", "notPassed": "bad", "error": "bad", "cancelled": "bad"}
    code = build_graph(written).nodes["code"]
    assert isinstance(code, TwoFactorNode)
    assert (code.channel, code.code_length, code.way("error")) == ("email", 4, ("error", "bad"))
    assert {repair["outcome"] for repair in check.normalizations} == {"cancelled", "delivery_failed", "error"}
    assert check_flow(check.nodes).nodes == check.nodes


def test_a_conversation_that_lost_its_outcomes_takes_them_from_the_edges() -> None:
    talk = {"id": "talk", "type": "conversation", "prompt": "Say: Hello."}
    go = TO_LIVE | {"target": "talk"}
    check = check_graph([START, talk, ENDS[0]], go, {"id": "t", "source": "talk", "target": "good"})
    assert check.nodes[1]["outcomes"] == [{"id": "t", "targetNodeId": "good", "condition": ""}]
    two = [
        {"id": "t", "source": "talk", "target": "good", "condition": "The user agrees"},
        {"id": "t", "source": "talk", "target": "bad", "condition": "The user disagrees"},
    ]
    assert ways(check_graph([START, talk, *ENDS], go, *two), "talk") == {"t": "good", "edge_2": "bad"}
    unnamed = [{key: value for key, value in edge.items() if key != "condition"} for edge in two]
    found = check_graph([START, talk, *ENDS], go, *unnamed).problems
    assert [(p.path, p.rule) for p in found] == [("flow.nodes[1].outcomes", "complete_outcomes")]


@pytest.mark.parametrize("outer", [True, False])
def test_a_designers_export(outer: bool) -> None:
    nodes = [
        START | {"position": {"x": 0, "y": 0}},
        {"id": "talk", "type": "conversation", "config": {"prompt": "Say: Hi.", "label": "Greeting", "outcomes": [
            {"id": "t", "targetNodeId": "good", "condition": ""}]}},
        ENDS[0] | {"data": {"label": "End"}},
    ]  # fmt: skip
    graph: Json = {"nodes": nodes, "edges": [TO_LIVE | {"target": "talk"}]}
    check = check_flow({"version": "1.0", "config": graph} if outer else {"version": "1.0", "config": {}} | graph)
    assert check.problems == ()
    talk = check.nodes[1]
    assert talk["prompt"] == "Say: Hi."
    assert set(talk) == {"id", "type", "prompt", "outcomes"}
    nodes[1]["config"]["prompt"] = ""
    root = "flow.config" if outer else "flow"
    found = check_flow({"version": "1.0", "config": graph} if outer else graph).problems
    assert [p.path for p in found] == [f"{root}.nodes[1].config.prompt"]


@pytest.mark.parametrize("name", ["email_verification", "emailVerification", "sms_verification"])
def test_verification_nodes_become_codes(name: str) -> None:
    node = {"id": "code", "type": name, "outcomes": {"success": "good", "failure": "bad"}}
    check = check_flow([START | {"outcome": "code"}, node, *ENDS])
    assert check.problems == ()
    channel = "sms" if name.startswith("sms") else "email"
    assert check.nodes[1]["type"] == f"two_factor_{channel}"
    assert check.nodes[1]["outcomes"]["verified"] == "good"
    assert check.nodes[1]["outcomes"]["delivery_failed"] == "bad"
    assert any(f"[older_type] node 'code': type '{name}'" in warning for warning in check.warnings)


@pytest.mark.parametrize("name", ["age_estimation", "ageEstimation"])
def test_age_estimation_of_old_pages(name: str) -> None:
    node = {"id": "age", "type": name, "age": 21, "outcomes": {"success": "good", "failure": "bad"}}
    check = check_flow([START | {"outcome": "age"}, node, *ENDS])
    assert check.problems == ()
    assert check.nodes[1] == {
        "id": "age",
        "type": "age_estimation",
        "age": 21,
        "outcomes": {"success": "good", "failure": "bad", "unclear": "bad"},
    }
    assert check.normalizations == ({"nodeId": "age", "outcome": "unclear", "filledWith": "bad"},)
    broken = check_flow([START | {"outcome": "age"}, node | {"age": 0, "outcomes": {"success": "good"}}, ENDS[0]])
    assert {(p.path, p.rule) for p in broken.problems} == {
        ("flow[1].age", "range"),
        ("flow[1].outcomes.failure", "complete_outcomes"),
    }
    lost = check_flow([START | {"outcome": "age"}, node, ENDS[0]])
    assert [(p.path, p.rule) for p in lost.problems] == [("flow[1].outcomes.failure", "valid_references")]


@pytest.mark.parametrize("flow", [{}, {"nodes": 7}, {"nodes": []}, {"nodes": [], "edges": []}, {"config": {}}, "x", 7])
def test_what_is_no_flow(flow: Any) -> None:
    (problem, *_) = check_flow(flow).problems
    assert problem.path.startswith("flow")


def test_an_unknown_member_of_a_graph() -> None:
    graph = {"nodes": [START, ENDS[0]], "edges": [TO_LIVE | {"target": "good"}], "edgs": []}
    assert [(p.path, p.rule) for p in check_flow(graph).problems] == [("flow.edgs", "unknown_field")]
    assert check_flow(graph, lenient=True).problems == ()
