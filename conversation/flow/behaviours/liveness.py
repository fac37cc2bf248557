"""The node liveness_detection: is a live person before the camera? (ISO/IEC 30107-3, contract §3.3)"""

from typing import Any

from conversation.flow.behaviour import Leave, Step
from conversation.flow.behaviours.looking import CheckVisit, described
from conversation.flow.commands import CheckLiveness, Command
from conversation.flow.events import Event, LivenessJudged

INCONCLUSIVE_REASONS = frozenset({"no_media", "unusable_media", "unknown_verdict", "timeout", "provider_error"})
"""The contract's words for why there is no verdict."""

_OUTCOMES = {"bona_fide": "livenessDetected", "attack": "deepfakeDetected", "no_face": "noFace"}


class LivenessBehaviour(CheckVisit):
    """One visit to a liveness node."""

    def _ask(self, request_id: str) -> Command:
        return CheckLiveness(request_id, self._context.policy.camera_check_seconds)

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        if not isinstance(event, LivenessJudged) or not self._awaits(event.request_id):
            return None
        evidence = judged(event)
        name = _OUTCOMES.get(event.outcome)
        if name is not None:
            return [self._leave(name, evidence)]
        if (
            event.outcome == "not_checked"
            and event.reason == "no_media"
            and "captureUnavailable" in self._node.outcomes
        ):
            return [self._leave("captureUnavailable", evidence, {"captureStatus": "unavailable"})]
        fallback = "provider_error" if event.outcome == "not_checked" else "unknown_verdict"
        return [self._no_verdict(event.reason if event.reason in INCONCLUSIVE_REASONS else fallback, evidence)]

    def _unanswered(self, reason: str) -> Leave:
        return self._no_verdict("timeout" if reason == "timeout" else "unknown_verdict", {"reason": reason})

    def _no_verdict(self, reason: str, evidence: dict[str, Any]) -> Leave:
        return self._leave("inconclusive", evidence, {"inconclusiveReason": reason})


def judged(event: LivenessJudged) -> dict[str, Any]:
    """The evidence of a check: all that it says of itself, its verdict, its reason, and the person's attributes."""
    reason = {"reason": event.reason} if event.reason else {}
    return {**event.evidence, "verdict": event.outcome, **reason, **described(event.attributes)}
