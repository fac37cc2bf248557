"""A session's machine at its beginning, or where the stored journal leaves it (after a crash or a move)."""

import logging
from collections.abc import Sequence
from typing import Any

from conversation.flow.journal import Header, replay
from conversation.flow.machine import FlowMachine
from conversation.flow.policy import DialoguePolicy
from rtc_server.session.clock import unix_ms
from rtc_server.session.journal import steps_of
from rtc_server.session.options import session_options
from rtc_server.storage.ports import JournalLine, SessionRecord

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
        variables=_scalars(settings.get("providedData") or {}),
        language=language,
        policy=policy,
        started_utc_ms=unix_ms(),
        forced=dict(settings.get("sandbox") or {}) if record.sandbox else {},
        extraction=list(settings.get("extractionSchema") or []),
    )
    return header, header.machine()


def _scalars(provided: dict[str, Any]) -> dict[str, Any]:
    """Template values; anything else in the provided data is for other nodes."""
    return {key: value for key, value in provided.items() if isinstance(value, str | int | float | bool)}
