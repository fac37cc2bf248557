"""Nothing of a person's contact passes the mask; what explains an outcome does."""

import json
import time
from typing import Any

import pytest

from rtc_server.staff.masking import HIDDEN, mask_reference, mask_report, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to mia.lopez+x@example.org, please.", "Write to •••, please."),
        ("It is mia dot lopez at example dot org", "It is •••"),
        ("my number is +49 (170) 123-4567", "my number is •••"),
        ("my number is 0170 1234567 ok", "my number is ••• ok"),
        ("born 12.03.1987", "born •••"),
        ("passport L01X00T47, right", "passport •••, right"),
        ("the card X1234567A", "the card •••"),
        ("zero one seven zero, five five", "•••"),
        ("It is one two double three", "It is •••"),
        ("the code is 4 8 2 9 1 7", "the code is •••"),
        ("the code is 482917.", "the code is •••."),
    ],
)
def test_contacts_and_numbers_are_hidden(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Hello Robin, shall we begin?",
        "I am 34 years old and have 2 children",
        "one or two of them, at home",
        "It costs 1200 euros",
        "covid-19 was in 2020",
        "meet me at noon",
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("unit", ["a", "a-", "1a", "a dot ", "a at ", "one ", "1 ", "(", "@", "a@", " ", "+1(", "at "])
def test_text_that_is_made_to_be_slow_is_masked_at_once(unit: str) -> None:
    started_at = time.perf_counter()
    mask_text(unit * (20_000 // len(unit)))
    assert time.perf_counter() - started_at < 0.5


def test_values_that_are_known_are_hidden_wherever_they_were_said() -> None:
    assert mask_text("I am Mia LOPEZ, not Lopezino", ["Mia Lopez", "Lopez", "Mi"]) == "I am •••, not Lopezino"
    assert mask_text("call A.B (x)", ["A.B (x)"]) == "call A.B (x)".replace("A.B (x)", HIDDEN)


def test_references() -> None:
    assert mask_reference("customer-17") == HIDDEN
    assert mask_reference("") == ""


REPORT: dict[str, Any] = {
    "lang": "en",
    "transcript": [
        {"id": "p1", "createdAt": 5, "text": "I am Maria Lopez, maria@example.org", "isAvatar": False},
    ],
    "nodeReports": [
        {
            "type": "two_factor_email",
            "nodeId": "mail",
            "createdAt": 6,
            "outcome": "verified",
            "report": {"email": "maria@example.org"},
            "evidence": {"attempts": 1, "quote": "it is maria@example.org"},
        },
        {
            "type": "document_scan",
            "nodeId": "doc",
            "createdAt": 7,
            "outcome": "success",
            "report": {
                "firstName": "Maria",
                "documentNumber": "L01X00T47",
                "age": 34,
                "isExpired": False,
                "sides": [{"x": "secret"}],
            },
            "corrections": [{"field": "lastName", "read": "L0pez", "corrected": "Lopez", "by": "voice"}],
            "evidence": {"verdict": "read", "problems": [], "candidates": ["Maria Lopez"]},
        },
        {
            "type": "face_compare",
            "nodeId": "face",
            "createdAt": 8,
            "outcome": "match",
            "report": {"isMatch": True, "similarity": 0.91},
            "evidence": {},
        },
    ],
    "extractedData": {"name": "Maria Lopez", "agreed": True, "amount": None},
    "isVerified": True,
    "livenessDetected": False,
    "verdict": {"isVerified": True, "reasons": [], "rule": "all_checks_passed_v3"},
    "notChecked": [{"nodeId": "live", "type": "liveness_detection", "reason": "no_media"}],
    "aiAnalysis": {"overallSummary": "A document of Maria Lopez was read.", "ageMin": 28},
    "device": {"browser": "Safari", "isMobile": True},
    "location": {"city": "Lisbon"},
    "something": {"new": "private"},
}


def test_a_report_keeps_outcomes_and_loses_values() -> None:
    masked = mask_report(REPORT)
    text = json.dumps(masked, ensure_ascii=False)
    for word in ("Maria", "Lopez", "L0pez", "@", "L01X00T47", "34", "secret", "Lisbon", "private"):
        assert word not in text, word
    mail, document, face = masked["nodeReports"]
    assert (mail["outcome"], mail["report"], mail["evidence"]["attempts"]) == ("verified", {"email": HIDDEN}, 1)
    assert document["report"]["isExpired"] is False
    assert document["evidence"] == {"verdict": "read", "problems": [], "candidates": [HIDDEN]}
    assert face["report"] == {"isMatch": True, "similarity": 0.91}
    assert masked["extractedData"] == {"name": HIDDEN, "agreed": True, "amount": None}
    for kept in ("lang", "isVerified", "verdict", "notChecked", "device"):
        assert masked[kept] == REPORT[kept]
    assert masked["transcript"][0]["text"] == f"I am {HIDDEN}, {HIDDEN}"
    assert masked["aiAnalysis"]["ageMin"] == 28


def test_the_report_itself_is_left_alone() -> None:
    before = json.dumps(REPORT)
    mask_report(REPORT)
    assert json.dumps(REPORT) == before


def test_an_empty_report_stays_empty() -> None:
    assert mask_report({"transcript": [], "lang": "en", "nodeReports": []}) == {
        "transcript": [],
        "lang": "en",
        "nodeReports": [],
    }
