"""What the nodes that look have in common: the check is asked for, guided, bounded, and broken off.

    LOOKING ──answer──▶ leave
      │ ▲  CheckGuided ──▶ a line ──SpeechEnded──▶ InstructionSaid;  UserSpoke ──▶ PassWords
      │ └──────────────── back: asked for afresh, a few times at most ◀┐
      └──page lost──▶ StopCheck ───────────────────────────────────────┘

Every way out but the answer itself is neutral: nobody is failed by a lost page, a late engine or a closed view.
"""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.behaviours.guide import Guide
from conversation.flow.commands import Command, PassWords, StopCheck
from conversation.flow.events import (
    CheckCancelled,
    CheckGuided,
    Event,
    FaceAttributes,
    SpeechEnded,
    TimePassed,
    UserSpoke,
    UserStarted,
    UserStopped,
)
from conversation.flow.nodes import VisionNode
from conversation.text.acts import Act, acts
from conversation.text.check_lines import CheckLine, check_line
from conversation.text.document_lines import DocumentLine, document_line
from conversation.text.requests import asks_to_cancel

_ANNOUNCEMENTS: Mapping[str, CheckLine] = {
    "liveness_detection": CheckLine.LOOK,
    "age_estimation": CheckLine.LOOK,
    "face_scan": CheckLine.SCAN,
    "recognition": CheckLine.RECOGNISE,
}


def announcement(node_type: str, language: str) -> str:
    """What is said when the flow comes to a node that looks; empty for other nodes."""
    if node_type == "document_scan":
        return document_line(DocumentLine.ANNOUNCE, language)
    line = _ANNOUNCEMENTS.get(node_type)
    return check_line(line, language) if line is not None else ""


def described(attributes: FaceAttributes | None) -> dict[str, Any]:
    """The attributes as evidence; empty when there are none."""
    if attributes is None:
        return {}
    return {
        "attributes": {
            "ageMin": attributes.age_min,
            "ageMax": attributes.age_max,
            "sex": attributes.sex,
            "frames": attributes.frames,
        }
    }


class CheckVisit(Visit):
    """One visit to such a node. A subclass says what to ask for and what follows from the answer."""

    def __init__(self, node: VisionNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._guide = Guide(context)
        self._request = ""
        """Id of the check under way; empty when there is none."""
        self._end: float | None = None
        """When its answer counts as lost."""
        self._starts = 0

    # ---- what a subclass adds

    def _ask(self, request_id: str) -> Command:
        """The command that starts the check."""
        raise NotImplementedError

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        """What follows from an answer to the check under way; None when the event is none."""
        raise NotImplementedError

    def _unanswered(self, reason: str) -> Leave:
        """The neutral way out: ``timeout`` or ``cancelled``."""
        raise NotImplementedError

    @property
    def _limit_seconds(self) -> float:
        """Longest time that the check may take."""
        return self._context.policy.camera_check_seconds

    def _refuses(self, words: str) -> bool:
        """Whether the person does not want to be looked at."""
        return asks_to_cancel(words)

    # ---- doors

    @property
    def deadline(self) -> float | None:
        """When a line counts as spoken, or the answer as lost."""
        return min((moment for moment in (self._guide.deadline, self._end) if moment is not None), default=None)

    def enter(self, now: float) -> list[Step]:
        """Say what is going to happen, and look."""
        return [*self._guide.announce(announcement(self._node.type, self._context.language), now), *self._start(now)]

    def abandon(self) -> list[Step]:
        """Break the check off."""
        return self._stop()

    def pause(self, now: float) -> list[Step]:
        """Nobody is before the camera: break the check off."""
        self._guide.rest()
        return self._stop()

    def resume(self, now: float) -> list[Step]:
        """Look afresh, unless that was done often enough."""
        self._guide.rest()
        if self._starts >= self._context.policy.camera_check_limit:
            return [*self._stop(), self._unanswered("timeout")]
        return [*self._stop(), *self.enter(now)]

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        match event:
            case CheckGuided() if self._awaits(event.request_id):
                return self._guide.guided(event, now)
            case CheckCancelled() if self._awaits(event.request_id):
                return [*self._stop(), self._unanswered("cancelled")]
            case SpeechEnded() if (steps := self._guide.ended(event.utterance_id, now)) is not None:
                return steps
            case UserSpoke() if self._request:
                return self._on_words(event, now)
            case UserStarted() | UserStopped():
                return []
            case TimePassed():
                if self._end is not None and now >= self._end:
                    return [*self._stop(), self._unanswered("timeout")]
                return self._guide.on_time(now)
            case _ if self._request and (answer := self._answered(event, now)) is not None:
                return answer
            case _:
                return [ignored(event, "not awaited while somebody is looked at")]

    # ---- the check

    def _start(self, now: float) -> list[Step]:
        self._starts += 1
        self._request = self._context.next_request()
        self._end = now + self._limit_seconds + self._context.policy.camera_slack_seconds
        return [self._ask(self._request)]

    def _stop(self) -> list[Step]:
        stopped, self._request, self._end = self._request, "", None
        return [StopCheck(stopped)] if stopped else []

    def _awaits(self, request_id: str) -> bool:
        return self._request != "" and request_id == self._request

    def _on_words(self, event: UserSpoke, now: float) -> list[Step]:
        if not event.text.strip():
            return [ignored(event, "nothing was said")]
        if not self._guide.replied_to:
            if self._refuses(event.text):
                return [*self._stop(), self._unanswered("cancelled")]
            if Act.HELP in acts(event.text):
                return self._guide.repeat(now)
        # Typed words prove nothing: lips do not move with them.
        return [ignored(event, "typed during a check")] if event.typed else [PassWords(self._request, event.text)]

    def _leave(self, name: str, evidence: Mapping[str, Any], members: Mapping[str, Any] | None = None) -> Leave:
        key, target = self._node.way(name)
        return Leave(target, key, evidence, members or {})
