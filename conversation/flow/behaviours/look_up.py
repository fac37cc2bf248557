"""Finding a field among the collected data."""

from collections.abc import Mapping
from datetime import date

from conversation.flow.behaviour import Context
from conversation.flow.behaviours.comparison import Value, finite, present
from conversation.flow.behaviours.document_values import document_value
from conversation.flow.nodes import Operand, Reference
from conversation.text.fields import FieldValue, read_field


def extracted_fields(context: Context) -> dict[str, FieldValue]:
    """The fields of the extraction schema as far as the conversation gives them; None for those that it does not."""
    record = context.record
    return {
        wanted.name: read_field(wanted, record.extracted, record.answers, context.language)
        for wanted in context.extraction
    }


def extracted_value(context: Context, field: str) -> Value:
    """A field that was extracted: by the schema, else under its well-known name, else with a recognised person."""
    wanted = next((wanted for wanted in context.extraction if wanted.name == field), None)
    if wanted is not None:
        value = read_field(wanted, context.record.extracted, context.record.answers, context.language)
        if value is not None:
            return value
    return context.record.extracted.get(field, context.record.recognised.get(field))


def operand_value(context: Context, operand: Operand | None) -> Value:
    """What a literal or a reference stands for; None when there is no such value."""
    if not isinstance(operand, Reference):
        return finite(operand)
    if operand.source == "extractedData":
        return extracted_value(context, operand.field)
    return finite(context.provided.get(operand.field))


def any_value(context: Context, field: str, now: float) -> Value:
    """A field wherever it is: extracted, provided, on a document, of a recognised person (contract §3.3).

    ``age`` is the one that an accepted document proves, where there is one: neither what was said nor a correction of
    the document makes anybody older. Without it, it also follows from any other ``dateOfBirth``.
    """
    if field == "age":
        proven = proven_age(context, now)
        if proven is not None:
            return proven
    value = _given(context, field)
    if present(value) or field != "age":
        return value
    return _age_of(_given(context, "dateOfBirth"), context, now)


def proven_age(context: Context, now: float) -> int | None:
    """Whole years by the date of birth on the last accepted document that has one; None when there is none."""
    return _age_of(_on_document(context, "dateOfBirth", corrected=False), context, now)


def _given(context: Context, field: str) -> Value:
    candidates = [extracted_value(context, field), finite(context.provided.get(field))]
    candidates += [_on_document(context, field), _recognised(context, field)]
    return next((value for value in candidates if present(value)), None)


def _on_document(context: Context, field: str, *, corrected: bool = True) -> Value:
    """From the last document that has it and was accepted."""
    documents = (report for report in reversed(context.record.node_reports) if report.node_type == "document_scan")
    values = (document_value(report, field, corrected=corrected) for report in documents)
    return next((value for value in values if present(value)), None)


def _recognised(context: Context, field: str) -> Value:
    for report in reversed(context.record.node_reports):
        data = report.members.get("report")
        if report.node_type == "recognition" and isinstance(data, Mapping):
            return finite(data.get(field))
    return None


def _age_of(born: Value, context: Context, now: float) -> int | None:
    """Whole years from an ISO 8601 date to today; None for no date, or one that is to come."""
    try:
        birth = date.fromisoformat(born.strip()[:10]) if isinstance(born, str) else None
    except ValueError:
        return None
    if birth is None:
        return None
    day = context.civil_date(now)
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return years if years >= 0 else None
