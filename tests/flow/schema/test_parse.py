"""Settings of every node type: what they become, and what each wrong one is told."""

from typing import Any

import pytest

from conversation.flow.graph import build_graph
from conversation.flow.nodes import (
    NODE_TYPES,
    AwaitExternal,
    ConversationNode,
    DataValidationNode,
    ExternalCallNode,
    ExternalRequest,
    FaceCompareNode,
    FaceSource,
    FieldConditionNode,
    FixedOutcomes,
    Node,
    Operand,
    PermissionsNode,
    RecognitionNode,
    Reference,
    Rule,
    TwoFactorNode,
    Validation,
)
from conversation.flow.schema.check import FlowCheck, check_flow
from conversation.flow.schema.document_types import BLINKID_TYPES, blinkid_type
from conversation.flow.schema.parse import parse_flow

Json = dict[str, Any]

CODE_WAYS = dict.fromkeys(("verified", "delivery_failed", "failed_unverified", "cancelled", "error"), "end")
LIVE_WAYS = dict.fromkeys(("livenessDetected", "deepfakeDetected", "noFace", "inconclusive"), "end")
RECOGNISE_WAYS = dict.fromkeys(("recognized", "newUser", "noFace"), "end")
AGE_WAYS = dict.fromkeys(("success", "failure", "unclear"), "end")
SCAN_WAYS = dict.fromkeys(("scanSuccess", "userCancelled", "scanTimeout"), "end")
FACE_WAYS = dict.fromkeys(("passed", "notPassed", "cancelled", "error"), "end")
MATCH_WAYS = dict.fromkeys(("match", "noMatch", "imageUnavailable"), "end")
TALK_WAYS = [{"id": "go", "targetNodeId": "end", "condition": ""}]
REQUEST = {"url": "https://example.org/check"}
RULE = {
    "left": {"source": "providedData", "field": "tier"},
    "operator": "equals",
    "right": {"type": "literal", "value": "gold"},
    "outcome": "end",
}


def flow_of(node: Json) -> list[Json]:
    """start → the node → end."""
    return [{"id": "start", "type": "start", "outcome": "node"}, {"id": "node"} | node, {"id": "end", "type": "end"}]


def checked(node: Json, *, lenient: bool = False) -> FlowCheck:
    return check_flow(flow_of(node), lenient=lenient)


def parsed(node: Json) -> Node:
    return build_graph(flow_of(node)).nodes["node"]


def problems(node: Json) -> list[tuple[str, str]]:
    return [(p.path.removeprefix("flow[1]").removeprefix("."), p.rule) for p in checked(node).problems]


def two_factor(**fields: Any) -> Json:
    return {"type": "two_factor_email", "outcomes": CODE_WAYS} | fields


def test_every_type_of_the_contract_is_read() -> None:
    samples: list[Json] = [
        {"type": "conversation", "prompt": "Say: hi", "outcomes": TALK_WAYS},
        {"type": "permissions", "outcomes": {"permissionsGranted": "end", "permissionsDenied": "end"}},
        {"type": "liveness_detection", "outcomes": LIVE_WAYS},
        {"type": "face_scan", "outcomes": FACE_WAYS},
        {"type": "face_compare", "outcomes": MATCH_WAYS},
        {"type": "recognition", "enroll": True, "consentPrompt": "May we?", "outcomes": RECOGNISE_WAYS},
        {"type": "age_estimation", "age": 21, "outcomes": AGE_WAYS},
        {"type": "document_scan", "scanningMode": "single", "allowedDocumentTypes": ["visa"], "outcomes": SCAN_WAYS},
        {"type": "enter_email", "outcomes": {"emailEntered": "end", "canceled": "end"}},
        {"type": "two_factor_email", "outcomes": CODE_WAYS},
        {"type": "two_factor_sms", "outcomes": CODE_WAYS},
        {"type": "data_validation", "validation": {"field": "a", "action": "exists"}, "outcomes": TALK_WAYS},
        {"type": "external_call", "request": REQUEST, "outcome": "end"},
        {"type": "field_condition", "rules": [RULE], "default": "end"},
    ]
    for sample in samples:
        check = checked(sample)
        assert check.problems == ()
        assert check.nodes == flow_of(sample)
        node = parsed(sample)
        assert node.type == sample["type"]
        (item,) = [item for item in parse_flow(flow_of(sample)).nodes if item.node.id == "node"]
        assert len(item.target_paths) == len(node.targets)
    assert {sample["type"] for sample in samples} | {"start", "end"} == NODE_TYPES


