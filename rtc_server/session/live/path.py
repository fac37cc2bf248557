"""Which nodes the session has been at, with the evidence for each way that was taken (pure)."""

from conversation.flow.machine import FlowMachine
from rtc_server.session.report import Moment
from rtc_server.storage.ports import Json

MOST_NODES = 300
"""Nodes that are kept; a flow has no circles, so a longer path is a flow of that many nodes."""


class Path:
    """Read from what the flow machine has recorded; the last entry is where the flow stands."""

    def __init__(self, machine: FlowMachine, moment: Moment) -> None:
        self._machine = machine
        self._moment = moment
        self._left: list[Json] = []
        self._read = 0
        self._node_id = machine.graph.start.id
        self._entered_at = 0.0
        self.update(0.0)

    @property
    def node_since(self) -> int:
        """When the flow came to where it stands, Unix milliseconds."""
        return self._moment(self._entered_at)

    @property
    def entries(self) -> list[Json]:
        """All of it; empty before the person has joined."""
        return [*self._left, *self._current()]

    def update(self, now: float) -> list[Json]:
        """The entries that are new or other than before, after a step at this time."""
        if self._node_id == self._machine.node_id:
            return []
        reports = self._machine.record.node_reports
        if self._node_id == self._machine.graph.start.id:
            self._entered_at = now
        changed = []
        for report in reports[self._read :]:
            changed.append(
                {
                    "nodeId": report.node_id,
                    "nodeType": report.node_type,
                    "enteredAt": self._moment(self._entered_at),
                    "leftAt": self._moment(report.at),
                    "outcome": report.outcome,
                    "evidence": dict(report.evidence),
                }
            )
            self._entered_at = report.at
        self._read = len(reports)
        self._left = [*self._left, *changed][-MOST_NODES:]
        self._node_id = self._machine.node_id
        return [*changed, *self._current()]

    def _current(self) -> list[Json]:
        if self._node_id == self._machine.graph.start.id:
            return []
        node = self._machine.graph.nodes[self._node_id]
        return [
            {
                "nodeId": node.id,
                "nodeType": node.type,
                "enteredAt": self.node_since,
                "leftAt": None,
                "outcome": None,
                "evidence": {},
            }
        ]
