"""The node face_compare: two faces that are at hand, nothing is captured (contract §3.3, §4.4)."""

from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.behaviours.waiting import Waiting
from conversation.flow.commands import CompareFaces, FaceImage, StopCheck
from conversation.flow.events import Event, FacesCompared, TimePassed
from conversation.flow.nodes import FaceCompareNode, FaceSource


class FaceCompareBehaviour(Visit):
    """One visit to a face_compare node."""

    def __init__(self, node: FaceCompareNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._request = ""
        self._waiting: Waiting | None = None

    @property
    def deadline(self) -> float | None:
        """When the courteous line is due, or the answer."""
        return self._waiting.deadline if self._waiting is not None else None

    def enter(self, now: float) -> list[Step]:
        """Compare."""
        seconds = self._context.policy.match_seconds
        self._request = self._context.next_request()
        self._waiting = Waiting(self._context, seconds, now)
        return [CompareFaces(self._request, _image(self._node.source_a), _image(self._node.source_b), seconds)]

    def abandon(self) -> list[Step]:
        """Break it off."""
        stopped, self._request, self._waiting = self._request, "", None
        return [StopCheck(stopped)] if stopped else []

    def pause(self, now: float) -> list[Step]:
        """Nobody is there to go on with."""
        return self.abandon()

    def resume(self, now: float) -> list[Step]:
        """Compare afresh."""
        return [*self.abandon(), *self.enter(now)]

    def receive(self, event: Event, now: float) -> list[Step]:
        """The answer, or its time."""
        match event:
            case FacesCompared() if self._request and event.request_id == self._request:
                return [self._answered(event)]
            case TimePassed() if self._waiting is not None:
                if self._waiting.over(now):
                    return [*self.abandon(), self._leave("imageUnavailable", {"reason": "timeout"})]
                return self._waiting.on_time(now)
            case _:
                return [ignored(event, "a comparison is awaited")]

    def _answered(self, event: FacesCompared) -> Leave:
        threshold = self._node.similarity_threshold
        matches = event.similarity is not None and event.similarity >= threshold
        report: dict[str, Any] = {
            "isMatch": matches,
            "sourceAImageFound": event.found_a,
            "sourceBImageFound": event.found_b,
        }
        evidence = {**event.evidence, "similarityThreshold": threshold}
        if event.similarity is not None:
            report["similarity"] = round(event.similarity, 4)
            return self._leave("match" if matches else "noMatch", evidence, report)
        report["error"] = event.error or "not_compared"
        return self._leave("imageUnavailable", {**evidence, "reason": report["error"]}, report)

    def _leave(self, name: str, evidence: dict[str, Any], report: dict[str, Any] | None = None) -> Leave:
        key, target = self._node.way(name)
        return Leave(target, key, evidence, {"report": report} if report is not None else {})


def _image(source: FaceSource) -> FaceImage:
    return FaceImage(source.source, source.provided_data_key)
