"""The field_condition node: exact comparisons, first match wins (contract §3.3, check C17)."""

from typing import Any

import pytest

from tests.scores.flows import one_node
from tests.scores.score import Score

PROVIDED = "providedData"


def rule(operator: str, right: Any = None, *, field: str = "field", source: str = PROVIDED, to: str = "yes") -> Any:
    literal = {"type": "literal", "value": right}
    more = {} if right is None else {"right": right if isinstance(right, dict) else literal}
    return {"left": {"source": source, "field": field}, "operator": operator, "outcome": to, **more}


def run(*rules: Any, **data: Any) -> Score:
    score = Score(one_node({"type": "field_condition", "rules": list(rules), "default": "otherwise"}), **data)
    score.join()
    return score


def taken(*rules: Any, **data: Any) -> str:
    return run(*rules, **data).machine.node_id


@pytest.mark.parametrize("have", [1234, "1234", " 1234 ", 1234.0])
@pytest.mark.parametrize("want", [1234, "1234", " 1234 "])
def test_c17_numbers_and_texts_are_equal_when_their_trimmed_texts_are(have: Any, want: Any) -> None:
    assert taken(rule("equals", want), field=have) == "yes"
    assert taken(rule("notEquals", want), field=have) == "otherwise"


@pytest.mark.parametrize(
    ("operator", "have", "want", "holds"),
    [
        ("equals", True, "true", True),
        ("equals", "true", True, True),
        ("equals", "True", True, False),
        ("equals", True, 1, False),
        ("equals", "007", 7, False),
        ("equals", "de", "DE", False),
        ("notEquals", "a", "b", True),
        ("gt", "10", 9, True),
        ("gt", 9, "10", False),
        ("gt", "b", "a", False),
        ("gt", True, 0, False),
        ("lt", -1, "0", True),
        ("gte", "1.50", 1.5, True),
        ("lte", 2, 1, False),
    ],
)
def test_operators(operator: str, have: Any, want: Any, holds: bool) -> None:
    assert taken(rule(operator, want), field=have) == ("yes" if holds else "otherwise")


def test_existence() -> None:
    assert taken(rule("exists"), field="x") == "yes"
    assert taken(rule("exists"), field=" ") == "otherwise"
    assert taken(rule("exists")) == "otherwise"
    assert taken(rule("notExists")) == "yes"
    assert taken(rule("equals", "x")) == "otherwise"
    assert taken(rule("gt", 1)) == "otherwise"


def test_the_first_rule_that_holds_is_taken_and_reported() -> None:
    score = run(rule("equals", 1, to="one"), rule("gt", 1, to="more"), rule("exists", to="any"), field=5)
    report = score.machine.record.node_reports[0]
    assert (report.outcome, dict(report.members)) == ("more", {"matchedRuleIndex": 1})


def test_the_default_has_no_rule_to_report() -> None:
    report = run(rule("equals", 1), field=5).machine.record.node_reports[0]
    assert (report.outcome, dict(report.members)) == ("otherwise", {})


def test_the_right_side_may_be_another_field() -> None:
    other = {"type": "ref", "source": PROVIDED, "field": "limit"}
    assert taken(rule("lte", other), field=3, limit="3") == "yes"
    assert taken(rule("lte", other), field=3) == "otherwise"


def test_extracted_data_is_read_by_the_schema_then_by_its_own_names() -> None:
    flow = one_node(
        {
            "type": "field_condition",
            "rules": [rule("equals", "mia@example.com", field="contactEmail", source="extractedData")],
            "default": "otherwise",
        }
    )
    by_schema = Score(flow, extraction=[{"fieldName": "contactEmail", "type": "string", "description": "e-mail"}])
    by_schema.machine.record.extracted["email"] = "mia@example.com"
    by_schema.join()
    assert by_schema.machine.node_id == "otherwise", "another name is another field"
    named = one_node(
        {
            "type": "field_condition",
            "rules": [rule("equals", "mia@example.com", field="email", source="extractedData")],
            "default": "otherwise",
        }
    )
    by_name = Score(named, email="other@example.com")
    by_name.machine.record.extracted["email"] = "mia@example.com"
    by_name.join()
    assert by_name.machine.node_id == "yes"
