"""The report that an integrator reads, written from what the flow machine recorded (contract §4; ``docs/report.md``).

It tells what happened and what follows from it. The browser, its place and kept pictures are added when somebody reads
the session, because they change: links run out, personal data is redacted.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from conversation.flow.commands import Finish
from conversation.flow.journal import Header
from conversation.flow.machine import FlowMachine
from conversation.flow.record import AgentVisit, NodeReport, RecordedPhrase
from rtc_server.session.analysis import analyse
from rtc_server.session.latency import TurnLatency
from rtc_server.session.verdict import judge

Moment = Callable[[float], int]
"""Session clock to Unix milliseconds."""


def build_report(
    machine: FlowMachine, header: Header, turns: Sequence[TurnLatency] = (), finish: Finish | None = None
) -> dict[str, Any]:
    """camelCase JSON, times in Unix milliseconds. ``evidence``, ``flags``, ``turns``, ``verdict`` and ``notChecked``
    extend the contract. ``finish`` is an end that the machine does not know of, such as an error."""
    record = machine.record
    finish = finish or machine.finished

    def moment(at: float) -> int:
        return header.started_utc_ms + round(at * 1000)

    report: dict[str, Any] = {
        "transcript": _transcript(record.phrases, moment),
        "lang": header.language,
        "nodeReports": [_node_report(node, moment) for node in record.node_reports],
    }
    if extracted := machine.extracted_fields() or record.extracted:
        report["extractedData"] = dict(extracted)
    complete = finish is not None and finish.status == "complete"
    report |= judge(complete, record.node_reports, machine.graph.nodes.values()).to_json()
    if analysis := analyse(record.node_reports):
        report["aiAnalysis"] = analysis
    if record.flags:
        report["flags"] = [
            {"createdAt": moment(at), "nodeId": node_id, "flag": flag} for at, node_id, flag in record.flags
        ]
    if record.agents:
        report["agents"] = [_agent(visit, moment) for visit in record.agents]
    if turns:
        report["turns"] = [{"createdAt": moment(turn.at), **turn.to_json()} for turn in turns]
    return report


def _transcript(phrases: Iterable[RecordedPhrase], moment: Moment) -> list[dict[str, Any]]:
    """``id``, ``createdAt``, ``text``, ``isAvatar`` (contract §4.3), and ``isTyped`` or ``isAgent`` where it was."""
    return [
        {"id": f"p{index}", "createdAt": moment(phrase.at), "text": phrase.text, "isAvatar": phrase.by_avatar}
        | ({"isTyped": True} if phrase.typed else {})
        | ({"isAgent": True} if phrase.by_agent else {})
        for index, phrase in enumerate(phrases, start=1)
    ]


def _agent(visit: AgentVisit, moment: Moment) -> dict[str, Any]:
    """Who watched, how many lines they wrote, and from when to when they talked to the person."""

    def ended(at: float | None) -> int | None:
        return moment(at) if at is not None else None

    return {
        "id": visit.agent_id,
        "name": visit.name,
        "joinedAt": moment(visit.came_at),
        "leftAt": ended(visit.went_at),
        "lines": visit.lines,
        "tookOver": [{"from": moment(begin), "to": ended(end)} for begin, end in visit.holds],
    }


def _node_report(node: NodeReport, moment: Moment) -> dict[str, Any]:
    """The contract's members first; nothing that a node adds can replace them (contract §4.4)."""
    common = {
        "type": node.node_type,
        "nodeId": node.node_id,
        "createdAt": moment(node.at),
        "outcome": node.outcome,
    }
    return (
        common
        | {name: value for name, value in node.members.items() if name not in common}
        | {"evidence": dict(node.evidence)}
    )
