"""A score whose machine is followed by a live view, and what somebody who watches makes of the events."""

import json
from typing import Any

from conversation.flow import commands as c
from conversation.flow import events as e
from rtc_server.session.live.view import LiveView
from rtc_server.storage.ports import SessionRecord
from tests.scores.score import Score


def record(**more: Any) -> SessionRecord:
    """A session as the store has it."""
    return SessionRecord(
        id="s1",
        tenant="default",
        created_at=1,
        status="inProgress",
        settings={"avatarId": "ava"},
        flow=[],
        secret_generation=0,
        secret_hash="hash",
        secret_created_at=1,
        secret_expires_at=2,
        **more,
    )


class WatchedScore(Score):
    """Plays into a machine and tells its view, as a session does."""

    def __init__(self, *arguments: Any, stored: SessionRecord | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.changes = 0
        self.over = False
        self.view = LiveView(
            stored or record(), self.header, self.machine, lambda: self.now, self._changed, self._ended
        )
        self.watcher = Watcher()
        self.view.listen(self.watcher)

    def play(self, event: e.Event, after: float = 0.0) -> list[c.Command]:
        answer = super().play(event, after)
        self.view.step(self.steps[-1])
        return answer

    @property
    def summary(self) -> dict[str, Any]:
        return self.view.summary

    def _changed(self) -> None:
        self.changes += 1

    def _ended(self) -> None:
        self.over = True


class Watcher:
    """Keeps a page's state by the rules of the interface: a snapshot, changed by one event after the other."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.state: dict[str, Any] = {}

    def __call__(self, name: str, data: Any) -> None:
        data = json.loads(json.dumps(data))  # what a page gets, and a proof that it can be sent
        self.events.append((name, data))
        match name:
            case "snapshot":
                self.state = data
            case "summary" | "agent":
                self.state[name] = data
            case "phrase":
                self._replace("transcript", data, "id")
                if data["final"] and not data["text"]:
                    self.state["transcript"].remove(data)
            case "path":
                self._replace("path", data, "nodeId", "enteredAt")
            case "check":
                self._replace_check(data)
            case "points":
                self._add_points(data)
            case "evaluation" | "latency" | "connection":
                self.state[{"evaluation": "evaluations"}.get(name, name)].append(data)

    def all(self, name: str) -> list[Any]:
        """The data of every event of a name."""
        return [data for event, data in self.events if event == name]

    def _replace(self, member: str, data: dict[str, Any], *keys: str) -> None:
        entries = self.state[member]
        for place, entry in enumerate(entries):
            if all(entry[key] == data[key] for key in keys):
                entries[place] = data
                return
        entries.append(data)

    def _replace_check(self, data: dict[str, Any]) -> None:
        known = {check["requestId"]: check for check in self.state["checks"]}
        series = known.get(data["requestId"], {"series": []})["series"]
        self._replace("checks", data | {"series": series}, "requestId")

    def _add_points(self, data: dict[str, Any]) -> None:
        (check,) = (check for check in self.state["checks"] if check["requestId"] == data["requestId"])
        line = next((line for line in check["series"] if line["key"] == data["key"]), None)
        if line is None:
            line = {key: value for key, value in data.items() if key != "requestId"} | {"points": []}
            check["series"].append(line)
        line["points"] += data["points"]
