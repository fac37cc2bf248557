"""The one place where what a check found becomes an event of the flow, and the evidence that a report shows."""

from dataclasses import dataclass
from typing import Any, Literal

from conversation.flow import events as flow
from vision.liveness.trace import verdict_to_json
from vision.liveness.verdict import Verdict

EndReason = Literal["", "cancelled", "no_media", "provider_error", "timeout"]
ScanOutcome = Literal["captured", "cancelled", "timeout", "no_face", "not_checked", "error"]

PERSON_CHANGED = frozenset({"identity_change", "track_change"})
"""Cues against which a scan is worth nothing: what was captured is not whom the check was about."""

_RESULTS: dict[str, Literal["passed", "failed"]] = {
    "bona_fide": "passed",
    "captured": "passed",
    "attack": "failed",
}


@dataclass(frozen=True, slots=True)
class CheckEnd:
    """How a check ended: with a verdict, or without one."""

    verdict: Verdict | None
    reason: EndReason = ""
    """Why there is no verdict: ``cancelled`` by the person, ``no_media`` (no camera, or it went away),
    ``provider_error`` (the tracker fails), ``timeout``; empty when there is one."""
    frames: int = 0
    """How many were looked at."""

    @property
    def captured(self) -> bool:
        """Whether a scan or portrait has its frames, all of one person."""
        verdict = self.verdict
        return verdict is not None and verdict.outcome == "captured" and not self.person_changed

    @property
    def person_changed(self) -> bool:
        """Whether somebody else came before the camera meanwhile."""
        cues = self.verdict.cues if self.verdict is not None else ()
        return any(cue.name in PERSON_CHANGED and cue.state == "against" for cue in cues)

    @property
    def page_result(self) -> Literal["passed", "failed", "unclear", "stopped"]:
        """The sign that the page shows."""
        if self.verdict is None:
            return "stopped"
        return _RESULTS.get(self.verdict.outcome, "unclear")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of comparing two faces."""

    similarity: float | None
    """None = not compared."""
    error: str
    """Why not, as in ``flow.FaceScanned``; empty = fine."""
    evidence: dict[str, Any]
    found_a: bool = True
    found_b: bool = True


def liveness_judged(
    request_id: str, end: CheckEnd, engines: dict[str, str], attributes: flow.FaceAttributes | None
) -> flow.LivenessJudged:
    """A camera that was there and went away leaves the check open; one that nobody could look through was no check."""
    verdict = end.verdict
    if verdict is not None and verdict.inconclusive_reason == "no_media" and not end.frames:
        return flow.LivenessJudged(request_id, "not_checked", "no_media", _evidence(end, engines))
    if verdict is None:
        open_end: Literal["inconclusive", "not_checked"] = "inconclusive" if end.frames else "not_checked"
        return flow.LivenessJudged(request_id, open_end, end.reason, _evidence(end, engines))
    outcome = "inconclusive" if verdict.outcome == "captured" else verdict.outcome
    evidence = _evidence(end, engines)
    return flow.LivenessJudged(request_id, outcome, verdict.inconclusive_reason, evidence, attributes)


def face_scanned(
    request_id: str,
    end: CheckEnd,
    engines: dict[str, str],
    attributes: flow.FaceAttributes | None,
    comparison: Comparison | None,
) -> flow.FaceScanned:
    """``comparison`` is None when there was no reference to compare with, or nothing was captured."""
    outcome, error = _scan_outcome(end)
    evidence = _evidence(end, engines)
    if comparison is not None:
        error = error or comparison.error
        evidence |= comparison.evidence
    verdict = end.verdict
    return flow.FaceScanned(
        request_id,
        outcome,
        error,
        comparison.similarity if comparison is not None else None,
        verdict.challenge_passed if verdict is not None else None,
        verdict.texture_passed if verdict is not None else None,
        evidence,
        attributes if end.captured else None,
    )


def faces_compared(request_id: str, comparison: Comparison) -> flow.FacesCompared:
    """Of two sources."""
    return flow.FacesCompared(
        request_id,
        comparison.similarity,
        comparison.found_a,
        comparison.found_b,
        comparison.error,
        comparison.evidence,
    )


def _scan_outcome(end: CheckEnd) -> tuple[ScanOutcome, str]:
    """(outcome, why it is not ``captured``)."""
    verdict = end.verdict
    if verdict is None:
        if end.reason in ("cancelled", "timeout"):
            return ("cancelled", "") if end.reason == "cancelled" else ("timeout", "timeout")
        return ("error" if end.frames else "not_checked"), end.reason
    if verdict.outcome == "captured":
        return ("error", "person_changed") if end.person_changed else ("captured", "")
    if verdict.outcome == "no_face":
        return "no_face", "no_face"
    reason = verdict.inconclusive_reason
    outcome: ScanOutcome = "timeout" if reason == "timeout" else "not_checked" if reason == "no_media" else "error"
    return outcome, reason


def _evidence(end: CheckEnd, engines: dict[str, str]) -> dict[str, Any]:
    """Everything that a check says of itself."""
    told = {"frames": end.frames} if end.verdict is None else verdict_to_json(end.verdict)
    return {**told, "engines": engines}
