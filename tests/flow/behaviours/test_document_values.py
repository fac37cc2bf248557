"""Values of a document in data_validation: how they are read, when a correction counts, and what proves an age."""

from typing import Any

import pytest

from conversation.flow.behaviours.document_values import report_value
from tests.scores.looks import SPECIMEN, show_document
from tests.scores.score import Score


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("mrz-passport", "mrz-passport"),
        (True, True),
        (None, None),
        ({"latin": {"value": "ERIKSSON"}, "cyrillic": {"value": "ЭРИКССОН"}}, "ERIKSSON"),
        ({"latin": {"value": " "}, "arabic": {"value": "محمد"}}, "محمد"),
        ({"originalString": {"latin": {"value": "ANNA"}}}, "ANNA"),
        (SPECIMEN["dateOfBirth"], "1974-08-12"),
        ({"year": 1974, "month": 8}, "1974-08"),
        ({"year": 1974, "month": 0, "day": 3}, "1974"),
        ({"day": 1, "month": 2}, None),
        ({"year": 1974, "month": 8, "day": 12, "successfullyParsed": False,
          "originalString": {"latin": {"value": "12 AUG 7?"}}}, "12 AUG 7?"),
        ({"country": "utopia"}, None),
        ({"latin": "ERIKSSON"}, None),
        ([1], None),
        (float("nan"), None),
    ],
)  # fmt: skip
def test_one_value_of_a_member(member: Any, value: Any) -> None:
    assert report_value(member) == value


def test_a_report_that_nests_for_ever_says_nothing() -> None:
    endless: dict[str, Any] = {}
    endless["originalString"] = endless
    assert report_value(endless) is None


def checking(field: str, action: str, value: Any, read_back: bool = False, **provided: Any) -> Score:
    """A scan, and a test of a field after it."""
    ways = dict.fromkeys(("scanSuccess", "userCancelled", "scanTimeout"), "check")
    scan = {"scanningMode": "single", "allowedDocumentTypes": ["passport"], "readBack": read_back, "outcomes": ways}
    outcomes = [{"id": name, "targetNodeId": name, "condition": ""} for name in ("yes", "no")]
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "paper"},
        {"id": "paper", "type": "document_scan", **scan},
        {"id": "check", "type": "data_validation", "validation": {"field": field, "action": action, "value": value},
         "outcomes": outcomes},
        {"id": "yes", "type": "end"},
        {"id": "no", "type": "end"},
    ]  # fmt: skip
    score = Score(flow, **provided)
    score.join()
    return score


def passed(score: Score) -> bool:
    report = score.machine.record.node_reports[-1]
    assert report.node_type == "data_validation"
    return bool(report.evidence["passed"])


@pytest.mark.parametrize(
    ("field", "action", "value", "holds"),
    [
        ("lastName", "equals", "ERIKSSON", True),
        ("dateOfBirth", "equals", "1974-08-12", True),
        ("documentNumber", "matches", "^L[0-9]+C3$", True),
        ("mode", "equals", "full-recognition", True),
        ("age", "greater_or_equal", 52, True),
        ("age", "greater_or_equal", 53, False),
        ("documentClassInfo", "exists", None, False),
        ("address", "exists", None, False),
    ],
)
def test_what_an_accepted_document_says(field: str, action: str, value: Any, holds: bool) -> None:
    score = checking(field, action, value)
    show_document(score)
    score.spoken()
    assert passed(score) is holds


@pytest.mark.parametrize("outcome", ["rejected", "timeout"])
def test_what_a_document_says_that_was_not_accepted_counts_for_nothing(outcome: str) -> None:
    score = checking("age", "exists", None)
    show_document(score, outcome, "expired", SPECIMEN)
    score.spoken()
    assert not passed(score)


def test_it_is_told_whether_a_document_proves_the_age() -> None:
    undated = {name: value for name, value in SPECIMEN.items() if name != "dateOfBirth"}
    for report, proof in ((SPECIMEN, "document"), (undated, None)):
        score = checking("age", "greater_or_equal", 18, age=30)
        show_document(score, report=report)
        score.spoken()
        assert passed(score)
        assert score.machine.record.node_reports[-1].evidence.get("provenBy") == proof


def test_nobody_talks_themselves_older_than_their_document() -> None:
    young = SPECIMEN | {"dateOfBirth": {"day": 1, "month": 1, "year": 2011}}
    score = checking("age", "greater_or_equal", 18, age=30)
    show_document(score, report=young)
    score.spoken()
    assert not passed(score)
    corrected = checking("age", "greater_or_equal", 18, read_back=True)
    show_document(corrected, report=young, verifiedFields=[])
    corrected.hear("no, born in 1990")
    corrected.hear("yes")
    assert corrected.machine.record.node_reports[0].members["corrections"]
    assert not passed(corrected), "a correction proves nothing"


@pytest.mark.parametrize(
    ("evidence", "answer", "name"),
    [
        ({"verifiedFields": ["dateOfBirth"]}, "yes", "Anna-Marie"),
        ({"verifiedFields": ["firstName"]}, "yes", "ANNA MARIA"),
        ({}, "yes", "ANNA MARIA"),
        ({"verifiedFields": []}, "stop", "ANNA MARIA"),
    ],
)
def test_a_confirmed_correction_counts_where_no_check_digit_vouches(
    evidence: dict[str, Any], answer: str, name: str
) -> None:
    score = checking("firstName", "equals", name, read_back=True)
    show_document(score, **evidence)
    score.hear("no, it's Anna-Marie")
    score.hear(answer)
    assert passed(score)


def test_what_was_said_comes_before_a_document_for_all_but_the_age() -> None:
    score = checking("lastName", "equals", "Berg", lastName="Berg")
    show_document(score)
    score.spoken()
    assert passed(score)
