"""Sentences of ``aiAnalysis`` on a document, by rules from its report and evidence. They name nobody: they hold no
name, no number and no date of a document."""

from collections.abc import Iterator, Mapping
from typing import Any

from conversation.flow.record import NodeReport

_KINDS = {
    "passport": "passport",
    "dl": "driving licence",
    "id": "identity card",
    "visa": "visa",
    "residence-permit": "residence permit",
}
_REASONS = {
    "wrong_type": "it is of a kind that was not asked for",
    "unknown_country": "its country is not known",
    "expired": "it has expired",
    "implausible_dates": "its dates do not fit together",
    "data_mismatch": "its parts do not agree",
    "recaptured": "it looks like a picture of a document",
}
_MATCHES = {"success": "agree", "failed": "do not agree"}
_READ_BACK = {
    "confirmed": "The person confirmed name and date of birth.",
    "disputed": "The person did not agree with what was read back.",
    "unanswered": "The person did not answer what was read back.",
}


def document_was_looked_at(report: NodeReport) -> bool:
    """Whether a document was read, or at least looked for in a picture."""
    return report.evidence.get("verdict") in ("read", "failed") or (
        report.evidence.get("verdict") == "unread" and report.evidence.get("reason") != "cancelled"
    )


def document_sentence(report: NodeReport) -> str:
    """What came of a scan, in one sentence."""
    match report.evidence.get("verdict"):
        case "read":
            return f"{_article(_document(report))} was read."
        case "failed":
            reason = _REASONS.get(str(report.evidence.get("reason")), "it may not be taken")
            return f"{_article(_document(report))} was read and not accepted: {reason}."
        case "unread" if document_was_looked_at(report):
            return "No document could be read surely."
        case "unread":
            return "The person did not show a document."
        case _:
            return "Nobody could look at a document."


def document_details(report: NodeReport) -> Iterator[str]:
    """What stands behind it."""
    evidence = report.evidence
    if evidence.get("machineReadable") == "verified":
        yield "Its machine-readable part is whole and its check digits agree."
    elif evidence.get("machineReadable") == "unverified":
        yield "Its machine-readable part could not be verified."
    match_result = _report(report).get("dataMatchResult") or {}
    if match_result.get("overallState") in _MATCHES:
        yield f"Its parts {_MATCHES[match_result['overallState']]}."
    if evidence.get("readBack") in _READ_BACK:
        yield _READ_BACK[evidence["readBack"]]
    if corrections := report.members.get("corrections"):
        yield f"Corrected by the person: {', '.join(correction['field'] for correction in corrections)}."


def _document(report: NodeReport) -> str:
    """Such as ``passport of Utopia``."""
    info: Mapping[str, Any] = _report(report).get("documentClassInfo") or {}
    kind = _KINDS.get(str(info.get("type")), "document")
    country = info.get("countryName")
    return f"{kind} of {country}" if country else kind


def _article(words: str) -> str:
    return f"{'An' if words[0] in 'aeiou' else 'A'} {words}"


def _report(report: NodeReport) -> Mapping[str, Any]:
    found: Mapping[str, Any] = report.members.get("report") or {}
    return found
