"""What the analysis says of a document: what came of it, and nothing that names its holder."""

from typing import Any

import pytest

from conversation.flow.record import NodeReport
from rtc_server.session.analysis import analyse

REPORT: dict[str, Any] = {
    "documentClassInfo": {"type": "passport", "countryName": "Utopia"},
    "dataMatchResult": {"overallState": "success", "statePerField": []},
    "lastName": {"latin": {"value": "ERIKSSON"}},
    "documentNumber": {"latin": {"value": "L898902C3"}},
}
EVIDENCE: dict[str, Any] = {
    "verdict": "read",
    "machineReadable": "verified",
    "matches": [{"field": "lastName", "state": "success", "values": {"mrz": "ERIKSSON"}}],
    "cues": [{"name": "document_screen", "state": "not_checked", "value": None, "reason": "no model"}],
}


def document(verdict: str, reason: str = "", report: dict[str, Any] | None = None, **more: Any) -> NodeReport:
    evidence = EVIDENCE | {"verdict": verdict, "reason": reason} | more.pop("evidence", {})
    return NodeReport(
        1.0, "paper", "document_scan", "x", evidence, {"report": REPORT if report is None else report} | more
    )


def summary(*reports: NodeReport) -> str:
    found = analyse(reports)
    return "" if found is None else str(found["overallSummary"])


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (document("read"), "A passport of Utopia was read."),
        (document("failed", "expired"), "A passport of Utopia was read and not accepted: it has expired."),
        (document("failed", "new_reason"), "A passport of Utopia was read and not accepted: it may not be taken."),
        (document("unread", "mrz_check_digit", {}), "No document could be read surely."),
        (document("read", report={"documentClassInfo": {"type": "id"}}), "An identity card was read."),
        (document("read", report={}), "A document was read."),
    ],
)
def test_what_came_of_it(report: NodeReport, sentence: str) -> None:
    assert summary(report).startswith(sentence)


@pytest.mark.parametrize("report", [document("not_checked", "no_media", {}), document("unread", "cancelled", {})])
def test_where_nobody_looked_there_is_no_analysis(report: NodeReport) -> None:
    assert analyse([report]) is None


def test_what_stands_behind_it() -> None:
    corrections = [{"field": "lastName", "read": "ERIKSSON", "corrected": "Erikson", "by": "voice"}]
    found = analyse([document("read", corrections=corrections, evidence={"readBack": "confirmed"})])
    assert found is not None
    (section,) = found["analysis"]
    assert section["title"] == "Document"
    told = section["longDescription"]
    for sentence in (
        "Its machine-readable part is whole and its check digits agree.",
        "Its parts agree.",
        "The person confirmed name and date of birth.",
        "Corrected by the person: lastName.",
        "Document shown on a screen – not checked: no model.",
    ):
        assert sentence in told
    assert "realPersonOrVirtual" not in found, "a document says nothing about a living person"


def test_nothing_names_the_holder() -> None:
    corrections = [{"field": "lastName", "read": "ERIKSSON", "corrected": "Erikson", "by": "voice"}]
    found = str(analyse([document("read", corrections=corrections)]))
    assert not any(secret in found for secret in ("ERIKSSON", "Erikson", "L898902C3"))
