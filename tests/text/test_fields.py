"""Fields of an extraction schema, read from what was asked and replied (check C16)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.fields import Answer, ExtractionField, read_field
from tests.scores.flows import conversation
from tests.scores.score import Score

ANSWERS = [
    Answer("intro", "Hi, how are you today?", "fine, thanks"),
    Answer("consent", "Do you agree that we record this call?", "yes, I do"),
    Answer("staff", "How many employees does your company have?", "about twenty-five"),
    Answer("move", "When did you move into the flat?", "on the third of March 2019"),
    Answer("plan", "Which plan would you like: basic or premium plus?", "Premium plus, please."),
    Answer("city", "Which city do you live in?", "I live in Lyon"),
    Answer("poi_confirmTransfer", "Are you sure?", "no"),
]


def read(name: str, kind: Any = "string", description: str = "", *choices: str) -> Any:
    return read_field(ExtractionField(name, kind, description, choices), {}, ANSWERS)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (("recordingConsent", "boolean", "Whether the user agrees to the recording"), True),
        (("employeeCount", "number", "Number of employees"), 25),
        (("moveInDate", "date", "When the user moved in"), "2019-03-03"),
        (("plan", "string", "", "basic", "premium", "premium_plus"), "premium_plus"),
        (("city",), "I live in Lyon"),
        (("confirmTransfer", "boolean"), False),
        (("favouriteColour",), None),
        (("petCount", "number"), None),
        (("city", "number"), None),
        (("weddingDate", "date"), None),
        (("plan", "string", "", "gold", "silver"), None),
        (("hasPets", "boolean", "Whether there are pets at home"), None),
    ],
)
def test_c16_values_have_their_types_and_absent_ones_are_null(wanted: tuple[Any, ...], value: Any) -> None:
    found = read(*wanted)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "kind", "given_", "value"),
    [
        ("full_name", "string", {"name": "Mia Keller"}, "Mia Keller"),
        ("contactEmail", "string", {"email": "mia@example.com"}, None),
        ("emailAddress", "string", {"email": "mia@example.com"}, "mia@example.com"),
        ("dob", "date", {"dateOfBirth": "1990-04-01"}, "1990-04-01"),
        ("age", "number", {"age": 36}, 36),
        ("age", "string", {"age": 36}, None),
    ],
)
def test_well_known_names(name: str, kind: Any, given_: dict[str, Any], value: Any) -> None:
    assert read_field(ExtractionField(name, kind), given_, ANSWERS) == value


def test_the_latest_reply_to_the_same_question_counts() -> None:
    answers = [Answer("a", "Which city?", "Paris"), Answer("b", "Which city?", "Lyon")]
    assert read_field(ExtractionField("city"), {}, answers) == "Lyon"


def test_a_node_named_after_the_field_counts_and_one_that_only_sounds_alike_does_not() -> None:
    answers = [Answer("intent_sell_house", "Is it so?", "yes"), Answer("language", "Which one?", "no, English")]
    assert read_field(ExtractionField("sellHouse", "boolean"), {}, answers) is True
    assert read_field(ExtractionField("age", "boolean"), {}, answers) is None
    assert read_field(ExtractionField("!?", "boolean"), {}, answers) is None


def test_a_reply_that_says_nothing_is_passed_over() -> None:
    answers = [Answer("a", "Which city?", "Lyon"), Answer("b", "Which city?", "I'd rather not say")]
    assert read_field(ExtractionField("city"), {}, answers) == "Lyon"


def test_two_choices_at_once_are_none() -> None:
    answers = [Answer("a", "Which plan?", "basic, no, premium")]
    assert read_field(ExtractionField("plan", choices=("basic", "premium")), {}, answers) is None


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({}, "fieldName"),
        ({"fieldName": "  "}, "fieldName"),
        ({"fieldName": "a", "type": "colour"}, "'type' must be one of"),
        ({"fieldName": "a", "description": 7}, "description"),
        ({"fieldName": "a", "enum": "abc"}, "enum"),
        ({"fieldName": "a", "enum": [1]}, "enum"),
    ],
)
def test_a_wrong_field_is_refused_by_name(data: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ExtractionField.from_json(data)


def test_a_session_tells_its_fields() -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: Do you agree to the recording?", ("a", "end", "agrees"), ("b", "end", "declines")),
        {"id": "end", "type": "end"},
    ]
    fields = [
        {"fieldName": "recordingAgreed", "type": "boolean", "description": "The user agrees to the recording"},
        {"fieldName": "email", "type": "string", "description": "E-mail address"},
        {"fieldName": "visits", "type": "number", "description": "How often they visited"},
    ]
    score = Score(flow, extraction=fields)
    score.join()
    score.spoken()
    score.reply("yes, I agree", "a", extracted={"email": "mia@example.com"})
    assert score.machine.extracted_fields() == {"recordingAgreed": True, "email": "mia@example.com", "visits": None}


@given(
    st.text(max_size=20),
    st.sampled_from(["string", "number", "boolean", "date"]),
    st.text(max_size=40),
    st.lists(st.text(max_size=8), max_size=3),
    st.text(max_size=60),
)
def test_any_field_can_be_looked_for_in_any_reply(
    name: str, kind: Any, description: str, choices: list[str], reply: str
) -> None:
    wanted = ExtractionField(name, kind, description, tuple(choices))
    value = read_field(wanted, {}, [Answer("node", description or name, reply)])
    kinds = {"number": int | float, "boolean": bool}
    assert value is None or isinstance(value, str if choices else kinds.get(kind, str))
