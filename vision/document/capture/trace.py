"""A document scan as JSON: its plan, policy and start in a header, then its events. Replaying them gives the same
conclusion. ``vision.trace`` says how things are written.
"""

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vision import trace
from vision.document.capture.commands import Concluded
from vision.document.capture.events import Event, FrameMeasured
from vision.document.capture.machine import CaptureMachine
from vision.document.capture.plan import Plan
from vision.document.capture.policy import CapturePolicy

_EVENTS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(Event)}


@dataclass(frozen=True, slots=True)
class Header:
    """All that a machine is built from."""

    plan: Plan
    policy: CapturePolicy
    started_at: float

    def machine(self) -> CaptureMachine:
        """A machine at its beginning."""
        return CaptureMachine(self.plan, self.policy, self.started_at)


def canonical(event: Event) -> Event:
    """The event as it is stored: what was measured in a frame is rounded. Give this one to the machine."""
    if not isinstance(event, FrameMeasured):
        return event
    return FrameMeasured(trace.rounded(event.frame, keep=("at",)))


def header_to_json(header: Header) -> dict[str, Any]:
    """As stored before the events."""
    return typing.cast(dict[str, Any], trace.to_json(header))


def header_from_json(data: Mapping[str, Any]) -> Header:
    """What ``header_to_json`` wrote; thresholds that this version does not know are refused. Raises TraceError."""
    return trace.from_json(data, Header, "header")


def event_to_json(event: Event) -> dict[str, Any]:
    """``{"type": class name, field: value, …}`` with plain JSON values."""
    return trace.event_to_json(event)


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event that ``event_to_json`` wrote. Raises TraceError."""
    return typing.cast(Event, trace.event_from_json(data, _EVENTS))


def replay_to_json(header: Header, events: Iterable[tuple[float, Event]]) -> dict[str, Any] | None:
    """What a recorded scan comes to today; None when the record stops before its end."""
    machine = header.machine()
    for now, event in events:
        machine.receive(event, now=now)
    return None if machine.concluded is None else concluded_to_json(machine.concluded)


def concluded_to_json(concluded: Concluded) -> dict[str, Any]:
    """The end of a scan, as the journal keeps it."""
    return typing.cast(dict[str, Any], trace.to_json(concluded))
