"""The vendor's node reference: each of its examples is accepted as it is printed, each of its rules is enforced."""

import copy
from typing import Any

import pytest

from conversation.flow.graph import build_graph
from conversation.flow.schema.check import check_flow

Json = dict[str, Any]

START: Json = {"id": "start_node", "type": "start", "outcome": "welcome_conversation"}
END: Json = {"id": "end_node", "type": "end"}
EXAMPLES: list[Json] = [
    {
        "id": "ask_name",
        "type": "conversation",
        "prompt": "Say: Hi there, could you tell me your full name?",
        "outcomes": [
            {"id": "tr_has_name", "targetNodeId": "verify_email", "condition": "The user provided their name"},
            {"id": "tr_no_name", "targetNodeId": "ask_name_again", "condition": "The user did not provide their name"},
        ],
    },
    {
        "id": "liveness_check",
        "type": "liveness_detection",
        "outcomes": {
            "livenessDetected": "proceed_to_document",
            "deepfakeDetected": "verification_failed",
            "noFace": "retry_liveness",
        },
    },
    {
        "id": "face_matching",
        "type": "face_scan",
        "outcomes": {
            "passed": "verification_complete",
            "notPassed": "retry_or_review",
            "cancelled": "flow_cancelled",
            "error": "technical_error",
        },
        "referenceImageKey": "primary_doc_face",
        "similarityThreshold": 0.90,
        "captureInstructions": "Look straight into the camera",
        "requireLivenessChallenge": True,
    },
    {
        "id": "document_verification",
        "type": "document_scan",
        "scanningMode": "automatic",
        "allowedDocumentTypes": ["passport", "driver_license", "id_card"],
        "outcomes": {
            "scanSuccess": "face_matching",
            "userCancelled": "handle_cancellation",
            "scanTimeout": "retry_scan",
        },
        "showTorchButton": True,
    },
    {
        "id": "check_existing_user",
        "type": "recognition",
        "outcomes": {"recognized": "welcome_back", "newUser": "onboard_new_user", "noFace": "retry_capture"},
    },
    {
        "id": "collect_email",
        "type": "enter_email",
        "outcomes": {"emailEntered": "send_otp", "canceled": "handle_cancel"},
    },
    *(
        {
            "id": f"{channel}_2fa",
            "type": f"two_factor_{channel}",
            "otpLength": 6,
            "expirySeconds": 300,
            "maxAttempts": 5,
            "resendAfterSeconds": 60,
            "outcomes": {
                "verified": "access_granted",
                "delivery_failed": "technical_support",
                "failed_unverified": f"retry_{channel}_2fa",
                "cancelled": "flow_cancelled",
                "error": "technical_error",
            },
        }
        for channel in ("email", "sms")
    ),
    {
        "id": "validate_age",
        "type": "data_validation",
        "validation": {"field": "age", "action": "greater_than", "value": "18"},
        "transitions": [
            {"id": "adult", "targetNodeId": "full_verification", "condition": "age >= 18"},
            {"id": "minor", "targetNodeId": "parental_consent", "condition": "age < 18"},
        ],
    },
    {
        "id": "compare_faces",
        "type": "face_compare",
        "outcomes": {"match": "verification_passed", "noMatch": "verification_failed", "error": "technical_error"},
    },
    {
        "id": "request_permissions",
        "type": "permissions",
        "outcomes": {"granted": "start_verification", "denied": "permissions_required"},
    },
]
"""The examples of the reference, restated."""


def targets(node: Json) -> list[str]:
    """Every node id that an example names."""
    ways = node["outcomes"] if "outcomes" in node else node["transitions"]
    return list(dict.fromkeys(ways.values() if isinstance(ways, dict) else [way["targetNodeId"] for way in ways]))


def around(node: Json) -> list[Json]:
    """The smallest flow that holds a node: a start, the node, and an end under each name that it uses."""
    start = {"id": "start_node", "type": "start", "outcome": node["id"]}
    return [start, node, *({"id": target, "type": "end"} for target in targets(node))]


