"""One running session, followed: always its summary; for whoever watches, a snapshot and what changes since.

Everything that is kept is bounded. What changes is made into JSON once, however many watch.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from conversation.flow.commands import Finish
from conversation.flow.journal import Header, Step
from conversation.flow.machine import FlowMachine
from rtc_server.console.ports import Listener
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.messages import Caption, FromPage, FromServer, Recording, Statistics
from rtc_server.session.latency import TurnLatency
from rtc_server.session.live.checks import Checks, Delta
from rtc_server.session.live.evaluations import Evaluations
from rtc_server.session.live.flow_map import flow_to_json
from rtc_server.session.live.network import Network
from rtc_server.session.live.path import Path
from rtc_server.session.live.risk import Risk
from rtc_server.session.live.summary import Activity, agents, facts
from rtc_server.session.live.transcript import Transcript
from rtc_server.session.verdict import judge
from rtc_server.storage.ports import Json, SessionRecord

MOST_TURNS = 100
"""Whose latency is kept."""

logger = logging.getLogger(__name__)


class LiveView:
    """An onlooker (``rtc_server.session.onlookers``). ``machine`` is read, never fed; ``now`` is the session's clock.

    ``changed`` is told when the summary is other than before, ``ended`` once, after which nothing follows.
    """

    def __init__(
        self,
        record: SessionRecord,
        header: Header,
        machine: FlowMachine,
        now: Callable[[], float],
        changed: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._machine = machine
        self._now = now
        self._changed = changed
        self._ended = ended
        self._started_utc_ms = header.started_utc_ms
        self._facts = facts(record, header.language, header.started_utc_ms)
        self._over = False
        self._listeners: list[Listener] = []
        self._path = Path(machine, self._moment)
        self._transcript = Transcript(machine, self._moment)
        self._evaluations = Evaluations(self._moment)
        self._checks = Checks(self._moment)
        self._network = Network(self._moment)
        self._risk = Risk(machine.record)
        self._activity = Activity(machine, self._moment, now())
        self._latency: deque[Json] = deque(maxlen=MOST_TURNS)
        self._recording = False
        self._holder = self._holder_now()
        self._summary = self._summary_now()

    @property
    def summary(self) -> Json:
        """As it is now; not to be changed."""
        return self._summary

    @property
    def machine(self) -> FlowMachine:
        """What the session has come to, for reading."""
        return self._machine

    def snapshot(self) -> Json:
        """All that is known."""
        return {
            "summary": self._summary,
            "flow": flow_to_json(self._machine.graph),
            "path": self._path.entries,
            "transcript": self._transcript.entries,
            "checks": self._checks.entries,
            "evaluations": self._evaluations.entries,
            "latency": list(self._latency),
            "connection": self._network.history,
            "agent": {"holder": self._holder},
        }

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Give a snapshot, then tell of each change; the answer ends that, and may be called again.

        A listener that fails is told nothing more. Raises what it raises at the snapshot.
        """
        listener("snapshot", self.snapshot())
        self._listeners.append(listener)
        return lambda: self._remove(listener)

    # ---- what the session tells

    def step(self, step: Step) -> None:
        """One event of the flow and what the machine answered."""
        for entry in self._path.update(step.now):
            self._tell("path", entry)
        for phrase in self._transcript.step(step):
            self._tell("phrase", phrase)
        if (evaluation := self._evaluations.step(step, self._machine.node_id)) is not None:
            self._tell("evaluation", evaluation)
        self._risk.step(step)
        self._activity.step(step)
        if step.event.get("type") == "Left":
            self._network.forget()
        holder = self._holder_now()
        if holder != self._holder:
            self._holder = holder
            self._tell("agent", {"holder": holder})
        self._refresh()

    def note(self, now: float, entry: Mapping[str, Any]) -> None:
        """A line of a check's journal."""
        self._tell_all(self._checks.note(now, entry, self._machine.node_id))
        self._refresh()

    def sent(self, message: FromServer) -> None:
        """The page was told something."""
        if self._activity.sent(message):
            self._refresh()
        elif isinstance(message, Recording):
            self._recording = message.state == "on"
            self._refresh()
        elif isinstance(message, Caption):
            for phrase in self._transcript.caption(message, self._now()):
                self._tell("phrase", phrase)
        else:
            self._tell_all(self._checks.sent(message, self._now()))

    def heard(self, message: FromPage) -> None:
        """The page told something."""
        if isinstance(message, Statistics) and (entry := self._network.take(message, self._now())) is not None:
            self._tell("connection", entry)
            self._refresh()

    def turn(self, turn: TurnLatency) -> None:
        """The person was answered."""
        entry: Json = {"at": self._moment(turn.at), **turn.to_json()}
        self._latency.append(entry)
        self._tell("latency", entry)

    def ended(self, finish: Finish | None) -> None:
        """The session is over, or runs here no longer; what is told after that is passed over."""
        if self._over:
            return
        self._over = True
        if finish is None:
            self._tell("ended", {"status": "inProgress", "reason": "put_aside", "isVerified": None})
        else:
            verdict = judge(
                finish.status == "complete", self._machine.record.node_reports, self._machine.graph.nodes.values()
            )
            data = {"status": finish.status, "reason": finish.reason, "isVerified": verdict.is_verified}
            self._tell("ended", data)
        self._listeners.clear()
        self._ended()

    # ---- telling

    def _tell_all(self, deltas: list[Delta]) -> None:
        for name, data in deltas:
            self._tell(name, data)

    def _tell(self, name: str, data: Json) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(name, data)
            except Exception as error:
                log_failure(logger, "listener of a session", error)
                self._remove(listener)

    def _remove(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def _refresh(self) -> None:
        summary = self._summary_now()
        if summary != self._summary:
            self._summary = summary
            self._tell("summary", summary)
            self._changed()

    def _summary_now(self) -> Json:
        node = self._machine.graph.nodes[self._machine.node_id]
        return {
            **self._facts,
            "state": self._activity.state(checking=self._checks.running),
            "nodeId": node.id,
            "nodeType": node.type,
            "nodeSince": self._path.node_since,
            "waitingSince": self._activity.waiting_since,
            "attempts": self._activity.attempts,
            "risk": self._risk.to_json(),
            "network": self._network.to_json(),
            "agents": agents(self._machine, self._moment),
            "recording": self._recording,
        }

    def _holder_now(self) -> Json | None:
        speaking = [agent for agent in agents(self._machine, self._moment) if agent["mode"] == "speaking"]
        return {name: speaking[0][name] for name in ("id", "name", "since")} if speaking else None

    def _moment(self, at: float) -> int:
        return self._started_utc_ms + round(at * 1000)
