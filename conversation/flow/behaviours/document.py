"""The node document_scan: an identity document is shown and read (contract §3.3, §4.5).

SCANNING ──read──▶ READING BACK (if the author wants it) ──▶ leave
    ├──read, rejected, could not be read──▶ a last line ──SpeechEnded──▶ leave
    └──cancelled, no answer──▶ leave
"""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, ignored
from conversation.flow.behaviours.looking import CheckVisit
from conversation.flow.behaviours.read_back import ReadBack
from conversation.flow.commands import Command, Say, ScanDocument
from conversation.flow.events import DocumentScanned, Event, SpeechEnded, TimePassed
from conversation.flow.nodes import DocumentScanNode
from conversation.flow.schema.document_types import blinkid_type
from conversation.text.document_lines import DocumentLine, document_line
from conversation.text.document_problems import DocumentProblem, end_line
from conversation.text.no_document import has_no_document

_WAYS = {"read": "scanSuccess", "rejected": "documentRejected", "cancelled": "userCancelled", "timeout": "scanTimeout"}
"""Outcome of a scan → of the node; any other is a scan that nobody made. Where the flow does not have the second, which
is ours, a document that may not be taken leaves by ``scanTimeout``; the evidence tells the two apart."""

_VERDICTS = {"read": "read", "rejected": "failed", "timeout": "unread", "cancelled": "unread"}

NOT_CHECKED = "Nobody could look at a document, so nothing was checked. It says nothing about the person."


class DocumentScanBehaviour(CheckVisit):
    """One visit to a document_scan node."""

    def __init__(self, node: DocumentScanNode, context: Context) -> None:
        super().__init__(node, context)
        self._settings = node
        self._scan: DocumentScanned | None = None
        """How the scan ended; None while it goes on."""
        self._read_back: ReadBack | None = None
        self._last_line = ""
        """Utterance that tells the result."""
        self._last_line_end: float | None = None

    # ---- doors

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        if self._scan is None:
            return super().deadline
        return self._read_back.deadline if self._read_back is not None else self._last_line_end

    def pause(self, now: float) -> list[Step]:
        """The page is gone: the scan is broken off; what was read stays read."""
        if self._scan is None:
            return super().pause(now)
        if self._read_back is not None:
            self._read_back.pause(now)
        return []

    def resume(self, now: float) -> list[Step]:
        """Scan afresh, repeat the question, or go on without the last line."""
        if self._scan is None:
            return super().resume(now)
        return self._read_back.resume(now) if self._read_back is not None else [self._conclude(self._scan)]

    def adapt(self, now: float) -> None:
        """Wait for the answer to what is read back as long as the person wants; a scan under way keeps its limit."""
        if self._read_back is not None:
            self._read_back.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        if self._scan is None:
            return super().receive(event, now)
        if self._read_back is not None:
            steps = self._read_back.receive(event, now)
            return [*steps, self._conclude(self._scan)] if self._read_back.ended else steps
        match event:
            case SpeechEnded() if event.utterance_id == self._last_line:
                return [self._conclude(self._scan)]
            case TimePassed() if self._last_line_end is not None and now >= self._last_line_end:
                return [self._conclude(self._scan)]
            case _:
                return [ignored(event, "the document has been looked at")]

    # ---- the scan

    @property
    def _limit_seconds(self) -> float:
        return self._context.policy.document_seconds

    def _refuses(self, words: str) -> bool:
        return super()._refuses(words) or has_no_document(words)

    def _ask(self, request_id: str) -> Command:
        node = self._settings
        types = (blinkid_type(name) for name in node.allowed_document_types)
        return ScanDocument(
            request_id,
            node.scanning_mode,
            tuple(dict.fromkeys(name for name in types if name is not None)),
            node.show_torch_button,
            node.show_camera_switch,
            node.show_mirror_camera_button,
            node.allow_upload,
            node.allow_expired,
            self._limit_seconds,
        )

    def _answered(self, event: Event, now: float) -> list[Step] | None:
        if not isinstance(event, DocumentScanned) or not self._awaits(event.request_id):
            return None
        self._request, self._end = "", None
        self._guide.rest()
        if event.outcome == "cancelled":
            return [self._conclude(event)]
        self._scan = event
        if event.outcome == "read" and self._settings.read_back:
            self._read_back = ReadBack(event.report, self._context)
            steps = self._read_back.enter(now)
            if not self._read_back.ended:
                return steps
            self._read_back = None
        return self._tell(self._result_line(event), now)

    def _result_line(self, scan: DocumentScanned) -> str:
        language = self._context.language
        match scan.outcome:
            case "read":
                return document_line(DocumentLine.READ, language)
            case "rejected":
                return end_line(scan.reason, language) or end_line(DocumentProblem.REFUSED.value, language)
            case "timeout":
                return end_line(DocumentProblem.UNREAD.value, language)
            case _:
                return end_line(DocumentProblem.NOT_CHECKED.value, language)

    def _tell(self, text: str, now: float) -> list[Step]:
        self._last_line = self._context.next_utterance()
        self._last_line_end = self._context.speech_deadline(text, now)
        return [Say(self._last_line, text, interruptible=True)]

    # ---- ways out

    def _conclude(self, scan: DocumentScanned) -> Leave:
        name = _WAYS.get(scan.outcome, "scanTimeout")
        if name == "documentRejected" and name not in self._node.outcomes:
            name = "scanTimeout"
        evidence = {**scan.evidence, "verdict": _VERDICTS.get(scan.outcome, "not_checked")}
        if scan.reason or scan.outcome != "read":
            evidence["reason"] = scan.reason or scan.outcome
        members: dict[str, Any] = {"report": dict(scan.report)}
        if scan.outcome not in _WAYS:
            members["notChecked"] = NOT_CHECKED
        if self._read_back is not None:
            evidence["readBack"] = self._read_back.ended
            if corrections := self._read_back.corrections:
                members["corrections"] = corrections
        return self._leave(name, evidence, members)

    def _unanswered(self, reason: str) -> Leave:
        evidence: Mapping[str, Any] = {"verdict": "unread", "reason": reason}
        return self._leave("userCancelled" if reason == "cancelled" else "scanTimeout", evidence, {"report": {}})
