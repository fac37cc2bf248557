"""A session's machine at its beginning, or where the stored journal leaves it (after a crash or a move)."""

import logging
from collections.abc import Sequence
from typing import get_args

from conversation.flow.codec import command_from_json
from conversation.flow.commands import (
    CallExternal,
    CheckLiveness,
    CompareFaces,
    EnrolFace,
    IdentifyFace,
    ScanDocument,
    ScanFace,
    SendCode,
)
from conversation.flow.journal import OTHER_MACHINES, Header, replay
from conversation.flow.machine import FlowMachine
from conversation.flow.nodes import ConversationNode
from conversation.flow.policy import DialoguePolicy
from rtc_server.session.clock import unix_ms
from rtc_server.session.journal import steps_of
from rtc_server.session.options import session_options
from rtc_server.session.provided import all_provided, writable
from rtc_server.storage.ports import JournalLine, SessionRecord

Request = SendCode | CallExternal | CheckLiveness | ScanFace | CompareFaces | IdentifyFace | EnrolFace | ScanDocument
"""Commands that an event answers which only this process can bring about."""

_REQUESTS = frozenset(kind.__name__ for kind in get_args(Request))
_IN_BETWEEN = frozenset({"CheckGuided"})
"""Events with a request's id that do not answer it."""

logger = logging.getLogger(__name__)


def restore(
    record: SessionRecord, lines: Sequence[JournalLine], policy: DialoguePolicy, language: str
) -> tuple[Header, FlowMachine]:
    """Header and machine. ``language`` counts only when nothing is stored yet. Raises JournalError."""
    if lines:
        header, steps = steps_of(lines)
        machine, differences = replay(header, steps)
        if differences:
            logger.warning("session %s: the journal replays with %d differences", record.id, len(differences))
        return header, machine
    settings = session_options(record.settings)
    header = Header(
        flow=record.flow,
        variables=writable(all_provided(record)),
        language=language,
        policy=policy,
        started_utc_ms=unix_ms(),
        forced=dict(settings.get("sandbox") or {}) if record.sandbox else {},
        extraction=list(settings.get("extractionSchema") or []),
    )
    return header, header.machine()


def unanswered(lines: Sequence[JournalLine], machine: FlowMachine) -> list[Request]:
    """What the node had asked of the outside or the camera when the process ended, and got no answer to.

    It has to be asked again: a code that was sent but not written down cannot be compared with anything.
    """
    if isinstance(machine.graph.nodes[machine.node_id], ConversationNode):
        return []  # it asks anew by itself when the person is back
    asked: dict[str, Request] = {}
    for line in lines:
        if line.event.get("type") in OTHER_MACHINES:
            continue
        if line.event.get("type") not in _IN_BETWEEN:
            asked.pop(str(line.event.get("request_id", "")), None)
        for command in line.commands:
            match command.get("type"):
                case "Enter":
                    asked.clear()
                case "StopCheck":
                    asked.pop(str(command.get("request_id", "")), None)
                case name if name in _REQUESTS:
                    again: Request = command_from_json(command)  # type: ignore[assignment]
                    asked[again.request_id] = again
    return list(asked.values())
