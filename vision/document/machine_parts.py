"""What the machine-readable parts of a document say, as fields of the contract (pure)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from vision.document.aamva.licence import Licence
from vision.document.dates import iso
from vision.document.document import Field
from vision.document.mrz.layouts import LAYOUTS, variant_of
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


def zone_part(mrz: Mrz, unsure: Collection[str], side: int, box: Box | None) -> MachinePart:
    """A zone whose check digits agree; fields that have none, and were not read clearly, are left out. Names stay: the
    print can confirm them."""
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
    layout = variant_of(LAYOUTS[mrz.format], mrz.lines)
    printed = {
        "dateOfBirth": layout.fields["date_of_birth"].of(mrz.lines),
        "dateOfExpiry": layout.fields["date_of_expiry"].of(mrz.lines),
    }
    fields = {
        name: Field(value, printed.get(name, value), "latin", "mrz", name in _CHECKED, side, box)
        for name, value in values.items()
        if value and name not in unsure
    }
    return MachinePart("mrz", fields, mrz.names_truncated)


def licence_part(licence: Licence, side: int, box: Box | None) -> MachinePart:
    """A bar code by the AAMVA standard; its error correction vouches for all of it."""
    dates = {"dateOfBirth": licence.date_of_birth, "dateOfIssue": licence.date_of_issue,
             "dateOfExpiry": licence.date_of_expiry}  # fmt: skip
    values = {
        "lastName": licence.last_name,
        "firstName": " ".join(part for part in (licence.first_name, licence.middle_name) if part),
        "documentNumber": licence.document_number,
        "documentAdditionalNumber": licence.discriminator,
        "sex": licence.sex,
        "address": licence.address,
        "vehicleClass": licence.vehicle_class,
        "restrictions": licence.restrictions,
        "endorsements": licence.endorsements,
        **{name: iso(day) if day is not None else "" for name, day in dates.items()},
    }
    fields = {name: Field(value, value, "latin", "barcode", True, side, box) for name, value in values.items() if value}
    return MachinePart("barcode", fields, licence.names_truncated)
