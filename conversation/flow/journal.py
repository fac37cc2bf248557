"""The journal of a session: a header and one step per event. Replaying it rebuilds the session, or proves a change.

A journal as a file is JSON Lines: the header first, then the steps. What the machine answered is kept beside each
event, so that a replay can tell whether today's engine would have done the same.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast

from conversation.flow.behaviour import ENGINE_VERSION
from conversation.flow.codec import CodecError, command_from_json, event_from_json, to_json
from conversation.flow.commands import Command
from conversation.flow.events import Event
from conversation.flow.graph import build_graph
from conversation.flow.machine import FlowMachine
from conversation.flow.policy import DialoguePolicy
from conversation.text.fields import ExtractionField

OTHER_MACHINES = frozenset({"Check"})
"""Types of lines that hold what another machine was given, such as a check before the camera; no step of the flow."""


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
    forced: Mapping[str, str] = field(default_factory=dict)
    """Node id → outcome that the sandbox decided in advance."""
    extraction: list[dict[str, Any]] = field(default_factory=list)
    """Fields that the report shall hold (``extractionSchema`` of the create call, JSON)."""

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
            "forced": dict(self.forced),
            "extraction": list(self.extraction),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Header":
        """Read line 0; policy fields that this version does not know are left out. Raises JournalError."""
        try:
            return cls(
                flow=_field(data, "flow", list),
                variables=_field(data, "variables", Mapping),
                language=_field(data, "language", str),
                policy=_policy(_field(data, "policy", Mapping)),
                started_utc_ms=_field(data, "startedUtcMs", int),
                engine_version=_field(data, "engineVersion", int),
                # Both came later than the first journals.
                forced=_texts(data, "forced"),
                extraction=_extraction(data),
            )
        except ValueError as error:
            raise JournalError(f"line 1 is not a journal header: {error}") from error

    def machine(self) -> FlowMachine:
        """A machine at its beginning."""
        return FlowMachine(
            build_graph(self.flow),
            self.variables,
            self.policy,
            self.language,
            forced=self.forced,
            extraction=[ExtractionField.from_json(item) for item in self.extraction],
            started_utc_ms=self.started_utc_ms,
            engine_version=self.engine_version,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One event and what the machine answered."""

    now: float
    event: dict[str, Any]
    commands: list[dict[str, Any]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        """Read one line. Raises ValueError naming the field."""
        now = _field(data, "now", int, float)
        commands = _field(data, "commands", list)
        if not math.isfinite(now) or not all(isinstance(command, dict) for command in commands):
            raise ValueError("'now' must be finite and 'commands' a list of objects")
        return cls(now, _field(data, "event", dict), commands)

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
    """Feed a journal to a fresh machine; return the machine where it stands then, and every difference.

    Lines of other machines are passed over.
    """
    machine = header.machine()
    differences: list[Difference] = []
    for line, step in enumerate(steps, start=2):
        if step.event.get("type") in OTHER_MACHINES:
            continue
        commands = machine.receive(event_from_json(step.event), now=step.now)
        replayed = json.loads(json.dumps([to_json(command) for command in commands]))
        if replayed != [_in_todays_form(command) for command in step.commands]:
            differences.append(Difference(line, step.event, step.commands, replayed))
    return machine, differences


def _in_todays_form(command: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored command with the fields that came later, at the values that mean what was done before."""
    try:
        return cast(Mapping[str, Any], json.loads(json.dumps(to_json(command_from_json(command)))))
    except CodecError:
        return command


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
                steps.append(Step.from_json(data))
        except JournalError:
            raise
        except (ValueError, RecursionError) as error:
            raise JournalError(f"line {number} is not a journal {'step' if header else 'header'}: {error}") from error
    if header is None:
        raise JournalError("the journal is empty")
    return header, steps


def _field(data: Any, name: str, *types: type) -> Any:
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, types) or isinstance(value, bool):
        raise ValueError(f"'{name}' is missing or not {' or '.join(t.__name__ for t in types)}")
    return value


def _texts(data: Mapping[str, Any], name: str) -> dict[str, str]:
    texts = _field(data, name, dict) if name in data else {}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError(f"'{name}' holds something other than strings")
    return dict(texts)


def _extraction(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    items: list[Any] = _field(data, "extraction", list) if "extraction" in data else []
    for item in items:
        ExtractionField.from_json(item if isinstance(item, dict) else {})
    return items


def _policy(data: Mapping[str, Any]) -> DialoguePolicy:
    values: dict[str, Any] = {}
    for item in fields(DialoguePolicy):
        if item.name in data:
            value = data[item.name]
            # Each default has the field's type; whole seconds may be written without a point.
            if type(value) is not type(item.default) and (type(value), type(item.default)) != (int, float):
                raise ValueError(f"'policy.{item.name}' is not {type(item.default).__name__}")
            values[item.name] = value
    return DialoguePolicy(**values)
