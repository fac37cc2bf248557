"""The analysis of the report: from evidence only, by rules."""

from collections.abc import Sequence
from typing import Any

import pytest

from conversation.flow.record import NodeReport
from rtc_server.session.analysis import analyse, put_into_words
from tests.scores.looks import CUES

ADULT = {"ageMin": 28, "ageMax": 35, "sex": "female", "frames": 20}


def liveness(verdict: str, outcome: str = "x", **evidence: Any) -> NodeReport:
    return NodeReport(1.0, "live", "liveness_detection", outcome, {"verdict": verdict, **evidence})


def scanned(capture: str, similarity: float | None = None, match: bool = False) -> NodeReport:
    compared = {"isMatch": match} | ({"similarity": similarity} if similarity is not None else {"error": "no_model"})
    return NodeReport(2.0, "scan", "face_scan", "x", {"capture": capture}, {"report": {"compareFacesReport": compared}})


def test_a_live_person_that_matches() -> None:
    found = analyse(
        [liveness("bona_fide", "livenessDetected", attributes=ADULT, **CUES), scanned("captured", 0.93, True)]
    )
    assert found is not None
    assert (found["ageMin"], found["ageMax"], found["sex"]) == (28, 35, "female")
    assert found["realPersonOrVirtual"] == "real"
    assert found["overallSummary"] == (
        "A live person was before the camera. The face was captured. The faces match (similarity 0.93). "
        "The face looks 28 to 35 years old and female. Not checked: Skin texture."
    )
    assert [section["title"] for section in found["analysis"]] == ["Liveness", "Face scan", "Age and sex"]
    assert all(set(section) == {"title", "shortDescription", "longDescription"} for section in found["analysis"])
    told = found["analysis"][0]["longDescription"]
    assert "Score 0.94." in told
    assert "Challenges – in favour: 2 of 2 passed." in told
    assert "Skin texture – not checked: no model." in told
    assert "Asked to turn left: done." in told


@pytest.mark.parametrize(
    ("verdicts", "kind"),
    [
        (["bona_fide"], "real"),
        (["inconclusive", "bona_fide"], "real"),
        (["bona_fide", "attack"], "virtual"),
        (["attack", "bona_fide"], "virtual"),
        (["no_face"], "noface"),
        (["no_face", "not_checked"], "noface"),
        (["no_face", "inconclusive"], None),
        (["inconclusive"], None),
    ],
)
def test_real_virtual_or_no_face(verdicts: list[str], kind: str | None) -> None:
    found = analyse([liveness(verdict) for verdict in verdicts])
    assert found is not None
    assert found.get("realPersonOrVirtual") == kind
    assert found["overallSummary"]


@pytest.mark.parametrize(
    "reports",
    [
        [],
        [NodeReport(1.0, "c", "conversation", "x", {"quote": "yes"})],
        [liveness("not_checked", reason="no_media")],
        [NodeReport(1.0, "live", "liveness_detection", "livenessDetected", {"forced": True, "by": "sandbox"})],
        [NodeReport(1.0, "s", "face_scan", "error", {"capture": "not_checked"}, {"report": {}})],
        [NodeReport(1.0, "r", "recognition", "noFace", {"identification": "not_checked"})],
        [NodeReport(1.0, "r", "face_compare", "imageUnavailable", {}, {"report": {"isMatch": False, "error": "x"}})],
        [NodeReport(1.0, "d", "document_scan", "scanTimeout", {"reason": "not_checked"})],
    ],
)
def test_where_nobody_looked_there_is_no_analysis(reports: list[NodeReport]) -> None:
    assert analyse(reports) is None


def test_ages_and_sex_are_left_out_when_they_were_not_estimated() -> None:
    found = analyse([liveness("bona_fide")])
    assert found is not None
    assert found.keys() == {"realPersonOrVirtual", "overallSummary", "analysis"}
    unclear = analyse([liveness("bona_fide", attributes=ADULT | {"sex": ""})])
    assert unclear is not None
    assert "sex" not in unclear
    assert "female" not in str(unclear)


def test_most_frames_know_best() -> None:
    few = ADULT | {"ageMin": 40, "ageMax": 50, "frames": 2}
    found = analyse([liveness("bona_fide", attributes=few), liveness("bona_fide", attributes=ADULT)])
    assert found is not None
    assert found["ageMin"] == 28


def test_what_did_not_match_or_was_not_compared_is_said() -> None:
    wrong = analyse([scanned("captured", 0.21)])
    assert wrong is not None
    assert "The faces do not match (similarity 0.21)." in wrong["overallSummary"]
    unknown = analyse([scanned("captured")])
    assert unknown is not None
    assert "The faces were not compared." in unknown["overallSummary"]
    met = analyse([NodeReport(1.0, "r", "recognition", "recognized", {"identification": "recognized"})])
    assert met is not None
    assert met["overallSummary"] == "The person is one of the enrolled."
    other = analyse(
        [NodeReport(1.0, "c", "face_compare", "match", {}, {"report": {"isMatch": True, "similarity": 0.9}})]
    )
    assert other is not None
    assert other["analysis"][0]["shortDescription"] == "The faces match (similarity 0.90)."


def test_a_cue_of_another_version_keeps_its_name() -> None:
    cue = {"name": "pad_new_sense", "state": "against", "value": 1.0, "reason": "odd"}
    found = analyse([liveness("attack", reason="", cues=[cue])])
    assert found is not None
    assert "pad new sense – against: odd." in found["analysis"][0]["longDescription"]


class Words:
    """Says the same of everything, and remembers the facts."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.facts: list[str] = []

    async def summarize(self, facts: Sequence[str]) -> str:
        self.facts = list(facts)
        return self.words


async def test_a_models_words_come_after_the_rules() -> None:
    found = analyse([liveness("attack", "deepfakeDetected", **CUES)])
    assert found is not None
    model = Words("A friendly person, all is well.")
    worded = await put_into_words(found, model)
    assert worded["overallSummary"].startswith("What the camera showed was no live person.")
    assert worded["overallSummary"].endswith(" A friendly person, all is well.")
    assert worded["realPersonOrVirtual"] == "virtual", "words decide nothing"
    assert worded["summaryWordedBy"] == "model"
    assert model.facts == [section["longDescription"] for section in found["analysis"]]


@pytest.mark.parametrize("summarizer", [None, Words("")])
async def test_without_a_models_words_the_rules_stand_alone(summarizer: Words | None) -> None:
    found = analyse([liveness("bona_fide", "livenessDetected", **CUES)])
    assert found is not None
    assert await put_into_words(found, summarizer) == found
