"""DocumentScanReport as a JSON schema, after the public contract §4.5; closed, so that nothing else can slip in."""

from typing import Any

Schema = dict[str, Any]

STRING_FIELDS = [
    "firstName",
    "lastName",
    "fullName",
    "additionalNameInformation",
    "localizedName",
    "fathersName",
    "mothersName",
    "address",
    "additionalAddressInformation",
    "additionalOptionalAddressInformation",
    "placeOfBirth",
    "nationality",
    "race",
    "religion",
    "profession",
    "maritalStatus",
    "residentialStatus",
    "employer",
    "sex",
    "sponsor",
    "bloodType",
    "documentNumber",
    "personalIdNumber",
    "documentAdditionalNumber",
    "documentOptionalAdditionalNumber",
    "additionalPersonalIdNumber",
    "issuingAuthority",
    "documentSubtype",
    "remarks",
    "residencePermitType",
    "manufacturingYear",
    "vehicleType",
    "eligibilityCategory",
    "specificDocumentValidity",
    "visaType",
    "vehicleOwner",
    "certificateNumber",
    "countryCode",
    "nationalInsuranceNumber",
]
DATE_FIELDS = ["dateOfBirth", "dateOfIssue", "dateOfExpiry"]

TEXT: Schema = {"type": "string"}


def closed(properties: Schema, *required: str) -> Schema:
    """An object with these members and no other."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


SIDE: Schema = {"enum": ["first", "second"]}
MATCH_STATE: Schema = {"enum": ["not-performed", "failed", "success"]}
LOCATION = closed({name: {"type": "number"} for name in ("x", "y", "width", "height")}, "x", "y", "width", "height")
IN_ALPHABET = closed({"value": TEXT, "location": LOCATION, "side": SIDE}, "value")
ALPHABETS: Schema = dict.fromkeys(("latin", "arabic", "cyrillic", "greek"), IN_ALPHABET)
ORIGINAL = closed(ALPHABETS, "latin")
STRING_RESULT = closed({**ALPHABETS, "originalString": ORIGINAL}, "latin", "originalString")
DATE_RESULT = closed(
    {
        "day": {"type": "integer", "minimum": 1, "maximum": 31},
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
        "year": {"type": "integer", "minimum": 1800, "maximum": 2200},
        "originalString": ORIGINAL,
        "filledByDomainKnowledge": {"type": "boolean"},
        "successfullyParsed": {"type": "boolean"},
    },
    "originalString",
    "filledByDomainKnowledge",
)
VALUES: Schema = dict.fromkeys(STRING_FIELDS, STRING_RESULT) | dict.fromkeys(DATE_FIELDS, DATE_RESULT)
LICENCE_DETAILS = closed(dict.fromkeys(("restrictions", "endorsements", "vehicleClass", "conditions"), TEXT))
MRZ_TEXTS = [
    "rawMrzString",
    "documentCode",
    "issuer",
    "documentNumber",
    "opt1",
    "opt2",
    "gender",
    "nationality",
    "primaryId",
    "secondaryId",
    "issuerName",
    "nationalityName",
    "sanitizedDocumentCode",
    "sanitizedIssuer",
    "sanitizedDocumentNumber",
    "sanitizedOpt1",
    "sanitizedOpt2",
    "sanitizedNationality",
]
MRZ_TYPES = [
    "unknown",
    "identity-card",
    "passport",
    "visa",
    "green-card",
    "mys-pass-imm13p",
    "driver-license",
    "internal-travel-document",
    "border-crossing-card",
]
MRZ = closed(
    {
        **dict.fromkeys(MRZ_TEXTS, TEXT),
        "verified": {"type": "boolean"},
        "dateOfBirth": DATE_RESULT,
        "dateOfExpiry": DATE_RESULT,
        "documentType": {"enum": MRZ_TYPES},
    },
    *MRZ_TEXTS,
    "verified",
    "documentType",
)
BARCODE = closed(
    {
        **dict.fromkeys(STRING_FIELDS, TEXT),
        **dict.fromkeys(DATE_FIELDS, DATE_RESULT),
        "driverLicenseDetailedInfo": LICENCE_DETAILS,
        "extendedElements": {"type": "array", "items": closed({"key": TEXT, "value": TEXT}, "key", "value")},
        "barcodeType": TEXT,
    },
    "barcodeType",
)
CLASS_INFO = closed(
    {
        "country": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
        "region": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
        "type": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
        "countryName": TEXT,
        "isoNumericCountryCode": {"type": "string", "pattern": "^[0-9]{3}$"},
        "isoAlpha2CountryCode": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "isoAlpha3CountryCode": {"type": "string", "pattern": "^[A-Z]{3}$"},
    }
)
FIELD_TYPES = [
    "date-of-birth",
    "date-of-expiry",
    "document-number",
    "document-additional-number",
    "document-optional-additional-number",
    "personal-id-number",
]
DATA_MATCH = closed(
    {
        "overallState": MATCH_STATE,
        "statePerField": {
            "type": "array",
            "items": closed({"fieldType": {"enum": FIELD_TYPES}, "state": MATCH_STATE}, "fieldType", "state"),
        },
    },
    "overallState",
)
MODES = ["mrz-id", "mrz-visa", "mrz-passport", "photo-id", "full-recognition", "barcode-id"]

REPORT: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **closed(
        {
            "mode": {"enum": MODES},
            "documentClassInfo": CLASS_INFO,
            "dataMatchResult": DATA_MATCH,
            **VALUES,
            "dateOfExpiryPermanent": {"type": "boolean"},
            "driverLicenseDetailedInfo": LICENCE_DETAILS,
            "subResults": {
                "type": "array",
                "items": closed({"viz": closed(VALUES), "mrz": MRZ, "barcode": BARCODE}),
            },
            "inputImagesScanningSide": {"type": "array", "items": SIDE},
            "documentImagesScanningSide": {"type": "array", "items": SIDE},
            "barcodeInputImageScanningSide": SIDE,
            "faceImageScanningSide": SIDE,
        },
        "documentClassInfo",
        "subResults",
    ),
}
