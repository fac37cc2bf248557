"""Nodes that an older engine did not run: neutral, at once, and never passed or failed."""

from dataclasses import replace
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


def begun_with(engine_version: int, node_type: str) -> Score:
    """A session of an older engine, taken up by this one."""
    score = Score(FLOWS[node_type])
    score.header = replace(score.header, engine_version=engine_version)
    score.machine = score.header.machine()
    score.join()
    return score


def test_every_such_node_has_a_neutral_outcome() -> None:
    assert FLOWS.keys() == NOT_CHECKED.keys()


@pytest.mark.parametrize("node_type", FLOWS)
def test_an_older_session_leaves_it_at_once_and_says_that_nothing_was_checked(node_type: str) -> None:
    score = begun_with(1, node_type)
    assert score.machine.finished == c.Finish("complete", "end")
    assert score.said() == []
    report = score.machine.record.node_reports[0]
    assert (report.node_type, report.outcome) == (node_type, NOT_CHECKED[node_type])
    assert report.members["notChecked"] == REASON
    assert "report" not in report.members, "no comparison is claimed"
    assert report.members.get("inconclusiveReason") == ("no_media" if node_type == "liveness_detection" else None)


def test_documents_are_read_since_the_third_engine() -> None:
    older = begun_with(2, "document_scan")
    assert older.machine.record.node_reports[0].members["notChecked"] == REASON
    assert older.all(c.ScanDocument) == []
    assert begun_with(3, "document_scan").all(c.ScanDocument) != []


@pytest.mark.parametrize("node_type", FLOWS)
def test_a_session_of_today_runs_them_all(node_type: str) -> None:
    score = Score(FLOWS[node_type])
    score.join()
    assert score.machine.finished is None
