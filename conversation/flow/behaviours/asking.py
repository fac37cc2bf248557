"""A spoken question of a form, and the patience after it.

    SPEAKING ──SpeechEnded──▶ WAITING ──silence──▶ the question again … until the patience is used up

The wait doubles with each repetition: whoever types an address or opens a mailbox is busy, not gone.
"""

from collections.abc import Callable
from enum import Enum

from conversation.flow.behaviour import Context, Step, ignored
from conversation.flow.commands import Listen, Say
from conversation.flow.events import Event, SpeechEnded, TimePassed, UserStarted, UserStopped
from conversation.flow.policy import DialoguePolicy
from conversation.text.question import question_in
from conversation.text.recovery import Recovery, wording

_SHORTEST_WAIT = 0.01
"""Less patience than this is none; differences of times are not exact."""


class _Phase(Enum):
    QUIET = "quiet"
    """Nothing is asked."""
    SPEAKING = "speaking"
    WAITING = "waiting"
    HEARING = "hearing"
    """The person has begun to speak or to type."""


class Asking:
    """Speaks for a form, listens, repeats, and in the end gives up."""

    def __init__(
        self, context: Context, patience: Callable[[DialoguePolicy], float] = lambda policy: policy.form_seconds
    ) -> None:
        """``patience``: seconds that all waits together may take; by default as long as a form waits."""
        self._context = context
        self._policy = context.policy
        self._whole_patience = patience
        self._phase = _Phase.QUIET
        self._question = self._expects = ""
        self._utterance = ""
        self._reminders = 0
        self._patience = patience(self._policy)
        self._waiting_since: float | None = None
        self.deadline: float | None = None
        """When it wants TimePassed."""
        self.given_up = False
        """Nobody answered for as long as the policy allows."""

    def ask(self, text: str, now: float, *, expects: str, question: str = "") -> list[Step]:
        """Say something and wait for the reply.

        ``expects`` is an English question for the same answer: it tells the listener how such an answer ends, in
        whatever language it was asked. ``question`` is what is repeated; the text itself when empty.
        """
        self._reminders = 0
        self._question, self._expects = question or question_in(text), expects
        return self._speak(text, now)

    def expect(self, question: str, now: float) -> None:
        """Wait for the answer to something that is asked on the screen; ``question`` reminds of it."""
        self._question = self._expects = question
        self.wait(now)

    def repeat(self, now: float, lead: str = "") -> list[Step]:
        """Say the last question again, with a word before it."""
        return self._speak(f"{lead} {self._question}".strip(), now)

    def wait(self, now: float) -> None:
        """Say nothing and give the person their time, as if the question had just been asked."""
        self._count(now)
        self._reminders = 0
        self._wait(now)

    def rest(self, now: float) -> None:
        """Stop waiting: something else is going on, or the person is gone."""
        self._count(now)
        self._phase, self.deadline = _Phase.QUIET, None

    def adapt(self, now: float) -> None:
        """Go by the policy of now: the wait under way begins anew, the time that was used stays used."""
        self._count(now)
        former, self._policy = self._policy, self._context.policy
        self._patience += self._whole_patience(self._policy) - self._whole_patience(former)
        if self._phase is _Phase.WAITING:
            self._wait(now)
        elif self._phase is _Phase.HEARING:
            self.deadline = now + self._policy.turn_seconds

    def receive(self, event: Event, now: float) -> list[Step]:
        """Speech that ends, a person who begins, time that passes. Look at ``given_up`` afterwards."""
        match event:
            case SpeechEnded() if event.utterance_id == self._utterance and self._phase is _Phase.SPEAKING:
                self._wait(now)
            case UserStarted():
                if self._phase is _Phase.WAITING:
                    self._count(now)
                    self._phase, self.deadline = _Phase.HEARING, now + self._policy.turn_seconds
            case UserStopped():
                if self._phase is _Phase.HEARING:
                    self._wait(now)
            case TimePassed():
                return self._on_time(now)
            case _:
                return [ignored(event, "not awaited at this form")]
        return []

    def _on_time(self, now: float) -> list[Step]:
        if self.deadline is None or now < self.deadline:
            return []
        if self._phase is not _Phase.WAITING:
            # An utterance whose end was lost, or a turn that never ended.
            self._wait(now)
            return []
        self._count(now)
        if self._patience < _SHORTEST_WAIT:
            self.given_up = True
            return []
        self._reminders += 1
        return self.repeat(now, wording(Recovery.STILL_THERE, self._reminders - 1, self._context.language))

    def _speak(self, text: str, now: float) -> list[Step]:
        self._count(now)
        self._phase = _Phase.SPEAKING
        self._utterance = self._context.next_utterance()
        self.deadline = self._context.speech_deadline(text, now)
        return [Say(self._utterance, text, interruptible=True), Listen(self._expects, ())]

    def _wait(self, now: float) -> None:
        self._phase, self._waiting_since = _Phase.WAITING, now
        silence = self._policy.form_reminder_seconds * 2**self._reminders
        self.deadline = now + min(silence, max(self._patience, 0.0))

    def _count(self, now: float) -> None:
        if self._waiting_since is not None:
            self._patience -= now - self._waiting_since
            self._waiting_since = None
