"""A check in the session's journal: what it was made from, what it was given, what it came to.

Lines have the event type ``Check`` and one of three parts: ``began`` (header), ``events`` (some seconds of them) and
``ended`` (verdict, None when it was broken off). From these a check is replayed. The first line says of what ``kind``
it was: the ``face``, also when it says nothing, or a ``document``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from vision.document.capture import trace as document_trace
from vision.liveness import trace as face_trace
from vision.trace import TraceError

FLUSH_SECONDS = 1.0
"""Events of so long go into one line."""

Kind = Literal["face", "document"]

Note = Callable[[float, dict[str, object]], None]
"""Writes a line of another machine, as ``JournalWriter.note``."""


class Trace(Protocol):
    """How checks of one kind are written and replayed; modules of the pure rooms are such."""

    def header_to_json(self, header: Any, /) -> dict[str, Any]:
        """As stored before the events."""

    def header_from_json(self, data: Mapping[str, Any], /) -> Any:
        """What ``header_to_json`` wrote. Raises TraceError."""

    def event_to_json(self, event: Any, /) -> dict[str, Any]:
        """``{"type": class name, field: value, …}``."""

    def event_from_json(self, data: Mapping[str, Any], /) -> Any:
        """What ``event_to_json`` wrote. Raises TraceError."""

    def replay_to_json(self, header: Any, events: Iterable[tuple[float, Any]], /) -> dict[str, Any] | None:
        """What the check comes to today; None when the record stops before its end."""


TRACES: Mapping[str, Trace] = {"face": face_trace, "document": document_trace}


class CheckJournal:
    """Writes one check."""

    def __init__(
        self, kind: Kind, request_id: str, header: face_trace.Header | document_trace.Header, note: Note
    ) -> None:
        self._request_id = request_id
        self._trace = TRACES[kind]
        self._note = note
        self._pending: list[list[Any]] = []
        self._flushed_at = header.started_at
        self._ended = False
        self._write(header.started_at, "began", kind=kind, header=self._trace.header_to_json(header))

    def event(self, now: float, event: object) -> None:
        """One event, as the machine is given it."""
        if not self._ended:
            self._pending.append([now, self._trace.event_to_json(event)])

    def flush_when_due(self, now: float) -> None:
        """Write what has gathered, about once a second."""
        if now - self._flushed_at >= FLUSH_SECONDS:
            self._flush(now)

    def end(self, now: float, verdict: Mapping[str, Any] | None) -> None:
        """Write the rest, and what it came to, as its trace writes that; a check ends once."""
        if not self._ended:
            self._flush(now)
            self._ended = True
            self._write(now, "ended", verdict=verdict)

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
    kind: str
    header: Any
    events: list[tuple[float, Any]] = field(default_factory=list)
    ended: bool = False
    verdict: Mapping[str, Any] | None = None
    """What it came to then."""

    def replayed(self) -> Mapping[str, Any] | None:
        """What it comes to today; None without a verdict."""
        return TRACES[self.kind].replay_to_json(self.header, self.events)

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
            found.append(_begun(request_id, entry))
            continue
        check = next((one for one in reversed(found) if one.request_id == request_id), None)
        if check is None:
            raise TraceError(f"check {request_id!r} has no beginning")
        if part == "events":
            check.events += _events(entry.get("events"), TRACES[check.kind])
        elif part == "ended":
            check.ended, check.verdict = True, entry.get("verdict")
        else:
            raise TraceError(f"check {request_id!r} has an unknown part {part!r}")
    return found


def _begun(request_id: str, entry: Mapping[str, Any]) -> RecordedCheck:
    kind = str(entry.get("kind", "face"))
    if kind not in TRACES:
        raise TraceError(f"check {request_id!r} is of an unknown kind {kind!r}")
    return RecordedCheck(request_id, kind, TRACES[kind].header_from_json(entry.get("header") or {}))


def _events(rows: Any, trace: Trace) -> list[tuple[float, Any]]:
    try:
        return [(float(now), trace.event_from_json(event)) for now, event in rows]
    except (TypeError, ValueError) as error:
        if isinstance(error, TraceError):
            raise
        raise TraceError("the events of a check must be pairs of a time and an object") from error
