"""Which sessions a person shall look at, and why (pure; ``docs/console.md``).

A clear verdict needs nobody. Doubt does: a check that was made and came to no answer, a value that its holder did not
confirm. What concerns people's safety, or what a person decided over the machine's head, is looked at whatever the
verdict says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rtc_server.storage.ports import Json, SessionRecord

CAUSES = (
    "duress",
    "injection",
    "forced_by_agent",
    "doubt",
    "another_person",
    "camera_doubtful",
    "document_unconfirmed",
    "inconclusive",
    "near_limit",
    "not_checked",
)
"""Every cause, the gravest first."""

_FLAGS = ("duress", "injection", "doubt")
_OPERATOR = "operator"
_UNCONFIRMED = ("disputed", "unanswered")
_PERSON_CUES = ("identity_change", "track_change")
_CAMERA_CUES = ("injection_camera", "injection_timing", "injection_repeats")


def review_causes(session: SessionRecord) -> tuple[str, ...]:
    """Why a session that has just ended belongs into the review queue, the gravest first; empty = it does not."""
    found = set(_always(session.report))
    if session.status == "complete" and not session.report.get("isVerified"):
        found |= set(_doubts(session.report))
    return tuple(cause for cause in CAUSES if cause in found)


def _always(report: Json) -> Iterator[str]:
    yield from (flag["flag"] for flag in report.get("flags", ()) if flag.get("flag") in _FLAGS)
    for node in report.get("nodeReports", ()):
        if _evidence(node).get("by") == _OPERATOR:
            yield "forced_by_agent"


def _doubts(report: Json) -> Iterator[str]:
    for node in report.get("nodeReports", ()):
        evidence = _evidence(node)
        if evidence.get("readBack") in _UNCONFIRMED:
            yield "document_unconfirmed"
        if evidence.get("verdict") == "inconclusive" or node.get("outcome") == "inconclusive":
            yield "inconclusive"
        if evidence.get("reason") == "near_limit":
            yield "near_limit"
        against = {cue.get("name") for cue in evidence.get("cues") or () if cue.get("state") == "against"}
        if against & set(_PERSON_CUES):
            yield "another_person"
        if against & set(_CAMERA_CUES):
            yield "camera_doubtful"
    if any(entry.get("reason") != "not_reached" for entry in report.get("notChecked", ())):
        yield "not_checked"


def _evidence(node: Mapping[str, Any]) -> Mapping[str, Any]:
    evidence: Mapping[str, Any] = node.get("evidence") or {}
    return evidence
