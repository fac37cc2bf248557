"""Where everything stands in the five machine-readable zones.

ICAO Doc 9303-4 (TD3: passports), 9303-5 (TD1: cards), 9303-6 (TD2: cards) and 9303-7 (MRV-A and MRV-B: visas).
Lines and columns count from 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

MrzFormat = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILLER = "<"

_ALPHABETS = {
    "document_code": LETTERS + FILLER,
    "issuer": LETTERS + FILLER,
    "nationality": LETTERS + FILLER,
    "names": LETTERS + FILLER,
    "document_number": LETTERS + DIGITS + FILLER,
    "optional_1": LETTERS + DIGITS + FILLER,
    "optional_2": LETTERS + DIGITS + FILLER,
    "date_of_birth": DIGITS + FILLER,
    "date_of_expiry": DIGITS + FILLER,
    "sex": "MFX" + FILLER,
}
"""By field. Some states print ``X`` for the sex, though 9303 has ``<`` for "unspecified"."""

COMPOSITE = "composite"
"""Name of the check digit over most of the zone."""


@dataclass(frozen=True, slots=True)
class Span:
    """Columns ``start`` to ``end`` (excluded) of a line."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """What stands there."""
        return lines[self.line][self.start : self.end]

    def places(self) -> Iterator[tuple[int, int]]:
        """(line, column) of each character."""
        return ((self.line, column) for column in range(self.start, self.end))


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit and what it covers, in this order."""

    name: str
    """The field that it covers, or ``composite``."""
    covers: tuple[Span, ...]
    digit: Span
    may_be_blank: bool = False
    """Whether ``<`` may stand for 0 where everything that it covers is blank."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One format of zone."""

    format: MrzFormat
    width: int
    initials: str
    """Letters that the zone may begin with."""
    fields: Mapping[str, Span]
    checks: tuple[Check, ...]
    """The composite digit is the last, where there is one."""
    alphabets: tuple[tuple[str, ...], ...]
    """By line and column: the characters that may stand there."""
    overflow: str = ""
    """The optional field that takes the end of a document number of more than nine characters; empty = none does."""

    @property
    def height(self) -> int:
        """How many lines."""
        return len(self.alphabets)

    def check(self, name: str) -> Check:
        """The check digit of this name."""
        return next(check for check in self.checks if check.name == name)

    def longest_overflow(self) -> int:
        """How many characters of a long document number the optional field has room for, beside their check digit."""
        if not self.overflow:
            return 0
        span = self.fields[self.overflow]
        return span.end - span.start - 2

    def without_overflow(self) -> "Layout":
        """The layout of a zone whose document number does not run over."""
        if not self.overflow:
            return self
        digit = self.check("document_number").digit
        rows = [list(row) for row in self.alphabets]
        rows[digit.line][digit.start] = DIGITS
        return replace(self, alphabets=tuple(tuple(row) for row in rows), overflow="")

    def with_overflow(self, count: int) -> "Layout":
        """The layout of a zone whose document number runs over by ``count`` characters.

        9303-5 note j, 9303-6 note j: ``<`` stands in the place of the check digit; the other characters of the number,
        its check digit and a ``<`` begin the optional field.
        """
        rest, number = self.fields[self.overflow], self.check("document_number")
        tail = Span(rest.line, rest.start, rest.start + count)
        digit = Span(rest.line, tail.end, tail.end + 1)
        rows = [list(row) for row in self.alphabets]
        rows[number.digit.line][number.digit.start] = FILLER
        rows[digit.line][digit.start] = DIGITS
        rows[digit.line][digit.end] = FILLER
        for line, column in (*self.fields["document_number"].places(), *tail.places()):
            rows[line][column] = LETTERS + DIGITS
        return replace(
            self,
            fields={**self.fields, self.overflow: Span(rest.line, digit.end + 1, rest.end)},
            checks=(Check(number.name, (*number.covers, tail), digit), *self.checks[1:]),
            alphabets=tuple(tuple(row) for row in rows),
            overflow="",
        )


