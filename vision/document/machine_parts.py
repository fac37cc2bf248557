"""What the machine-readable parts of a document say, as fields of the contract (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vision.document.aamva.licence import Licence
from vision.document.dates import iso
from vision.document.document import Field
from vision.document.mrz.zone import Mrz
from vision.document.readings import Box

_CHECKED = frozenset({"documentNumber", "dateOfBirth", "dateOfExpiry"})
"""What check digits of a zone vouch for by themselves (ICAO 9303-4 to -7)."""


@dataclass(frozen=True, slots=True)
class MachinePart:
    """A zone or a bar code, taken apart."""

    origin: Literal["mrz", "barcode"]
    fields: Mapping[str, Field]
    cut_names: bool = False
    """Whether the names fill their place to its end, so that the zone may have shortened them (9303-3 §4.6)."""


def zone_part(mrz: Mrz, side: int, box: Box | None) -> MachinePart:
    """A zone whose check digits agree."""
    names = (mrz.primary_identifier, mrz.secondary_identifier)
    values = {
        "lastName": names[0],
        "firstName": names[1],
        "fullName": " ".join(part for part in (names[1], names[0]) if part),
        "documentNumber": mrz.document_number,
        "documentOptionalAdditionalNumber": mrz.optional_1,
        "sex": mrz.sex,
        "nationality": mrz.nationality,
        "dateOfBirth": iso(mrz.date_of_birth),
        "dateOfExpiry": iso(mrz.date_of_expiry),
    }
    fields = {
        name: Field(value, value, "latin", "mrz", name in _CHECKED, side, box)
        for name, value in values.items()
        if value.strip("0")
    }
    return MachinePart("mrz", fields, _names_are_cut(mrz))


def _names_are_cut(mrz: Mrz) -> bool:
    line = mrz.lines[2] if mrz.format == "TD1" else mrz.lines[0]
    return not line.endswith("<")
