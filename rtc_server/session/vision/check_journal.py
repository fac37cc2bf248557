"""A check in the session's journal: what it was made from, what it was given, what it came to.

Lines have the event type ``Check`` and one of three parts: ``began`` (header), ``events`` (some seconds of them) and
``ended`` (verdict, None when it was broken off). From these a check is replayed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vision.liveness import trace
from vision.liveness.events import Event
from vision.liveness.verdict import Verdict

FLUSH_SECONDS = 1.0
"""Events of so long go into one line."""

Note = Callable[[float, dict[str, object]], None]
"""Writes a line of another machine, as ``JournalWriter.note``."""


class CheckJournal:
    """Writes one check."""

    def __init__(self, request_id: str, header: trace.Header, note: Note) -> None:
        self._request_id = request_id
        self._note = note
        self._pending: list[list[Any]] = []
        self._flushed_at = header.started_at
        self._ended = False
        self._write(header.started_at, "began", header=trace.header_to_json(header))

    def event(self, now: float, event: Event) -> None:
        """One event, as the machine is given it."""
        if not self._ended:
            self._pending.append([now, trace.event_to_json(event)])

    def flush_when_due(self, now: float) -> None:
        """Write what has gathered, about once a second."""
        if now - self._flushed_at >= FLUSH_SECONDS:
            self._flush(now)

    def end(self, now: float, verdict: Verdict | None) -> None:
        """Write the rest; a check ends once."""
        if not self._ended:
            self._flush(now)
            self._ended = True
            self._write(now, "ended", verdict=None if verdict is None else trace.verdict_to_json(verdict))

    def _flush(self, now: float) -> None:
        self._flushed_at = now
        if self._pending:
            events, self._pending = self._pending, []
            self._write(now, "events", events=events)

    def _write(self, now: float, part: str, **content: object) -> None:
        self._note(now, {"type": "Check", "request_id": self._request_id, "part": part, **content})


@dataclass(slots=True)
class RecordedCheck:
    """A check as a journal holds it."""

    request_id: str
    header: trace.Header
    events: list[tuple[float, Event]] = field(default_factory=list)
    ended: bool = False
    verdict: Mapping[str, Any] | None = None
    """What it came to then."""

    def replayed(self) -> Mapping[str, Any] | None:
        """What it comes to today; None without a verdict."""
        verdict = trace.replay(self.header, self.events)
        return None if verdict is None else trace.verdict_to_json(verdict)

    @property
    def agrees(self) -> bool:
        """Whether that is the same. A check that was broken off has nothing to compare."""
        return self.verdict is None or self.replayed() == self.verdict


def recorded_checks(entries: Iterable[Mapping[str, Any]]) -> list[RecordedCheck]:
    """The checks among the events of a journal's lines, in order. Raises TraceError."""
    found: list[RecordedCheck] = []
    for entry in entries:
        if entry.get("type") != "Check":
            continue
        request_id, part = str(entry.get("request_id")), entry.get("part")
        if part == "began":
            found.append(RecordedCheck(request_id, trace.header_from_json(entry.get("header") or {})))
            continue
        check = next((one for one in reversed(found) if one.request_id == request_id), None)
        if check is None:
            raise trace.TraceError(f"check {request_id!r} has no beginning")
        if part == "events":
            check.events += _events(entry.get("events"))
        elif part == "ended":
            check.ended, check.verdict = True, entry.get("verdict")
        else:
            raise trace.TraceError(f"check {request_id!r} has an unknown part {part!r}")
    return found


def _events(rows: Any) -> list[tuple[float, Event]]:
    try:
        return [(float(now), trace.event_from_json(event)) for now, event in rows]
    except (TypeError, ValueError) as error:
        if isinstance(error, trace.TraceError):
            raise
        raise trace.TraceError("the events of a check must be pairs of a time and an object") from error
