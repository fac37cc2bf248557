"""A check as JSON: its plan, policy and start in a header, then its events. Replaying them gives the same verdict.

``vision.trace`` says how things are written.
"""

import dataclasses
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from vision import trace
from vision.liveness.events import Event, Observed
from vision.liveness.machine import LivenessMachine
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.verdict import Verdict

_EVENTS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(Event)}


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
    face = None if before.face is None else trace.rounded(before.face)
    return Observed(dataclasses.replace(trace.rounded(before, keep=("at", "media_at")), face=face))


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


def replay(header: Header, events: Iterable[tuple[float, Event]]) -> Verdict | None:
    """The verdict of a recorded check: (now, event) in order; None when the record stops before one."""
    machine = header.machine()
    for now, event in events:
        machine.receive(event, now=now)
    return machine.verdict


def replay_to_json(header: Header, events: Iterable[tuple[float, Event]]) -> dict[str, Any] | None:
    """What a recorded check comes to today, as the journal keeps it."""
    verdict = replay(header, events)
    return None if verdict is None else verdict_to_json(verdict)


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
