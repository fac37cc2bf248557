"""Reading name and date of birth back after a scan, and taking corrections by voice or typing.

    READ BACK ──yes──▶ confirmed;  silence ──▶ unanswered
      ▲   └──no──▶ "What should be different?" ──┐
      └────────another name or another date──────┘     a few times at most ──▶ disputed

Part of ``document_scan``; it does not leave the node itself, and it never changes what the document says.
"""

from collections.abc import Mapping
from typing import Any, Literal

from conversation.flow.behaviour import Context, Step, ignored
from conversation.flow.behaviours.asking import Asking
from conversation.flow.behaviours.document_values import report_value
from conversation.flow.events import Event, UserSpoke
from conversation.text.acts import Act, acts
from conversation.text.corrections import BIRTH, NAMES, read_corrections, read_name
from conversation.text.form_lines import YES_OR_NO
from conversation.text.normalise import normalise, words
from conversation.text.read_back_lines import ReadBackLine, read_back_line, read_back_question
from conversation.text.requests import asks_to_cancel

Ending = Literal["confirmed", "disputed", "unanswered"]
"""``disputed``: the person does not agree with what they heard last, and the rounds are used up."""

_REPLIES_PER_ROUND = 2
"""A round takes a "no", and then what is right."""


class ReadBack:
    """One reading back. Look at ``ended`` after each event."""

    def __init__(self, report: Mapping[str, Any], context: Context) -> None:
        self._context = context
        self._asking = Asking(context, lambda policy: policy.read_back_seconds)
        self._read = {name: str(value) for name in (*NAMES, BIRTH) if (value := report_value(report.get(name)))}
        self._corrected: dict[str, tuple[str, bool]] = {}
        """Field → (value, whether it was typed)."""
        self._rounds = 0
        self._replies = 0
        self.ended: Ending | None = None
        """How it ended; None while it goes on."""

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        return self._asking.deadline

    @property
    def corrections(self) -> list[dict[str, str]]:
        """What the person gave another value: ``field``, as ``read``, as ``corrected``, ``by`` voice or typing."""
        return [
            {"field": field, "read": read, "corrected": value, "by": "typing" if typed else "voice"}
            for field, (value, typed) in self._corrected.items()
            if normalise(read := self._as_read(field)) != normalise(value)
        ]

    def adapt(self, now: float) -> None:
        """Wait as long as the policy of now says."""
        self._asking.adapt(now)

    def enter(self, now: float) -> list[Step]:
        """Ask; it has ended at once when there is nothing to read back."""
        return self._read_back(now)

    def pause(self, now: float) -> None:
        """The person is gone."""
        self._asking.rest(now)

    def resume(self, now: float) -> list[Step]:
        """Repeat the question."""
        return self._asking.repeat(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        if isinstance(event, UserSpoke):
            return self._on_words(event, now)
        steps = self._asking.receive(event, now)
        return self._end("unanswered", now) if self._asking.given_up else steps

    def _on_words(self, event: UserSpoke, now: float) -> list[Step]:
        if not event.text.strip():
            return [ignored(event, "nothing was said")]
        said = acts(event.text)
        agrees = Act.YES in said and not said & {Act.NO, Act.REFUSE, Act.HELP}
        if found := self._corrections_in(event.text, now, agrees=agrees):
            self._correct(found, typed=event.typed)
            return self._read_back(now)
        if agrees:
            return self._end("confirmed", now)
        if asks_to_cancel(event.text):
            return self._end("unanswered", now)
        self._replies += 1
        if self._replies >= _REPLIES_PER_ROUND * self._context.policy.read_back_rounds:
            return self._end("disputed", now)
        return self._asking.repeat(now) if Act.HELP in said else self._ask_what_is_wrong(now)

    def _corrections_in(self, text: str, now: float, *, agrees: bool) -> dict[str, str]:
        today = self._context.civil_date(now)
        found = read_corrections(text, self._heard, self._context.language, today=today)
        # "Yes, I am Anna" agrees with "Anna Maria Eriksson".
        own = set(words(self._name))
        return {
            field: value
            for field, value in found.items()
            if not (agrees and field in NAMES and own >= set(words(value)))
        }

    @property
    def _name(self) -> str:
        """The whole name as the person heard it last."""
        whole, _ = self._corrected.get("fullName", ("", False))
        return whole or read_name(self._heard)

    @property
    def _heard(self) -> dict[str, str]:
        """The values as the person heard them last."""
        return self._read | {field: value for field, (value, _) in self._corrected.items()}

    def _as_read(self, field: str) -> str:
        return read_name(self._read) if field == "fullName" else self._read[field]

    def _correct(self, found: Mapping[str, str], *, typed: bool) -> None:
        # The whole name and its parts replace each other: what was said last counts.
        replaced = ("firstName", "lastName") if "fullName" in found else ("fullName",)
        if found.keys() & set(NAMES):
            for field in replaced:
                self._corrected.pop(field, None)
        self._corrected |= {field: (value, typed) for field, value in found.items()}

    def _read_back(self, now: float) -> list[Step]:
        text = read_back_question(self._name, self._heard.get(BIRTH, ""), self._context.language)
        if not text:
            return self._end("unanswered", now)
        if self._rounds >= self._context.policy.read_back_rounds:
            return self._end("disputed", now)
        self._rounds += 1
        return self._asking.ask(text, now, question=text, expects=YES_OR_NO)

    def _ask_what_is_wrong(self, now: float) -> list[Step]:
        text = read_back_line(ReadBackLine.WHAT_IS_WRONG, self._context.language)
        expects = read_back_line(ReadBackLine.WHAT_IS_WRONG, "en")
        return self._asking.ask(text, now, question=text, expects=expects)

    def _end(self, ending: Ending, now: float) -> list[Step]:
        self._asking.rest(now)
        self.ended = ending
        return []
