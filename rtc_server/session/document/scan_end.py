"""How a document scan ended, and what the flow is told of it."""

from dataclasses import dataclass
from typing import Literal

from conversation.flow import events as flow
from vision.document.capture.commands import Concluded
from vision.document.evidence import document_evidence
from vision.document.readings import SideReading
from vision.document.report import document_report
from vision.document.sides import sides_of
from vision.ports import RgbImage
from vision.reading.ports import ReadSide

Outcome = Literal["read", "rejected", "cancelled", "timeout", "not_checked", "error"]


@dataclass(frozen=True, slots=True)
class ScanEnd:
    """What came of a scan."""

    outcome: Outcome
    reason: str = ""
    """Of other outcomes than ``read`` and ``cancelled``, as ``flow.DocumentScanned`` has it."""
    concluded: Concluded | None = None
    """None when the machine came to no end."""
    readings: tuple[SideReading, ...] = ()
    """What the document was concluded from."""
    sides: tuple[ReadSide, ...] = ()
    """The same, with their pictures."""

    @property
    def page_result(self) -> Literal["passed", "failed", "unclear", "stopped"]:
        """The sign that the page shows."""
        match self.outcome:
            case "read":
                return "passed"
            case "rejected":
                return "failed"
            case "timeout":
                return "unclear"
            case _:
                return "stopped"

    @property
    def pages(self) -> tuple[tuple[int, RgbImage], ...]:
        """(side, its best picture) for each side, in the order in which they were shown."""
        by_number = {side.reading.number: side.page for side in self.sides}
        found = []
        for index, side in enumerate(sides_of(self.readings)):
            for reading in sorted(side.readings, key=lambda one: -one.sharpness):
                if reading.number in by_number:
                    found.append((index, by_number[reading.number]))
                    break
        return tuple(found)

    @property
    def portrait_side(self) -> int:
        """Which side shows the holder's face, from 0."""
        document = self.concluded.document if self.concluded is not None else None
        return document.portrait_side or 0 if document is not None else 0

    @property
    def portrait(self) -> RgbImage | None:
        """The holder's face from the sharpest picture that shows it on its side; None when there is none."""
        sides = sides_of(self.readings)
        if self.portrait_side >= len(sides):
            return None
        numbers = {reading.number for reading in sides[self.portrait_side].readings}
        shown = [side for side in self.sides if side.portrait is not None and side.reading.number in numbers]
        return max(shown, key=lambda side: side.reading.sharpness).portrait if shown else None


def document_scanned(request_id: str, end: ScanEnd, engines: dict[str, str]) -> flow.DocumentScanned:
    """The answer to ``ScanDocument``; ``engines``: names of what was read with."""
    document = end.concluded.document if end.concluded is not None else None
    if document is None:
        return not_scanned(request_id, end.outcome, end.reason)
    report = document_report(document, end.readings)
    evidence = document_evidence(document, engines)
    return flow.DocumentScanned(request_id, end.outcome, end.reason, report, evidence)


def not_scanned(request_id: str, outcome: Outcome, reason: str) -> flow.DocumentScanned:
    """Nothing was read."""
    return flow.DocumentScanned(request_id, outcome, reason, {}, {})
