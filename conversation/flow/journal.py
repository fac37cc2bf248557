"""The journal of a session: a header and one step per event. Replaying it rebuilds the session, or proves a change.

A journal as a file is JSON Lines: the header first, then the steps. What the machine answered is kept beside each
event, so that a replay can tell whether today's engine would have done the same.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from conversation.flow.codec import event_from_json, to_json
from conversation.flow.commands import Command
from conversation.flow.events import Event
from conversation.flow.graph import build_graph
from conversation.flow.machine import ENGINE_VERSION, FlowMachine
from conversation.flow.policy import DialoguePolicy


class JournalError(ValueError):
    """A journal that cannot be read; the text names the line."""


@dataclass(frozen=True, slots=True)
class Header:
    """All that a machine is built from."""

    flow: list[dict[str, Any]]
    variables: Mapping[str, Any]
    language: str
    policy: DialoguePolicy
    started_utc_ms: int
    """Civil time of the session clock's zero."""
    engine_version: int = ENGINE_VERSION

    def to_json(self) -> dict[str, Any]:
        """As stored in line 0."""
        return {
            "type": "Header",
            "engineVersion": self.engine_version,
            "startedUtcMs": self.started_utc_ms,
            "language": self.language,
            "variables": dict(self.variables),
            "policy": asdict(self.policy),
            "flow": self.flow,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Header":
        """Read line 0; policy fields that this version does not know are left out. Raises JournalError."""
        try:
            known = {field.name for field in fields(DialoguePolicy)}
            policy = DialoguePolicy(**{key: value for key, value in data["policy"].items() if key in known})
            return cls(
                flow=data["flow"],
                variables=data["variables"],
                language=data["language"],
                policy=policy,
                started_utc_ms=data["startedUtcMs"],
                engine_version=data["engineVersion"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise JournalError(f"line 1 is not a journal header: {error!r}") from error

    def machine(self) -> FlowMachine:
        """A machine at its beginning."""
        return FlowMachine(build_graph(self.flow), self.variables, self.policy, self.language)


@dataclass(frozen=True, slots=True)
class Step:
    """One event and what the machine answered."""

    now: float
    event: dict[str, Any]
    commands: list[dict[str, Any]]

    @classmethod
    def of(cls, now: float, event: Event, commands: Sequence[Command]) -> "Step":
        """From the machine's own values."""
        return cls(now, to_json(event), [to_json(command) for command in commands])


@dataclass(frozen=True, slots=True)
class Difference:
    """A step that the engine of today answers otherwise."""

    line: int
    """Line of the journal file, the header being 1."""
    event: dict[str, Any]
    recorded: list[dict[str, Any]]
    replayed: list[dict[str, Any]]


def replay(header: Header, steps: Iterable[Step]) -> tuple[FlowMachine, list[Difference]]:
    """Feed a journal to a fresh machine; return the machine where it stands then, and every difference."""
    machine = header.machine()
    differences: list[Difference] = []
    for line, step in enumerate(steps, start=2):
        commands = machine.receive(event_from_json(step.event), now=step.now)
        replayed = json.loads(json.dumps([to_json(command) for command in commands]))
        if replayed != step.commands:
            differences.append(Difference(line, step.event, step.commands, replayed))
    return machine, differences


def write_lines(header: Header, steps: Iterable[Step]) -> Iterator[str]:
    """JSON Lines of a journal, without line ends."""
    yield json.dumps(header.to_json(), ensure_ascii=False)
    for step in steps:
        yield json.dumps({"now": step.now, "event": step.event, "commands": step.commands}, ensure_ascii=False)


def read_lines(lines: Iterable[str]) -> tuple[Header, list[Step]]:
    """The opposite of ``write_lines``. Raises JournalError naming the line."""
    header: Header | None = None
    steps: list[Step] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if header is None:
                header = Header.from_json(data)
            else:
                steps.append(Step(data["now"], data["event"], data["commands"]))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise JournalError(f"line {number} is not a journal step: {error}") from error
    if header is None:
        raise JournalError("the journal is empty")
    return header, steps
