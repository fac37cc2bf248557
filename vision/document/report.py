"""The DocumentScanReport of a document, in the shape of the public contract §4.5 (pure).

The merged values stand at the top; what each part of each side says stands in ``subResults``.
"""

from collections.abc import Mapping, Sequence

from vision.document.aamva.parse import AamvaError, parse_aamva
from vision.document.countries import country
from vision.document.document import Document, Match, MatchState
from vision.document.labels import Labels
from vision.document.mrz.zone import parse
from vision.document.printed_dates import DATE_FIELDS, month_first
from vision.document.readings import Barcode, SideReading
from vision.document.report_blocks import STRING_FIELDS, barcode_block, licence_details, print_block, zone_block
from vision.document.report_values import Json, date_result, side_name, string_result
from vision.document.sides import Side, sides_of, zone_lines
from vision.document.votes import print_of_side

_MATCH_TYPES: Mapping[str, str] = {
    "dateOfBirth": "date-of-birth",
    "dateOfExpiry": "date-of-expiry",
    "documentNumber": "document-number",
    "documentAdditionalNumber": "document-additional-number",
    "documentOptionalAdditionalNumber": "document-optional-additional-number",
    "personalIdNumber": "personal-id-number",
}
"""The field types that the contract knows; the other fields count for ``overallState`` and stand in the evidence."""


def document_report(document: Document, readings: Sequence[SideReading]) -> Json:
    """JSON. ``readings`` are those that the document was concluded from."""
    sides = sides_of(readings)
    report: Json = {"mode": document.mode, "documentClassInfo": _class_info(document)}
    if document.matches:
        report["dataMatchResult"] = _data_match(document.matches)
    for name, field in document.fields.items():
        if name in DATE_FIELDS:
            report[name] = date_result(field)
        elif name in STRING_FIELDS:
            report[name] = string_result(field)
    details = licence_details(document.fields)
    if details:
        report["driverLicenseDetailedInfo"] = details
    report["subResults"] = _sub_results(document, sides)
    return {**report, **_scanning_sides(document, sides)}


def _class_info(document: Document) -> Json:
    found = country(document.country)
    info = {
        "country": found.blinkid if found else "",
        "region": document.region,
        "type": document.kind,
        "countryName": found.name if found else "",
        "isoNumericCountryCode": found.number if found else "",
        "isoAlpha2CountryCode": found.alpha2 if found else "",
        "isoAlpha3CountryCode": found.code if found and found.number else "",
    }
    return {name: value for name, value in info.items() if value}


def _data_match(matches: Sequence[Match]) -> Json:
    states: set[MatchState] = {match.state for match in matches}
    overall = next((state for state in ("failed", "success") if state in states), "not-performed")
    fields = [
        {"fieldType": _MATCH_TYPES[match.field], "state": match.state}
        for match in matches
        if match.field in _MATCH_TYPES
    ]
    return {"overallState": overall, "statePerField": fields}


def _sub_results(document: Document, sides: Sequence[Side]) -> list[Json]:
    labels = Labels()
    votes = [print_of_side(side, index, labels) for index, side in enumerate(sides)]
    dates = [vote.text for side in votes for name, vote in side.items() if name in DATE_FIELDS]
    order = month_first(dates, document.judged_on, True if document.country == "USA" else None)
    mrz_side = next((i for i, side in enumerate(sides) if any(zone_lines(one) for one in side.readings)), None)
    results: list[Json] = []
    for index, side in enumerate(sides):
        result: Json = {}
        if votes[index]:
            result["viz"] = print_block(votes[index], order, document.judged_on)
        if document.mrz and index == mrz_side:
            result["mrz"] = zone_block(parse(document.mrz, document.judged_on), index)
        code = _code_of(side)
        if code is not None:
            result["barcode"] = _barcode(code, index)
        results.append(result)
    return results


def _code_of(side: Side) -> Barcode | None:
    """The bar code of a side: the one that says most."""
    codes = [code for reading in side.readings for code in reading.barcodes]
    return max(codes, key=lambda code: len(code.content), default=None)


def _barcode(code: Barcode, side: int) -> Json:
    try:
        return barcode_block(code, parse_aamva(code.content), side)
    except AamvaError:
        return barcode_block(code, None, side)


def _scanning_sides(document: Document, sides: Sequence[Side]) -> Json:
    found: Json = {}
    if sides:
        names = [side_name(index) for index in range(len(sides))]
        found["inputImagesScanningSide"] = names
        found["documentImagesScanningSide"] = names
    if document.portrait_side is not None:
        found["faceImageScanningSide"] = side_name(document.portrait_side)
    barcode_side = next((index for index, side in enumerate(sides) if _code_of(side) is not None), None)
    if barcode_side is not None:
        found["barcodeInputImageScanningSide"] = side_name(barcode_side)
    return found
