"""The report that an integrator reads, written from what the flow machine recorded (contract: report, G2)."""

from collections.abc import Sequence
from typing import Any

from conversation.flow.record import Record
from rtc_server.session.latency import TurnLatency


def build_report(record: Record, turns: Sequence[TurnLatency], *, language: str, started_utc_ms: int) -> dict[str, Any]:
    """camelCase JSON, times in Unix milliseconds. ``evidence``, ``flags`` and ``turns`` extend the contract."""

    def moment(at: float) -> int:
        return started_utc_ms + round(at * 1000)

    report: dict[str, Any] = {
        "transcript": [
            {"id": f"p{index}", "createdAt": moment(phrase.at), "text": phrase.text, "isAvatar": phrase.by_avatar}
            | ({"isTyped": True} if phrase.typed else {})
            for index, phrase in enumerate(record.phrases, start=1)
        ],
        "lang": language,
        "nodeReports": [
            {
                "type": node.node_type,
                "nodeId": node.node_id,
                "createdAt": moment(node.at),
                "outcome": node.outcome,
                "evidence": dict(node.evidence),
            }
            for node in record.node_reports
        ],
    }
    if record.extracted:
        report["extractedData"] = dict(record.extracted)
    if record.flags:
        report["flags"] = [
            {"createdAt": moment(at), "nodeId": node_id, "flag": flag} for at, node_id, flag in record.flags
        ]
    if turns:
        report["turns"] = [{"createdAt": moment(turn.at), **turn.to_json()} for turn in turns]
    return report
