"""The verdict: what verifies, what speaks against it, what was never checked."""

from typing import Any

import pytest

from conversation.flow.nodes import ConversationNode, DocumentScanNode, EndNode, LivenessNode, Node
from conversation.flow.record import NodeReport
from rtc_server.session.verdict import FAILED, PASSED, judge


def ran(*steps: tuple[str, str], **details: Any) -> list[NodeReport]:
    """Reports of nodes n1, n2 … as (type, outcome)."""
    return [
        NodeReport(float(index), f"n{index}", node_type, outcome, **details)
        for index, (node_type, outcome) in enumerate(steps, start=1)
    ]


@pytest.mark.parametrize(("node_type", "outcome"), PASSED.items())
def test_one_passed_check_verifies_a_complete_session(node_type: str, outcome: str) -> None:
    verdict = judge(True, ran(("conversation", "n1"), (node_type, outcome)), [])
    assert verdict.is_verified
    assert verdict.reasons == ()
    assert verdict.not_checked == ()
    assert verdict.liveness_detected == (node_type in ("liveness_detection", "age_estimation"))


def test_nothing_checked_is_nothing_verified() -> None:
    verdict = judge(True, ran(("conversation", "e"), ("enter_email", "emailEntered")), [])
    assert not verdict.is_verified
    assert not verdict.liveness_detected
    assert verdict.reasons == ("nothing_checked",)


def test_an_incomplete_session_is_not_verified() -> None:
    verdict = judge(False, ran(("liveness_detection", "livenessDetected")), [])
    assert not verdict.is_verified
    assert verdict.liveness_detected, "what was seen was seen"
    assert verdict.reasons == ("session_incomplete",)


@pytest.mark.parametrize(
    ("node_type", "outcome"),
    [
        ("liveness_detection", "deepfakeDetected"),
        ("liveness_detection", "deepfaceDetected"),
        ("age_estimation", "failure"),
        ("age_estimation", "unclear"),
        ("face_scan", "cancelled"),
        ("liveness_detection", "noFace"),
        ("liveness_detection", "inconclusive"),
        ("face_scan", "notPassed"),
        ("face_scan", "error"),
        ("face_compare", "noMatch"),
        ("face_compare", "imageUnavailable"),
        ("document_scan", "userCancelled"),
        ("document_scan", "scanTimeout"),
        ("two_factor_email", "failed_unverified"),
        ("two_factor_sms", "delivery_failed"),
    ],
)
def test_a_check_that_did_not_pass_is_a_reason(node_type: str, outcome: str) -> None:
    verdict = judge(True, ran(("two_factor_email", "verified"), (node_type, outcome)), [])
    assert not verdict.is_verified
    assert verdict.reasons == (f"n2:{outcome}",)
    unsure = [entry["nodeId"] for entry in verdict.not_checked]
    assert unsure == ([] if outcome in FAILED else ["n2"]), "not checked is never the same as failed"


@pytest.mark.parametrize(
    ("first", "verified"),
    [
        ("inconclusive", True),
        ("noFace", True),
        ("captureUnavailable", True),
        ("deepfakeDetected", False),
        ("deepfaceDetected", False),
    ],
)
def test_a_later_pass_makes_good_what_was_not_made_but_no_attack(first: str, verified: bool) -> None:
    verdict = judge(True, ran(("liveness_detection", first), ("liveness_detection", "livenessDetected")), [])
    assert verdict.is_verified is verified
    assert verdict.liveness_detected is verified


def test_a_later_failure_is_not_made_good_by_an_earlier_pass() -> None:
    verdict = judge(True, ran(("liveness_detection", "livenessDetected"), ("liveness_detection", "noFace")), [])
    assert not verdict.is_verified


REFUSED = {"verdict": "failed", "reason": "expired", "problems": ["expired"]}
TWO_PERSONS = {"verdict": "failed", "reason": "expired", "problems": ["expired", "data_mismatch"]}
ACCEPTED = NodeReport(9.0, "again", "document_scan", "scanSuccess", {"verdict": "read"})


@pytest.mark.parametrize("outcome", ["documentRejected", "scanTimeout"])
def test_a_document_that_may_not_be_taken_is_a_failed_check_whatever_way_the_flow_has(outcome: str) -> None:
    refused = ran(("document_scan", outcome), evidence=REFUSED)
    verdict = judge(True, [*ran(("liveness_detection", "livenessDetected")), *refused], [])
    assert verdict.reasons == (f"n1:{outcome}",)
    assert verdict.not_checked == (), "it was looked at"


