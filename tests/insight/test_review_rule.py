"""Which sessions a person shall look at."""

from typing import Any

import pytest

from rtc_server.insight.review_rule import CAUSES, review_causes
from tests.insight.sessions import ended_record, node, report


def causes(*nodes: dict[str, Any], status: str = "complete", **members: Any) -> tuple[str, ...]:
    return review_causes(ended_record(status=status, report=report(*nodes, **members)))


def test_a_verified_session_needs_nobody() -> None:
    assert causes(node("live", "liveness_detection", "livenessDetected", 3, verdict="bona_fide"), verified=True) == ()


def test_a_clear_attack_needs_nobody() -> None:
    assert causes(node("live", "liveness_detection", "deepfakeDetected", 3, verdict="attack")) == ()


def test_somebody_who_left_needs_nobody() -> None:
    unsure = node("live", "liveness_detection", "inconclusive", 3, verdict="inconclusive")
    assert causes(unsure, status="incomplete") == ()


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        ({"verdict": "inconclusive"}, "inconclusive"),
        ({"reason": "near_limit"}, "near_limit"),
        ({"readBack": "disputed"}, "document_unconfirmed"),
        ({"readBack": "unanswered"}, "document_unconfirmed"),
        ({"cues": [{"name": "identity_change", "state": "against"}]}, "another_person"),
        ({"cues": [{"name": "injection_camera", "state": "against"}]}, "camera_doubtful"),
    ],
)
def test_doubt_brings_an_unverified_session_into_the_queue(evidence: dict[str, Any], cause: str) -> None:
    doubtful = node("n", "document_scan", "scanTimeout", 3, **evidence)
    assert causes(doubtful) == (cause,)
    assert causes(doubtful, verified=True) == ()


def test_cues_that_say_nothing_are_no_doubt() -> None:
    silent = node("n", "face_scan", "notPassed", 3, cues=[{"name": "identity_change", "state": "not_checked"}])
    assert causes(silent) == ()


def test_a_check_that_nobody_made_is_looked_at_unless_it_was_never_reached() -> None:
    made = {"nodeId": "live", "type": "liveness_detection", "reason": "no_media"}
    assert causes(notChecked=[made]) == ("not_checked",)
    assert causes(notChecked=[made | {"reason": "not_reached"}]) == ()


@pytest.mark.parametrize("flag", ["duress", "injection", "doubt"])
@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("status", ["complete", "incomplete"])
def test_flags_are_always_looked_at(flag: str, verified: bool, status: str) -> None:
    assert causes(flags=[{"flag": flag}], verified=verified, status=status) == (flag,)


def test_what_an_agent_forced_is_looked_at_and_what_the_sandbox_forced_is_not() -> None:
    assert causes(node("n", "face_scan", "passed", 3, forced=True, by="operator"), verified=True) == (
        "forced_by_agent",
    )
    assert causes(node("n", "face_scan", "passed", 3, forced=True, by="sandbox"), verified=True) == ()


def test_causes_come_in_order_of_gravity_and_once() -> None:
    unsure = node("live", "liveness_detection", "inconclusive", 3, verdict="inconclusive")
    found = causes(unsure, unsure, flags=[{"flag": "duress"}, {"flag": "duress"}], notChecked=[{"reason": "timeout"}])
    assert found == ("duress", "inconclusive", "not_checked")
    assert set(found) <= set(CAUSES)
