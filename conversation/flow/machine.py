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
from conversation.flow.commands import Command, Enter, Finish, HoldFloor, Ignored, ReturnFloor, Say, SetPace, ShowLine
from conversation.flow.events import (
    AgentCame,
    AgentHandedBack,
    AgentTookOver,
    AgentWent,
    AgentWrote,
    Cancelled,
    Event,
    Joined,
    Left,
    NodeSkipped,
    OutcomeForced,
    PaceChosen,
    SpeechEnded,
    TimePassed,
    UserSpoke,
)
from conversation.flow.floor import Floor
from conversation.flow.forcing import forced_leave, skipped_leave
from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import EndNode, Node, StartNode
from conversation.flow.policy import DialoguePolicy
from conversation.flow.record import AgentVisit, NodeReport, Record, RecordedPhrase
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
        self._floor = Floor()
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
    def holder(self) -> str:
        """Id of the agent who talks to the person in place of the avatar; empty when nobody does."""
        return self._floor.holder

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
        if self._floor.holder:
            held = self._floor.held_since + self._context.policy.held_seconds
            return held if self._away_deadline is None else min(held, self._away_deadline)
        own = self._away_deadline
        if own is None and self._floor.line:
            own = self._floor.line_deadline
        elif own is None and self._behaviour is not None:
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
            case OutcomeForced() | NodeSkipped():
                return self._on_decided(event, now)
            case PaceChosen():
                return self._on_pace(event, now)
            case AgentCame() | AgentWent() | AgentWrote() | AgentTookOver() | AgentHandedBack():
                return self._on_agent(event, now)
            case SpeechEnded() if self._away_deadline is not None:
                # The flow stays where the person left it; what they missed is said again when they are back.
                self._write_down(event, now)
                return (Ignored("SpeechEnded", "nobody is there to go on with"),)
            case _ if self._floor.holder:
                self._write_down(event, now)
                return () if self._floor.keep(event) else (Ignored(type(event).__name__, "an agent has taken over"),)
            case SpeechEnded() if event.utterance_id == self._floor.line != "":
                self._write_down(event, now)
                return self._on_line_ended(now)
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
        return self._carry_on(self._behaviour.resume(now), now) if not self._floor.holder else ()

    def _on_left(self, now: float) -> tuple[Command, ...]:
        if self._behaviour is None:
            return (Ignored("Left", "the flow has not begun"),)
        self._away_deadline = now + self._context.policy.away_seconds
        return self._carry_on(self._behaviour.pause(now), now)

    def _on_time(self, event: TimePassed, now: float) -> tuple[Command, ...]:
        held = bool(self._floor.holder)
        if not held and self._session_deadline is not None and now >= self._session_deadline:
            return self._finish("incomplete", "time_limit")
        if self._away_deadline is not None and (now >= self._away_deadline or not held):
            return self._finish("incomplete", "abandoned") if now >= self._away_deadline else ()
        if held:
            over = now >= self._floor.held_since + self._context.policy.held_seconds
            return self._return_floor(now) if over else ()
        if self._floor.line:
            return self._on_line_ended(now) if now >= self._floor.line_deadline else ()
        if self._behaviour is None:
            return ()
        return self._carry_on(self._behaviour.receive(event, now), now)

    def _on_decided(self, event: OutcomeForced | NodeSkipped, now: float) -> tuple[Command, ...]:
        name = type(event).__name__
        if self._behaviour is None:
            return (Ignored(name, "the flow has not begun"),)
        if event.node_id != self._node.id:
            return (Ignored(name, f"the flow stands at '{self._node.id}'"),)
        if isinstance(event, OutcomeForced):
            leave = forced_leave(self._node, event.outcome, event.by)
        else:
            leave = skipped_leave(self._node, event.by)
        if leave is None:
            return (Ignored(name, f"'{self._node.id}' has no such outcome"),)
        returned = self._end_hold(now)
        return (*returned, *self._carry_on([*self._behaviour.abandon(), leave], now))

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

    # ---- agents

    def _on_agent(
        self, event: AgentCame | AgentWent | AgentWrote | AgentTookOver | AgentHandedBack, now: float
    ) -> tuple[Command, ...]:
        visit, name = self.record.agent(event.agent_id), type(event).__name__
        match event:
            case AgentCame() if visit is None:
                self.record.agents.append(AgentVisit(event.agent_id, event.name, now))
                return ()
            case AgentWent() if visit is not None:
                returned = self._return_floor(now) if self._floor.holder == event.agent_id else ()
                visit.went_at = now
                return returned
            case AgentHandedBack() if self._floor.holder == event.agent_id:
                return self._return_floor(now)
            case AgentWrote() | AgentTookOver() if visit is not None and self._behaviour is not None:
                return self._on_line(event, visit, now) if isinstance(event, AgentWrote) else self._on_taken(visit, now)
            case _:
                return (Ignored(name, "not possible now"),)

    def _on_line(self, event: AgentWrote, visit: AgentVisit, now: float) -> tuple[Command, ...]:
        if self._floor.holder not in ("", event.agent_id) or self._away_deadline is not None:
            return (Ignored("AgentWrote", "another agent talks, or nobody is there"),)
        if self._floor.holder:
            visit.lines += 1
            self.record.phrases.append(RecordedPhrase(now, event.text, by_avatar=True, by_agent=True))
            return (ShowLine(self._context.next_utterance(), event.text),)
        if not self._floor.queue(event.text):
            return (Ignored("AgentWrote", "too many lines wait"),)
        visit.lines += 1
        return self._carry_on([], now)

    def _on_taken(self, visit: AgentVisit, now: float) -> tuple[Command, ...]:
        if self._floor.holder or self._behaviour is None:
            return (Ignored("AgentTookOver", "an agent has taken over"),)
        self._floor.hold(visit.agent_id, now)
        visit.holds.append((now, None))
        return (HoldFloor(visit.agent_id), *self._carry_on(self._behaviour.hold(now), now))

    def _on_line_ended(self, now: float) -> tuple[Command, ...]:
        self._floor.line = ""
        if self._behaviour is not None:
            self._behaviour.adapt(now)  # nobody is silent while they listen
        return self._carry_on([], now)

    def _return_floor(self, now: float) -> tuple[Command, ...]:
        """The avatar goes on where it was, with the results that came meanwhile."""
        returned, waiting = self._end_hold(now), self._floor.give_back()
        commands = [*returned]
        if self._away_deadline is None and self._behaviour is not None:
            commands += self._carry_on(self._behaviour.resume(now), now)
        for event in waiting:
            commands += self.receive(event, now=now)
        return tuple(commands)

    def _end_hold(self, now: float) -> tuple[Command, ...]:
        """What was held is over; the session gets back the time that it took."""
        if not self._floor.holder:
            return ()
        if (visit := self.record.agent(self._floor.holder)) is not None:
            visit.holds[-1] = (visit.holds[-1][0], now)
        if self._session_deadline is not None:
            self._session_deadline += now - self._floor.held_since
        self._floor.holder = ""
        return (ReturnFloor(),)

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
        return (*commands, *self._next_line(now))

    def _next_line(self, now: float) -> tuple[Command, ...]:
        """An agent's line, once the avatar has nothing under way."""
        if self._said or self._floor.holder or (text := self._floor.next_line()) is None:
            return ()
        self._floor.line = self._context.next_utterance()
        self._floor.line_deadline = self._context.speech_deadline(text, now)
        self._said[self._floor.line] = text
        return (Say(self._floor.line, text, interruptible=True),)

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
                    by_agent = event.utterance_id == self._floor.line
                    self.record.phrases.append(RecordedPhrase(now, event.heard, by_avatar=True, by_agent=by_agent))
            case _:
                pass
