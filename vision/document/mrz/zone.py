"""The lines of a machine-readable zone taken apart. What does not check is told; nothing is repaired here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vision.document.document import CivilDate
from vision.document.mrz.check_digit import check_digit
from vision.document.mrz.codes import state_code
from vision.document.mrz.dates import birth_date, expiry_date, is_date
from vision.document.mrz.layouts import FILLER, LAYOUTS, Check, Layout, MrzFormat, Span, variant_of
from vision.document.mrz.names import split_names

Sex = Literal["M", "F", "X"]


class MrzError(ValueError):
    """These lines are no machine-readable zone. ``line`` and ``place`` count from 1; 0 = the whole zone or line."""

    def __init__(self, message: str, line: int = 0, place: int = 0) -> None:
        where = f"line {line}" if line else "zone"
        super().__init__(f"{where}, place {place}: {message}" if place else f"{where}: {message}")
        self.line = line
        self.place = place


@dataclass(frozen=True, slots=True)
class Mrz:
    """A machine-readable zone, field by field."""

    format: MrzFormat
    lines: tuple[str, ...]
    document_code: str
    """One or two characters: ``P``, ``ID``, ``V`` …"""
    issuer: str
    """Code of three letters; ``D<<`` is ``DEU``."""
    document_number: str
    """Without fillers at its end; one inside is a space. Whole, also where it runs over into the optional field."""
    optional_1: str
    optional_2: str
    """Of TD1 only."""
    sex: Sex
    """``X``: not specified."""
    nationality: str
    primary_identifier: str
    secondary_identifier: str
    names_truncated: bool
    """Whether some of the names may be missing for want of room."""
    date_of_birth: CivilDate
    date_of_expiry: CivilDate
    failed_checks: tuple[str, ...]
    """Check digits that do not hold: ``document_number``, ``date_of_birth``, ``date_of_expiry``, ``optional_1``,
    ``composite``."""


def parse(lines: Sequence[str], today: CivilDate) -> Mrz:
    """Take a zone apart; ``today`` settles centuries. ``MrzError`` where it has another shape than ICAO Doc 9303 says:
    wrong number or length of lines, a character that may not stand there, a date that cannot be."""
    layout = variant_of(_layout_of(lines), lines)
    _check_characters(layout, lines)
    for field in ("date_of_birth", "date_of_expiry"):
        span = layout.fields[field]
        if not is_date(span.of(lines)):
            raise MrzError(f"{field} is no day of a calendar", span.line + 1, span.start + 1)
    text = {name: span.of(lines) for name, span in layout.fields.items()}
    number = "".join(span.of(lines) for span in layout.check("document_number").covers)
    names = split_names(text["names"])
    return Mrz(
        format=layout.format,
        lines=tuple(lines),
        document_code=text["document_code"].rstrip(FILLER),
        issuer=state_code(text["issuer"]),
        document_number=_plain(number),
        optional_1=_plain(text["optional_1"]),
        optional_2=_plain(text.get("optional_2", "")),
        sex="M" if text["sex"] == "M" else "F" if text["sex"] == "F" else "X",
        nationality=state_code(text["nationality"]),
        primary_identifier=names.primary,
        secondary_identifier=names.secondary,
        names_truncated=names.truncated,
        date_of_birth=birth_date(text["date_of_birth"], today),
        date_of_expiry=expiry_date(text["date_of_expiry"], today),
        failed_checks=failed_checks(layout, lines),
    )


def failed_checks(layout: Layout, lines: Sequence[str]) -> tuple[str, ...]:
    """Names of the check digits that do not hold; the layout is the variant that ``variant_of`` gives."""
    return tuple(check.name for check in layout.checks if not _holds(check, lines))


def _holds(check: Check, lines: Sequence[str]) -> bool:
    covered = "".join(span.of(lines) for span in check.covers)
    digit = check.digit.of(lines)
    if digit == FILLER:
        return check.may_be_blank and not covered.strip(FILLER)
    return digit == check_digit(covered)


def _layout_of(lines: Sequence[str]) -> Layout:
    shapes = [layout for layout in LAYOUTS.values() if layout.height == len(lines)]
    if not shapes:
        raise MrzError(f"it has 2 or 3 lines, not {len(lines)}")
    fitting = [layout for layout in shapes if layout.width == len(lines[0])]
    if not fitting:
        raise MrzError(f"{len(lines[0])} characters fit no format of {len(lines)} lines", 1)
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(lines[0]):
            raise MrzError(f"it has {len(line)} characters and the first one {len(lines[0])}", number)
    found = [layout for layout in fitting if lines[0][0] in layout.initials]
    if not found:
        raise MrzError("no document of this format begins with this letter", 1, 1)
    return found[0]


def _check_characters(layout: Layout, lines: Sequence[str]) -> None:
    for line, column in (place for row in range(layout.height) for place in Span(row, 0, layout.width).places()):
        if lines[line][column] not in layout.alphabets[line][column]:
            raise MrzError("this character may not stand here", line + 1, column + 1)


def _plain(field: str) -> str:
    return field.strip(FILLER).replace(FILLER, " ")
