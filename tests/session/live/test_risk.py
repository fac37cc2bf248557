"""What deserves a second look."""

from typing import Any

import pytest

from conversation.flow import events as e
from conversation.flow.journal import Step
from conversation.flow.record import NodeReport, Record
from rtc_server.session.live.risk import MISUNDERSTANDINGS, WRONG_CODES, Risk


def told(risk: Risk, *events: e.Event) -> dict[str, Any]:
    for event in events:
        risk.step(Step.of(1.0, event, ()))
    return risk.to_json()


def evaluated(outcome: str | None) -> e.Evaluated:
    return e.Evaluated("r1", outcome, 0.5, "", "test", "model", 1.0)


def judged(outcome: Any, *against: str) -> e.LivenessJudged:
    cues = [{"name": name, "state": "against", "value": None, "reason": ""} for name in against]
    neutral = {"name": "injection_timing", "state": "neutral", "value": None, "reason": ""}
    return e.LivenessJudged("r1", outcome, "", {"cues": [*cues, neutral]})


def test_nothing_is_no_risk() -> None:
    assert told(Risk(Record()), e.Joined(), judged("bona_fide")) == {"level": "none", "reasons": []}


@pytest.mark.parametrize(
    ("event", "reason", "level"),
    [
        (judged("attack"), "liveness_attack", "high"),
        (judged("inconclusive", "injection_camera"), "injection", "high"),
        (judged("inconclusive", "identity_change"), "face_changed", "high"),
        (e.FaceScanned("r1", "error", "person_changed", None, None, None, {}), "face_changed", "high"),
        (e.DocumentScanned("r1", "rejected", "expired", {}, {"cues": []}), "document_rejected", "low"),
    ],
)
def test_what_a_check_found_is_a_reason(event: e.Event, reason: str, level: str) -> None:
    assert told(Risk(Record()), event) == {"level": level, "reasons": [reason]}


def test_wrong_codes_and_misunderstandings_are_counted() -> None:
    wrong = e.CodeChecked("r1", False)
    risk = Risk(Record())
    assert told(risk, *[wrong] * (WRONG_CODES - 1), e.CodeChecked("r1", True))["level"] == "none"
    assert told(risk, wrong) == {"level": "low", "reasons": ["wrong_codes"]}
    risk = Risk(Record())
    assert told(risk, *[evaluated(None)] * (MISUNDERSTANDINGS - 1), evaluated("yes"))["level"] == "none"
    assert told(risk, evaluated(None)) == {"level": "low", "reasons": ["many_misunderstandings"]}


def test_flags_are_read_when_they_are_written_down() -> None:
    record = Record()
    risk = Risk(record)
    record.flags.append((1.0, "ask", "injection"))
    assert told(risk, evaluated("yes")) == {"level": "low", "reasons": ["prompt_injection"]}
    record.flags.append((2.0, "ask", "duress"))
    assert told(risk, evaluated("yes")) == {"level": "high", "reasons": ["prompt_injection", "duress"]}


def test_an_answer_in_doubt_is_shown() -> None:
    record = Record(flags=[(1.0, "ask", "doubt")])
    assert Risk(record).to_json() == {"level": "low", "reasons": ["answer_in_doubt"]}


def test_a_session_that_is_taken_up_again_keeps_its_reasons() -> None:
    cues = [{"name": "track_change", "state": "against"}]
    record = Record(node_reports=[NodeReport(1.0, "live", "liveness_detection", "deepfakeDetected", {"cues": cues})])
    assert set(Risk(record).to_json()["reasons"]) == {"face_changed", "liveness_attack"}
