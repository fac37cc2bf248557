"""A player for the flow machine: keeps the time, answers what is asked, and writes down what was commanded."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.journal import Header, Step
from conversation.flow.policy import DialoguePolicy

STARTED_UTC_MS = 1_790_000_000_000
"""21 September 2026, 14:13 UTC."""

C = TypeVar("C", bound=c.Command)


class Score:
    """Plays events into a machine, one after the other, at explicit times."""

    def __init__(
        self,
        flow: list[dict[str, Any]],
        policy: DialoguePolicy | None = None,
        *,
        language: str = "en",
        forced: Mapping[str, str] | None = None,
        extraction: Sequence[dict[str, Any]] = (),
        **variables: Any,
    ) -> None:
        self.header = Header(
            flow, variables, language, policy or DialoguePolicy(), STARTED_UTC_MS,
            forced=forced or {}, extraction=list(extraction),
        )  # fmt: skip
        self.machine = self.header.machine()
        self.steps: list[Step] = []
        self.now = 0.0
        self.commands: list[c.Command] = []

    def play(self, event: e.Event, after: float = 0.0) -> list[c.Command]:
        """Feed one event ``after`` seconds and return its commands."""
        if after:
            self.now = round(self.now + after, 6)
        answer = list(self.machine.receive(event, now=self.now))
        self.commands += answer
        self.steps.append(Step.of(self.now, event, answer))
        return answer

    def join(self) -> list[c.Command]:
        """The page connects."""
        return self.play(e.Joined())

    def last(self, kind: type[C]) -> C:
        """The newest command of a kind."""
        return next(command for command in reversed(self.commands) if isinstance(command, kind))

    def all(self, kind: type[C]) -> list[C]:
        """All commands of a kind."""
        return [command for command in self.commands if isinstance(command, kind)]

    def spoken(self) -> list[c.Command]:
        """The avatar's newest utterance comes to its end."""
        say = self.last(c.Say)
        return self.play(e.SpeechEnded(say.utterance_id, say.text, True), after=2.0)

    def reply(self, text: str, outcome: str | None, reason: str = "model", **more: Any) -> list[c.Command]:
        """The person speaks and the evaluator judges."""
        self.play(e.UserSpoke(text), after=1.0)
        return self.judge(outcome, reason, **more)

    def judge(self, outcome: str | None, reason: str = "model", **more: Any) -> list[c.Command]:
        """The evaluator answers the newest request."""
        request = self.last(c.Evaluate).request_id
        verdict = e.Evaluated(request, outcome, 0.97, "", "test", reason, 5.0, **more)
        return self.play(verdict, after=0.01)

    def hear(self, text: str, *, typed: bool = False) -> list[c.Command]:
        """The person says or types something at a node that needs no evaluator."""
        return self.play(e.UserSpoke(text, typed), after=1.0)

    def said(self) -> list[str]:
        """All that the avatar was told to say."""
        return [say.text for say in self.all(c.Say)]

    def outcome(self) -> str:
        """Outcome of the node that ended last."""
        return self.machine.record.node_reports[-1].outcome

    def wait(self) -> list[c.Command]:
        """Nothing happens until the machine's deadline."""
        deadline = self.machine.deadline
        assert deadline is not None, "the machine waits for nothing"
        self.now = deadline
        return self.play(e.TimePassed())
