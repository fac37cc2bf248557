"""The report in the shape of the contract."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import jsonschema_rs
import pytest

from tests.vision.document.pictures import (
    card_back,
    card_front,
    licence_back,
    licence_front,
    passport,
    person,
    plan,
    reading,
)
from tests.vision.document.report_schema import REPORT
from vision.document.conclude import conclude
from vision.document.readings import SideReading
from vision.document.report import document_report
from vision.document.report_values import display_value

SOMEBODY = person(3)
FOREIGNER = person(7, script="cyrillic")
SCANS: dict[str, Sequence[SideReading]] = {
    "passport": [passport(SOMEBODY)],
    "zone alone": [passport(SOMEBODY, text=())],
    "cyrillic": [passport(FOREIGNER, script="cyrillic")],
    "german": [passport(person(3, country="D<<"))],
    "card": [card_front(SOMEBODY), card_back(SOMEBODY)],
    "back first": [card_back(SOMEBODY), card_front(SOMEBODY, 1)],
    "licence": [licence_front(SOMEBODY), licence_back(SOMEBODY)],
    "front alone": [card_front(SOMEBODY)],
    "twice": [card_front(SOMEBODY), card_front(SOMEBODY, 1)],
    "nothing": [reading()],
    "no picture": [],
}


def report(name: str) -> dict[str, Any]:
    return document_report(conclude(SCANS[name], plan()), SCANS[name])


@pytest.mark.parametrize("name", SCANS)
def test_every_report_has_the_shape_of_the_contract(name: str) -> None:
    found = json.loads(json.dumps(report(name)))
    errors = [f"{error.instance_path}: {error.message}" for error in jsonschema_rs.iter_errors(REPORT, found)]
    assert errors == []


def test_the_schema_refuses_what_is_not_in_the_contract() -> None:
    wrong = {**report("passport"), "authentic": True}
    assert not jsonschema_rs.is_valid(REPORT, wrong)


def test_a_passport() -> None:
    found = report("german")
    assert found["mode"] == "full-recognition"
    assert found["documentClassInfo"] == {
        "country": "germany",
        "type": "passport",
        "countryName": "Germany",
        "isoNumericCountryCode": "276",
        "isoAlpha2CountryCode": "DE",
        "isoAlpha3CountryCode": "DEU",
    }
    (side,) = found["subResults"]
    zone = side["mrz"]
    assert (zone["issuer"], zone["sanitizedIssuer"], zone["issuerName"]) == ("D<<", "DEU", "Germany")
    assert (zone["documentCode"], zone["sanitizedDocumentCode"]) == ("P<", "P")
    assert zone["verified"] is True
    assert zone["documentType"] == "passport"
    assert zone["dateOfBirth"]["originalString"]["latin"]["value"] == SOMEBODY.birth.strftime("%y%m%d")
    assert side["viz"]["dateOfBirth"]["year"] == SOMEBODY.birth.year
    assert found["dataMatchResult"]["overallState"] == "success"
    assert found["faceImageScanningSide"] == "first"


def test_latin_and_the_original_are_always_filled() -> None:
    name = report("cyrillic")["lastName"]
    assert name["latin"]["value"] == FOREIGNER.last_name
    assert name["cyrillic"]["value"] == FOREIGNER.last_name_printed
    assert name["originalString"]["latin"]["value"]
    born = report("passport")["dateOfBirth"]
    assert (born["day"], born["month"], born["year"]) == (SOMEBODY.birth.day, SOMEBODY.birth.month, SOMEBODY.birth.year)
    assert born["originalString"]["latin"]["value"]


def test_a_licence_has_its_bar_code() -> None:
    found = report("licence")
    front, back = found["subResults"]
    assert "barcode" not in front
    code = back["barcode"]
    assert code["barcodeType"] == "pdf417-barcode"
    assert code["documentNumber"] == SOMEBODY.number
    assert {"key": "DAQ", "value": SOMEBODY.number} in code["extendedElements"]
    assert found["documentClassInfo"]["region"] == "virginia"
    assert found["barcodeInputImageScanningSide"] == "second"
    assert "vehicleClass" in found["driverLicenseDetailedInfo"]


def test_a_document_can_be_kept_as_json() -> None:
    document = conclude(SCANS["card"], plan())
    assert json.loads(json.dumps(asdict(document)))["kind"] == "id"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ({"latin": {"value": "ERIKSSON"}, "originalString": {"latin": {"value": "Eriksson"}}}, "ERIKSSON"),
        ({"originalString": {"latin": {"value": "12 AUG 1974"}}, "day": 12, "month": 8, "year": 1974}, "12 AUG 1974"),
        ({"day": 12, "month": 8, "year": 1974}, "8/12/1974"),
        ({"year": 1974}, "1974"),
        ({"originalString": {"originalString": "deep"}}, "deep"),
        ({}, ""),
        (None, ""),
    ],
)
def test_what_a_reader_shows(value: object, shown: str) -> None:
    assert display_value(value) == shown
