"""Asking for an e-mail address or a phone number: typed into the field, typed in the chat, or spoken.

    ASKING ──field or chat──▶ given
      ▲  └──spoken──▶ "I understood … Is that right?" ──yes──▶ given
      └──────────────────── no, or another one ◀┘

Part of ``enter_email`` and ``two_factor_*``; it does not leave the node itself.
"""

from typing import Literal

from conversation.flow.behaviour import Context, Step, ignored
from conversation.flow.behaviours.asking import Asking
from conversation.flow.commands import AskInput, CloseInput, RefuseInput
from conversation.flow.events import Event, InputCancelled, InputGiven, UserSpoke
from conversation.text.acts import Act, acts
from conversation.text.contacts import normal_email, normal_phone, phone_region, spoken_email, spoken_phone
from conversation.text.email import email_address
from conversation.text.form_lines import YES_OR_NO, FormLine, form_line
from conversation.text.phone import phone_number
from conversation.text.question import question_in
from conversation.text.requests import asks_to_cancel

ContactKind = Literal["email", "phone"]


def normal_contact(kind: ContactKind, value: object, context: Context) -> str | None:
    """Return an address or number in its normal form, or None when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if kind == "email":
        return normal_email(str(value))
    return normal_phone(str(value), phone_region(context.provided.get("country"), context.language))


class ContactForm:
    """One such question. Look at ``ended`` after each event."""

    def __init__(self, kind: ContactKind, prompt: str, context: Context) -> None:
        self._kind: ContactKind = kind
        self._context = context
        self._prompt = prompt or self._line(FormLine.ASK_EMAIL, FormLine.ASK_PHONE)
        self._asking = Asking(context)
        self._request = context.next_request()
        self._heard = ""
        """What was spoken and waits for a yes."""
        self._exchanges = 0
        self.value = ""
        """The contact in its normal form, once it is given."""
        self.ended: Literal["", "given", "cancelled", "silence", "no_match"] = ""
        """How it ended; empty while it goes on."""

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        return self._asking.deadline

    def enter(self, now: float) -> list[Step]:
        """Show the field and ask."""
        return [AskInput(self._request, self._kind), *self._ask(self._prompt, now, question=self._prompt)]

    def abandon(self) -> list[Step]:
        """Take the field away."""
        return [CloseInput(self._request)]

    def pause(self, now: float) -> None:
        """The person is gone."""
        self._asking.rest(now)

    def resume(self, now: float) -> list[Step]:
        """Show the field again and repeat the question."""
        return [AskInput(self._request, self._kind, self._heard), *self._asking.repeat(now)]

    def adapt(self, now: float) -> None:
        """Wait as long as the policy of now says."""
        self._asking.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        match event:
            case UserSpoke():
                return self._on_words(event, now)
            case InputGiven() if event.request_id == self._request:
                value = normal_contact(self._kind, event.value, self._context)
                return self._close("given", value) if value is not None else self._counted(self._refuse(now))
            case InputCancelled() if event.request_id == self._request:
                return self._close("cancelled")
            case _:
                steps = self._asking.receive(event, now)
                return self._close("silence") if self._asking.given_up else steps

    def _on_words(self, event: UserSpoke, now: float) -> list[Step]:
        if not event.text.strip():
            return [ignored(event, "nothing was said")]
        value = self._read(event.text)
        if value is not None and event.typed:
            return self._close("given", value)
        steps = self._read_back(value, now) if value is not None else self._on_answer(event.text, now)
        return steps if self.ended else self._counted(steps)

    def _counted(self, steps: list[Step]) -> list[Step]:
        """The steps, unless the form has gone on for too many replies."""
        self._exchanges += 1
        return self._close("no_match") if self._exchanges > self._context.policy.node_exchange_limit else steps

    def _on_answer(self, text: str, now: float) -> list[Step]:
        """Words without a contact in them."""
        said = acts(text)
        if self._heard and Act.YES in said:
            return self._close("given", self._heard)
        if asks_to_cancel(text, plain_no=not self._heard):
            return self._close("cancelled")
        if self._heard and Act.NO in said:
            self._heard = ""
            lead = form_line(FormLine.AGAIN, self._context.language)
            return [AskInput(self._request, self._kind), *self._ask(lead, now)]
        if Act.DEFER in said:
            self._asking.wait(now)
            return []
        if Act.HELP in said:
            return self._asking.repeat(now)
        return self._refuse(now)

    def _read(self, text: str) -> str | None:
        written = normal_contact(self._kind, text.strip(), self._context)
        if written is not None:
            return written
        spoken = email_address(text) if self._kind == "email" else phone_number(text, self._context.language)
        return normal_contact(self._kind, spoken, self._context)

    def _read_back(self, value: str, now: float) -> list[Step]:
        self._heard = value
        language = self._context.language
        contact = spoken_email(value, language) if self._kind == "email" else spoken_phone(value)
        text = self._line(FormLine.CONFIRM_EMAIL, FormLine.CONFIRM_PHONE, contact=contact)
        spoken = self._asking.ask(text, now, question=text, expects=YES_OR_NO)
        return [AskInput(self._request, self._kind, value), *spoken]

    def _refuse(self, now: float) -> list[Step]:
        hint = self._line(FormLine.INVALID_EMAIL, FormLine.INVALID_PHONE)
        problem: Literal["invalid_email", "invalid_phone"] = (
            "invalid_email" if self._kind == "email" else "invalid_phone"
        )
        self._heard = ""
        return [RefuseInput(self._request, problem), *self._ask(hint, now)]

    def _ask(self, text: str, now: float, *, question: str = "") -> list[Step]:
        line = FormLine.ASK_EMAIL if self._kind == "email" else FormLine.ASK_PHONE
        repeated = question or form_line(line, self._context.language)
        return self._asking.ask(text, now, question=question_in(repeated), expects=form_line(line, "en"))

    def _close(self, ended: Literal["given", "cancelled", "silence", "no_match"], value: str = "") -> list[Step]:
        self.ended, self.value = ended, value
        return [CloseInput(self._request)]

    def _line(self, email: FormLine, phone: FormLine, **values: object) -> str:
        return form_line(email if self._kind == "email" else phone, self._context.language, **values)
