"""What is counted of one session, taken from its record when it ends (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rtc_server.storage.ports import Json, PathNode, SessionFacts, SessionRecord, SessionResult

MAX_NODES = 200
"""Nodes of one session that are counted; nobody walks through more."""

MAX_ANSWERS = 200
"""Answers of one session whose time is counted."""

MAX_FAILURES = 8

_LIVENESS_TYPES = ("liveness_detection", "age_estimation")
_NAMES = {"session_incomplete", "nothing_checked"}
"""Reasons of a verdict that name no node."""


def facts_of(session: SessionRecord, last_node: tuple[str, str] = ("", "")) -> SessionFacts:
    """The facts of a session that has ended. ``last_node``: id and type of the node that it entered last."""
    report = session.report
    finished_at = session.finished_at or session.created_at
    device = session.device or {}
    reports = report.get("nodeReports", ())[:MAX_NODES]
    path = [PathNode(str(node.get("nodeId", "")), str(node.get("type", ""))) for node in reports]
    if last_node[0] and (not path or path[-1].node_id != last_node[0]):
        path.append(PathNode(*last_node))
    return SessionFacts(
        session_id=session.id,
        tenant=session.tenant,
        sandbox=session.sandbox,
        finished_at=finished_at,
        result=_result(session),
        reason=session.reason,
        flow_id=session.flow_id,
        started_at=session.started_at,
        language=str(report.get("lang", ""))[:35] if session.started_at else "",
        browser=_text(device, "browser"),
        system=_text(device, "os"),
        mobile=bool(device["isMobile"] or device.get("isTablet")) if "isMobile" in device else None,
        liveness=_liveness(report),
        attacked=any(_evidence(node).get("verdict") == "attack" for node in report.get("nodeReports", ())),
        provider_failed=_provider_failed(session),
        path=tuple(path),
        node_seconds=tuple(_seconds(reports, session.started_at or session.created_at)),
        failures=tuple(dict.fromkeys(_failures(session)))[:MAX_FAILURES],
        answer_ms=tuple(round(turn["totalMs"]) for turn in report.get("turns", ()) if "totalMs" in turn)[:MAX_ANSWERS],
    )


def _result(session: SessionRecord) -> SessionResult:
    if session.status == "complete":
        return "verified" if session.report.get("isVerified") else "unverified"
    return "expired" if session.started_at is None else "incomplete"


def _seconds(reports: Sequence[Json], started_at: int) -> Iterator[float]:
    """From the end of the node before, or from the start, to the end of each."""
    before = started_at
    for report in reports:
        ended = int(report.get("createdAt", before))
        yield round(max(0, ended - before) / 1000, 1)
        before = ended


def _liveness(report: Json) -> str:
    verdicts = [
        str(verdict)
        for node in report.get("nodeReports", ())
        if node.get("type") in _LIVENESS_TYPES and (verdict := _evidence(node).get("verdict"))
    ]
    return verdicts[-1][:32] if verdicts else ""


def _provider_failed(session: SessionRecord) -> bool:
    causes = [entry.get("reason") for entry in session.report.get("notChecked", ())]
    causes += [_evidence(node).get("reason") for node in session.report.get("nodeReports", ())]
    return session.reason == "error" or "provider_error" in causes


def _failures(session: SessionRecord) -> Iterator[str]:
    """Why it is not verified, without ids of nodes, which differ from flow to flow."""
    if session.status != "complete":
        yield f"ended:{session.reason}"
    types = {node.get("nodeId"): node.get("type") for node in session.report.get("nodeReports", ())}
    for reason in session.report.get("verdict", {}).get("reasons", ()):
        if reason in _NAMES:
            continue
        node_id, _, outcome = str(reason).rpartition(":")
        yield f"{types.get(node_id, 'node')}:{outcome}"
    if "nothing_checked" in session.report.get("verdict", {}).get("reasons", ()) and session.status == "complete":
        yield "nothing_checked"


def _evidence(node: Mapping[str, Any]) -> Mapping[str, Any]:
    evidence: Mapping[str, Any] = node.get("evidence") or {}
    return evidence


def _text(device: Json, name: str) -> str:
    value = str(device.get(name, ""))[:100]
    return "" if value == "unknown" else value
