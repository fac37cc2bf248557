"""Nodes that nobody runs: neutral, at once, and never passed or failed."""

from dataclasses import replace
from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow.behaviours.not_checked import NEVER_CHECKED, NOT_CHECKED, REASON
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


def begun_before_seeing(node_type: str) -> Score:
    """A session of the first engine, taken up by this one."""
    score = Score(FLOWS[node_type])
    score.header = replace(score.header, engine_version=1)
    score.machine = score.header.machine()
    score.join()
    return score


def test_every_such_node_has_a_neutral_outcome() -> None:
    assert FLOWS.keys() == NOT_CHECKED.keys()


@pytest.mark.parametrize("node_type", FLOWS)
def test_an_older_session_leaves_it_at_once_and_says_that_nothing_was_checked(node_type: str) -> None:
    score = begun_before_seeing(node_type)
    assert score.machine.finished == c.Finish("complete", "end")
    assert score.said() == []
    report = score.machine.record.node_reports[0]
    assert (report.node_type, report.outcome) == (node_type, NOT_CHECKED[node_type])
    assert report.members["notChecked"] == REASON
    assert "report" not in report.members, "no comparison is claimed"
    assert report.members.get("inconclusiveReason") == ("no_media" if node_type == "liveness_detection" else None)


@pytest.mark.parametrize("node_type", FLOWS)
def test_a_session_of_today_skips_only_what_nobody_can_check(node_type: str) -> None:
    score = Score(FLOWS[node_type])
    score.join()
    assert (score.machine.finished is not None) == (node_type in NEVER_CHECKED)
