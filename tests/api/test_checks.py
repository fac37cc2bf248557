"""Checks and the JSON Schemas that they publish say the same."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.api.checks import (
    Check,
    anything,
    array,
    boolean,
    described,
    integer,
    mapping,
    named,
    nullable,
    number,
    one_of,
    or_null,
    reply,
    scalar,
    shape,
    text,
)

CODE = text(5, pattern="[a-z]+", example="abc", min_characters=2)
SHAPE = shape({"name": CODE, "count": integer(0, 9), "flag": boolean, "kind": one_of("a", "b")}, required=("name",))
CHECKS: dict[str, Check] = {
    "anything": anything,
    "boolean": boolean,
    "scalar": scalar,
    "number": number,
    "integer": integer(-2, 3),
    "text": CODE,
    "one_of": one_of("a", "b", "null"),
    "array": array(integer(0, 5), max_items=2, min_items=1),
    "mapping": mapping(scalar, max_bytes=10_000),
    "shape": SHAPE,
    "reply": reply({"a": integer()}, {"b": nullable(CODE)}),
    "open reply": reply({"a": boolean}, open=True),
    "nullable": nullable(one_of("a")),
    "described": described(named("Named", SHAPE), "words", {"name": "abc"}),
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 12) | st.floats(-3, 3, allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "count", "a", "b"]), inner),
    max_leaves=6,
)
NEAR = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["ab", "abc", "A", "toolong", "", None]),
        "count": st.integers(-1, 10) | st.none(),
        "flag": st.booleans() | st.none(),
        "kind": st.sampled_from(["a", "b", "c", None]),
        "a": st.integers() | st.booleans(),
        "b": st.sampled_from(["ab", None, 1]),
    },
)


@pytest.mark.parametrize("name", CHECKS)
@given(value=JSON | NEAR)
def test_check_and_schema_agree(name: str, value: Any) -> None:
    check = CHECKS[name]
    accepted = not list(check(value, "x"))
    valid = jsonschema_rs.Draft202012Validator(check.json_schema()).is_valid(value)
    assert accepted == valid or stricter(value)


def stricter(value: Any) -> bool:
    """JSON Schema takes 1.0 for an integer and knows nothing of what databases cannot store."""
    if isinstance(value, dict):
        return any(stricter(inner) for inner in (*value.values(), *value))
    if isinstance(value, list):
        return any(stricter(inner) for inner in value)
    return isinstance(value, float) or (isinstance(value, str) and "\0" in value)


@pytest.mark.parametrize(
    ("value", "rule", "words"),
    [
        ("x", "wrong_type", "must be an integer, not a string"),
        (True, "wrong_type", "must be an integer, not a boolean"),
        (1.0, "invalid_value", "without a fraction"),
        (10**30, "invalid_value", "must be from 0 to 9"),
        (-1, "invalid_value", "is -1; it must be from 0 to 9"),
    ],
)
def test_what_is_wrong_with_a_number(value: Any, rule: str, words: str) -> None:
    (problem,) = integer(0, 9)(value, "n")
    assert (problem.path, problem.rule) == ("n", rule)
    assert words in problem.message


@pytest.mark.parametrize("value", ["\0", "a\ud800", "\udfff"])
def test_what_no_database_takes_is_refused(value: str) -> None:
    (problem,) = text(10)(value, "t")
    assert "surrogate" in problem.message


def test_null_is_absent_in_what_comes_in_only() -> None:
    assert list(SHAPE({"name": "abc", "count": None}, "")) == []
    assert [p.rule for p in SHAPE({"name": None}, "")] == ["parameter_missing"]
    assert [p.rule for p in reply({"a": integer()})({"a": None}, "")] == ["wrong_type"]


@pytest.mark.parametrize(
    ("schema", "wider"),
    [
        ({}, {}),
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"type": "string", "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "string", "title": "T"}, {"anyOf": [{"type": "string", "title": "T"}, {"type": "null"}]}),
    ],
)
def test_schemas_with_null(schema: dict[str, Any], wider: dict[str, Any]) -> None:
    assert or_null(schema) == wider
