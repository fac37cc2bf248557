"""From readings to a document: the only door of this room for the capture machine (pure)."""

from collections.abc import Sequence

from vision.document.capture.plan import Plan
from vision.document.consistency import confirms
from vision.document.cues import cues_of
from vision.document.document import Document, Mode
from vision.document.findings import Findings, gather
from vision.document.problems import is_complete, machine_state, problems_of
from vision.document.readings import SideReading


def conclude(readings: Sequence[SideReading], plan: Plan) -> Document:
    """What all pictures of one scan come to, in the order in which they were taken. Never raises: what cannot be told
    is empty, and ``problems`` says why. ``same_side`` is not told here: only the scan knows which side it waits for."""
    findings = gather(readings, plan.today)
    problems = problems_of(findings, plan)
    # Names and issuer have no check digit: where nothing confirms what was read of them, the zone is not sure.
    sure = findings.zone.state == "verified" and "unconfirmed" not in problems
    zone = findings.zone.mrz if sure else None
    return Document(
        mode=_mode(findings),
        kind=findings.kind,
        country=findings.country,
        region=findings.region,
        fields=findings.fields,
        matches=findings.matches,
        machine_readable=machine_state(findings),
        mrz=zone.lines if zone is not None else (),
        portrait_side=next((index for index, side in enumerate(findings.sides) if side.portrait), None),
        sides=tuple(side.name for side in findings.sides),
        complete=is_complete(findings, plan),
        problems=problems,
        cues=cues_of(readings),
        judged_on=plan.today,
    )


def _mode(findings: Findings) -> Mode:
    if not findings.parts:
        return "photo-id"
    if any(confirms(match) for match in findings.matches):
        return "full-recognition"
    if findings.parts[0].origin == "barcode":
        return "barcode-id"
    modes: dict[str, Mode] = {"passport": "mrz-passport", "visa": "mrz-visa"}
    return modes.get(findings.kind, "mrz-id")
