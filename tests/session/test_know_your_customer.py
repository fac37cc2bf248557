"""The modules of the first contract played together: a live face, a document, and the portrait against the face."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow.schema.modules import compile_modules
from rtc_server.session.verdict import Verdict, judge
from tests.scores.looks import compare, judge_liveness, show_document
from tests.scores.score import Score


def at_the_document() -> Score:
    """A session in which a live person was seen, and a document is asked for."""
    compiled = compile_modules([{"type": "identityVerification"}, {"type": "documentAuthentication"}])
    assert compiled.problems == ()
    score = Score(compiled.nodes)
    score.join()
    go_on(score)
    judge_liveness(score, "bona_fide")
    assert score.machine.node_id == "document_scan"
    return score


def go_on(score: Score) -> None:
    """The avatar finishes what it says, until something else is awaited."""
    while score.machine.finished is None and isinstance(score.commands[-1], c.Say):
        score.spoken()


def scan(score: Score, outcome: str, reason: str = "", **evidence: Any) -> None:
    show_document(score, outcome, reason, **evidence)
    go_on(score)


def verdict(score: Score) -> Verdict:
    finished = score.machine.finished
    assert finished is not None
    nodes = score.machine.graph.nodes.values()
    return judge(finished.status == "complete", score.machine.record.node_reports, nodes)


def test_the_holder_of_a_good_document_is_verified() -> None:
    score = at_the_document()
    scan(score, "read")
    assert score.machine.node_id == "document_face"
    compare(score, 0.93)
    go_on(score)
    assert verdict(score).is_verified


def test_somebody_elses_document_is_not() -> None:
    score = at_the_document()
    scan(score, "read")
    compare(score, 0.12)
    go_on(score)
    assert "contact the company" in score.said()[-1]
    assert verdict(score).reasons == ("document_face:noMatch",)


def test_an_expired_document_is_told_and_a_valid_one_makes_it_good() -> None:
    score = at_the_document()
    scan(score, "rejected", "expired")
    assert "This document has expired." in score.said()
    assert score.machine.node_id == "document_scan_again"
    scan(score, "read")
    compare(score, 0.93)
    go_on(score)
    assert verdict(score).is_verified


def test_a_document_made_up_of_two_stays_a_failure() -> None:
    score = at_the_document()
    scan(score, "rejected", "data_mismatch", problems=["data_mismatch"])
    scan(score, "read")
    compare(score, 0.93)
    go_on(score)
    assert verdict(score).reasons == ("document_scan:documentRejected",)


@pytest.mark.parametrize(("outcome", "reason"), [("timeout", "nothing_readable"), ("not_checked", "no_media")])
def test_a_document_that_nobody_can_read_is_neither_passed_nor_failed(outcome: str, reason: str) -> None:
    score = at_the_document()
    scan(score, outcome, reason)
    assert score.machine.node_id == "document_scan_again"
    scan(score, outcome, reason)
    assert score.machine.node_id == "end"
    found = verdict(score)
    assert not found.is_verified
    assert {"nodeId": "document_scan", "type": "document_scan", "reason": reason} in found.not_checked