@pytest.mark.parametrize(
    ("node_type", "outcomes", "canonical", "spelling"),
    [
        ("permissions", {"granted": "end", "denied": "end"}, "permissionsGranted", "granted"),
        ("permissions", {"permissionsGranted": "end", "denied": "end"}, "permissionsGranted", "permissionsGranted"),
        ("face_compare", {"match": "end", "noMatch": "end", "error": "end"}, "imageUnavailable", "error"),
        ("enter_email", {"emailEntered": "end", "cancelled": "end"}, "canceled", "cancelled"),
        ("two_factor_sms", CODE_WAYS | {"canceled": "end"}, "cancelled", "canceled"),
        (
            "liveness_detection",
            {"livenessDetected": "end", "deepfaceDetected": "end", "noFace": "end", "inconclusive": "end"},
            "deepfakeDetected",
            "deepfaceDetected",
        ),
    ],
)
def test_both_spellings_of_outcomes(node_type: str, outcomes: Json, canonical: str, spelling: str) -> None:
    if node_type == "two_factor_sms":
        outcomes = {key: target for key, target in outcomes.items() if key != "cancelled"}
    node = parsed({"type": node_type, "outcomes": outcomes})
    assert isinstance(node, FixedOutcomes)
    assert node.way(canonical) == (spelling, "end")
    assert checked({"type": node_type, "outcomes": outcomes}).nodes[1]["outcomes"] == outcomes


def test_an_optional_outcome_may_be_given() -> None:
    outcomes = LIVE_WAYS | {"captureUnavailable": "end"}
    assert checked({"type": "liveness_detection", "outcomes": outcomes}).nodes[1]["outcomes"] == outcomes


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"otpLength": 3}, ("otpLength", "range")),
        ({"otpLength": 9}, ("otpLength", "range")),
        ({"otpLength": 6.5}, ("otpLength", "range")),
        ({"otpLength": "6"}, ("otpLength", "field_type")),
        ({"otpLength": True}, ("otpLength", "field_type")),
        ({"otpLength": float("nan")}, ("otpLength", "range")),
        ({"otpLength": 10**5000}, ("otpLength", "range")),
        ({"expirySeconds": 5}, ("expirySeconds", "range")),
        ({"maxAttempts": 0}, ("maxAttempts", "range")),
        ({"resendAfterSeconds": -1}, ("resendAfterSeconds", "range")),
        ({"showUI": "no"}, ("showUI", "field_type")),
        ({"emailTemplate": "Your code is here."}, ("emailTemplate", "template")),
        ({"smsTemplate": "{{otp}}"}, ("smsTemplate", "unknown_field")),
        ({"outcomes": []}, ("outcomes", "field_type")),
        ({"outcomes": CODE_WAYS | {"unverified": "end"}}, ("outcomes.unverified", "unknown_field")),
        ({"outcomes": CODE_WAYS | {"error": 7}}, ("outcomes.error", "field_type")),
        ({"outcomes": CODE_WAYS | {"error": ""}}, ("outcomes.error", "complete_outcomes")),
        ({"outcomes": CODE_WAYS | {"error": "e\x00"}}, ("outcomes.error", "field_type")),
    ],
)
def test_settings_of_a_one_time_code(fields: Json, found: tuple[str, str]) -> None:
    assert found in problems(two_factor(**fields))


