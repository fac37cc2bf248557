"""A machine-readable zone from its fields: the inverse of ``zone.parse``, for specimens and tests."""

from vision.document.document import CivilDate
from vision.document.mrz.check_digit import check_digit
from vision.document.mrz.codes import state_field
from vision.document.mrz.dates import two_digit
from vision.document.mrz.layouts import FILLER, LAYOUTS, Layout, MrzFormat, Span
from vision.document.mrz.names import join_names
from vision.document.mrz.zone import MrzError, Sex


def compose(
    mrz_format: MrzFormat,
    *,
    document_code: str,
    issuer: str,
    document_number: str,
    nationality: str,
    primary_identifier: str,
    secondary_identifier: str,
    sex: Sex,
    date_of_birth: CivilDate,
    date_of_expiry: CivilDate,
    optional_1: str = "",
    optional_2: str = "",
) -> tuple[str, ...]:
    """The lines, with all check digits. Names in capital Latin letters; ``MrzError`` for what does not fit in."""
    layout = LAYOUTS[mrz_format]
    longer = len(document_number) - 9
    if longer > layout.longest_overflow():
        raise MrzError(f"a document number of {len(document_number)} characters is too long for {mrz_format}")
    if longer > 0:
        layout = layout.with_overflow(longer)
    names = layout.fields["names"]
    texts = {
        "document_code": document_code,
        "issuer": state_field(issuer),
        "nationality": state_field(nationality),
        "names": join_names(primary_identifier, secondary_identifier, names.end - names.start),
        "sex": FILLER if sex == "X" else sex,
        "date_of_birth": two_digit(date_of_birth),
        "date_of_expiry": two_digit(date_of_expiry),
        "optional_1": optional_1.replace(" ", FILLER),
        "optional_2": optional_2.replace(" ", FILLER),
    }
    rows = [[FILLER] * layout.width for _ in range(layout.height)]
    for name, text in texts.items():
        _write(rows, (layout.fields[name],) if name in layout.fields else (), text, name)
    _write(rows, layout.check("document_number").covers, document_number.replace(" ", FILLER), "document_number")
    return _with_checks(layout, rows)


def _write(rows: list[list[str]], spans: tuple[Span, ...], text: str, name: str) -> None:
    places = [place for span in spans for place in span.places()]
    if len(text) > len(places):
        raise MrzError(f"{name} has room for {len(places)} characters, not {len(text)}")
    for (line, column), character in zip(places, text, strict=False):
        rows[line][column] = character


def _with_checks(layout: Layout, rows: list[list[str]]) -> tuple[str, ...]:
    """Fill in the check digits; the composite one comes last, for it covers the others."""
    for check in layout.checks:
        lines = ["".join(row) for row in rows]
        covered = "".join(span.of(lines) for span in check.covers)
        blank = check.may_be_blank and not covered.strip(FILLER)
        rows[check.digit.line][check.digit.start] = FILLER if blank else check_digit(covered)
    lines = ["".join(row) for row in rows]
    for line, row in enumerate(lines):
        for column, character in enumerate(row):
            if character not in layout.alphabets[line][column]:
                raise MrzError("this character may not stand here", line + 1, column + 1)
    return tuple(lines)
