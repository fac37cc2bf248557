"""The nodes two_factor_email and two_factor_sms: a one-time code is sent, and given back by voice or by hand.

    CONTACT ──given──▶ SENDING ──CodeSent──▶ ENTERING ──digits──▶ CHECKING ──matches──▶ verified
                          ▲                   │ ▲ └─── expired? ┐     │ wrong: again, or
                          │◀── resend ────────┘ └───────────────┼─────┘ attempts used up ──▶ failed_unverified
                          └◀── yes ── "Shall I send a new one?" ◀┘ ──no, silence──▶ failed_unverified

A code lives on the session's clock, also while the person is away. The machine never knows the right code, and what
the person says of it is kept without its digits. Sends, attempts, replies and waiting are all bounded.
"""

import math
from enum import Enum
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.behaviours.code_form import CodeForm, Wish
from conversation.flow.behaviours.contact_form import ContactForm, ContactKind, normal_contact
from conversation.flow.behaviours.waiting import Waiting
from conversation.flow.commands import CheckCode, SendCode
from conversation.flow.events import CodeChecked, CodeSent, Event, TimePassed
from conversation.flow.nodes import TwoFactorNode
from conversation.flow.policy import DialoguePolicy
from conversation.text.contacts import masked_email, masked_phone
from conversation.text.form_lines import FormLine, form_line

_CHECK_LIMIT = 8
"""Comparisons that get no answer, before the node ends with an error."""


class _Phase(Enum):
    CONTACT = "contact"
    SENDING = "sending"
    ENTERING = "entering"
    CHECKING = "checking"


