"""The node age_estimation: a live person whose whole apparent age range lies on one side of the limit.

A face gives a range and never a number. When the limit lies within it, or nobody could look, the node says ``unclear``
and the flow has to ask for a document.
"""

from conversation.flow.behaviour import Context, Leave, Step
from conversation.flow.behaviours.liveness import judged
from conversation.flow.behaviours.looking import CheckVisit
from conversation.flow.commands import CheckLiveness, Command
from conversation.flow.events import Event, LivenessJudged
from conversation.flow.nodes import AgeEstimationNode


class AgeEstimationBehaviour(CheckVisit):
    """One visit to an age_estimation node."""

    def __init__(self, node: AgeEstimationNode, context: Context) -> None:
        super().__init__(node, context)
        self._limit = node.age

    def _ask(self, request_id: str) -> Command:
        return CheckLiveness(request_id, self._context.policy.camera_check_seconds)

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        if not isinstance(event, LivenessJudged) or not self._awaits(event.request_id):
            return None
        name, reason = self._decide(event)
        return [self._leave(name, {**judged(event), "ageLimit": self._limit, "reason": reason})]

    def _decide(self, event: LivenessJudged) -> tuple[str, str]:
        """(outcome, why)."""
        if event.outcome == "attack":
            return "failure", "attack"
        if event.outcome != "bona_fide":
            return "unclear", event.reason or event.outcome
        if event.attributes is None:
            return "unclear", "age_not_checked"
        if event.attributes.age_min >= self._limit:
            return "success", "old_enough"
        if event.attributes.age_max < self._limit:
            return "failure", "too_young"
        return "unclear", "near_limit"

    def _unanswered(self, reason: str) -> Leave:
        return self._leave("unclear", {"ageLimit": self._limit, "reason": reason})
