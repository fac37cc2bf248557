"""Comparing collected values: the operators of ``field_condition`` and ``data_validation``. Nothing here raises.

Values are equal when their trimmed texts are: ``1234``, ``"1234"`` and ``" 1234 "`` are the same, and so are ``True``
and ``"true"``. Greater and less are defined for two numbers, written as such or as text; for anything else neither
holds. A missing value (None or blank) equals nothing and has no order.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from conversation.flow.nodes import Scalar
from conversation.text.pattern import PatternError, matches

Value = Scalar | None

_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?")
_COMPARISON = re.compile(
    r"(?P<field>[A-Za-z_][\w.]{0,99})\s*(?P<sign>===?|!==?|>=|<=|>|<)\s*"
    r"(?P<value>[+-]?\d{1,40}(?:\.\d{1,40})?|\"[^\"]*\"|'[^']*'|true|false)"
)
_PRESENCE = re.compile(r"(?P<field>[A-Za-z_][\w.]{0,99}) (?P<test>exists|not exists|does not exist|is missing)")


def present(value: Value) -> bool:
    """Whether there is a value that is not blank."""
    return value is not None and _text(value) != ""


def equal(left: Value, right: Value) -> bool:
    """Whether both are there and the same."""
    return present(left) and present(right) and _text(left) == _text(right)


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as the left number is less, equal or greater; None when they are not two numbers."""
    first, second = _number(left), _number(right)
    return None if first is None or second is None else (first > second) - (first < second)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    number = _number(value) if isinstance(value, int | float) else None
    if number is not None:
        return f"{number.normalize():f}" if number else "0"
    return str(value).strip() if isinstance(value, str | float) else ""


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value)) if -(10**40) < value < 10**40 else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def _is(wanted: tuple[int, ...]) -> Callable[[Value, Value], bool]:
    return lambda left, right: order(left, right) in wanted


def _found(left: Value, right: Value) -> bool:
    try:
        return present(left) and present(right) and matches(_text(right), _text(left))
    except PatternError:
        return False


_TESTS: Mapping[str, Callable[[Value, Value], bool]] = {
    "equals": equal,
    "not_equals": lambda left, right: not equal(left, right),
    "greater_than": _is((1,)),
    "less_than": _is((-1,)),
    "greater_or_equal": _is((0, 1)),
    "less_or_equal": _is((-1, 0)),
    "exists": lambda left, _: present(left),
    "not_exists": lambda left, _: not present(left),
    "contains": lambda left, right: present(left) and present(right) and _text(right) in _text(left),
    "matches": _found,
}
_SAME = {
    "notEquals": "not_equals", "gt": "greater_than", "lt": "less_than", "gte": "greater_or_equal",
    "lte": "less_or_equal", "notExists": "not_exists",
    "==": "equals", "===": "equals", "!=": "not_equals", "!==": "not_equals", ">": "greater_than", "<": "less_than",
    ">=": "greater_or_equal", "<=": "less_or_equal",
}  # fmt: skip


def holds(test: str, left: Value, right: Value = None) -> bool:
    """Whether a test holds, named as an action, an operator or a sign; an unknown one does not.

    ``matches`` takes a pattern of ``conversation.text.pattern``, found anywhere in the text; one that cannot be used
    matches nothing.
    """
    known = _TESTS.get(_SAME.get(test, test))
    return known is not None and known(left, right)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition that can be computed, such as ``age >= 18`` or ``email exists``."""

    field: str
    test: str
    value: Value = None


def parse_comparison(condition: str) -> Comparison | None:
    """Return a condition as a comparison, or None when it is other text.

    Its value is a number, a text in quotation marks, true or false.
    """
    found = _COMPARISON.fullmatch(condition.strip())
    if found:
        value = found["value"]
        return Comparison(found["field"], _SAME[found["sign"]], value[1:-1] if value[0] in "'\"" else value)
    found = _PRESENCE.fullmatch(" ".join(condition.split()))
    if found:
        return Comparison(found["field"], "exists" if found["test"] == "exists" else "not_exists")
    return None


def finite(value: object) -> Value:
    """Return a scalar of JSON as it is, and anything else (also NaN and infinity) as missing."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int) else None
