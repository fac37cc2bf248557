"""The node recognition: who of the enrolled is this? With ``enroll`` a new person is asked, and kept if they agree.

LOOKING ──recognized, no_face, not_checked──▶ leave
   └──new──▶ CONSENT ──yes──▶ ENROLLING ──FaceEnrolled──▶ newUser
                └── no, silence, no clear answer ──▶ newUser, nothing is kept
"""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, ignored
from conversation.flow.behaviours.asking import Asking
from conversation.flow.behaviours.forms import spoken_prompt
from conversation.flow.behaviours.looking import CheckVisit
from conversation.flow.commands import Command, EnrolFace, IdentifyFace, StopCheck
from conversation.flow.events import Event, FaceEnrolled, FaceIdentified, TimePassed, UserSpoke
from conversation.flow.nodes import RecognitionNode
from conversation.text.check_lines import CheckLine, check_line
from conversation.text.consent import consents
from conversation.text.form_lines import YES_OR_NO

FIELDS = ("name", "email", "phone", "company", "jobTitle")
"""What can be enrolled with a face, and told when it is recognised (contract §3.3)."""


class RecognitionBehaviour(CheckVisit):
    """One visit to a recognition node."""

    def __init__(self, node: RecognitionNode, context: Context) -> None:
        super().__init__(node, context)
        self._settings = node
        self._asking = Asking(context)
        self._consent = ""
        """The question for consent, once it has been asked."""
        self._replies = 0
        self._evidence: dict[str, Any] = {}
        self._enrolment = ""
        """Id of the enrolment under way."""
        self._enrolment_end: float | None = None

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        if self._enrolment_end is not None:
            return self._enrolment_end
        return self._asking.deadline if self._consent else super().deadline

    def _ask(self, request_id: str) -> Command:
        return IdentifyFace(request_id, self._context.policy.camera_check_seconds)

    # ---- doors

    def abandon(self) -> list[Step]:
        """Break off what is under way."""
        stopped, self._enrolment, self._enrolment_end = self._enrolment, "", None
        return [*self._stop(), *([StopCheck(stopped)] if stopped else [])]

    def pause(self, now: float) -> list[Step]:
        """The person is gone. What they agreed to goes on."""
        if not self._consent:
            return super().pause(now)
        self._asking.rest(now)
        return []

    def resume(self, now: float) -> list[Step]:
        """Look afresh, or ask for consent again."""
        if self._enrolment:
            self._enrolment_end = now + self._context.policy.match_seconds
            return []
        return self._asking.repeat(now) if self._consent else super().resume(now)

    def adapt(self, now: float) -> None:
        """Wait for the consent as long as the person wants; a check under way keeps its limit."""
        self._asking.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        if self._enrolment:
            return self._on_enrolling(event, now)
        return self._on_consent(event, now) if self._consent else super().receive(event, now)

    # ---- looking

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        if not isinstance(event, FaceIdentified) or not self._awaits(event.request_id):
            return None
        self._request, self._end = "", None
        self._evidence = {**event.evidence, "identification": event.outcome}
        match event.outcome:
            case "recognized":
                known = {name: value for name in FIELDS if (value := event.fields.get(name, "").strip())}
                self._context.record.recognised.update(known)
                return [self._leave("recognized", {**self._evidence, "faceId": event.face_id}, {"report": known})]
            case "new" if self._settings.enroll:
                self._guide.rest()
                self._consent = spoken_prompt(self._settings.consent_prompt, self._context)
                self._consent = self._consent or check_line(CheckLine.CONSENT, self._context.language)
                return self._asking.ask(self._consent, now, question=self._consent, expects=YES_OR_NO)
            case "new":
                return [self._leave("newUser", self._evidence, {"report": {}})]
            case _:
                return [self._unanswered(event.reason or event.outcome)]

    def _unanswered(self, reason: str) -> Leave:
        return self._leave("noFace", {**self._evidence, "reason": reason})

    # ---- consent

    def _on_consent(self, event: Event, now: float) -> list[Step]:
        if not isinstance(event, UserSpoke):
            steps = self._asking.receive(event, now)
            return [self._new_user("unanswered")] if self._asking.given_up else steps
        if not event.text.strip():
            return [ignored(event, "nothing was said")]
        agreed = consents(event.text)
        if agreed:
            return self._enrol(event.text, now)
        if agreed is False:
            return [self._new_user("refused")]
        self._replies += 1
        if self._replies >= self._context.policy.no_match_limit:
            return [self._new_user("unanswered")]
        return self._asking.repeat(now)

    def _enrol(self, quote: str, now: float) -> list[Step]:
        self._asking.rest(now)
        self._evidence |= {"consent": "given", "quote": quote}
        self._enrolment = self._context.next_request()
        self._enrolment_end = now + self._context.policy.match_seconds
        return [EnrolFace(self._enrolment, _known_fields(self._context), self._consent)]

    def _on_enrolling(self, event: Event, now: float) -> list[Step]:
        match event:
            case FaceEnrolled() if event.request_id == self._enrolment:
                kept = not event.error and not event.duplicate_of
                details: dict[str, Any] = {"enrolled": kept, "faceId": event.face_id} if kept else {"enrolled": False}
                if event.duplicate_of:
                    details |= {"reason": "duplicate", "duplicateOf": event.duplicate_of}
                elif event.error:
                    details["reason"] = event.error
                return [self._leave("newUser", self._evidence | details, {"report": {}})]
            case TimePassed() if self._enrolment_end is not None and now >= self._enrolment_end:
                evidence = {**self._evidence, "enrolled": False, "reason": "timeout"}
                return [*self.abandon(), self._leave("newUser", evidence, {"report": {}})]
            case _:
                return [ignored(event, "an enrolment is awaited")]

    def _new_user(self, consent: str) -> Leave:
        return self._leave("newUser", {**self._evidence, "enrolled": False, "consent": consent}, {"report": {}})


def _known_fields(context: Context) -> Mapping[str, str]:
    """What is known of the person: provided, else verified, else said."""
    record = context.record
    found: dict[str, str] = {}
    for name in FIELDS:
        for source in (context.provided, record.verified_contacts, record.extracted):
            value = source.get(name)
            if isinstance(value, str) and value.strip():
                found[name] = value.strip()
                break
    return found
