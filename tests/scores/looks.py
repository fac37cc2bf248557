"""Answers of the session's eyes, played into a score."""

from collections.abc import Mapping
from typing import Any

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.score import Score

YOUNG = e.FaceAttributes(age_min=14, age_max=16, sex="", frames=20)
NEAR = e.FaceAttributes(age_min=16, age_max=21, sex="female", frames=20)
GROWN = e.FaceAttributes(age_min=28, age_max=35, sex="female", frames=20)

CUES: dict[str, Any] = {
    "score": 0.94,
    "reasons": ["pad_challenge"],
    "cues": [
        {"name": "pad_challenge", "state": "supports", "value": 2.0, "reason": "2 of 2 passed"},
        {"name": "pad_texture", "state": "not_checked", "value": None, "reason": "no model"},
    ],
    "challenges": [{"kind": "turn_left", "passed": True, "seconds": 1.8, "value": 24.0}],
    "frames": 90,
    "seconds": 6.2,
    "policy": "1",
}


def guide(score: Score, kind: Any, key: str, phrase: str = "") -> list[c.Command]:
    """A check asks for words."""
    return score.play(e.CheckGuided(score.last(c.CheckLiveness).request_id, kind, key, phrase), after=1.0)


def judge_liveness(
    score: Score,
    outcome: Any,
    reason: str = "",
    attributes: e.FaceAttributes | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> list[c.Command]:
    """A check of the person ends."""
    request = score.last(c.CheckLiveness).request_id
    return score.play(e.LivenessJudged(request, outcome, reason, evidence or {}, attributes), after=8.0)


def scan(
    score: Score,
    outcome: Any = "captured",
    error: str = "",
    similarity: float | None = None,
    challenge: bool | None = None,
    passive: bool | None = None,
    **evidence: Any,
) -> list[c.Command]:
    """A capture ends."""
    request = score.last(c.ScanFace).request_id
    return score.play(e.FaceScanned(request, outcome, error, similarity, challenge, passive, evidence), after=6.0)


def compare(
    score: Score, similarity: float | None, found_a: bool = True, found_b: bool = True, error: str = ""
) -> list[c.Command]:
    """A comparison ends."""
    request = score.last(c.CompareFaces).request_id
    return score.play(e.FacesCompared(request, similarity, found_a, found_b, error), after=0.5)


def identify(score: Score, outcome: Any, reason: str = "", face_id: str = "", **fields: str) -> list[c.Command]:
    """A search ends."""
    request = score.last(c.IdentifyFace).request_id
    return score.play(e.FaceIdentified(request, outcome, reason, face_id, fields, {"candidates": 12}), after=3.0)


def enrol(score: Score, face_id: str = "", duplicate_of: str = "", error: str = "") -> list[c.Command]:
    """An enrolment ends."""
    return score.play(e.FaceEnrolled(score.last(c.EnrolFace).request_id, face_id, duplicate_of, error), after=0.5)


SPECIMEN: dict[str, Any] = {
    "mode": "full-recognition",
    "documentClassInfo": {"type": "passport", "countryName": "Utopia"},
    "firstName": {"latin": {"value": "ANNA MARIA"}},
    "lastName": {"latin": {"value": "ERIKSSON"}},
    "documentNumber": {"latin": {"value": "L898902C3"}},
    "dateOfBirth": {
        "day": 12, "month": 8, "year": 1974, "successfullyParsed": True, "filledByDomainKnowledge": True,
        "originalString": {"latin": {"value": "12 AUG/AOUT 74"}},
    },
    "subResults": [{}],
}  # fmt: skip
"""Report of a passport, as far as a flow reads it (contract §4.5)."""


def show_document(
    score: Score,
    outcome: Any = "read",
    reason: str = "",
    report: Mapping[str, Any] | None = None,
    **evidence: Any,
) -> list[c.Command]:
    """A scan of a document ends."""
    request = score.last(c.ScanDocument).request_id
    shown = SPECIMEN if report is None and outcome == "read" else report or {}
    return score.play(e.DocumentScanned(request, outcome, reason, shown, evidence), after=12.0)
