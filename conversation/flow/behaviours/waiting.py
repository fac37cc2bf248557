"""Waiting for something outside: bounded, and with one courteous line when it takes long."""

from conversation.flow.behaviour import Context, Step
from conversation.flow.commands import Say
from conversation.text.form_lines import FormLine, form_line


class Waiting:
    """One wait of at most ``seconds``."""

    def __init__(self, context: Context, seconds: float, now: float) -> None:
        self._context = context
        self._end = now + seconds
        self._courtesy: float | None = now + context.policy.courtesy_seconds

    @property
    def deadline(self) -> float:
        """When it wants TimePassed."""
        return self._end if self._courtesy is None else min(self._courtesy, self._end)

    def over(self, now: float) -> bool:
        """Whether nothing more is to be expected."""
        return now >= self._end

    def on_time(self, now: float) -> list[Step]:
        """Ask for a moment's patience, once."""
        if self._courtesy is None or now < self._courtesy:
            return []
        self._courtesy = None
        text = form_line(FormLine.ONE_MOMENT, self._context.language)
        return [Say(self._context.next_utterance(), text, interruptible=False)]
