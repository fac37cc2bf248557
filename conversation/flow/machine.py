"""The flow machine: where a session stands, and what comes next.

The contract of every pure machine: ``receive`` is the only door, ``now`` is an argument, ``deadline`` says when it
wants ``TimePassed``. Outside input never raises; what means nothing comes back as ``Ignored``. Feed one event, carry
out its commands, then feed the next.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from conversation.flow.ahead import lines_ahead
from conversation.flow.behaviour import ENGINE_VERSION, Behaviour, Context, GiveUp, Leave, Step
from conversation.flow.behaviours.look_up import extracted_fields
from conversation.flow.behaviours.table import behaviour_of
from conversation.flow.commands import Command, Enter, Finish, Ignored, Say, SetPace
from conversation.flow.events import (
    Cancelled,
    Event,
    Joined,
    Left,
    OutcomeForced,
    PaceChosen,
    SpeechEnded,
    TimePassed,
    UserSpoke,
)
from conversation.flow.forcing import forced_leave
from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import EndNode, Node, StartNode
from conversation.flow.policy import DialoguePolicy
from conversation.flow.record import NodeReport, Record, RecordedPhrase
from conversation.text.fields import ExtractionField, FieldValue


class FlowMachine:
    """Walks one flow for one session.

    ``variables`` are the integrator's provided data; ``language`` is the language of the session (ISO 639-1).
    ``forced`` decides nodes by their id before they begin (sandbox); ``extraction`` are the fields that the integrator
    wants to know; ``started_utc_ms`` is the civil time of the session clock's zero; ``engine_version`` is the one that
    the session began with.
    """

    def __init__(
        self,
        graph: FlowGraph,
        variables: Mapping[str, Any] | None = None,
        policy: DialoguePolicy | None = None,
        language: str = "en",
        *,
        forced: Mapping[str, str] | None = None,
        extraction: Sequence[ExtractionField] = (),
        started_utc_ms: int = 0,
        engine_version: int = ENGINE_VERSION,
    ) -> None:
        self._context = Context(
            graph,
            variables or {},
            policy or DialoguePolicy(),
            language,
            started_utc_ms,
            tuple(extraction),
            engine_version,
        )
        self._graph = graph
        self._forced = dict(forced or {})
        self._node: Node = graph.start
        self._behaviour: Behaviour | None = None
        self._session_deadline: float | None = None
        self._away_deadline: float | None = None
        self._said: dict[str, str] = {}
        self._finished: Finish | None = None

    @property
    def graph(self) -> FlowGraph:
        """The flow it walks."""
        return self._graph

    @property
    def node_id(self) -> str:
        """Where the flow stands."""
        return self._node.id

    @property
    def finished(self) -> Finish | None:
        """How it ended; None while it runs."""
        return self._finished

    @property
    def pace(self) -> SetPace:
        """The pace that the person has chosen."""
        return self._context.pace

    @property
    def record(self) -> Record:
        """What has been said and decided so far."""
        return self._context.record

    @property
    def provided(self) -> Mapping[str, Any]:
        """The integrator's data: of the create call, and what their server added since."""
        return self._context.provided

    def extracted_fields(self) -> dict[str, FieldValue]:
        """The fields of ``extraction`` as far as the conversation gives them; None for those that it does not."""
        return extracted_fields(self._context)

    def lines_ahead(self) -> tuple[str, ...]:
        """Lines of the nodes that may follow, worth preparing."""
        return lines_ahead(self._context, self._node.id)

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed; None when nothing is due."""
        if self._finished is not None:
            return None
        own = self._away_deadline
        if own is None and self._behaviour is not None:
            own = self._behaviour.deadline
        due = [moment for moment in (own, self._session_deadline) if moment is not None]
        return min(due, default=None)

    def receive(self, event: Event, *, now: float) -> tuple[Command, ...]:
        """One event in, all its commands out."""
        if self._finished is not None:
            return (Ignored(type(event).__name__, "the session is over"),)
        match event:
            case Cancelled():
                return self._finish("incomplete", "cancelled")
            case Joined():
                return self._on_joined(now)
            case Left():
                return self._on_left(now)
            case TimePassed():
                return self._on_time(event, now)
            case OutcomeForced():
                return self._on_forced(event, now)
            case PaceChosen():
                return self._on_pace(event, now)
            case SpeechEnded() if self._away_deadline is not None:
                # The flow stays where the person left it; what they missed is said again when they are back.
                self._write_down(event, now)
                return (Ignored("SpeechEnded", "nobody is there to go on with"),)
            case _:
                if self._behaviour is None:
                    return (Ignored(type(event).__name__, "the flow has not begun"),)
                self._write_down(event, now)
                return self._carry_on(self._behaviour.receive(event, now), now)

    # ---- coming and going

    def _on_joined(self, now: float) -> tuple[Command, ...]:
        self._away_deadline = None
        if self._behaviour is None:
            self._session_deadline = now + self._context.policy.session_seconds
            return self._carry_on([Leave(self._graph.start.target, "outcome")], now)
        return self._carry_on(self._behaviour.resume(now), now)

    def _on_left(self, now: float) -> tuple[Command, ...]:
        if self._behaviour is None:
            return (Ignored("Left", "the flow has not begun"),)
        self._away_deadline = now + self._context.policy.away_seconds
        return self._carry_on(self._behaviour.pause(now), now)

    def _on_time(self, event: TimePassed, now: float) -> tuple[Command, ...]:
        if self._session_deadline is not None and now >= self._session_deadline:
            return self._finish("incomplete", "time_limit")
        if self._away_deadline is not None:
            return self._finish("incomplete", "abandoned") if now >= self._away_deadline else ()
        if self._behaviour is None:
            return ()
        return self._carry_on(self._behaviour.receive(event, now), now)

    def _on_forced(self, event: OutcomeForced, now: float) -> tuple[Command, ...]:
        if self._behaviour is None:
            return (Ignored("OutcomeForced", "the flow has not begun"),)
        if event.node_id != self._node.id:
            return (Ignored("OutcomeForced", f"the flow stands at '{self._node.id}'"),)
        leave = forced_leave(self._node, event.outcome, event.by)
        if leave is None:
            return (Ignored("OutcomeForced", f"'{self._node.id}' has no such outcome"),)
        return self._carry_on([*self._behaviour.abandon(), leave], now)

    def _on_pace(self, event: PaceChosen, now: float) -> tuple[Command, ...]:
        pace = SetPace(event.speech_rate, event.extra_time)
        if pace == self.pace:
            return ()
        former = self._context.policy
        self._context.set_pace(pace)
        if self._context.policy != former:
            if self._session_deadline is not None:
                self._session_deadline += self._context.policy.session_seconds - former.session_seconds
            if self._behaviour is not None:
                self._behaviour.adapt(now)
        return (pace,)

    # ---- walking

    def _carry_on(self, steps: list[Step], now: float) -> tuple[Command, ...]:
        commands: list[Command] = []
        todo = list(steps)
        while todo:
            step = todo.pop(0)
            match step:
                case Leave():
                    todo = [*todo, *self._move(step, commands, now)]
                case GiveUp():
                    return (*commands, *self._finish("incomplete", step.reason))
                case Say():
                    self._said[step.utterance_id] = step.text
                    commands.append(step)
                case _:
                    commands.append(step)
        if isinstance(self._node, EndNode):
            return (*commands, *self._finish("complete", "end"))
        return tuple(commands)

    def _move(self, step: Leave, commands: list[Command], now: float) -> list[Step]:
        if not isinstance(self._node, StartNode):
            report = NodeReport(now, self._node.id, self._node.type, step.outcome, step.evidence, step.members)
            self.record.node_reports.append(report)
        self._node = self._graph.nodes[step.target]
        commands.append(Enter(self._node.id, self._node.type, self.lines_ahead()))
        forced = self._forced.get(self._node.id)
        if forced is not None:
            leave = forced_leave(self._node, forced, "sandbox")
            if leave is not None:
                return [leave]
            commands.append(Ignored("OutcomeForced", f"'{self._node.id}' has no such outcome"))
        self._behaviour = behaviour_of(self._node, self._context)
        return self._behaviour.enter(now) if self._behaviour is not None else []

    def _finish(self, status: str, reason: str) -> tuple[Command, ...]:
        self._finished = Finish("complete" if status == "complete" else "incomplete", reason)
        return (self._finished,)

    def _write_down(self, event: Event, now: float) -> None:
        match event:
            case UserSpoke():
                text = self._behaviour.written(event.text) if self._behaviour is not None else event.text
                self.record.phrases.append(RecordedPhrase(now, text, by_avatar=False, typed=event.typed))
            case SpeechEnded() if event.utterance_id in self._said:
                del self._said[event.utterance_id]
                if event.heard:
                    self.record.phrases.append(RecordedPhrase(now, event.heard, by_avatar=True))
            case _:
                pass
