"""What is counted of one session."""

from rtc_server.insight.facts import MAX_NODES, facts_of
from rtc_server.storage.ports import PathNode
from tests.insight.sessions import ended_record, node, report
from tests.storage.records import START_MS


def test_a_verified_session() -> None:
    session = ended_record(
        report=report(
            node("hello", "conversation", "live", 12.5, quote="yes"),
            node("live", "liveness_detection", "livenessDetected", 40.0, verdict="bona_fide"),
            verified=True,
            turns=[{"totalMs": 812.3}, {"totalMs": 640.0}],
        )
    )
    facts = facts_of(session, ("end", "end"))
    assert facts.result == "verified"
    assert facts.path == (
        PathNode("hello", "conversation"),
        PathNode("live", "liveness_detection"),
        PathNode("end", "end"),
    )
    assert facts.node_seconds == (12.5, 27.5)
    assert facts.answer_ms == (812, 640)
    assert facts.liveness == "bona_fide"
    assert (facts.browser, facts.system, facts.mobile, facts.language) == ("Safari", "iOS 17", True, "en")
    assert facts.failures == ()
    assert not facts.attacked
    assert not facts.provider_failed


def test_failures_name_types_of_nodes_because_ids_differ_from_flow_to_flow() -> None:
    session = ended_record(
        report=report(
            node("live", "liveness_detection", "deepfakeDetected", 5, verdict="attack"),
            node("a:b", "two_factor_sms", "failed_unverified", 9),
            verdict={"reasons": ["live:deepfakeDetected", "a:b:failed_unverified"]},
        )
    )
    facts = facts_of(session)
    assert facts.result == "unverified"
    assert facts.failures == ("liveness_detection:deepfakeDetected", "two_factor_sms:failed_unverified")
    assert facts.attacked


def test_a_session_that_was_left_names_where_and_why() -> None:
    left = report(node("hello", "conversation", "live", 5), verdict={"reasons": ["session_incomplete"]})
    facts = facts_of(ended_record(status="incomplete", reason="abandoned", report=left), ("live", "liveness_detection"))
    assert facts.result == "incomplete"
    assert facts.failures == ("ended:abandoned",)
    assert facts.path[-1] == ("live", "liveness_detection")
    assert len(facts.node_seconds) == 1


def test_nothing_checked_is_told_apart_from_something_failed() -> None:
    facts = facts_of(ended_record(report=report(verdict={"reasons": ["nothing_checked"]})))
    assert facts.failures == ("nothing_checked",)


def test_a_session_that_nobody_opened_has_no_language_and_no_path() -> None:
    facts = facts_of(ended_record(status="incomplete", reason="expired", started_at=None, device=None))
    assert (facts.result, facts.language, facts.path, facts.mobile) == ("expired", "", (), None)


def test_an_engine_that_failed_counts_against_the_server_and_not_the_person() -> None:
    unchecked = report(notChecked=[{"nodeId": "live", "type": "liveness_detection", "reason": "provider_error"}])
    assert facts_of(ended_record(report=unchecked)).provider_failed
    assert facts_of(ended_record(status="incomplete", reason="error")).provider_failed
    not_reached = report(notChecked=[{"nodeId": "live", "type": "liveness_detection", "reason": "not_reached"}])
    assert not facts_of(ended_record(report=not_reached)).provider_failed


def test_a_clock_that_went_back_gives_no_negative_times_and_endless_flows_an_end() -> None:
    back = report(node("a", "conversation", "b", 9), node("b", "conversation", "c", 3))
    assert facts_of(ended_record(report=back)).node_seconds == (9.0, 0.0)
    long = report(*(node(f"n{number}", "conversation", "x", number) for number in range(MAX_NODES + 50)))
    assert len(facts_of(ended_record(report=long)).path) == MAX_NODES


def test_unknown_members_of_reports_do_no_harm() -> None:
    odd = {"nodeReports": [{"evidence": None}], "turns": [{}], "verdict": {}}
    facts = facts_of(ended_record(report=odd, started_at=START_MS))
    assert facts.path == (PathNode("", ""),)
    assert facts.answer_ms == ()
