"""What a node's report shows beside the DocumentScanReport: how sure all of it is, and what was wrong (pure)."""

from collections.abc import Mapping
from typing import Any, Literal

from vision.document.capture.judgement import REFUSALS
from vision.document.document import Document

Verdict = Literal["read", "failed", "unread"]


def verdict_of(document: Document) -> Verdict:
    """``failed``: it was read and may not be taken; ``unread``: not surely read, and nothing speaks against it."""
    problems = [problem for problem in document.problems if problem != "back_first"]
    if document.complete and not problems:
        return "read"
    return "failed" if problems and problems[0] in REFUSALS else "unread"


def document_evidence(document: Document, engines: Mapping[str, str]) -> dict[str, Any]:
    """JSON; ``engines`` by part (``text``, ``glyphs``, ``barcodes``). Holds personal data where values are compared."""
    return {
        "verdict": verdict_of(document),
        "problems": list(document.problems),
        "machineReadable": document.machine_readable,
        "complete": document.complete,
        "sides": list(document.sides),
        "verifiedFields": sorted(name for name, field in document.fields.items() if field.verified),
        "fieldOrigins": {name: field.origin for name, field in document.fields.items()},
        "matches": [
            {"field": match.field, "state": match.state, "values": dict(match.values)} for match in document.matches
        ],
        "cues": [
            {"name": cue.name, "state": cue.state, "value": cue.value, "reason": cue.reason} for cue in document.cues
        ],
        "engines": dict(engines),
    }
