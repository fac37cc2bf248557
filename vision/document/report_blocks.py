"""The blocks of a DocumentScanReport: machine-readable zone, bar code and print of a side (contract §4.5; pure)."""

from collections.abc import Mapping

from vision.document.aamva.licence import Licence
from vision.document.classify import zone_type
from vision.document.countries import country
from vision.document.dates import iso
from vision.document.document import CivilDate, Field
from vision.document.machine_parts import licence_part
from vision.document.mrz.layouts import LAYOUTS, variant_of
from vision.document.mrz.zone import Mrz
from vision.document.printed_dates import DATE_FIELDS, settle
from vision.document.readings import Barcode
from vision.document.report_values import Json, date_result, string_result
from vision.document.votes import Vote
from vision.document.writing import plain

STRING_FIELDS = (
    "firstName", "lastName", "fullName", "additionalNameInformation", "localizedName", "address", "placeOfBirth",
    "nationality", "sex", "documentNumber", "personalIdNumber", "documentAdditionalNumber",
    "documentOptionalAdditionalNumber", "issuingAuthority",
)  # fmt: skip
"""Those StringResults of the contract that are read."""

_BARCODE_TYPES = {
    "pdf417": "pdf417-barcode", "qr_code": "qr-code", "data_matrix": "data-matrix", "aztec": "aztec-code",
    "code_128": "code128", "code_39": "code39",
}  # fmt: skip


def zone_block(mrz: Mrz, side: int) -> Json:
    """A zone whose check digits agree. The plain members are as printed, with fillers; their ``sanitized`` twins are
    without."""
    layout = variant_of(LAYOUTS[mrz.format], mrz.lines)
    raw = {name: span.of(mrz.lines) for name, span in layout.fields.items()}
    issuer, nation = country(mrz.issuer), country(mrz.nationality)
    return {
        "rawMrzString": "\n".join(mrz.lines),
        "documentCode": raw["document_code"],
        "issuer": raw["issuer"],
        "documentNumber": raw["document_number"],
        "opt1": raw["optional_1"],
        "opt2": raw.get("optional_2", ""),
        "gender": raw["sex"],
        "nationality": raw["nationality"],
        "primaryId": mrz.primary_identifier,
        "secondaryId": mrz.secondary_identifier,
        "issuerName": issuer.name if issuer else "",
        "nationalityName": nation.name if nation else "",
        "verified": not mrz.failed_checks,
        "dateOfBirth": _zone_date(mrz.date_of_birth, raw["date_of_birth"], side),
        "dateOfExpiry": _zone_date(mrz.date_of_expiry, raw["date_of_expiry"], side),
        "documentType": zone_type(mrz),
        "sanitizedDocumentCode": mrz.document_code,
        "sanitizedIssuer": mrz.issuer,
        "sanitizedDocumentNumber": mrz.document_number,
        "sanitizedOpt1": mrz.optional_1,
        "sanitizedOpt2": mrz.optional_2,
        "sanitizedNationality": mrz.nationality,
    }


def barcode_block(code: Barcode, licence: Licence | None, side: int) -> Json:
    """A bar code; of one by the AAMVA standard, its elements by our names and, all of them, by the standard's."""
    block: Json = {"barcodeType": _BARCODE_TYPES.get(code.symbology, code.symbology.replace("_", "-"))}
    if licence is None:
        return block
    fields = licence_part(licence, side, code.box).fields
    for name, field in fields.items():
        if name in DATE_FIELDS:
            block[name] = date_result(field)
        elif name in STRING_FIELDS:
            block[name] = field.value
    if details := licence_details(fields):
        block["driverLicenseDetailedInfo"] = details
    block["extendedElements"] = [{"key": key, "value": value} for key, value in licence.elements.items()]
    return block


def print_block(votes: Mapping[str, Vote], order: bool | None, today: CivilDate) -> Json:
    """The visual zone of one side, as read; it stands for nothing until the machine-readable part agrees."""
    block: Json = {}
    for name, vote in votes.items():
        if name in DATE_FIELDS:
            day = settle(vote.text, DATE_FIELDS[name], order, today)
            block[name] = date_result(_field(vote, iso(day) if day is not None else ""))
        elif name in STRING_FIELDS:
            block[name] = string_result(_field(vote, vote.text))
    return block


def _zone_date(day: CivilDate, raw: str, side: int) -> Json:
    return date_result(Field(iso(day), raw, "latin", "mrz", True, side))


def _field(vote: Vote, value: str) -> Field:
    return Field(value, vote.text, vote.script, "printed", False, vote.side, vote.box)


def licence_details(fields: Mapping[str, Field]) -> Json:
    """``driverLicenseDetailedInfo``; empty when nothing of it was read."""
    names = ("restrictions", "endorsements", "vehicleClass", "conditions")
    return {name: plain(fields[name].value) for name in names if name in fields}
