"""What a report says on paper."""

from typing import Any

import pytest

from rtc_server.insight import pdf_words as say

SIMULATED = {"isVerified": True, "verdict": {"simulated": True}}


@pytest.mark.parametrize(
    ("status", "report", "headline", "kind"),
    [
        ("complete", {"isVerified": True}, "✓ Verified", "good"),
        ("complete", SIMULATED, "✓ Verified (simulated in the sandbox)", "open"),
        ("complete", {"isVerified": False}, "✕ Not verified", "bad"),
        ("incomplete", {"isVerified": False}, "– Not completed", "open"),
    ],
)
def test_the_headline(status: str, report: dict[str, Any], headline: str, kind: str) -> None:
    assert say.verdict_of({"status": status}, report) == (headline, kind)


def test_reasons_are_sentences_and_what_was_not_checked_is_named() -> None:
    report = {
        "verdict": {"reasons": ["a:b:noMatch", "session_incomplete", "nothing_checked"], "byAgent": True},
        "notChecked": [
            {"nodeId": "live", "type": "liveness_detection", "reason": "no_media"},
            {"nodeId": "face", "type": "face_scan", "reason": "not_reached"},
        ],
    }
    assert say.reasons_of({"reason": "time_limit"}, report) == [
        "An agent decided at least one outcome.",
        "Node “a:b” came to “noMatch”.",
        "The session ended before its end: time limit.",
        "Nothing was checked.",
        "Not checked: “live” (liveness detection), because no media.",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"latin": {"value": "MÜLLER"}}, "MÜLLER"),
        ({"year": 1990, "month": 3, "day": 7}, "1990-03-07"),
        ({"originalString": {"latin": {"value": "7 MAR 90"}}, "year": None}, "7 MAR 90"),
        ({"vehicleClass": {"latin": {"value": "B"}}}, "Vehicle class B"),
        ([{"latin": {"value": "B"}}, {"latin": {"value": "A1"}}], "B, A1"),
        (None, ""),
        (True, "yes"),
    ],
)
def test_fields_of_documents(value: Any, text: str) -> None:
    assert say.field_text(value) == text


def test_a_document_lists_values_and_no_technicalities() -> None:
    report = {
        "mode": "full-recognition",
        "documentClassInfo": {"countryName": "Utopia", "type": "id"},
        "firstName": {"latin": {"value": "JÖRG"}},
        "subResults": [{"mrz": {"rawMrzString": "P<UTO"}}],
        "dataMatchResult": {"overallState": "failed"},
    }
    assert say.document_rows(report) == [
        ("Kind", "Utopia id"),
        ("First name", "JÖRG"),
        ("Comparison of its parts", "failed"),
    ]


def test_values_are_one_line_without_control_characters_and_not_endless() -> None:
    assert say.shown("a\nb\x00c\u202ed") == "a b c d"
    assert len(say.shown("x" * 5_000)) == say.MAX_VALUE_CHARACTERS
    assert (say.clock(75.9), say.clock(-3), say.duration(61), say.duration(9)) == ("1:15", "0:00", "1 min 01 s", "9 s")
    assert (say.moment(0), say.moment(None)) == ("1970-01-01 00:00:00 UTC", "")


def test_a_dispute_names_all_three() -> None:
    judgement = {"decision": "approve", "reason": "fine", "decidedAt": 0, "by": "Kim"}
    member = judgement | {
        "decision": "again",
        "by": "Pat",
        "disputed": [judgement, judgement | {"decision": "decline"}],
    }
    lines = list(say.review_lines(member))
    assert lines[0].startswith("To come once more by Pat")
    assert lines[1:] == [
        "Before that: Approved by Kim, 1970-01-01 00:00:00 UTC. “fine”",
        "Before that: Declined by Kim, 1970-01-01 00:00:00 UTC. “fine”",
    ]
