"""Parsers of the nodes that branch on collected data."""

import re
from typing import Any

from conversation.flow.nodes import (
    Action,
    DataValidationNode,
    FieldConditionNode,
    Node,
    Operator,
    Rule,
    Validation,
)
from conversation.flow.schema.parse_external import read_operand, read_reference
from conversation.flow.schema.parse_outcomes import read_outcome_list
from conversation.flow.schema.reader import ID_LIMIT, Reader
from conversation.text.pattern import PatternError, matches

_ACTION_WORDS: dict[Action, str] = {
    "exists": "is_set present not_empty",
    "not_exists": "missing absent empty is_empty",
    "equals": "equal eq is == =",
    "not_equals": "not_equal neq ne is_not !=",
    "matches": "match regex pattern",
    "contains": "includes",
    "greater_than": "gt >",
    "less_than": "lt <",
    "greater_or_equal": "gte ge greater_than_or_equal greater_than_or_equals greater_or_equals at_least >=",
    "less_or_equal": "lte le less_than_or_equal less_than_or_equals less_or_equals at_most <=",
}
_OPERATOR_WORDS: dict[Operator, str] = {
    "equals": "eq == equal",
    "notEquals": "neq ne != notEqual",
    "gt": "> greaterThan",
    "lt": "< lessThan",
    "gte": ">= greaterOrEqual greaterThanOrEqual",
    "lte": "<= lessOrEqual lessThanOrEqual",
    "exists": "",
    "notExists": "",
}


def _spellings(name: str) -> tuple[str, ...]:
    """A name in snake_case and camelCase, small and large."""
    words = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower().split("_")
    camel = words[0] + "".join(word.title() for word in words[1:])
    snake = "_".join(words)
    return tuple(dict.fromkeys((name, snake, camel, snake.upper())))


ACTIONS: dict[str, Action] = {
    spelling: action
    for action, words in _ACTION_WORDS.items()
    for word in (action, *words.split())
    for spelling in _spellings(word)
}
"""Every spelling of an action of ``data_validation``."""

OPERATORS: dict[str, Operator] = {
    spelling: operator
    for operator, words in _OPERATOR_WORDS.items()
    for word in (operator, *words.split())
    for spelling in _spellings(word)
}
"""Every spelling of an operator of ``field_condition``."""


def parse_data_validation(reader: Reader) -> Node:
    """Node ``data_validation``."""
    inner = reader.inner("validation")
    validation = Validation("", "exists")
    if inner is not None:
        field = inner.text("field", limit=ID_LIMIT)
        action = inner.choice("action", ACTIONS)
        value = inner.scalar("value", required=False)
        needless = action in ("exists", "not_exists")
        if value is None and not needless:
            inner.refuse("value", "required_field", f"'value' is missing: '{action}' compares the field with it")
        if action == "matches" and value is not None:
            _check_pattern(inner, str(value))
        validation = Validation(field, action, None if needless else value)
        reader.kept["validation"] = inner.finish()
    return DataValidationNode(reader.node_id, validation, read_outcome_list(reader))


def parse_field_condition(reader: Reader) -> Node:
    """Node ``field_condition``."""
    rules: list[Rule] = []
    kept: list[dict[str, Any]] = []
    for index, entry in enumerate(reader.entries("rules", "a rule")):
        left = entry.inner("left")
        operator = entry.choice("operator", OPERATORS)
        unary = operator in ("exists", "notExists")
        reference = read_reference(left) if left is not None else None
        if left is not None:
            entry.kept["left"] = left.finish()
        if unary and entry.has("right"):
            entry.refuse("right", "unknown_field", f"'{operator}' compares with nothing; remove 'right'")
            entry.find("right")
        right = None if unary else read_operand(entry, "right")
        target = entry.target("outcome", (f"rules[{index}]",), place=index)
        kept.append(entry.finish())
        if reference is not None:
            rules.append(Rule(reference, operator, right, target))
    if not kept and not reader.has("rules"):
        reader.refuse("rules", "required_field", "'rules' is missing; give at least one rule")
    elif reader.find("rules")[1] == []:
        reader.refuse("rules", "complete_outcomes", "'rules' is empty; give at least one rule")
    reader.kept["rules"] = kept
    return FieldConditionNode(reader.node_id, tuple(rules), reader.target("default"))


def _check_pattern(reader: Reader, pattern: str) -> None:
    try:
        matches(pattern, "")
    except PatternError as error:
        reader.refuse("value", "pattern", f"'value' is a pattern that cannot be used: {error}")
