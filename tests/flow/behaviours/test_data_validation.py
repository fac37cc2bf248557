"""The data_validation node: where a field is found, which tests there are, and which outcome follows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.flow.behaviours.comparison import holds, parse_comparison
from conversation.flow.record import NodeReport
from tests.scores.flows import conversation, one_node
from tests.scores.score import Score


def validation(field: str, action: str, value: Any = None, *conditions: str) -> dict[str, Any]:
    """A node whose outcomes are o0, o1, … and lead to end0, end1, …"""
    texts = conditions or ("the test passed", "it did not")
    return {
        "type": "data_validation",
        "validation": {"field": field, "action": action, **({} if value is None else {"value": value})},
        "outcomes": [{"id": f"o{i}", "targetNodeId": f"end{i}", "condition": text} for i, text in enumerate(texts)],
    }


def taken(node: dict[str, Any], **data: Any) -> str:
    score = Score(one_node(node), **data)
    score.join()
    report = score.machine.record.node_reports[0]
    assert report.outcome == score.machine.node_id, "the report names the node taken"
    return str(report.evidence["outcome"])


@pytest.mark.parametrize(
    ("action", "have", "value", "passes"),
    [
        ("exists", "x", None, True),
        ("exists", "  ", None, False),
        ("exists", False, None, True),
        ("exists", 0, None, True),
        ("not_exists", "x", None, False),
        ("not_exists", "", None, True),
        ("equals", " DE ", "DE", True),
        ("equals", 18, "18", True),
        ("equals", True, "true", True),
        ("not_equals", "DE", "FR", True),
        ("not_equals", "DE", "DE", False),
        ("matches", "mia@example.com", r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", True),
        ("matches", "mia", r"\d", False),
        ("matches", "a" * 60, "(a+)+$x", False),
        ("contains", "Berlin, Germany", "Berlin", True),
        ("contains", "Berlin", "Paris", False),
        ("greater_than", "19", 18, True),
        ("greater_than", 18, "18", False),
        ("greater_than", "many", 18, False),
        ("less_than", 17.5, 18, True),
        ("greater_or_equal", 18, 18, True),
        ("less_or_equal", "18.0", 18, True),
    ],
)
def test_every_action(action: str, have: Any, value: Any, passes: bool) -> None:
    assert taken(validation("field", action, value), field=have) == ("o0" if passes else "o1")


@pytest.mark.parametrize("action", ["exists", "equals", "matches", "contains", "greater_than", "less_or_equal"])
def test_a_missing_field_passes_no_test(action: str) -> None:
    assert taken(validation("field", action, "1")) == "o1"


@pytest.mark.parametrize(
    ("conditions", "age", "outcome"),
    [
        (("age >= 18", "age < 18"), 18, "o0"),
        (("age >= 18", "age < 18"), "17", "o1"),
        (("age < 18", "age >= 18"), 30, "o1"),
        (("country === 'DE'", 'country != "DE"'), 30, "o0"),
        (("email exists", "email does not exist"), 30, "o1"),
        (("false", "true"), 30, "o1"),
        (("age < 18", ""), 30, "o1"),
        (("the user is old enough", "otherwise"), 30, "o0"),
        (("the user is old enough", "otherwise"), 3, "o1"),
        (("the user is old enough", "in between", "otherwise"), 3, "o2"),
        (("age > 100", "age < 10"), 30, "o1"),
    ],
)
def test_conditions_are_computed_where_they_can_be(conditions: tuple[str, ...], age: Any, outcome: str) -> None:
    assert taken(validation("age", "greater_than", 17, *conditions), age=age, country="DE") == outcome


def test_when_nothing_holds_the_last_outcome_is_taken_and_the_evidence_says_so() -> None:
    score = Score(one_node(validation("age", "exists", None, "age > 100", "age < 10")), age=30)
    score.join()
    evidence = score.machine.record.node_reports[0].evidence
    assert evidence["outcome"] == "o1"
    assert evidence["reason"] == "no condition holds; the last outcome was taken"


def test_what_the_person_said_comes_before_what_was_provided() -> None:
    score = Score(one_node(validation("age", "greater_than", 17)), age=12)
    score.machine.record.extracted["age"] = 40
    score.join()
    assert score.machine.node_id == "end0"


@pytest.mark.parametrize(
    ("born", "outcome"),
    [("2008-09-21", "o0"), ("2008-09-22", "o1"), ("1950-01-01", "o0"), ("2030-01-01", "o1"), ("yesterday", "o1")],
)
def test_the_age_follows_from_the_date_of_birth_on_the_day_of_the_session(born: str, outcome: str) -> None:
    # Scores begin on 21 September 2026.
    assert taken(validation("age", "greater_or_equal", 18), dateOfBirth=born) == outcome


def test_documents_and_recognition_are_asked_last() -> None:
    score = Score(one_node(validation("company", "equals", "ACME")))
    reports = score.machine.record.node_reports
    reports.append(NodeReport(0.0, "r", "recognition", "recognized", members={"report": {"company": "ACME"}}))
    score.join()
    assert score.machine.node_id == "end0"


def test_a_chain_of_branches_takes_no_time_and_the_lines_behind_it_are_prepared() -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "hello"},
        conversation("hello", "Say: Hello.", ("go", "check", ""), reply=False),
        {
            "id": "check",
            "type": "data_validation",
            "validation": {"field": "age", "action": "exists"},
            "outcomes": [
                {"id": "a", "targetNodeId": "known", "condition": "true"},
                {"id": "b", "targetNodeId": "unknown", "condition": "false"},
            ],
        },
        conversation("known", "Say: I know your age.", ("go", "end", ""), reply=False),
        conversation("unknown", "Say: I don't know it.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    score = Score(flow, age=3)
    score.join()
    assert score.commands[0].ahead == ("I know your age.", "I don't know it.")  # type: ignore[union-attr]
    score.spoken()
    assert score.said()[-1] == "I know your age."


ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)


@given(st.sampled_from(["equals", "notEquals", "gt", "lte", "exists", "matches", "contains", "?"]), ODD, ODD)
def test_no_value_is_too_odd(test: str, left: Any, right: Any) -> None:
    assert holds(test, left, right) in (True, False)


def test_a_pattern_that_cannot_be_used_matches_nothing() -> None:
    assert not holds("matches", "(", "(")
    assert not holds("matches", "aa", r"(a)\1")


@given(ODD, ODD)
def test_equality_is_symmetric_and_order_is_an_order(left: Any, right: Any) -> None:
    assert holds("equals", left, right) == holds("equals", right, left)
    assert not (holds("gt", left, right) and holds("lt", left, right))
    assert holds("gt", left, right) == holds("lt", right, left)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_a_comparison(text: str) -> None:
    parse_comparison(text)
