"""Nodes that take no time of the person: branches on collected data, and a call to the integrator's server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from conversation.flow.nodes.outcomes import Outcome

Scalar = str | int | float | bool
"""What a field of collected data may hold."""

DataSource = Literal["extractedData", "providedData"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A value to be looked up when the node runs."""

    source: DataSource
    field: str


Operand = Scalar | Reference


@dataclass(frozen=True, slots=True)
class ExternalRequest:
    """A call to the integrator's own server."""

    url: str
    method: Literal["GET", "POST"] = "POST"
    variables: Mapping[str, Operand] = field(default_factory=dict)


Action = Literal[
    "exists", "not_exists", "equals", "not_equals", "matches", "contains",
    "greater_than", "less_than", "greater_or_equal", "less_or_equal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Validation:
    """A test of one field of the collected data."""

    field: str
    action: Action
    value: Scalar | None = None


@dataclass(frozen=True, slots=True)
class DataValidationNode:
    """Branches on collected data; takes no time."""

    type: ClassVar[str] = "data_validation"
    id: str
    validation: Validation
    outcomes: tuple[Outcome, ...]
    """In order; a condition such as ``age >= 18`` is computed, any other text follows the validation's result."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome id, target id) pairs."""
        return tuple((outcome.id, outcome.target) for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class ExternalCallNode:
    """Calls the integrator's server once and goes on, whatever it answers."""

    type: ClassVar[str] = "external_call"
    id: str
    request: ExternalRequest
    target: str

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome key, target id) pairs."""
        return (("outcome", self.target),)


Operator = Literal["equals", "notEquals", "gt", "lt", "gte", "lte", "exists", "notExists"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison and where it leads."""

    left: Reference
    operator: Operator
    right: Operand | None
    """None for ``exists`` and ``notExists``."""
    target: str


@dataclass(frozen=True, slots=True)
class FieldConditionNode:
    """Branches on collected data by rules, the first that holds; takes no time."""

    type: ClassVar[str] = "field_condition"
    id: str
    rules: tuple[Rule, ...]
    default: str
    """Id of the next node when no rule holds."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(``rules[i]`` or ``default``, target id) pairs."""
        return (*((f"rules[{i}]", rule.target) for i, rule in enumerate(self.rules)), ("default", self.default))
