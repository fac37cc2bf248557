"""The nodes two_factor_email and two_factor_sms: a one-time code is sent, and given back by voice or by hand.

    CONTACT ──given──▶ SENDING ──CodeSent──▶ ENTERING ──digits──▶ CHECKING ──matches──▶ verified
                          ▲                   ▲ │ └────── wrong ◀────┘ │ attempts used up ──▶ failed_unverified
                          └── again, or yes ──┴─┴── expired: OFFERING ──no, or silence──▶ failed_unverified

A code lives on the session's clock, also while the person is away. The machine never knows the right code, and what
the person says of it is kept without its digits.
"""

import math
from enum import Enum
from typing import Any

from conversation.flow.asking import Asking
from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.commands import AskInput, CheckCode, CloseInput, OfferTyping, RefuseInput, SendCode
from conversation.flow.contact_form import ContactForm, ContactKind, normal_contact
from conversation.flow.events import (
    CodeChecked,
    CodeSent,
    Event,
    InputCancelled,
    InputGiven,
    ResendRequested,
    TimePassed,
    UserSpoke,
)
from conversation.flow.nodes import TwoFactorNode
from conversation.flow.waiting import Waiting
from conversation.text.acts import Act, acts
from conversation.text.contacts import masked_email, masked_phone
from conversation.text.digits import digits
from conversation.text.form_lines import FormLine, form_line
from conversation.text.requests import asks_to_cancel, asks_to_resend
from conversation.text.spoken_code import code_in, without_digits

_FEWEST_DIGITS = 2
"""Fewer digits in a reply are not taken for a part of the code."""


class _Phase(Enum):
    CONTACT = "contact"
    SENDING = "sending"
    ENTERING = "entering"
    CHECKING = "checking"
    OFFERING = "offering"