class TwoFactorBehaviour(Visit):
    """One visit to a two_factor node."""

    def __init__(self, node: TwoFactorNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._kind: ContactKind = "email" if node.channel == "email" else "phone"
        self._contact_form = ContactForm(self._kind, "", context)
        self._form = CodeForm(node.code_length, node.show_ui, context)
        self._phase = _Phase.CONTACT
        self._waiting = Waiting(context, 0.0, 0.0)
        """For the sending or the comparison under way."""
        self._request = ""
        """Its id."""
        self._check: CheckCode | None = None
        self._contact = ""
        self._sent: CodeSent | None = None
        """The code that counts."""
        self._sent_at = 0.0
        self._sends = 0
        self._attempts = 0
        self._lost_checks = 0

    @property
    def _policy(self) -> DialoguePolicy:
        return self._context.policy

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        match self._phase:
            case _Phase.CONTACT:
                return self._contact_form.deadline
            case _Phase.SENDING | _Phase.CHECKING:
                return self._waiting.deadline
            case _Phase.ENTERING if self._form.deadline is not None and not self._form.offering:
                return min(self._expires_at, self._form.deadline)
            case _Phase.ENTERING:
                return self._form.deadline

    # ---- doors

    def enter(self, now: float) -> list[Step]:
        """Send at once when the contact is known; ask for it otherwise."""
        record, kind = self._context.record, self._kind
        for known in (self._context.provided, record.verified_contacts, record.extracted, record.recognised):
            contact = normal_contact(kind, known.get(kind), self._context)
            if contact is not None:
                self._contact = contact
                return self._send(now)
        return self._contact_form.enter(now)

    def written(self, words: str) -> str:
        """Without the digits of a code, once one may have been received."""
        return self._form.written(words) if self._sends else words

    def abandon(self) -> list[Step]:
        """Take the field away."""
        return self._contact_form.abandon() if self._phase is _Phase.CONTACT else self._form.close()

    def pause(self, now: float) -> list[Step]:
        """The person is gone; a code goes on expiring."""
        self._contact_form.pause(now)
        self._form.rest(now)
        return []

    def hold(self, now: float) -> list[Step]:
        """An absence, without the field."""
        return [*self.pause(now), *self.abandon()]

    def resume(self, now: float) -> list[Step]:
        """Show the field again and repeat the question; what was under way has its whole time again."""
        match self._phase:
            case _Phase.CONTACT:
                return self._contact_form.resume(now)
            case _Phase.SENDING:
                self._waiting = Waiting(self._context, self._policy.send_seconds, now)
                return self._show(now) if self._sent is not None else []
            case _Phase.CHECKING:
                self._waiting = Waiting(self._context, self._policy.check_seconds, now)
                return [*self._show(now), *([self._check] if self._check is not None else [])]
            case _Phase.ENTERING if self._expired(now):
                return [*self._show(now), *self._on_expiry(now)]
            case _Phase.ENTERING:
                return [*self._show(now), *self._form.repeat(now)]

    def adapt(self, now: float) -> None:
        """Wait afresh, for as long as the person wants; a code that is on its way or there lives longer, too."""
        self._contact_form.adapt(now)
        self._form.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        match self._phase:
            case _Phase.CONTACT:
                return self._on_contact(event, now)
            case _Phase.ENTERING:
                return self._on_entering(event, now)
            case _:
                return self._on_waiting(event, now)

    def _on_waiting(self, event: Event, now: float) -> list[Step]:
        """While a code is being sent or compared."""
        match event:
            case CodeSent() if event.request_id == self._request and self._phase is _Phase.SENDING:
                return self._on_failure(event.failure, now) if event.failure else self._on_sent(event, now)
            case CodeChecked() if event.request_id == self._request and self._phase is _Phase.CHECKING:
                return self._on_checked(event, now)
            case TimePassed() if not self._waiting.over(now):
                return self._waiting.on_time(now)
            case TimePassed():
                return self._on_failure("unavailable", now) if self._phase is _Phase.SENDING else self._on_lost(now)
            case _ if self._form.cancels(event):
                return self._leave("cancelled")
            case _:
                return [ignored(event, f"not awaited while {self._phase.value}")]

    # ---- the contact

    def _on_contact(self, event: Event, now: float) -> list[Step]:
        steps = self._contact_form.receive(event, now)
        match self._contact_form.ended:
            case "":
                return steps
            case "given":
                self._contact = self._contact_form.value
                self._context.record.extracted[self._kind] = self._contact
                return [*steps, *self._send(now)]
            case "cancelled":
                return [*steps, *self._leave("cancelled")]
            case reason:
                return [*steps, *self._leave("failed_unverified", reason)]

    # ---- sending

    def _send(self, now: float) -> list[Step]:
        self._phase = _Phase.SENDING
        self._form.rest(now)
        self._sends += 1
        self._request = self._context.next_request()
        self._waiting = Waiting(self._context, self._policy.send_seconds, now)
        node, name = self._node, self._context.variables.get("name")
        return [
            SendCode(
                self._request,
                node.channel,
                self._contact,
                node.code_length,
                node.expiry_seconds * self._context.code_life,
                node.template,
                name if isinstance(name, str) else "",
            )
        ]

    def _on_sent(self, event: CodeSent, now: float) -> list[Step]:
        self._sent, self._sent_at = event, now
        self._phase = _Phase.ENTERING
        if self._kind == "email":
            line, place = FormLine.CODE_SENT_EMAIL, self._contact.rpartition("@")[2]
        else:
            line, place = FormLine.CODE_SENT_PHONE, " ".join(self._contact[-2:])
        return [*self._show(now), *self._say(line, now, length=self._node.code_length, place=place)]

    def _on_failure(self, failure: str, now: float) -> list[Step]:
        if failure == "not_configured":
            return self._leave("error", failure)
        if self._sent is None or self._expired(now):
            return self._leave("delivery_failed", failure)
        self._phase = _Phase.ENTERING
        return [*self._form.refuse("not_sent"), *self._say(FormLine.RESEND_FAILED, now)]

    def _resend(self, now: float) -> list[Step]:
        wait = self._resend_in(now)
        if self._sends >= self._policy.send_limit:
            return self._say(FormLine.RESEND_USED_UP, now)
        if wait > 0 and not self._expired(now):
            return self._say(FormLine.RESEND_LATER, now, seconds=math.ceil(wait))
        return self._send(now)

    def _resend_in(self, now: float) -> float:
        return max(0.0, round(self._sent_at + self._node.resend_after_seconds - now, 3))

    # ---- entering

    def _on_entering(self, event: Event, now: float) -> list[Step]:
        if isinstance(event, TimePassed) and self._expired(now) and not self._form.offering:
            return self._on_expiry(now)
        wish, steps = self._form.receive(event, now, self._attempts_left)
        match wish:
            case Wish.NONE:
                return steps
            case Wish.COMPARE:
                return self._on_expiry(now) if self._expired(now) else self._compare(now)
            case Wish.RESEND | Wish.ACCEPT:
                return self._resend(now)
            case Wish.CANCEL:
                return self._leave("cancelled")
            case Wish.DECLINE:
                return self._leave("failed_unverified", "expired")
            case _:
                return self._leave("failed_unverified", "expired" if self._expired(now) else wish.value)

    @property
    def _expires_at(self) -> float:
        return self._sent_at + self._node.expiry_seconds * self._context.code_life

    def _expired(self, now: float) -> bool:
        return now >= self._expires_at

    def _on_expiry(self, now: float) -> list[Step]:
        if self._sends >= self._policy.send_limit:
            return self._leave("failed_unverified", "expired")
        return [*self._form.refuse("expired_code", self._attempts_left), *self._form.offer(now)]

    def _show(self, now: float) -> list[Step]:
        masked = masked_email(self._contact) if self._kind == "email" else masked_phone(self._contact)
        return self._form.show(masked, self._resend_in(now) if self._sends < self._policy.send_limit else None)

    def _say(self, line: FormLine, now: float, **values: object) -> list[Step]:
        return self._form.ask(form_line(line, self._context.language, **values), now)

    # ---- checking

    def _compare(self, now: float) -> list[Step]:
        if self._sent is None:
            return self._leave("error", "no code was sent")
        self._phase = _Phase.CHECKING
        self._form.rest(now)
        self._request = self._context.next_request()
        self._waiting = Waiting(self._context, self._policy.check_seconds, now)
        self._check = CheckCode(self._request, self._sent.request_id, self._sent.digest, self._form.candidate)
        return [self._check]

    def _on_checked(self, event: CodeChecked, now: float) -> list[Step]:
        self._check = None
        if event.matches:
            self._context.record.verified_contacts[self._kind] = self._contact
            return self._leave("verified")
        self._attempts += 1
        left = self._attempts_left
        if left <= 0:
            return self._leave("failed_unverified", "attempts")
        self._phase = _Phase.ENTERING
        line = FormLine.WRONG_CODE_LAST_TRY if left == 1 else FormLine.WRONG_CODE
        return [*self._form.refuse("wrong_code", left), *self._say(line, now, left=left)]

    def _on_lost(self, now: float) -> list[Step]:
        """No answer to a comparison: it costs no attempt."""
        self._check, self._phase = None, _Phase.ENTERING
        self._lost_checks += 1
        return self._leave("error", "no comparison") if self._lost_checks >= _CHECK_LIMIT else self._form.repeat(now)

    @property
    def _attempts_left(self) -> int:
        return self._node.max_attempts - self._attempts

    # ---- the end

    def _leave(self, name: str, reason: str = "") -> list[Step]:
        key, target = self._node.way(name)
        evidence: dict[str, Any] = {"channel": self._node.channel, "sends": self._sends, "attempts": self._attempts}
        if reason:
            evidence["reason"] = reason
        member = "email" if self._kind == "email" else "phoneNumber"
        members = {"report": {member: self._contact} if self._contact else {}}
        return [*self._form.close(), Leave(target, key, evidence, members)]
