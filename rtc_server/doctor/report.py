"""One finding about this machine, and how findings are written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What a check came to. What could not be looked at is neither good nor bad."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, what came out, and what to do about it."""

    name: str
    outcome: Outcome
    detail: str
    advice: str = ""
    """What to do; empty when there is nothing to do."""


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The findings as JSON-able values; ``ok`` is false when there is a problem."""
    rows = [
        {"name": check.name, "outcome": check.outcome.value, "detail": check.detail, "advice": check.advice}
        for check in checks
    ]
    return {"ok": not has_problem(checks), "checks": rows}


def as_text(checks: Sequence[Check]) -> str:
    """The findings for a person: one line each, the advice below it, and a count at the end."""
    lines: list[str] = []
    for check in checks:
        lines.append(f"{check.outcome.value:<12}{check.name}: {check.detail}")
        if check.advice:
            lines.append(f"{'':12}-> {check.advice}")
    counts = [(sum(check.outcome is outcome for check in checks), outcome.value) for outcome in Outcome]
    lines.append("\n" + ", ".join(f"{count} {name}" for count, name in counts if count))
    return "\n".join(lines)


def has_problem(checks: Sequence[Check]) -> bool:
    """Whether something stands in the way of a session."""
    return any(check.outcome is Outcome.PROBLEM for check in checks)