@pytest.mark.parametrize("outcome", ["documentRejected", "scanTimeout"])
def test_another_document_makes_good_a_wrong_one_but_not_one_made_up_of_two(outcome: str) -> None:
    assert judge(True, [*ran(("document_scan", outcome), evidence=REFUSED), ACCEPTED], []).is_verified
    lasting = judge(True, [*ran(("document_scan", outcome), evidence=TWO_PERSONS), ACCEPTED], [])
    assert lasting.reasons == (f"n1:{outcome}",)
    assert not judge(True, [ACCEPTED, *ran(("document_scan", outcome), evidence=REFUSED)], []).is_verified


def test_a_document_that_nobody_could_read_was_not_checked() -> None:
    unread = {"verdict": "unread", "reason": "mrz_check_digit", "problems": ["mrz_check_digit", "data_mismatch"]}
    reports = ran(("document_scan", "scanTimeout"), evidence=unread)
    verdict = judge(True, reports, [])
    assert verdict.reasons == ("n1:scanTimeout",)
    assert verdict.not_checked == ({"nodeId": "n1", "type": "document_scan", "reason": "mrz_check_digit"},)
    assert judge(True, [*reports, ACCEPTED], []).is_verified


def test_a_right_code_makes_good_a_wrong_one() -> None:
    verdict = judge(True, ran(("two_factor_email", "failed_unverified"), ("two_factor_email", "verified")), [])
    assert verdict.is_verified


def test_the_machines_own_reason_is_told() -> None:
    reports = ran(("liveness_detection", "inconclusive"), members={"inconclusiveReason": "no_analysis"})
    (entry,) = judge(True, reports, []).not_checked
    assert entry == {"nodeId": "n1", "type": "liveness_detection", "reason": "no_analysis"}


def test_checks_that_were_not_reached_are_listed_and_do_not_decide() -> None:
    nodes: list[Node] = [
        ConversationNode("c", "Say: hi", ()),
        LivenessNode("n1", {}),
        DocumentScanNode("doc", {}, "automatic", ()),
        EndNode("e"),
    ]
    verdict = judge(True, ran(("liveness_detection", "livenessDetected")), nodes)
    assert verdict.is_verified
    assert verdict.not_checked == ({"nodeId": "doc", "type": "document_scan", "reason": "not_reached"},)


def test_what_the_sandbox_decided_says_so() -> None:
    forced = judge(True, ran(("liveness_detection", "livenessDetected"), evidence={"by": "sandbox"}), [])
    assert forced.is_verified
    assert forced.to_json()["verdict"]["simulated"] is True
    real = judge(True, ran(("liveness_detection", "livenessDetected")), [])
    assert "simulated" not in real.to_json()["verdict"]


def test_both_booleans_are_always_there() -> None:
    report = judge(False, [], []).to_json()
    assert (report["isVerified"], report["livenessDetected"]) == (False, False)
    assert report["verdict"]["reasons"] == ["session_incomplete", "nothing_checked"]
    assert report["verdict"]["rule"]


def aged(passed: bool, action: str = "greater_or_equal", **proof: str) -> NodeReport:
    evidence = {"field": "age", "action": action, "passed": passed, **(proof or {"provenBy": "document"})}
    return NodeReport(9.0, "check", "data_validation", "x", evidence)


SCANNED = NodeReport(8.0, "paper", "document_scan", "scanSuccess")
UNCLEAR = ran(("age_estimation", "unclear"), evidence={"verdict": "bona_fide", "reason": "near_limit"})


@pytest.mark.parametrize(
    ("later", "verified"),
    [
        ([SCANNED, aged(True)], True),
        ([SCANNED, aged(True, "greater_than")], True),
        ([SCANNED, aged(False)], False),
        ([SCANNED, aged(True, provenBy="")], False),  # it was only said
        ([SCANNED, aged(True, "less_than")], False),
        ([SCANNED], False),
        ([aged(True), SCANNED], False),
        ([aged(True)], False),
        (ran(("age_estimation", "success")), True),
    ],
)
def test_a_document_settles_an_unclear_age(later: list[NodeReport], verified: bool) -> None:
    verdict = judge(True, [*UNCLEAR, *later], [])
    assert verdict.is_verified is verified
    assert {"nodeId": "n1", "type": "age_estimation", "reason": "near_limit"} in verdict.not_checked


def test_too_young_is_not_made_good_by_a_document() -> None:
    young = ran(("age_estimation", "failure"))
    assert judge(True, [*young, SCANNED, aged(True)], []).reasons == ("n1:failure",)


def test_an_attack_on_the_age_check_is_no_liveness() -> None:
    reports = ran(("liveness_detection", "livenessDetected"))
    reports += ran(("age_estimation", "failure"), evidence={"verdict": "attack"})
    assert judge(True, reports, []).liveness_detected is False
