"""Asking for a one-time code: typed into the field, typed in the chat, or spoken, in one turn or in two.

Part of ``two_factor_*``. It reads what the person wants, and neither sends nor compares.
"""

from enum import Enum
from typing import Literal

from conversation.flow.behaviour import Context, Step, ignored
from conversation.flow.behaviours.asking import Asking
from conversation.flow.commands import AskInput, CloseInput, OfferTyping, RefuseInput
from conversation.flow.events import Event, InputCancelled, InputGiven, ResendRequested, UserSpoke
from conversation.text.acts import Act, acts
from conversation.text.digits import digits
from conversation.text.form_lines import YES_OR_NO, FormLine, form_line
from conversation.text.requests import asks_to_cancel, asks_to_resend
from conversation.text.spoken_code import code_in, without_digits

_FEWEST_DIGITS = 2
"""Fewer digits in a reply are not taken for a part of the code."""


class Wish(Enum):
    """What the person wants; the form itself has answered everything else."""

    NONE = "none"
    COMPARE = "compare"
    """``candidate`` holds as many digits as the code has."""
    RESEND = "resend"
    ACCEPT = "accept"
    """Yes, to the offer of a fresh code."""
    DECLINE = "decline"
    CANCEL = "cancel"
    SILENCE = "silence"
    """Nothing came for as long as the policy allows."""
    NO_MATCH = "no_match"
    """Many replies, and no code in them."""


class CodeForm:
    """The field and the spoken question of one node, for all codes that it sends."""

    def __init__(self, length: int, show_field: bool, context: Context) -> None:
        self._length = length
        self._show_field = show_field
        self._context = context
        self._asking = Asking(context)
        self._request = context.next_request()
        self._shown = False
        self.offering = False
        """Whether the open question is that of ``offer``."""
        self._part = ""
        """Digits of a turn that was too short to be the whole code."""
        self._fruitless = 0
        """Replies that led nowhere."""
        self.candidate = ""

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        return self._asking.deadline

    # ---- what is shown and said

    def show(self, sent_to: str, resend_seconds: float | None) -> list[Step]:
        """Show the field, or bring it up to date."""
        if not self._show_field:
            return []
        self._shown = True
        return [
            AskInput(self._request, "code", sent_to=sent_to, code_length=self._length, resend_seconds=resend_seconds)
        ]

    def ask(self, text: str, now: float) -> list[Step]:
        """Say something about the code and wait for it."""
        self.offering = False
        expects = form_line(FormLine.ASK_CODE, "en", length=self._length)
        return self._asking.ask(text, now, question=self._line(FormLine.ASK_CODE), expects=expects)

    def offer(self, now: float) -> list[Step]:
        """Ask whether a fresh code is wanted, because the last one has expired."""
        self.offering, self._part = True, ""
        text = self._line(FormLine.CODE_EXPIRED)
        return self._asking.ask(text, now, question=text, expects=YES_OR_NO)

    def repeat(self, now: float) -> list[Step]:
        """Say the last question again."""
        return self._asking.repeat(now)

    def rest(self, now: float) -> None:
        """Wait for nothing: something else goes on, or the person is gone."""
        self._asking.rest(now)

    def adapt(self, now: float) -> None:
        """Wait as long as the policy of now says."""
        self._asking.adapt(now)

    def refuse(self, problem: Literal["wrong_code", "expired_code", "not_sent"], attempts_left: int = 0) -> list[Step]:
        """Say beside the field, where there is one, why the value was not taken."""
        return [RefuseInput(self._request, problem, attempts_left)] if self._shown else []

    def close(self) -> list[Step]:
        """Take the field away."""
        return [CloseInput(self._request)] if self._shown else []

    def written(self, words: str) -> str:
        """The person's words without the digits of a code."""
        said = self._part + digits(words, self._context.language)
        return without_digits(words, self._context.language) if len(said) >= _FEWEST_DIGITS else words

    # ---- what the person does

    def cancels(self, event: Event) -> bool:
        """Whether the person breaks off, by the field or by voice."""
        match event:
            case InputCancelled():
                return event.request_id == self._request
            case UserSpoke():
                return asks_to_cancel(event.text) and not asks_to_resend(event.text)
            case _:
                return False

    def receive(self, event: Event, now: float, attempts_left: int) -> tuple[Wish, list[Step]]:
        """One event: what is wanted, and what the form says by itself."""
        match event:
            case UserSpoke():
                return self._on_words(event, now, attempts_left)
            case InputGiven() if event.request_id == self._request:
                return self._on_digits(code_in(event.value, self._length), now, attempts_left)
            case InputCancelled() if event.request_id == self._request:
                return Wish.CANCEL, []
            case ResendRequested() if event.request_id == self._request:
                return Wish.RESEND, []
            case _:
                steps = self._asking.receive(event, now)
                return (Wish.SILENCE if self._asking.given_up else Wish.NONE), steps

    def _on_words(self, event: UserSpoke, now: float, attempts_left: int) -> tuple[Wish, list[Step]]:
        text = event.text
        if not text.strip():
            return Wish.NONE, [ignored(event, "nothing was said")]
        candidate = code_in(text, self._length, self._context.language, self._part)
        if len(candidate) >= _FEWEST_DIGITS:
            return self._on_digits(candidate, now, attempts_left)
        if asks_to_resend(text):
            return Wish.RESEND, []
        if self.cancels(event):
            return Wish.CANCEL, []
        said = acts(text)
        if self.offering and said & {Act.YES, Act.NO}:
            return (Wish.ACCEPT if Act.YES in said else Wish.DECLINE), []
        if Act.DEFER in said:
            self._asking.wait(now)
            return self._led_nowhere([])
        return self._led_nowhere([*self._offer_typing(), *self._asking.repeat(now)])

    def _on_digits(self, candidate: str, now: float, attempts_left: int) -> tuple[Wish, list[Step]]:
        if self.offering:
            # The digits are those of the code that has expired.
            return self._led_nowhere([*self.refuse("expired_code", attempts_left), *self._asking.repeat(now)])
        if len(candidate) == self._length:
            self.candidate, self._part = candidate, ""
            return Wish.COMPARE, []
        self._part = candidate if len(candidate) < self._length else ""
        spoken = self.ask(self._line(FormLine.CODE_LENGTH), now)
        return self._led_nowhere([*self.refuse("wrong_code", attempts_left), *self._offer_typing(), *spoken])

    def _led_nowhere(self, steps: list[Step]) -> tuple[Wish, list[Step]]:
        self._fruitless += 1
        if self._fruitless > self._context.policy.node_exchange_limit:
            return Wish.NO_MATCH, []
        return Wish.NONE, steps

    def _offer_typing(self) -> list[Step]:
        """Without a field the chat is the only place to type a code."""
        return [] if self._show_field else [OfferTyping()]

    def _line(self, line: FormLine) -> str:
        return form_line(line, self._context.language, length=self._length)
