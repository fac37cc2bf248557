"""The body of a create call: every wrong field is named, and no JSON at all is too strange for the parser."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.flow.schema.check import check_flow
from rtc_server.api.body import MAX_DEPTH, parse_json
from rtc_server.api.errors import ApiError, invalid
from rtc_server.api.resources.create_body import parse_create
from rtc_server.api.resources.schemas import CREATE_SESSION, IGNORED, session_json
from rtc_server.session.options import compiled_modules, session_options
from rtc_server.storage.ports import SessionRecord

FIELDS = list(CREATE_SESSION.json_schema()["properties"])
SNAKE_CASE = [re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name) for name in FIELDS]


def problems_of(body: dict[str, Any]) -> dict[str, str]:
    _, problems = parse_create({"flow": []} | body, "ava")
    return {problem.path: f"{problem.rule}: {problem.message}" for problem in problems}


@pytest.mark.parametrize(
    ("body", "path", "says"),
    [
        ({"flows": []}, "flows", "did you mean 'flow'"),
        ({"provided_data": {}}, "provided_data", "did you mean 'providedData'"),
        ({"clientReferenceID": ""}, "clientReferenceID", "did you mean 'clientReferenceId'"),
        ({"webhook_url": ""}, "webhook_url", "did you mean 'webhookUrl'"),
        ({"surprise": 1}, "surprise", "unknown_field: unknown field"),
        ({"flowVersion": 0}, "flowVersion", "from 1"),
        ({"requestedData": [{"description": "x"}]}, "requestedData[0].key", "parameter_missing"),
        ({"sandbox": {"live": 1}}, "sandbox.live", "must be a string"),
        ({"initialPhrase": "x" * 1_001}, "initialPhrase", "at most 1000"),
        ({"clientReferenceId": 7}, "clientReferenceId", "must be a string, not a number"),
        ({"clientReferenceId": "x" * 1001}, "clientReferenceId", "at most 1000"),
        ({"metadata": []}, "metadata", "must be an object, not an array"),
        ({"metadata": {"a": "x" * 50_000}}, "metadata", "at most 50000"),
        ({"providedData": {"name": None}}, "providedData.name", "not null"),
        ({"providedData": {"name": ["Robin"]}}, "providedData.name", "not an array"),
        ({"avatarId": {}}, "avatarId", "must be a string, not an object"),
        ({"langs": ["en", 5]}, "langs[1]", "must be a string"),
        ({"langs": ["English, please"]}, "langs[0]", "must look like 'en'"),
        ({"defaultLang": True}, "defaultLang", "not a boolean"),
        ({"zone": "EU"}, "zone", "did you mean 'eu'"),
        ({"zone": 1}, "zone", "must be a string"),
        ({"videoAIAnalysisEnabled": "yes"}, "videoAIAnalysisEnabled", "must be a boolean"),
        ({"customization": {"control": {}}}, "customization.control", "did you mean 'controls'"),
        ({"customization": {"controls": {"buttons": ["mic"]}}}, "customization.controls.buttons[0]", "not one of"),
        (
            {"customization": {"permissionsPage": {"backgroundType": "Color"}}},
            "customization.permissionsPage.backgroundType",
            "did you mean 'COLOR'",
        ),
        ({"extractionSchema": [{"type": "string"}]}, "extractionSchema[0].fieldName", "parameter_missing"),
        ({"extractionSchema": [{"fieldName": "a", "type": "text"}]}, "extractionSchema[0].type", "not one of"),
        ({"extractionSchema": [{"fieldName": "a", "type": "string", "enum": []}]}, "extractionSchema[0].enum", "items"),
    ],
)
def test_a_wrong_field_is_named(body: dict[str, Any], path: str, says: str) -> None:
    found = problems_of(body)
    assert list(found) == [path]
    assert says in found[path]


def test_null_is_the_same_as_absent() -> None:
    assert problems_of(dict.fromkeys(FIELDS) | {"flow": []}) == {}, "every field may be null"
    call, _ = parse_create({"flow": [], "avatarId": None}, "ava")
    assert call.avatar_id == "ava"
    assert call.settings == {"flow": [], "avatarId": "ava"}


@pytest.mark.parametrize("name", IGNORED)
def test_fields_of_older_forms_are_taken_with_a_warning(name: str) -> None:
    for value in ("x", {"a": 1}, 7, False):
        call, problems = parse_create({"flow": [], name: value}, "ava")
        assert problems == []
        assert call.settings[name] == value
        (warning,) = call.warnings
        assert warning.startswith(f"{name} has no effect")


@pytest.mark.parametrize(
    "name",
    [
        "flowId",
        "modules",
        "requestedData",
        "initialPhrase",
        "finalPhrase",
    ],
)
def test_beside_a_flow_the_older_ways_have_no_effect(name: str) -> None:
    value: Any = [] if name in ("modules", "requestedData") else "x"
    call, problems = parse_create({"flow": [], name: value}, "ava")
    assert problems == []
    (warning,) = call.warnings
    assert name in warning


def test_leniency_takes_other_spellings_and_unknown_fields() -> None:
    body: dict[str, Any] = {
        "client_reference_id": "u-1",
        "flow": [],
        "surprise": {"a": 1},
        "customization": {"controls": {"colour": "red"}, "permissions_page": None},
        "provided_data": {"name": "Robin", "phone": None},
        "default_lang": None,
    }
    call, problems = parse_create(body, "ava", lenient=True)
    assert problems == []
    assert call.settings == body | {"avatarId": "ava"}, "echoed as it came"
    assert call.client_reference_id == "u-1"
    assert [warning.split(":")[0] for warning in call.warnings] == ["surprise", "customization.controls.colour"]
    _, strict = parse_create(body, "ava")
    assert {problem.path for problem in strict} == {
        "client_reference_id",
        "surprise",
        "customization.controls.colour",
        "customization.permissions_page",
        "provided_data",
        "default_lang",
    }


def test_leniency_is_no_blindness() -> None:
    _, problems = parse_create({"langs": "en", "metadata": []}, "ava", lenient=True)
    assert {problem.path for problem in problems} == {"langs", "metadata"}


def test_a_video_analysis_that_nobody_makes_is_said_so() -> None:
    call, problems = parse_create({"flow": [], "videoAIAnalysisEnabled": True}, "ava")
    assert problems == []
    assert "videoAIAnalysisEnabled has no effect" in call.warnings[0]


def test_a_session_shows_what_is_known_of_it() -> None:
    record = SessionRecord("s1", "t", 1, "created", {}, [], 0, "hash", 1, 2)
    shown = session_json(record)
    assert set(shown) == {"id", "createdAt", "status", "settings", "version", "report"}
    later = record.with_(started_at=2, finished_at=3, reason="end", device={"browser": "x"}, location={"city": {}})
    shown = session_json(later, {"screenshots": []})
    assert (shown["startedAt"], shown["finishedAt"], shown["reason"]) == (2, 3, "end")
    assert shown["report"]["device"] == {"browser": "x"}
    assert shown["report"]["location"] == {"city": {}}
    assert shown["report"]["media"] == {"screenshots": []}


def test_a_long_name_is_not_repeated_in_full() -> None:
    (message,) = problems_of({"k" * 5000: 1}).items()
    assert len("".join(message)) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(FIELDS) | st.sampled_from(SNAKE_CASE) | st.text(max_size=12)
BODIES = st.dictionaries(NAMES, JSON, max_size=6)


@settings(max_examples=300, deadline=None)
@given(BODIES, st.booleans())
def test_any_object_is_judged_without_a_crash(body: dict[str, Any], lenient: bool) -> None:
    """What a create call does before it touches the store: sound, or a 400 that can be sent."""
    parsed = parse_json(json.dumps(body).encode())
    call, problems = parse_create(parsed, "ava", lenient=lenient)
    if call.flow is not None:
        problems = [*problems, *check_flow(call.flow).problems]
    if problems:
        error = invalid(problems)
        assert error.status == 400
        envelope = json.loads(json.dumps(error.envelope("req")))["error"]
        assert envelope["param"] == problems[0].path
        assert len(envelope["details"]) == min(len(problems), 100)
    else:
        assert isinstance(call.avatar_id, str)
        assert isinstance(session_options(call.settings)["avatarId"], str)
        json.dumps(compiled_modules(call.options).nodes)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60) | st.text(alphabet='{}[]",:0123456789eE.-+nulltruefasNI \\ud', max_size=60).map(str.encode)
)
def test_any_bytes_are_json_or_a_400(content: bytes) -> None:
    try:
        value = parse_json(content)
    except ApiError as error:
        value = error.envelope("req")
    json.dumps(value, allow_nan=False)


@pytest.mark.parametrize(("levels", "fits"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_depth_is_limited(levels: int, fits: bool) -> None:
    content = b"[" * levels + b"]" * levels
    if fits:
        parse_json(content)
    else:
        with pytest.raises(ApiError, match="nested"):
            parse_json(content)
