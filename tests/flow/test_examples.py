"""The example of the nodes that look, walked the good way and the careful one."""

import json
from pathlib import Path
from typing import Any

import pytest

from conversation.flow import events as e
from conversation.flow.commands import AskPermissions
from conversation.flow.schema.check import check_flow
from tests.scores.looks import enrol, identify, judge_liveness, scan
from tests.scores.score import Score

FACE: dict[str, Any] = json.loads((Path(__file__).parents[2] / "examples" / "face.json").read_text(encoding="utf-8"))


def begun() -> Score:
    score = Score(FACE["flow"], **FACE["providedData"])
    score.join()
    score.play(e.PermissionsAnswered(score.last(AskPermissions).request_id, "granted", "granted"))
    score.spoken()
    return score


def test_it_has_no_warnings() -> None:
    check = check_flow(FACE["flow"], provided=tuple(FACE["providedData"]))
    assert (check.problems, check.warnings, check.normalizations) == ((), (), ())


def test_a_new_person_is_verified_and_enrolled() -> None:
    score = begun()
    judge_liveness(score, "inconclusive", "unusable_media")
    score.spoken()
    judge_liveness(score, "bona_fide")
    scan(score, similarity=0.91, challenge=True)
    identify(score, "new")
    score.spoken()
    score.hear("yes")
    enrol(score, face_id="f1")
    score.spoken()
    assert score.machine.node_id == "end"


@pytest.mark.parametrize(
    ("verdict", "reason", "end"),
    [("attack", "", "end_stopped"), ("not_checked", "no_media", "end_open")],
)
def test_nobody_gets_through_without_a_look(verdict: str, reason: str, end: str) -> None:
    score = begun()
    judge_liveness(score, verdict, reason)
    score.spoken()
    assert score.machine.node_id == end


@pytest.mark.parametrize(("similarity", "challenge", "end"), [(0.3, True, "end_stopped"), (0.95, None, "end_open")])
def test_a_wrong_face_stops_and_an_unchecked_one_goes_to_a_person(
    similarity: float, challenge: bool | None, end: str
) -> None:
    score = begun()
    judge_liveness(score, "bona_fide")
    scan(score, similarity=similarity, challenge=challenge)
    score.spoken()
    assert score.machine.node_id == end
