"""Legacy modules compile to flows that run, whichever are combined."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.flow.schema.check import check_flow
from conversation.flow.schema.modules import MODULE_TYPES, compile_modules

Json = dict[str, Any]

MODULES: dict[str, Json] = {
    "identityVerification": {},
    "documentAuthentication": {},
    "ageEstimation": {"age": 21},
    "emailVerification": {"email": "robin@example.org"},
    "smsVerification": {"phone": "+34600111222"},
    "proofOfIntent": {"requestedData": [{"key": "transfer", "description": "You want to send 500 euros to ACME"},
                                        {"key": "alone", "description": "Are you alone?", "isRequired": False}]},
    "knowledgeVerify": {},
}  # fmt: skip


def modules(*types: str) -> list[Json]:
    return [{"type": name} | MODULES[name] for name in types]


def nodes_of(*types: str) -> dict[str, Json]:
    return {node["id"]: node for node in compile_modules(modules(*types)).nodes}


@pytest.mark.parametrize("size", range(1, len(MODULE_TYPES) + 1))
def test_any_combination_is_a_flow_without_problems(size: int) -> None:
    for chosen in itertools.combinations(MODULES, size):
        compiled = compile_modules(modules(*chosen))
        assert compiled.problems == ()
        check = check_flow(compiled.nodes, provided=())
        assert check.problems == ()
        assert check.nodes == compiled.nodes
        assert check.normalizations == ()
        assert [warning for warning in check.warnings if not warning.startswith("[not_checked]")] == []


def test_the_order_of_modules_is_kept_and_a_module_may_come_twice() -> None:
    found = list(nodes_of("emailVerification", "identityVerification", "emailVerification"))
    assert found.index("email_code2") < found.index("identity_liveness") < found.index("email_code")
    assert check_flow(list(nodes_of("ageEstimation", "ageEstimation").values())).problems == ()


def test_identity_never_takes_a_missing_verdict_for_success() -> None:
    nodes = nodes_of("identityVerification")
    for name in ("identity_liveness", "identity_liveness_again"):
        ways = nodes[name]["outcomes"]
        assert ways["livenessDetected"] == "farewell"
        assert ways["deepfakeDetected"] == "farewell_unfinished"
        assert ways["inconclusive"] == "identity_unclear"
        assert "farewell" not in (ways["noFace"], ways["inconclusive"])
    assert nodes["identity_liveness"]["outcomes"]["noFace"] == "identity_look"


def test_a_document_is_compared_with_the_face_only_after_an_identity_check() -> None:
    assert "document_face" not in nodes_of("documentAuthentication")
    both = nodes_of("documentAuthentication", "identityVerification")
    assert both["document_scan"]["scanningMode"] == "automatic"
    assert both["document_scan"]["outcomes"]["scanSuccess"] == "document_face"
    assert both["document_face"]["sourceA"] == {"source": "documentPhoto"}
    assert both["document_face"]["outcomes"]["noMatch"] == "farewell_unfinished"


def test_a_document_that_was_refused_or_not_read_may_be_shown_once_more() -> None:
    nodes = nodes_of("documentAuthentication")
    first, second = nodes["document_scan"]["outcomes"], nodes["document_scan_again"]["outcomes"]
    assert (first["documentRejected"], first["scanTimeout"]) == ("document_other", "document_help")
    for retry in ("document_other", "document_help"):
        assert nodes[retry]["outcomes"][0]["targetNodeId"] == "document_scan_again"
    assert (second["documentRejected"], second["scanTimeout"]) == ("farewell_unfinished", "document_unread")
    assert "another document" in nodes["document_other"]["prompt"]


def test_age_near_the_limit_asks_for_a_document_and_may_stay_unknown() -> None:
    nodes = nodes_of("ageEstimation")
    assert nodes["age_estimation"]["age"] == 21
    assert nodes["age_estimation"]["outcomes"] == {
        "success": "farewell",
        "failure": "farewell_unfinished",
        "unclear": "age_document_help",
    }
    assert nodes["age_document"]["outcomes"] == {
        "scanSuccess": "age_check",
        "userCancelled": "farewell_unfinished",
        "scanTimeout": "age_unclear",
        "documentRejected": "age_unclear",
    }
    assert nodes["age_check"]["validation"] == {"field": "age", "action": "greater_or_equal", "value": 21}
    assert {way["condition"]: way["targetNodeId"] for way in nodes["age_check"]["outcomes"]} == {
        "age >= 21": "farewell",
        "age < 21": "farewell_unfinished",
        "age is missing": "age_unclear",
    }


def test_codes_are_valid_as_long_as_documented_and_contacts_come_back() -> None:
    compiled = compile_modules(modules("emailVerification", "smsVerification"))
    codes = {node["id"]: node for node in compiled.nodes if node["type"].startswith("two_factor")}
    assert codes["email_code"]["expirySeconds"] == 600
    assert codes["sms_code"]["type"] == "two_factor_sms"
    assert compiled.provided == {"email": "robin@example.org", "phone": "+34600111222"}


def test_statements_of_intent_are_asked_one_by_one() -> None:
    compiled = compile_modules(modules("proofOfIntent"))
    nodes = {node["id"]: node for node in compiled.nodes}
    first, second = nodes["intent_transfer"], nodes["intent_alone"]
    assert first["prompt"].endswith("Do you confirm this: You want to send 500 euros to ACME?")
    assert second["prompt"].endswith("Are you alone?")
    assert {way["id"]: way["targetNodeId"] for way in first["outcomes"]} == {
        "yes": "intent_alone",
        "no": "intent_alone",
        "no_answer": "farewell_unfinished",
    }
    assert {way["targetNodeId"] for way in second["outcomes"]} == {"farewell"}
    assert [(field["fieldName"], field["type"]) for field in compiled.extraction] == [
        ("transfer", "boolean"),
        ("alone", "boolean"),
    ]


def test_the_oldest_contract_asks_for_data() -> None:
    requested = [{"key": "firstName"}, {"key": "email", "is_required": False, "description": "What is your e-mail?"}]
    compiled = compile_modules(None, opening="Good morning.", closing="So long.", requested=requested)
    nodes = {node["id"]: node for node in compiled.nodes}
    assert nodes["greeting"]["prompt"] == "Say: Good morning."
    assert nodes["farewell"]["prompt"] == "Say: So long."
    assert nodes["ask_firstName"]["prompt"] == "Ask the user for their first name."
    assert nodes["ask_email"]["prompt"] == "Say: What is your e-mail?"
    assert nodes["ask_firstName"]["outcomes"][1]["targetNodeId"] == "farewell_unfinished"
    assert nodes["ask_email"]["outcomes"][1]["targetNodeId"] == "farewell"
    assert [field["fieldName"] for field in compiled.extraction] == ["firstName", "email"]
    check = check_flow(compiled.nodes)
    assert check.problems == ()
    assert check.warnings == ()


def test_first_and_last_words_alone_are_a_flow() -> None:
    compiled = compile_modules([], opening="Hello.")
    assert [node["id"] for node in compiled.nodes] == ["start", "greeting", "farewell", "end"]


def test_a_short_opening_is_lengthened_when_the_camera_needs_time() -> None:
    compiled = compile_modules(modules("identityVerification"), opening="Hi.")
    (greeting,) = [node["prompt"] for node in compiled.nodes if node["id"] == "greeting"]
    assert greeting.startswith("Say: Hi. ")
    assert not any("camera_feed" in warning for warning in check_flow(compiled.nodes).warnings)


@pytest.mark.parametrize(
    ("submitted", "found"),
    [
        ([], ("modules", "required_field")),
        (None, ("modules", "required_field")),
        ({}, ("modules", "field_type")),
        (["identityVerification"], ("modules[0]", "field_type")),
        ([{}], ("modules[0].type", "required_field")),
        ([{"type": "identityverification"}], ("modules[0].type", "known_type")),
        ([{"type": "knowledgeVerify"}, {"type": "ageEstimation"}], ("modules[1].age", "required_field")),
        ([{"type": "ageEstimation", "age": "18"}], ("modules[0].age", "field_type")),
        ([{"type": "ageEstimation", "age": 0}], ("modules[0].age", "range")),
        ([{"type": "emailVerification", "email": "robin"}], ("modules[0].email", "field_type")),
        ([{"type": "smsVerification", "phone": "600111222"}], ("modules[0].phone", "field_type")),
        ([{"type": "proofOfIntent"}], ("modules[0].requestedData", "required_field")),
        ([{"type": "proofOfIntent", "requestedData": [{}]}], ("modules[0].requestedData[0].key", "required_field")),
        (
            [{"type": "proofOfIntent", "requested_data": [{"key": "a"}, {"key": "a"}]}],
            ("modules[0].requested_data[1].key", "unique_ids"),
        ),
        ([{"type": "identityVerification"}] * 21, ("modules", "length")),
    ],
)
def test_wrong_modules_are_named_with_their_place(submitted: Any, found: tuple[str, str]) -> None:
    compiled = compile_modules(submitted)
    assert found in [(p.path, p.rule) for p in compiled.problems]
    assert compiled.nodes == []


def test_unknown_fields_of_a_module_are_ignored_with_a_warning() -> None:
    compiled = compile_modules([{"type": "identityVerification", "level": "high"}])
    assert compiled.problems == ()
    assert any("'level'" in warning for warning in compiled.warnings)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(MODULE_TYPES)},
            optional={"age": JSON, "requestedData": JSON, "email": JSON, "phone": JSON, "name": JSON},
        ) | JSON,
        max_size=4,
    ) | JSON,
    JSON,
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_compiled_or_refused(submitted: Any, requested: Any) -> None:
    compiled = compile_modules(submitted, requested=requested)
    assert bool(compiled.nodes) != bool(compiled.problems)
    if compiled.nodes:
        assert check_flow(compiled.nodes).problems == ()
