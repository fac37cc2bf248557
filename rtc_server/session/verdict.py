"""The verdict over a session: one rule, its reasons, and what was never checked (contract §4.2; ``docs/report.md``).

The contract's newest generation leaves the verdict to the integrator; older readers expect two booleans. Both follow
from the node reports alone, so that everybody can recompute them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from conversation.flow.nodes import Node
from conversation.flow.record import NodeReport

RULE = "all_checks_passed_v3"
"""Name of the rule below; it changes when the rule does.

A session is verified when it is complete, at least one check ran, and of every kind of check that ran the last one
passed and none was failed. An age that stays unclear in the face is made good by a document that tells it, and a
document that may not be taken by a later one that may; only parts of a document that contradict each other last.
"""

PASSED = {
    "liveness_detection": "livenessDetected",
    "face_scan": "passed",
    "face_compare": "match",
    "age_estimation": "success",
    "document_scan": "scanSuccess",
    "two_factor_email": "verified",
    "two_factor_sms": "verified",
}
"""Node types that check something, and the outcome that passes."""

FAILED = frozenset({
    "deepfakeDetected", "deepfaceDetected", "notPassed", "noMatch", "failure", "failed_unverified", "documentRejected",
})  # fmt: skip
"""Outcomes of a check that was made and speaks against the person. Everything else is a check that was not made.

A flow without ``documentRejected`` leaves by ``scanTimeout`` there, and the evidence says that it failed. A wrong code
is made good by a later right one (the person had no access to the mailbox yet), and so is a wrong document; the rest is
not.
"""

_FORGIVEN = frozenset({"failed_unverified"})
_UNFORGIVEN_PROBLEM = "data_mismatch"
"""Of a document: it was made up of parts of several, or altered."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a session proves."""

    is_verified: bool
    liveness_detected: bool
    reasons: tuple[str, ...]
    """Why it is not verified, such as ``live:deepfakeDetected``; empty when it is."""
    not_checked: tuple[dict[str, str], ...]
    """``{nodeId, type, reason}`` of checks of the flow that nobody made."""
    simulated: bool
    """Whether the sandbox decided an outcome, so that this proves nothing about a person."""
    by_agent: bool
    """Whether a support agent decided an outcome, so that this is their judgement in part."""

    def to_json(self) -> dict[str, Any]:
        """The members of the report."""
        report: dict[str, Any] = {
            "isVerified": self.is_verified,
            "livenessDetected": self.liveness_detected,
            "verdict": {"isVerified": self.is_verified, "reasons": list(self.reasons), "rule": RULE},
            "notChecked": [dict(entry) for entry in self.not_checked],
        }
        if self.simulated:
            report["verdict"]["simulated"] = True
        if self.by_agent:
            report["verdict"]["byAgent"] = True
        return report


def judge(complete: bool, reports: Sequence[NodeReport], nodes: Iterable[Node]) -> Verdict:
    """The verdict over a session that has ended; ``nodes`` are all nodes of its flow."""
    checks = [report for report in reports if report.node_type in PASSED]
    reasons = [] if complete else ["session_incomplete"]
    if not checks:
        reasons.append("nothing_checked")
    reasons += _open_checks(reports)
    unsure = [
        {"nodeId": report.node_id, "type": report.node_type, "reason": _why_not_made(report)}
        for report in checks
        if not _passed(report) and not _failed(report)
    ]
    ran = {report.node_id for report in reports}
    unsure += [
        {"nodeId": node.id, "type": node.type, "reason": "not_reached"}
        for node in nodes
        if node.type in PASSED and node.id not in ran
    ]
    return Verdict(
        is_verified=not reasons,
        liveness_detected=any(map(_live, checks)) and not any(map(_attacked, checks)),
        reasons=tuple(reasons),
        not_checked=tuple(unsure),
        simulated=any(report.evidence.get("by") == "sandbox" for report in reports),
        by_agent=any(report.evidence.get("by") == "operator" for report in reports),
    )


def _live(report: NodeReport) -> bool:
    """Whether a check proved a live person; an age is estimated of nobody else."""
    return report.node_type in ("liveness_detection", "age_estimation") and _passed(report)


def _attacked(report: NodeReport) -> bool:
    lost = report.node_type == "liveness_detection" and report.outcome in FAILED
    return lost or report.evidence.get("verdict") == "attack"


def _passed(report: NodeReport) -> bool:
    return PASSED.get(report.node_type) == report.outcome


def _failed(report: NodeReport) -> bool:
    """Whether the check was made and speaks against the person."""
    refused = report.node_type == "document_scan" and report.evidence.get("verdict") == "failed"
    return refused or report.outcome in FAILED


def _lasting(report: NodeReport) -> bool:
    """Whether a failed check stays one, whatever is passed later."""
    if report.node_type == "document_scan":
        return _UNFORGIVEN_PROBLEM in (report.evidence.get("reason"), *report.evidence.get("problems", ()))
    return report.outcome not in _FORGIVEN


def _open_checks(reports: Sequence[NodeReport]) -> list[str]:
    """Checks that speak against the session: failed ones, and those that nothing later made good."""
    reasons = []
    for index, report in enumerate(reports):
        if report.node_type not in PASSED or _passed(report):
            continue
        later = reports[index + 1 :]
        made_good = any(_passed(other) for other in later if other.node_type == report.node_type)
        if report.node_type == "age_estimation":
            made_good = made_good or _age_on_document(later)
        if not made_good or (_failed(report) and _lasting(report)):
            reasons.append(f"{report.node_id}:{report.outcome}")
    return reasons


def _age_on_document(reports: Sequence[NodeReport]) -> bool:
    """Whether a document was read, and after that the age that it proves was tested to be at least something, and was;
    an age that was only said settles nothing."""
    scanned = False
    for report in reports:
        scanned = scanned or (report.node_type == "document_scan" and _passed(report))
        tested = report.evidence.get("field"), report.evidence.get("action")
        if scanned and tested in (("age", "greater_or_equal"), ("age", "greater_than")):
            return report.evidence.get("passed") is True and report.evidence.get("provenBy") == "document"
    return False


def _why_not_made(report: NodeReport) -> str:
    """The machine's own reason where it gave one, else the outcome."""
    return str(report.members.get("inconclusiveReason") or report.evidence.get("reason") or report.outcome)