class TwoFactorBehaviour(Visit):
    """One visit to a two_factor node."""

    def __init__(self, node: TwoFactorNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._policy = context.policy
        self._kind: ContactKind = "email" if node.channel == "email" else "phone"
        self._phase = _Phase.CONTACT
        self._form: ContactForm | None = None
        self._waiting: Waiting | None = None
        self._asking = Asking(context)
        self._contact = ""
        self._field = context.next_request()
        """Id of the field for the code."""
        self._field_shown = False
        self._sent: CodeSent | None = None
        """The code that counts."""
        self._sent_at = 0.0
        self._request = ""
        """Id of the sending or the check under way."""
        self._check: CheckCode | None = None
        self._part = ""
        """Digits of a turn that was too short to be the whole code."""
        self._sends = 0
        self._attempts = 0
        self._exchanges = 0

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        match self._phase:
            case _Phase.CONTACT:
                return self._form.deadline if self._form is not None else None
            case _Phase.SENDING | _Phase.CHECKING:
                return self._waiting.deadline if self._waiting is not None else None
            case _Phase.ENTERING:
                due = [self._expires_at, *([self._asking.deadline] if self._asking.deadline is not None else [])]
                return min(due)
            case _Phase.OFFERING:
                return self._asking.deadline

    # ---- doors

    def enter(self, now: float) -> list[Step]:
        """Send at once when the contact is known; ask for it otherwise."""
        self._contact = self._known_contact()
        if self._contact:
            return self._send(now)
        self._form = ContactForm(self._kind, "", self._context)
        return self._form.enter(now)

    def written(self, words: str) -> str:
        """Without the digits of a code, once one may have been received."""
        language = self._context.language
        if self._sends and len(self._part + digits(words, language)) >= _FEWEST_DIGITS:
            return without_digits(words, language)
        return words

    def pause(self, now: float) -> None:
        """The person is gone; a code goes on expiring."""
        self._asking.rest(now)
        if self._form is not None:
            self._form.pause(now)

    def resume(self, now: float) -> list[Step]:
        """Show the field again and repeat the question; what was under way has its whole time again."""
        match self._phase:
            case _Phase.CONTACT:
                return self._form.resume(now) if self._form is not None else []
            case _Phase.SENDING:
                self._waiting = Waiting(self._context, self._policy.send_seconds, now)
                return self._show(now) if self._sent is not None else []
            case _Phase.CHECKING:
                self._waiting = Waiting(self._context, self._policy.check_seconds, now)
                return [*self._show(now), *([self._check] if self._check is not None else [])]
            case _Phase.ENTERING if now < self._expires_at:
                return [*self._show(now), *self._asking.repeat(now)]
            case _:
                return [*self._show(now), *self._expire(now)]

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        if self._phase is _Phase.CONTACT:
            return self._on_contact(event, now)
        match event:
            case CodeSent() if self._phase is _Phase.SENDING and event.request_id == self._request:
                return self._on_sent(event, now)
            case CodeChecked() if self._phase is _Phase.CHECKING and event.request_id == self._request:
                return self._on_checked(event, now)
            case InputCancelled() if event.request_id == self._field:
                return self._leave("cancelled")
            case TimePassed():
                return self._on_time(now)
            case UserSpoke() | InputGiven() | ResendRequested() if self._phase in (_Phase.SENDING, _Phase.CHECKING):
                if isinstance(event, UserSpoke) and asks_to_cancel(event.text):
                    return self._leave("cancelled")
                return [ignored(event, f"not awaited while {self._phase.value}")]
            case UserSpoke():
                return self._on_words(event, now)
            case InputGiven() if event.request_id == self._field:
                return self._on_digits(code_in(event.value, self._node.code_length), now)
            case ResendRequested() if event.request_id == self._field:
                return self._resend(now)
            case _:
                return self._asked(self._asking.receive(event, now))

    # ---- the contact

    def _known_contact(self) -> str:
        record, given = self._context.record, self._context.provided.get(self._kind)
        sources = (given, record.verified_contacts.get(self._kind), record.extracted.get(self._kind))
        return next((known for value in sources if (known := normal_contact(self._kind, value, self._context))), "")

    def _on_contact(self, event: Event, now: float) -> list[Step]:
        if self._form is None:
            return [ignored(event, "nothing was asked")]
        steps = self._form.receive(event, now)
        match self._form.ended:
            case "":
                return steps
            case "given":
                self._contact = self._form.value
                self._context.record.extracted[self._kind] = self._contact
                return [*steps, *self._send(now)]
            case "cancelled":
                return [*steps, *self._leave("cancelled")]
            case reason:
                return [*steps, *self._leave("failed_unverified", reason)]

    # ---- sending

    def _send(self, now: float) -> list[Step]:
        self._phase = _Phase.SENDING
        self._asking.rest(now)
        self._sends += 1
        self._part = ""
        self._request = self._context.next_request()
        self._waiting = Waiting(self._context, self._policy.send_seconds, now)
        node, name = self._node, self._context.variables.get("name")
        command = SendCode(
            self._request,
            node.channel,
            self._contact,
            node.code_length,
            node.expiry_seconds,
            node.template,
            name if isinstance(name, str) else "",
        )
        return [command]

    def _on_sent(self, event: CodeSent, now: float) -> list[Step]:
        if event.failure:
            return self._on_failure(event.failure, now)
        self._sent, self._sent_at = event, now
        self._phase = _Phase.ENTERING
        if self._kind == "email":
            line, place = FormLine.CODE_SENT_EMAIL, self._contact.rpartition("@")[2]
        else:
            line, place = FormLine.CODE_SENT_PHONE, " ".join(self._contact[-2:])
        text = self._line(line, length=self._node.code_length, place=place)
        return [*self._show(now), *self._ask(text, now)]

    def _on_failure(self, failure: str, now: float) -> list[Step]:
        if failure == "not_configured":
            return self._leave("error", failure)
        if self._sent is None or now >= self._expires_at:
            return self._leave("delivery_failed", failure)
        self._phase = _Phase.ENTERING
        return [RefuseInput(self._field, "not_sent"), *self._ask(self._line(FormLine.RESEND_FAILED), now)]

    def _resend(self, now: float) -> list[Step]:
        if self._sends >= self._policy.send_limit:
            return self._ask(self._line(FormLine.RESEND_USED_UP), now)
        wait = self._resend_in(now)
        if wait > 0 and self._phase is _Phase.ENTERING:
            return self._ask(self._line(FormLine.RESEND_LATER, seconds=math.ceil(wait)), now)
        return self._send(now)

    def _resend_in(self, now: float) -> float:
        return max(0.0, round(self._sent_at + self._node.resend_after_seconds - now, 3))

    # ---- entering

    @property
    def _expires_at(self) -> float:
        return self._sent_at + self._node.expiry_seconds

    def _show(self, now: float) -> list[Step]:
        """The field, or its present state."""
        if not self._node.show_ui:
            return []
        self._field_shown = True
        masked = masked_email(self._contact) if self._kind == "email" else masked_phone(self._contact)
        wait = self._resend_in(now) if self._sends < self._policy.send_limit else None
        return [AskInput(self._field, "code", sent_to=masked, code_length=self._node.code_length, resend_seconds=wait)]

    def _ask(self, text: str, now: float) -> list[Step]:
        return self._asking.ask(text, now, question=self._line(FormLine.ASK_CODE, length=self._node.code_length))

    def _on_words(self, event: UserSpoke, now: float) -> list[Step]:
        text = event.text
        if not text.strip():
            return [ignored(event, "nothing was said")]
        self._exchanges += 1
        if self._exchanges > self._policy.node_exchange_limit:
            return self._leave("failed_unverified", "no_match")
        candidate = code_in(text, self._node.code_length, self._context.language, self._part)
        if len(candidate) >= _FEWEST_DIGITS or (self._part and candidate):
            return self._on_digits(candidate, now)
        if asks_to_resend(text):
            return self._resend(now)
        if asks_to_cancel(text):
            return self._leave("cancelled")
        said = acts(text)
        if self._phase is _Phase.OFFERING and said & {Act.YES, Act.NO}:
            return self._resend(now) if Act.YES in said else self._leave("failed_unverified", "expired")
        if Act.DEFER in said:
            self._asking.wait(now)
            return []
        return [*self._offer_typing(), *self._asking.repeat(now)]

    def _on_digits(self, candidate: str, now: float) -> list[Step]:
        if self._phase is _Phase.OFFERING or now >= self._expires_at:
            return self._expire(now)
        if len(candidate) != self._node.code_length:
            self._part = candidate if len(candidate) < self._node.code_length else ""
            return self._on_wrong_length(now)
        return self._compare(candidate, now)

    def _on_wrong_length(self, now: float) -> list[Step]:
        refusal = [RefuseInput(self._field, "wrong_code", self._attempts_left)] if self._field_shown else []
        text = self._line(FormLine.CODE_LENGTH, length=self._node.code_length)
        return [*refusal, *self._offer_typing(), *self._ask(text, now)]

    def _offer_typing(self) -> list[Step]:
        """Without a field the chat is the only place to type a code."""
        return [] if self._node.show_ui else [OfferTyping()]

    def _asked(self, steps: list[Step]) -> list[Step]:
        if self._asking.given_up:
            return self._leave("failed_unverified", "expired" if self._phase is _Phase.OFFERING else "silence")
        return steps

    # ---- checking

    def _compare(self, candidate: str, now: float) -> list[Step]:
        if self._sent is None:
            return self._leave("error", "no code was sent")
        self._phase, self._part = _Phase.CHECKING, ""
        self._asking.rest(now)
        self._request = self._context.next_request()
        self._waiting = Waiting(self._context, self._policy.check_seconds, now)
        self._check = CheckCode(self._request, self._sent.request_id, self._sent.digest, candidate)
        return [self._check]

    def _on_checked(self, event: CodeChecked, now: float) -> list[Step]:
        self._check = None
        if event.matches:
            self._context.record.verified_contacts[self._kind] = self._contact
            return self._leave("verified")
        self._attempts += 1
        if self._attempts_left <= 0:
            return self._leave("failed_unverified", "attempts")
        self._phase = _Phase.ENTERING
        left = self._attempts_left
        line = self._line(FormLine.WRONG_CODE_LAST_TRY) if left == 1 else self._line(FormLine.WRONG_CODE, left=left)
        refusal = [RefuseInput(self._field, "wrong_code", left)] if self._field_shown else []
        return [*refusal, *self._ask(line, now)]

    @property
    def _attempts_left(self) -> int:
        return self._node.max_attempts - self._attempts

    # ---- time

    def _on_time(self, now: float) -> list[Step]:
        match self._phase:
            case _Phase.SENDING if self._waiting is not None:
                return self._on_failure("unavailable", now) if self._waiting.over(now) else self._waiting.on_time(now)
            case _Phase.CHECKING if self._waiting is not None:
                if not self._waiting.over(now):
                    return self._waiting.on_time(now)
                self._phase, self._check = _Phase.ENTERING, None
                self._exchanges += 1
                if self._exchanges > self._policy.node_exchange_limit:
                    return self._leave("error", "codes cannot be compared")
                return self._asking.repeat(now)
            case _Phase.ENTERING if now >= self._expires_at:
                return self._expire(now)
            case _:
                return self._asked(self._asking.receive(TimePassed(), now))

    def _expire(self, now: float) -> list[Step]:
        if self._sends >= self._policy.send_limit:
            return self._leave("failed_unverified", "expired")
        self._phase, self._part = _Phase.OFFERING, ""
        text = self._line(FormLine.CODE_EXPIRED)
        refusal = [RefuseInput(self._field, "expired_code", self._attempts_left)] if self._field_shown else []
        return [*refusal, *self._asking.ask(text, now, question=text)]

    # ---- the end

    def _leave(self, name: str, reason: str = "") -> list[Step]:
        key, target = self._node.way(name)
        evidence: dict[str, Any] = {"channel": self._node.channel, "sends": self._sends, "attempts": self._attempts}
        if reason:
            evidence["reason"] = reason
        member = "email" if self._kind == "email" else "phoneNumber"
        members = {"report": {member: self._contact}} if self._contact else {}
        close: list[Step] = [CloseInput(self._field)] if self._field_shown else []
        return [*close, Leave(target, key, evidence, members)]

    def _line(self, line: FormLine, **values: object) -> str:
        return form_line(line, self._context.language, **values)
