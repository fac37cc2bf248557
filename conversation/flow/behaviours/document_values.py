"""Values of a DocumentScanReport, as a flow compares them (contract §4.5).

Its members are objects: a text stands under ``latin.value``, a date as day, month and year beside the original text.
"""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviours.comparison import Value, finite, present
from conversation.flow.record import NodeReport

_ALPHABETS = ("latin", "cyrillic", "greek", "arabic")
_DEEPEST = 4
"""No report nests deeper; a made-up one may."""


def report_value(value: Any, depth: int = 0) -> Value:
    """What one member of a report says: a scalar itself, a date in ISO 8601 (``1974-08`` where there is no day), else
    ``latin.value``, else ``originalString``. None when it says nothing."""
    if not isinstance(value, Mapping):
        return finite(value)
    if depth > _DEEPEST:
        return None
    if date := _iso_date(value):
        return date
    for alphabet in _ALPHABETS:
        part = value.get(alphabet)
        text = finite(part.get("value")) if isinstance(part, Mapping) else None
        if present(text):
            return text
    original = value.get("originalString")
    return report_value(original, depth + 1) if original is not None else None


def document_value(report: NodeReport, field: str, *, corrected: bool = True) -> Value:
    """A field of a document that was accepted, as the person corrected it where ``corrected``; None when there is none.

    A correction counts where the person confirmed it and neither check digit nor bar code vouches for what was read.
    """
    data = report.members.get("report")
    if report.outcome != "scanSuccess" or not isinstance(data, Mapping):
        return None
    sure = field in report.evidence.get("verifiedFields", (field,))
    if corrected and not sure and report.evidence.get("readBack") == "confirmed":
        for correction in report.members.get("corrections", ()):
            if correction["field"] == field:
                return finite(correction["corrected"])
    return report_value(data.get(field))


def _iso_date(value: Mapping[str, Any]) -> str:
    parts = [value.get(name) for name in ("year", "month", "day")]
    if value.get("successfullyParsed") is False or not isinstance(parts[0], int) or not parts[0]:
        return ""
    known = [parts[0]]
    for part in parts[1:]:
        if not isinstance(part, int) or not part:
            break
        known.append(part)
    return "-".join(f"{part:04}" if index == 0 else f"{part:02}" for index, part in enumerate(known))
