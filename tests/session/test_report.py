"""The report: what the contract names, in its words, from what the machine recorded."""

from conversation.flow import events as flow
from conversation.flow.commands import Finish
from conversation.flow.graph import build_graph
from conversation.flow.journal import Header
from conversation.flow.machine import FlowMachine
from conversation.flow.policy import DialoguePolicy
from conversation.flow.record import NodeReport, RecordedPhrase
from rtc_server.session.report import build_report
from tests.scores.flows import name_flow

STARTED_MS = 1_790_000_000_000


def built() -> tuple[FlowMachine, Header]:
    header = Header(name_flow(), {}, "de", DialoguePolicy(), STARTED_MS)
    return FlowMachine(build_graph(header.flow), {}, header.policy, header.language), header


def test_a_report_of_nothing_has_what_readers_count_on() -> None:
    report = build_report(*built())
    assert report == {
        "transcript": [],
        "lang": "de",
        "nodeReports": [],
        "isVerified": False,
        "livenessDetected": False,
        "verdict": {
            "isVerified": False,
            "reasons": ["session_incomplete", "nothing_checked"],
            "rule": "all_checks_passed_v3",
        },
        "notChecked": [],
    }


def test_phrases_have_ids_and_civil_times() -> None:
    machine, header = built()
    machine.record.phrases += [
        RecordedPhrase(1.25, "Hello.", by_avatar=True),
        RecordedPhrase(3.5, "hi", by_avatar=False, typed=True),
    ]
    assert build_report(machine, header)["transcript"] == [
        {"id": "p1", "createdAt": STARTED_MS + 1250, "text": "Hello.", "isAvatar": True},
        {"id": "p2", "createdAt": STARTED_MS + 3500, "text": "hi", "isAvatar": False, "isTyped": True},
    ]


def test_what_a_node_adds_stands_in_its_report_and_replaces_nothing() -> None:
    machine, header = built()
    members = {"report": {"email": "robin@example.org"}, "outcome": "verified!", "type": "x"}
    machine.record.node_reports.append(
        NodeReport(2.0, "mail", "two_factor_email", "verified", {"attempts": 1}, members)
    )
    report = build_report(machine, header, finish=Finish("complete", "end"))
    assert report["nodeReports"] == [
        {
            "type": "two_factor_email",
            "nodeId": "mail",
            "createdAt": STARTED_MS + 2000,
            "outcome": "verified",
            "report": {"email": "robin@example.org"},
            "evidence": {"attempts": 1},
        }
    ]
    assert report["isVerified"] is True


def test_an_analysis_is_there_when_something_was_looked_at() -> None:
    machine, header = built()
    machine.record.node_reports.append(
        NodeReport(2.0, "live", "liveness_detection", "inconclusive", {"verdict": "not_checked", "reason": "no_media"})
    )
    assert "aiAnalysis" not in build_report(machine, header)
    machine.record.node_reports.append(
        NodeReport(9.0, "again", "liveness_detection", "livenessDetected", {"verdict": "bona_fide"})
    )
    report = build_report(machine, header, finish=Finish("complete", "end"))
    assert (report["isVerified"], report["livenessDetected"]) == (True, True)
    assert report["aiAnalysis"]["realPersonOrVirtual"] == "real"


def test_flags_are_for_people_to_look_at() -> None:
    machine, header = built()
    machine.record.flags.append((4.0, "ask", "duress"))
    report = build_report(machine, header)
    assert report["flags"] == [{"createdAt": STARTED_MS + 4000, "nodeId": "ask", "flag": "duress"}]


def test_a_cancelled_session_is_incomplete() -> None:
    machine, header = built()
    machine.receive(flow.Joined(), now=0.0)
    machine.receive(flow.Cancelled("user"), now=1.0)
    assert "session_incomplete" in build_report(machine, header)["verdict"]["reasons"]
