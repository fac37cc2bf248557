"""What is wrong with a document or with its pictures, and whether all of it is there (pure)."""

from collections.abc import Iterator
from typing import Literal

from vision.document.capture.plan import Plan
from vision.document.countries import country
from vision.document.cues import cues_of, is_recaptured
from vision.document.document import Problem
from vision.document.findings import Findings
from vision.document.plausibility import dates_are_plausible, is_expired
from vision.document.readings import Barcode, SideReading
from vision.document.sides import is_readable, zone_lines

_BURNT_OUT = 0.06
"""Share of a side from which glare, rather than anything else, is why it could not be read."""
_SOFT = 0.25
"""Sharpness below which blur is."""


def machine_state(findings: Findings) -> Literal["verified", "unverified", "absent"]:
    """As ``Document.machine_readable`` says."""
    if findings.parts:
        return "verified"
    shown = findings.zone.state != "absent" or any(code.symbology == "pdf417" for code in _codes(findings))
    return "unverified" if shown else "absent"


def is_complete(findings: Findings, plan: Plan) -> bool:
    """Whether every side that such a document needs has been read, and enough of it counts."""
    if not findings.sides or not all_sides_shown(findings, plan):
        return False
    if findings.parts:
        return findings.clearly_read
    unread = [*_of_zone(findings), *_of_barcode(findings, plan)]
    return findings.confirmed and not unread


def all_sides_shown(findings: Findings, plan: Plan) -> bool:
    """Whether no other side is wanted; a bar code or zone on a back side does not spare the front."""
    return len(findings.sides) >= (2 if plan.sides == "automatic" and findings.two_sided else 1)


def problems_of(findings: Findings, plan: Plan) -> tuple[Problem, ...]:
    """The most important first: what keeps it from being read, then what keeps it from being taken."""
    found = [*_of_last_picture(findings), *_of_zone(findings), *_of_barcode(findings, plan)]
    if not found:
        found += _of_print(findings, plan)
    found += _of_document(findings, plan)
    if findings.sides and findings.sides[0].name == "back" and not all_sides_shown(findings, plan):
        found.append("back_first")
    return tuple(dict.fromkeys(found))


def _of_last_picture(findings: Findings) -> Iterator[Problem]:
    if not findings.readings:
        yield "no_document"
        return
    last = findings.readings[-1]
    if last.cards > 1:
        yield "two_documents"
    if not is_readable(last):
        yield from _why(last)
        yield "no_document" if last.cards == 0 else "nothing_readable"


def _why(reading: SideReading) -> Iterator[Problem]:
    """What of a picture may have kept it from being read."""
    if reading.glare >= _BURNT_OUT:
        yield "glare"
    if reading.cards and not reading.whole:
        yield "cut_off"
    if reading.cards and reading.sharpness < _SOFT:
        yield "blurred"


def _of_zone(findings: Findings) -> Iterator[Problem]:
    result = findings.zone
    if findings.parts or findings.kind == "dl":
        return
    booklet = findings.kind in ("passport", "visa") or any(side.format == "id3" for side in findings.readings)
    if result.state == "absent" and not (booklet or any(len(zone_lines(one)) > 1 for one in findings.readings)):
        return
    if findings.readings and findings.readings[-1].glare >= _BURNT_OUT:
        yield "glare"
    if result.state == "ambiguous":
        yield "mrz_ambiguous"
    elif result.failed_checks:
        yield "mrz_check_digit"
    elif findings.sides:
        yield "mrz_incomplete"


def _of_barcode(findings: Findings, plan: Plan) -> Iterator[Problem]:
    if findings.parts or not (findings.kind == "dl" or findings.follows_aamva):
        return
    if any(code.symbology == "pdf417" for code in _codes(findings)):
        yield "barcode_unreadable"
    elif findings.follows_aamva and plan.sides == "automatic" and len(findings.sides) > 1:
        yield "barcode_missing"


def _of_print(findings: Findings, plan: Plan) -> Iterator[Problem]:
    """What no check digit covers: of a document that has nothing but print, name, number and date of birth."""
    if not findings.clearly_read:
        yield "unconfirmed"
    if findings.parts or findings.confirmed or not all_sides_shown(findings, plan):
        return
    votes = findings.print_.votes
    named = bool({"lastName", "fullName"} & votes.keys())
    yield "unconfirmed" if named and {"documentNumber", "dateOfBirth"} <= votes.keys() else "nothing_readable"


def _of_document(findings: Findings, plan: Plan) -> Iterator[Problem]:
    if findings.contradictory or any(match.state == "failed" for match in findings.matches):
        yield "data_mismatch"
    if findings.kind and "any" not in plan.kinds and findings.kind not in plan.kinds:
        yield "wrong_type"
    counts = bool(findings.parts) or is_complete(findings, plan)
    if counts and findings.clearly_read and country(findings.country) is None:
        yield "unknown_country"
    if not dates_are_plausible(findings.fields, plan.today):
        yield "implausible_dates"
    if is_expired(findings.fields, plan.today) and not plan.allow_expired:
        yield "expired"
    if plan.reject_recaptured and is_recaptured(cues_of(findings.readings)):
        yield "recaptured"


def _codes(findings: Findings) -> Iterator[Barcode]:
    for reading in findings.readings:
        yield from reading.barcodes
