"""What the avatar says while it looks: the announcement, advice and instructions, one line at a time.

An instruction (a challenge, a step of a scan, what is wrong with a document) waits for the line that is being spoken,
and its own end is told to the check: from then on it is the person's turn. Advice is dropped when something is being
spoken, because by then it would be old.
"""

from conversation.flow.behaviour import Context, Step
from conversation.flow.commands import InstructionSaid, Listen, Say
from conversation.flow.events import CheckGuided
from conversation.text.check_lines import guided_line


class Guide:
    """The voice of one check. It waits for nothing but the end of its own lines."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._utterance = ""
        """What is being spoken; empty in silence."""
        self._saying: CheckGuided | None = None
        """What asked for that line; None for the announcement."""
        self._next: CheckGuided | None = None
        """The instruction that waits for its end."""
        self._instruction: CheckGuided | None = None
        """The newest instruction."""
        self._told = False
        """Whether the check knows that it was said."""
        self._opening = ""
        self.deadline: float | None = None
        """When the line being spoken counts as spoken."""

    @property
    def replied_to(self) -> bool:
        """Whether what the person says replies to the check, and is no wish to leave it: they are to read something
        aloud, or are asked whether light may flash, which the page's buttons answer."""
        asked = self._instruction
        return asked is not None and (asked.phrase != "" or asked.kind == "flash")

    def announce(self, text: str, now: float) -> list[Step]:
        """Say what is going to happen."""
        self._opening = text
        return self._speak(text, now)

    def guided(self, event: CheckGuided, now: float) -> list[Step]:
        """The check wants something said."""
        if event.kind in ("hint", "document_hint"):
            return [] if self._utterance else self._line(event, now)
        self._instruction, self._told, self._next = event, False, None
        if self._utterance:
            self._next = event
            return []
        return self._line(event, now)

    def repeat(self, now: float) -> list[Step]:
        """Say once more what the person is to do."""
        if self._utterance:
            return []
        return self._line(self._instruction, now) if self._instruction else self._speak(self._opening, now)

    def ended(self, utterance_id: str, now: float) -> list[Step] | None:
        """An utterance is over; None when it was not this guide's."""
        return self._over(now) if utterance_id and utterance_id == self._utterance else None

    def on_time(self, now: float) -> list[Step]:
        """A line whose end was lost counts as spoken."""
        return self._over(now) if self.deadline is not None and now >= self.deadline else []

    def rest(self) -> None:
        """The person is gone; nothing of what was asked counts any more."""
        self._saying = self._next = self._instruction = None
        self._utterance, self.deadline = "", None

    def _over(self, now: float) -> list[Step]:
        said, waiting = self._saying, self._next
        self._utterance, self.deadline, self._saying, self._next = "", None, None, None
        steps: list[Step] = []
        if said is not None and said is self._instruction and not self._told:
            self._told = True
            steps.append(InstructionSaid(said.request_id))
        return [*steps, *self._line(waiting, now)] if waiting is not None else steps

    def _line(self, event: CheckGuided, now: float) -> list[Step]:
        text = guided_line(event.kind, event.key, self._context.language, event.phrase)
        self._saying = event
        if not text:
            return self._over(now)
        steps = self._speak(text, now, interruptible=event.kind != "flash")
        if event.phrase:
            steps.append(Listen(guided_line(event.kind, event.key, "en", event.phrase), ()))
        return steps

    def _speak(self, text: str, now: float, *, interruptible: bool = True) -> list[Step]:
        if not text:
            return []
        self._utterance = self._context.next_utterance()
        self.deadline = self._context.speech_deadline(text, now)
        return [Say(self._utterance, text, interruptible)]