@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: str(node["type"]))
def test_every_example_is_accepted_as_it_is_printed(node: Json) -> None:
    submitted = around(node)
    check = check_flow(copy.deepcopy(submitted))
    assert check.problems == ()
    if node["type"] == "liveness_detection":
        kept = check.nodes[1]["outcomes"]
        assert kept == node["outcomes"] | {"inconclusive": "retry_liveness"}
        assert check.normalizations == (
            {"nodeId": "liveness_check", "outcome": "inconclusive", "filledWith": "retry_liveness"},
        )
        assert any("liveness_check" in warning and "inconclusive" in warning for warning in check.warnings)
    else:
        assert check.nodes == submitted
        assert check.normalizations == ()


def test_start_and_end_as_they_are_printed() -> None:
    welcome = {
        "id": "welcome_conversation",
        "type": "conversation",
        "prompt": "Say: Welcome.",
        "outcomes": [{"id": "go", "targetNodeId": "end_node", "condition": ""}],
    }
    assert check_flow([START, welcome, END]).problems == ()


@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: str(node["type"]))
def test_the_canonical_form_is_its_own_canonical_form(node: Json) -> None:
    once = check_flow(around(node))
    again = check_flow(once.nodes)
    assert again.nodes == once.nodes
    assert again.normalizations == ()
    assert build_graph(once.nodes) == build_graph(around(node))


@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: str(node["type"]))
def test_every_required_outcome_is_required(node: Json) -> None:
    """Rule "complete outcomes": without any one key, and without all of them, the flow is refused."""
    field = "outcomes" if "outcomes" in node else "transitions"
    for lost in [*node[field]] if isinstance(node[field], dict) else []:
        outcomes = {key: target for key, target in node[field].items() if key != lost}
        flow = around(node)
        flow[1] = node | {field: outcomes}
        found = [(p.path, p.rule) for p in check_flow(flow).problems if p.rule == "complete_outcomes"]
        canonical = {"error": "imageUnavailable", "granted": "permissionsGranted", "denied": "permissionsDenied"}
        name = canonical.get(lost, lost) if node["type"] in ("face_compare", "permissions") else lost
        assert found == [(f"flow[1].outcomes.{name}", "complete_outcomes")]
    flow = around(node)
    flow[1] = {key: value for key, value in node.items() if key != field}
    assert ("flow[1].outcomes", "complete_outcomes") in [(p.path, p.rule) for p in check_flow(flow).problems]


@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: str(node["type"]))
def test_every_reference_must_lead_to_a_node(node: Json) -> None:
    for target in targets(node):
        flow = [item for item in around(node) if item["id"] != target]
        if len(targets(node)) > 1:
            assert {p.rule for p in check_flow(flow).problems} == {"valid_references"}


@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: str(node["type"]))
def test_no_node_may_be_visited_again(node: Json) -> None:
    flow = around(node)
    last = flow.pop()
    retry = {
        "id": last["id"],
        "type": "conversation",
        "prompt": "Say: Once more.",
        "outcomes": [{"id": "again", "targetNodeId": node["id"], "condition": ""}],
    }
    problems = check_flow([*flow, retry, END]).problems
    assert [(p.rule, p.path) for p in problems] == [("acyclic", f"flow[{len(flow)}].outcomes[0].targetNodeId")]


def test_exactly_one_start_and_at_least_one_end() -> None:
    node = EXAMPLES[5]
    without_start = around(node)[1:]
    assert {p.rule for p in check_flow(without_start).problems} == {"one_start"}
    two = [*around(node), {"id": "second", "type": "start", "outcome": node["id"]}]
    assert [(p.path, p.rule) for p in check_flow(two).problems] == [("flow[4]", "one_start")]
    without_end = [item for item in around(node) if item["type"] != "end"]
    assert {p.rule for p in check_flow(without_end).problems} == {"one_end", "valid_references"}
