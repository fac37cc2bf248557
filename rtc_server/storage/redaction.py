"""What stays of a session when its personal data is erased. Everything that is not named here goes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rtc_server.storage.ports import Json, SessionRecord

REFERENCE_PREFIX = "sha256:"

_SETTINGS = ("zone", "avatarId", "langs", "defaultLang", "flowId", "flowNormalizations")
_REPORT = ("lang", "isVerified", "livenessDetected", "verdict", "notChecked")
_NODE_REPORT = ("type", "nodeId", "createdAt", "outcome", "matchedRuleIndex", "inconclusiveReason")
_EVIDENCE = (
    *("outcome", "confidence", "evaluator", "milliseconds", "forced", "by", "reason"),
    *("channel", "sends", "attempts", "status", "calls", "action", "passed", "provenBy"),
    *("verdict", "capture", "identification", "score", "reasons", "cues", "challenges", "frames", "seconds", "policy"),
    *("engines", "attributes", "similarity", "similarityThreshold", "margin", "ageLimit", "enrolled", "consent"),
    *("machineReadable", "complete", "sides", "problems"),
)
_REVIEW = ("decision", "decidedAt", "by")


def redacted_reference(reference: str) -> str:
    """``sha256:`` and the hash of a client reference, so that whoever knows the reference can still find the session.

    It is a pseudonym: references that can be guessed can be found out by trying. An empty one stays empty.
    """
    if not reference or reference.startswith(REFERENCE_PREFIX):
        return reference
    return REFERENCE_PREFIX + hashlib.sha256(reference.encode("utf-8", "surrogatepass")).hexdigest()


def report_sha256(report: Json) -> str:
    """Hash of a report: SHA-256 of its JSON with sorted keys, no spaces and ``\\u`` escapes, in hexadecimal."""
    text = json.dumps(report, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def redacted_fields(session: SessionRecord) -> Json:
    """The changes that leave ids, times, status, reason, node types and outcomes, and nothing personal."""
    return {
        "settings": _only(session.settings, _SETTINGS),
        "flow": [_only(node, ("id", "type")) for node in session.flow],
        "client_reference_id": redacted_reference(session.client_reference_id),
        "report": redacted_report(session.report),
        "device": None,
        "location": None,
    }


def redacted_report(report: Json) -> Json:
    """Outcomes and the verdict, and what a reviewer decided, without what was said, read, shown or written."""
    review = {"review": _only(report["review"], _REVIEW)} if "review" in report else {}
    return (
        _only(report, _REPORT)
        | review
        | {
            "transcript": [],
            "nodeReports": [_only(node, _NODE_REPORT) for node in report.get("nodeReports", ())],
        }
    )


def unquoted_report(report: Json) -> Json:
    """The report without what was said: no transcript, and no quotes beside the outcomes."""
    nodes = [
        node | ({"evidence": _only(node["evidence"], _EVIDENCE)} if isinstance(node.get("evidence"), dict) else {})
        for node in report.get("nodeReports", ())
    ]
    return report | {"transcript": [], "nodeReports": nodes}


def _only(members: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    return {name: members[name] for name in names if name in members}
