"""A check as JSON: its plan, policy and start in a header, then its events. Replaying them gives the same verdict.

Numbers of observations are rounded by ``canonical`` before the machine sees them, so that what is stored is exactly
what was judged. Times stay as they are; JSON keeps a float to the last bit.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

from vision.liveness.events import Event, Observed
from vision.liveness.machine import LivenessMachine
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.verdict import Verdict

T = TypeVar("T")

DIGITS = 5
"""Decimal places of what was measured in a frame; a hundredth of the smallest threshold."""

_EVENTS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(Event)}


class TraceError(ValueError):
    """Stored JSON that is not a trace of this version; the text names the place."""


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """All that a machine is built from."""

    plan: Plan
    policy: LivenessPolicy
    started_at: float

    def machine(self) -> LivenessMachine:
        """A machine at its beginning."""
        return LivenessMachine(self.plan, self.policy, self.started_at)


def canonical(event: Event) -> Event:
    """The event as it is stored: what was measured in a frame is rounded. Give this one to the machine."""
    if not isinstance(event, Observed):
        return event
    before = event.observation
    face = None if before.face is None else _rounded(before.face, keep=())
    return Observed(dataclasses.replace(_rounded(before, keep=("at", "media_at")), face=face))


def _rounded(value: T, keep: tuple[str, ...]) -> T:
    """The same dataclass with its floats rounded."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast(Any, value)):
        part = getattr(value, field.name)
        if isinstance(part, float) and field.name not in keep:
            changes[field.name] = round(float(part), DIGITS)
        elif isinstance(part, tuple):
            changes[field.name] = tuple(round(float(item), DIGITS) for item in part)
    return typing.cast(T, dataclasses.replace(typing.cast(Any, value), **changes))


def header_to_json(header: Header) -> dict[str, Any]:
    """As stored before the events."""
    return typing.cast(dict[str, Any], _plain(header))


def header_from_json(data: Mapping[str, Any]) -> Header:
    """What ``header_to_json`` wrote; thresholds that this version does not know are refused. Raises TraceError."""
    return _dataclass(data, Header, "header")


def event_to_json(event: Event) -> dict[str, Any]:
    """``{"type": class name, field: value, …}`` with plain JSON values."""
    return {"type": type(event).__name__, **_plain(event)}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event that ``event_to_json`` wrote. Raises TraceError."""
    if not isinstance(data, Mapping):
        raise TraceError("not a JSON object, as each event is")
    name = data.get("type")
    target = _EVENTS.get(name) if isinstance(name, str) else None
    if target is None:
        raise TraceError(f"unknown event type {name!r}")
    fields = {key: value for key, value in data.items() if key != "type"}
    return typing.cast(Event, _dataclass(fields, target, str(name)))


def replay(header: Header, events: Iterable[tuple[float, Event]]) -> Verdict | None:
    """The verdict of a recorded check: (now, event) in order; None when the record stops before one."""
    machine = header.machine()
    for now, event in events:
        machine.receive(event, now=now)
    return machine.verdict


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The evidence of a report, camelCase, ready to be read by people."""
    return {
        "outcome": verdict.outcome,
        **({"inconclusiveReason": verdict.inconclusive_reason} if verdict.inconclusive_reason else {}),
        "score": verdict.score,
        "reasons": list(verdict.reasons),
        "cues": [
            {"name": cue.name, "state": cue.state, "value": cue.value, "reason": cue.reason} for cue in verdict.cues
        ],
        "challenges": [
            {"kind": item.kind, "passed": item.passed, "seconds": item.seconds, "value": item.value}
            for item in verdict.challenges
        ],
        "frames": verdict.frames,
        "seconds": verdict.seconds,
        "policy": verdict.policy,
    }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _dataclass(data: Any, target: type[T], where: str) -> T:
    if not isinstance(data, Mapping):
        raise TraceError(f"{where} must be an object")
    hints = typing.get_type_hints(target)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise TraceError(f"{where}: unknown field {sorted(map(str, unknown))[0]!r}")
    try:
        return target(**{key: _value(value, hints[key], f"{where}.{key}") for key, value in data.items()})
    except TypeError as error:
        raise TraceError(f"{where}: {error}") from error


def _value(value: Any, hint: Any, where: str) -> Any:
    """One field as its type hint wants it."""
    choices = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    if value is None and type(None) in choices:
        return None
    hint = next(choice for choice in choices if choice is not type(None))
    origin = typing.get_origin(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise TraceError(f"{where} must be a list")
        kinds = typing.get_args(hint)
        return tuple(_value(item, kinds[0], f"{where}[{index}]") for index, item in enumerate(value))
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise TraceError(f"{where} must be one of {', '.join(typing.get_args(hint))}")
        return value
    if dataclasses.is_dataclass(hint):
        return _dataclass(value, typing.cast(type[Any], hint), where)
    if hint is float and type(value) is int:
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise TraceError(f"{where} must be {hint.__name__}")
    return value