def test_a_one_time_code_in_full() -> None:
    node = parsed(
        two_factor(otpLength=4, expirySeconds=60, maxAttempts=2, resendAfterSeconds=0, showUI=False,
                   emailTemplate="Use {{ code }} now, {{userName}}")
    )  # fmt: skip
    assert node == TwoFactorNode("node", CODE_WAYS, "email", 4, 60.0, 2, 0.0, False, "Use {{ code }} now, {{userName}}")


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"type": "face_scan", "outcomes": FACE_WAYS, "similarityThreshold": 1.1}, ("similarityThreshold", "range")),
        ({"type": "face_scan", "outcomes": FACE_WAYS, "referenceImageKey": 7}, ("referenceImageKey", "field_type")),
        ({"type": "recognition", "outcomes": RECOGNISE_WAYS, "enroll": "yes"}, ("enroll", "field_type")),
        ({"type": "recognition", "outcomes": RECOGNISE_WAYS, "consentPrompt": "May we?"},
         ("consentPrompt", "required_field")),
        ({"type": "age_estimation", "outcomes": AGE_WAYS, "age": 17.5}, ("age", "range")),
        ({"type": "face_compare", "outcomes": MATCH_WAYS, "sourceA": {"source": "passport"}},
         ("sourceA.source", "known_value")),
        ({"type": "face_compare", "outcomes": MATCH_WAYS, "sourceB": {"source": "providedData"}},
         ("sourceB.providedDataKey", "required_field")),
        ({"type": "document_scan", "scanningMode": "auto", "allowedDocumentTypes": ["id"], "outcomes": SCAN_WAYS},
         ("scanningMode", "known_value")),
        ({"type": "document_scan", "scanningMode": "single", "allowedDocumentTypes": [], "outcomes": SCAN_WAYS},
         ("allowedDocumentTypes", "required_field")),
        ({"type": "document_scan", "scanningMode": "single", "allowedDocumentTypes": ["id", "library-card"],
          "outcomes": SCAN_WAYS}, ("allowedDocumentTypes[1]", "known_value")),
        ({"type": "permissions", "permissions": {"camera": False}, "outcomes": {"granted": "end", "denied": "end"}},
         ("permissions", "required_field")),
        ({"type": "data_validation", "validation": {"field": "a", "action": "resembles"}, "outcomes": TALK_WAYS},
         ("validation.action", "known_value")),
        ({"type": "data_validation", "validation": {"field": "a", "action": "equals"}, "outcomes": TALK_WAYS},
         ("validation.value", "required_field")),
        ({"type": "data_validation", "validation": {"field": "a", "action": "matches", "value": "("},
          "outcomes": TALK_WAYS}, ("validation.value", "pattern")),
        ({"type": "data_validation", "validation": {"field": "a", "action": "exists"}, "outcomes": []},
         ("outcomes", "complete_outcomes")),
        ({"type": "field_condition", "rules": [], "default": "end"}, ("rules", "complete_outcomes")),
        ({"type": "field_condition", "rules": [RULE]}, ("default", "complete_outcomes")),
        ({"type": "field_condition", "rules": [RULE | {"operator": "like"}], "default": "end"},
         ("rules[0].operator", "known_value")),
        ({"type": "field_condition", "rules": [RULE | {"operator": "exists"}], "default": "end"},
         ("rules[0].right", "unknown_field")),
        ({"type": "field_condition", "rules": [RULE | {"right": {"type": "ref", "source": "x", "field": "y"}}],
          "default": "end"}, ("rules[0].right.source", "known_value")),
        ({"type": "external_call", "request": {"url": "ftp://example.org"}, "outcome": "end"}, ("request.url", "url")),
        ({"type": "external_call", "request": {"url": "https://"}, "outcome": "end"}, ("request.url", "url")),
        ({"type": "external_call", "request": {"url": "https://h:99999/"}, "outcome": "end"}, ("request.url", "url")),
        ({"type": "external_call", "request": REQUEST | {"method": "PUT"}, "outcome": "end"},
         ("request.method", "known_value")),
        ({"type": "external_call", "request": REQUEST | {"vars": [{"name": "a", "value": [1]}]}, "outcome": "end"},
         ("request.vars[0].value", "field_type")),
        ({"type": "external_call", "request": REQUEST}, ("outcome", "complete_outcomes")),
    ],
)  # fmt: skip
def test_wrong_settings_are_named_with_their_place(node: Json, found: tuple[str, str]) -> None:
    assert found in problems(node)


