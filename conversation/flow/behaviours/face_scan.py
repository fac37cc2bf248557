"""The node face_scan: captures the face and, with a reference, verifies it 1:1 (contract §3.3, §4.4)."""

from typing import Any

from conversation.flow.behaviour import Context, Leave, Step
from conversation.flow.behaviours.looking import CheckVisit, described
from conversation.flow.commands import Command, FaceImage, ScanFace
from conversation.flow.events import Event, FaceScanned
from conversation.flow.nodes import FaceScanNode

_FACES_IN_REFERENCE = "reference_many_faces"


class FaceScanBehaviour(CheckVisit):
    """One visit to a face_scan node."""

    def __init__(self, node: FaceScanNode, context: Context) -> None:
        super().__init__(node, context)
        self._settings = node

    def _ask(self, request_id: str) -> Command:
        node = self._settings
        return ScanFace(
            request_id,
            FaceImage("providedData", node.reference_image_key) if node.reference_image_key else None,
            node.capture_instructions,
            node.require_liveness_challenge,
            node.enable_sound,
            node.enable_haptics,
            self._context.policy.camera_check_seconds,
        )

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        if not isinstance(event, FaceScanned) or not self._awaits(event.request_id):
            return None
        name, reason = self._decide(event)
        evidence = {**event.evidence, **described(event.attributes), "capture": event.outcome}
        if reason:
            evidence["reason"] = reason
        return [self._leave(name, evidence, {"report": self._report(event)})]

    def _decide(self, event: FaceScanned) -> tuple[str, str]:
        """(outcome, why it did not pass). What failed comes before what was not checked; neither passes."""
        if event.outcome == "cancelled":
            return "cancelled", "cancelled"
        if event.outcome != "captured":
            return "error", event.error or event.outcome
        node = self._settings
        challenge = event.challenge_passed if node.require_liveness_challenge else True
        passive = event.passive_passed if node.require_ai_liveness_check else True
        match = self._matches(event) if node.reference_image_key else True
        results = {"liveness_challenge": challenge, "ai_liveness_check": passive, "comparison": match}
        if failed := next((name for name, passed in results.items() if passed is False), ""):
            return "notPassed", f"{failed}_failed"
        if unknown := next((name for name, passed in results.items() if passed is None), ""):
            return "error", event.error or f"{unknown}_not_checked"
        return "passed", ""

    def _matches(self, event: FaceScanned) -> bool | None:
        if event.similarity is None:
            return None
        return event.similarity >= self._settings.similarity_threshold

    def _report(self, event: FaceScanned) -> dict[str, Any]:
        report: dict[str, Any] = {}
        if event.challenge_passed is not None:
            report["livenessChallengePassed"] = event.challenge_passed
        if event.passive_passed is not None:
            report["aiLivenessCheckPassed"] = event.passive_passed
        if self._settings.reference_image_key:
            report["compareFacesReport"] = self._comparison(event)
        return report

    def _comparison(self, event: FaceScanned) -> dict[str, Any]:
        """The reference is the source, what was captured the target."""
        compared = event.similarity is not None
        comparison: dict[str, Any] = {
            "isMatch": self._matches(event) is True,
            "sourceImageFaceFound": compared or event.error == _FACES_IN_REFERENCE,
            "targetImageFaceFound": event.outcome == "captured",
        }
        if event.similarity is not None:
            comparison["similarity"] = round(event.similarity, 4)
        else:
            comparison["error"] = event.error or event.outcome
        return comparison

    def _unanswered(self, reason: str) -> Leave:
        return self._leave("cancelled" if reason == "cancelled" else "error", {"reason": reason}, {"report": {}})