def variant_of(layout: Layout, lines: Sequence[str]) -> Layout:
    """The layout itself, or the one with the long document number that these lines show."""
    if not layout.overflow or layout.check("document_number").digit.of(lines) != FILLER:
        return layout
    rest = layout.fields[layout.overflow].of(lines).split(FILLER, 1)[0]
    fits = 2 <= len(rest) <= layout.longest_overflow() + 1 and rest[-1] in DIGITS
    return layout.with_overflow(len(rest) - 1) if fits else layout


def _layout(
    name: MrzFormat,
    width: int,
    height: int,
    initials: str,
    fields: Mapping[str, Span],
    checks: tuple[Check, ...],
    overflow: str = "",
) -> Layout:
    rows = [[FILLER] * width for _ in range(height)]
    for field, span in fields.items():
        for line, column in span.places():
            rows[line][column] = _ALPHABETS[field]
    for check in checks:
        rows[check.digit.line][check.digit.start] = DIGITS + (FILLER if check.may_be_blank else "")
    if overflow:
        rows[checks[0].digit.line][checks[0].digit.start] += FILLER
    rows[0][0] = initials
    if name == "TD1":
        rows[0][1] += DIGITS  # permanent resident cards of the United States begin with C1 and C2
    alphabets = tuple(tuple(row) for row in rows)
    return Layout(name, width, initials, fields, checks, alphabets, overflow)


def _two_lines(name: MrzFormat, width: int, initials: str, optional_end: int, overflow: str = "") -> Layout:
    """TD2, TD3 and the visas differ in width and in the end of the second line alone."""
    fields = {
        "document_code": Span(0, 0, 2),
        "issuer": Span(0, 2, 5),
        "names": Span(0, 5, width),
        "document_number": Span(1, 0, 9),
        "nationality": Span(1, 10, 13),
        "date_of_birth": Span(1, 13, 19),
        "sex": Span(1, 20, 21),
        "date_of_expiry": Span(1, 21, 27),
        "optional_1": Span(1, 28, optional_end),
    }
    checks = [
        Check("document_number", (fields["document_number"],), Span(1, 9, 10)),
        Check("date_of_birth", (fields["date_of_birth"],), Span(1, 19, 20)),
        Check("date_of_expiry", (fields["date_of_expiry"],), Span(1, 27, 28)),
    ]
    if name == "TD3":
        checks.append(Check("optional_1", (fields["optional_1"],), Span(1, 42, 43), may_be_blank=True))
    if name in ("TD2", "TD3"):
        covered = (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, width - 1))
        checks.append(Check(COMPOSITE, covered, Span(1, width - 1, width)))
    return _layout(name, width, 2, initials, fields, tuple(checks), overflow)


def _td1() -> Layout:
    fields = {
        "document_code": Span(0, 0, 2),
        "issuer": Span(0, 2, 5),
        "document_number": Span(0, 5, 14),
        "optional_1": Span(0, 15, 30),
        "date_of_birth": Span(1, 0, 6),
        "sex": Span(1, 7, 8),
        "date_of_expiry": Span(1, 8, 14),
        "nationality": Span(1, 15, 18),
        "optional_2": Span(1, 18, 29),
        "names": Span(2, 0, 30),
    }
    checks = (
        Check("document_number", (fields["document_number"],), Span(0, 14, 15)),
        Check("date_of_birth", (fields["date_of_birth"],), Span(1, 6, 7)),
        Check("date_of_expiry", (fields["date_of_expiry"],), Span(1, 14, 15)),
        Check(COMPOSITE, (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)), Span(1, 29, 30)),
    )
    return _layout("TD1", 30, 3, "ACI", fields, checks, "optional_1")


LAYOUTS: Mapping[MrzFormat, Layout] = {
    layout.format: layout
    for layout in (
        _td1(),
        _two_lines("TD2", 36, "ACI", 35, "optional_1"),
        _two_lines("TD3", 44, "P", 42),
        _two_lines("MRV-A", 44, "V", 44),
        _two_lines("MRV-B", 36, "V", 36),
    )
}
"""By name. Two-line zones of one width are told apart by their first letter."""