def test_faces_are_compared_from_document_and_video_unless_told() -> None:
    assert isinstance(node := parsed({"type": "face_compare", "outcomes": MATCH_WAYS}), FaceCompareNode)
    assert (node.source_a, node.source_b) == (FaceSource("documentPhoto"), FaceSource("sessionVideo"))
    assert node.similarity_threshold == 0.85
    sources = {"sourceA": {"source": "providedData", "providedDataKey": "selfie"}, "sourceB": {"source": "faceScan"}}
    assert isinstance(node := parsed({"type": "face_compare", "outcomes": MATCH_WAYS} | sources), FaceCompareNode)
    assert (node.source_a, node.source_b) == (FaceSource("providedData", "selfie"), FaceSource("faceScan"))


def test_permissions_ask_for_what_is_named() -> None:
    ways = {"granted": "end", "denied": "end"}
    assert isinstance(node := parsed({"type": "permissions", "outcomes": ways}), PermissionsNode)
    assert (node.camera, node.microphone) == (True, True)
    asked = {"type": "permissions", "permissions": {"microphone": True}, "outcomes": ways, "prompt": "Say: Please."}
    assert isinstance(node := parsed(asked), PermissionsNode)
    assert (node.camera, node.microphone, node.prompt) == (False, True, "Say: Please.")


def test_a_validation_has_synonyms_and_is_kept_as_written() -> None:
    for action in (">=", "gte", "greaterOrEqual", "GREATER_OR_EQUAL", "at_least"):
        sample = {
            "type": "data_validation",
            "validation": {"field": "age", "action": action, "value": 18},
            "transitions": TALK_WAYS,
        }
        assert isinstance(node := parsed(sample), DataValidationNode)
        assert node.validation == Validation("age", "greater_or_equal", 18)
        assert checked(sample).nodes[1] == {"id": "node"} | sample


def test_an_external_call_in_full() -> None:
    variables = [
        {"name": "a", "value": {"type": "literal", "value": 7}},
        {"name": "b", "value": {"type": "ref", "source": "extractedData", "field": "iban"}},
        {"name": "c", "value": "plain"},
    ]
    sample = {"type": "external_call", "request": REQUEST | {"method": "GET", "vars": variables}, "outcome": "end"}
    assert isinstance(node := parsed(sample), ExternalCallNode)
    wanted: dict[str, Operand] = {"a": 7, "b": Reference("extractedData", "iban"), "c": "plain"}
    assert node.request == ExternalRequest(REQUEST["url"], "GET", wanted)
    assert checked(sample).nodes[1] == {"id": "node"} | sample


def test_waiting_for_something_outside() -> None:
    waiting = {
        "request": REQUEST,
        "poll": {"intervalMs": 500, "timeoutMs": 20_000},
        "exits": {"onDataReady": "end", "onTimeout": "end", "onError": "end"},
    }
    sample = {"type": "conversation", "prompt": "Say: hi", "outcomes": TALK_WAYS, "awaitExternal": waiting}
    assert isinstance(node := parsed(sample), ConversationNode)
    assert node.await_external == AwaitExternal(ExternalRequest(REQUEST["url"]), 0.5, 20.0, "end", "end", "end")
    assert checked(sample).nodes[1] == {"id": "node"} | sample
    broken = sample | {"awaitExternal": waiting | {"exits": {"onDataReady": "gone", "onTimeout": "end"}}}
    found = problems(broken)
    assert ("awaitExternal.exits.onError", "complete_outcomes") in found
    assert ("awaitExternal.exits.onDataReady", "valid_references") in found
    slow = sample | {"awaitExternal": waiting | {"poll": {"intervalMs": 9_000, "timeoutMs": 2_000}}}
    assert ("awaitExternal.poll.intervalMs", "range") in problems(slow)


def test_a_field_condition_in_full() -> None:
    rules = [
        RULE,
        {"left": {"source": "extractedData", "field": "age"}, "operator": ">=", "right": 18, "outcome": "end"},
        {"left": {"source": "providedData", "field": "pin"}, "operator": "notExists", "outcome": "end"},
    ]
    sample = {"type": "field_condition", "rules": rules, "default": "end"}
    assert isinstance(node := parsed(sample), FieldConditionNode)
    assert node.rules == (
        Rule(Reference("providedData", "tier"), "equals", "gold", "end"),
        Rule(Reference("extractedData", "age"), "gte", 18, "end"),
        Rule(Reference("providedData", "pin"), "notExists", None, "end"),
    )
    assert checked(sample).nodes[1] == {"id": "node"} | sample


