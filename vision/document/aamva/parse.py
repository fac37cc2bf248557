"""Reads bar codes by the AAMVA DL/ID Card Design Standard, versions 1 (2000) to 11 (2025), United States and Canada.

An element that cannot be read is left out and named in ``problems``; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vision.document.aamva import values
from vision.document.aamva.elements import NO_VALUE, described
from vision.document.aamva.file import AamvaError, AamvaFile, take_apart
from vision.document.aamva.issuers import issuer
from vision.document.aamva.licence import Licence
from vision.document.document import CivilDate
from vision.document.sexes import Sex

__all__ = ["AamvaError", "parse_aamva"]

_NAME_PLACES = 35
"""The shortest of the places that versions of the standard give to a name."""
_LONGEST_NUMBER = 25


@dataclass(slots=True)
class _Elements:
    """Elements by id, with what turned out to be unreadable."""

    texts: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, *elements: str) -> str:
        """The first of these that has a value; later versions renamed some elements."""
        found = (self.texts.get(element, "") for element in elements)
        return next((" ".join(text.split()) for text in found if text.upper() not in NO_VALUE), "")

    def day(self, element: str) -> CivilDate | None:
        """A day; one that is no day is a problem."""
        text = self.text(element)
        found = values.day(text)
        if text and found is None:
            self.problems.append(f"{described(element)}: neither MMDDCCYY nor CCYYMMDD")
        return found


@dataclass(frozen=True, slots=True)
class _Names:
    last: str
    first: str
    middle: str
    suffix: str
    truncated: bool


def parse_aamva(content: str) -> Licence:
    """The licence or card of a bar code whose bytes are the characters of the same numbers (ISO 8859-1).

    Raises AamvaError for anything else, and where name, document number or date of birth is missing or unreadable: a
    bar code without them vouches for nobody.
    """
    shell = take_apart(content)
    found = _Elements(dict(shell.entries), list(shell.problems))
    names = _names(found)
    number, birth = found.text("DAQ"), found.day("DBB")
    for missing, element in ((not names.last, "DCS"), (not number, "DAQ"), (birth is None, "DBB")):
        if missing:
            raise AamvaError(f"sub-file {shell.kind.upper()}: {described(element)} is missing or cannot be read")
    if len(number) > _LONGEST_NUMBER:
        raise AamvaError(f"{described('DAQ')}: {len(number)} characters, at most {_LONGEST_NUMBER} are allowed")
    country, jurisdiction = _issuer(shell, found)
    return Licence(
        kind=shell.kind,
        version=shell.version,
        issuer=shell.issuer,
        jurisdiction=jurisdiction,
        country=country,
        last_name=names.last,
        first_name=names.first,
        middle_name=names.middle,
        suffix=names.suffix,
        names_truncated=names.truncated,
        document_number=number,
        discriminator=found.text("DCF"),
        sex=_sex(found),
        address=_address(found),
        vehicle_class=found.text("DCA", "DAR"),
        restrictions=found.text("DCB", "DAS"),
        endorsements=found.text("DCD", "DAT"),
        height_cm=values.height_cm(found.text("DAU")) or values.height_cm(f"{found.text('DAV')} cm"),
        weight_kg=values.weight_kg(found.text("DAW"), found.text("DAX")),
        date_of_birth=birth,
        date_of_issue=found.day("DBD"),
        date_of_expiry=found.day("DBA"),
        entries=shell.entries,
        problems=tuple(found.problems),
    )


def _names(found: _Elements) -> _Names:
    """From version 4 on one element each; in 2 and 3 all given names in one; in version 1 all names in one, or each."""
    last, first, middle = found.text("DCS", "DAB"), found.text("DAC"), found.text("DAD")
    suffix = found.text("DCU", "DAE")
    if not first and (given := found.text("DCT")):
        first, middle = values.parted(given, 2)
    if not last and "," in (whole := found.text("DAA")):
        last, first, middle, suffix = values.parted(whole, 4)
    flags = (("DDE", last), ("DDF", first), ("DDG", middle))
    cut = any(found.text(flag) == "T" for flag, _ in flags)
    maybe = any(found.text(flag) != "N" and len(name) >= _NAME_PLACES for flag, name in flags)
    return _Names(last, first, " ".join(middle.replace(",", " ").split()), suffix, cut or maybe)


def _issuer(shell: AamvaFile, found: _Elements) -> tuple[str, str]:
    """(country, jurisdiction). The issuer's number decides; the country element only where no list has the number."""
    known, said = issuer(shell.issuer), found.text("DCG").upper()
    if known is None:
        found.problems.append("issuer: AAMVA's list does not have this number")
        return (said if said in ("USA", "CAN", "MEX") else ""), ""
    if said in ("USA", "CAN", "MEX") and said != known.country:
        found.problems.append(f"{described('DCG')}: is not that of the issuer")
    return known.country, known.jurisdiction


def _sex(found: _Elements) -> Sex | Literal[""]:
    text = found.text("DBC")
    read = values.sex(text)
    if text and not read:
        found.problems.append(f"{described('DBC')}: none of the standard's codes")
    return read


def _address(found: _Elements) -> str:
    state = " ".join(part for part in (found.text("DAJ"), values.postal_code(found.text("DAK"))) if part)
    return ", ".join(part for part in (found.text("DAG"), found.text("DAH"), found.text("DAI"), state) if part)
