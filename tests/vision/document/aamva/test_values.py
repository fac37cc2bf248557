"""Values of single elements."""

import pytest

from vision.document.aamva import values
from vision.document.aamva.issuers import issuer
from vision.document.document import CivilDate


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("06121980", CivilDate(1980, 6, 12)),
        ("19800612", CivilDate(1980, 6, 12)),
        ("12102024", CivilDate(2024, 12, 10)),
        ("20241210", CivilDate(2024, 12, 10)),
        ("02292024", CivilDate(2024, 2, 29)),
        ("02292023", None),
        ("13012020", None),
        ("00000000", None),
        ("99999999", None),
        ("00002020", None),
        ("0612198", None),
        ("06/12/80", None),
        ("٠٦١٢١٩٨٠", None),
    ],
)
def test_days_in_both_orders(text: str, day: CivilDate | None) -> None:
    assert values.day(text) == day


@pytest.mark.parametrize(
    ("text", "centimetres"),
    [("070 in", 178), ("178 cm", 178), ("070IN", 178), ("510", 178), ("5-10", 178), ("5'10\"", 178), ("599", None),
     ("999 cm", None), ("", None), ("tall", None)],
)  # fmt: skip
def test_heights(text: str, centimetres: int | None) -> None:
    assert values.height_cm(text) == centimetres


def test_weights() -> None:
    assert values.weight_kg("150", "") == 68
    assert values.weight_kg("", "070") == 70
    assert values.weight_kg("heavy", "") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("232690000  ", "23269"), ("232691234", "23269-1234"), ("23269-1234", "23269-1234"), ("K1A0B1", "K1A 0B1"),
     ("K1A 0B1", "K1A 0B1"), ("odd", "odd")],
)  # fmt: skip
def test_postal_codes(text: str, code: str) -> None:
    assert values.postal_code(text) == code


@pytest.mark.parametrize(("text", "sex"), [("1", "M"), ("2", "F"), ("9", "X"), ("m", "M"), ("0", ""), ("", "")])
def test_sexes(text: str, sex: str) -> None:
    assert values.sex(text) == sex


def test_issuers_are_all_there() -> None:
    known = [found for number in range(604000, 637000) if (found := issuer(str(number))) is not None]
    states = [found.jurisdiction for found in known if found.country == "USA"]
    assert len(states) == 50 + 7  # the District of Columbia, five territories, the State Department
    assert len({found.jurisdiction for found in known}) == len(known)
    assert sum(found.country == "CAN" for found in known) == 13