def test_an_unknown_field_is_refused_or_with_lenience_ignored() -> None:
    sample = {"type": "conversation", "promt": "Say: hello", "prompt": "Say: hi", "outcomes": TALK_WAYS}
    (problem,) = checked(sample).problems
    assert (problem.path, problem.rule) == ("flow[1].promt", "unknown_field")
    assert "did you mean 'prompt'?" in problem.message
    lenient = checked(sample, lenient=True)
    assert lenient.problems == ()
    assert "promt" not in lenient.nodes[1]
    assert any("node 'node': unknown field 'promt' ignored" in warning for warning in lenient.warnings)


def test_fields_of_other_generations_are_ignored_with_a_warning() -> None:
    sample = {
        "type": "face_scan",
        "outcomes": FACE_WAYS,
        "position": {"x": 1, "y": 2},
        "label": "Face",
        "captureDelay": 3000,
        "qualityThreshold": 0.7,
    }
    check = checked(sample)
    assert check.problems == ()
    assert check.nodes[1] == {"id": "node", "type": "face_scan", "outcomes": FACE_WAYS}
    assert sum("ignored_field" in warning for warning in check.warnings) == 2


def test_with_lenience_a_lost_node_is_left_out_with_a_warning() -> None:
    flow = [*flow_of({"type": "conversation", "prompt": "Say: hi", "outcomes": TALK_WAYS}), {"id": "x", "type": "end"}]
    assert [p.rule for p in check_flow(flow).problems] == ["reachable"]
    check = check_flow(flow, lenient=True)
    assert check.problems == ()
    assert check.nodes == flow[:3]
    assert any(warning.startswith("[reachable] no path leads to node 'x'") for warning in check.warnings)
    assert check_flow([*flow, {"id": "x", "type": "end"}], lenient=True).nodes == []


def test_document_types_in_three_spellings() -> None:
    assert len(BLINKID_TYPES) == 81
    wanted = {
        "driver_license": "dl", "drivers_license": "dl", "MRTD_TYPE_DL": "dl", "id_card": "id", "national_id": "id",
        "MRTD_TYPE_IDENITY_CARD": "id", "MRTD_TYPE_GREEN_CARD": "green-card", "MRTD_TYPE_VISA": "visa",
        "MRTD_TYPE_BORDER_CROSSING_CARD": "border-crossing-card", "MRTD_TYPE_PASSPORT": "passport",
        "passport": "passport", "residence-permit": "residence-permit", "residence_permit": "residence-permit",
        "MRTD_TYPE_UNKNOWN": "any", "library-card": None, "": None,
    }  # fmt: skip
    assert {name: blinkid_type(name) for name in wanted} == wanted


def test_unicode_ids_and_half_characters() -> None:
    sample = [
        {"id": "начало", "type": "start", "outcome": "終わり 🎉"},
        {"id": "終わり 🎉", "type": "end"},
    ]
    check = check_flow(sample)
    assert check.problems == ()
    assert check.nodes == sample
    spoiled = check_flow([{"id": "\ud800", "type": "start", "\udfff": 1, "outcome": "e"}, {"id": "e", "type": "end"}])
    assert {p.rule for p in spoiled.problems} >= {"field_type", "unknown_field"}
    assert all((p.path + p.message).encode() for p in spoiled.problems)


def test_recognition_may_enrol() -> None:
    node = parsed({"type": "recognition", "enroll": True, "consentPrompt": "Say: Ok?", "outcomes": RECOGNISE_WAYS})
    assert isinstance(node, RecognitionNode)
    assert (node.enroll, node.consent_prompt) == (True, "Say: Ok?")
    plain = parsed({"type": "recognition", "outcomes": RECOGNISE_WAYS})
    assert isinstance(plain, RecognitionNode)
    assert (plain.enroll, plain.consent_prompt) == (False, "")
