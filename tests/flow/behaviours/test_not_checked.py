"""Vision nodes in a version without vision: neutral, at once, and never passed or failed."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow.behaviours.not_checked import NOT_CHECKED, REASON
from tests.scores.flows import fixed
from tests.scores.score import Score

FLOWS: dict[str, list[dict[str, Any]]] = {
    "liveness_detection": fixed(
        "liveness_detection", "livenessDetected", "deepfakeDetected", "noFace", "inconclusive"
    ),
    "face_scan": fixed("face_scan", "passed", "notPassed", "cancelled", "error"),
    "face_compare": fixed("face_compare", "match", "noMatch", "imageUnavailable"),
    "recognition": fixed("recognition", "recognized", "newUser", "noFace"),
    "document_scan": fixed(
        "document_scan", "scanSuccess", "userCancelled", "scanTimeout",
        scanningMode="single", allowedDocumentTypes=["passport"],
    ),
}  # fmt: skip


def test_every_vision_node_has_a_neutral_outcome() -> None:
    assert FLOWS.keys() == NOT_CHECKED.keys()


@pytest.mark.parametrize("node_type", FLOWS)
def test_it_is_left_at_once_and_says_that_nothing_was_checked(node_type: str) -> None:
    score = Score(FLOWS[node_type])
    score.join()
    assert score.machine.finished == c.Finish("complete", "end")
    assert score.said() == []
    report = score.machine.record.node_reports[0]
    assert (report.node_type, report.outcome) == (node_type, NOT_CHECKED[node_type])
    assert report.members["notChecked"] == REASON
    assert "report" not in report.members, "no comparison is claimed"
    assert report.members.get("inconclusiveReason") == ("no_media" if node_type == "liveness_detection" else None)


def test_an_alias_is_reported_as_the_author_spelled_it() -> None:
    score = Score(fixed("face_compare", "match", "noMatch", "error"))
    score.join()
    assert score.outcome() == "error"


def test_a_flow_without_inconclusive_goes_the_way_of_no_face() -> None:
    score = Score(fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace"))
    score.join()
    assert (score.outcome(), score.machine.node_id) == ("inconclusive", "to_noFace")
