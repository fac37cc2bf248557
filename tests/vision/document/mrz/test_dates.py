"""Centuries, unknown parts, days that are none."""

import pytest

from vision.document.document import CivilDate
from vision.document.mrz.dates import birth_date, expiry_date, is_date, two_digit

TODAY = CivilDate(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("740812", CivilDate(1974, 8, 12)),
        ("261122", CivilDate(2026, 11, 22)),
        ("261123", CivilDate(1926, 11, 23)),
        ("26<<<<", CivilDate(2026, 0, 0)),
        ("2612<<", CivilDate(1926, 12, 0)),
        ("<<<<<<", CivilDate(0, 0, 0)),
    ],
)
def test_nobody_is_born_tomorrow(text: str, date: CivilDate) -> None:
    assert birth_date(text, TODAY) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [("120415", CivilDate(2012, 4, 15)), ("760101", CivilDate(2076, 1, 1)), ("960101", CivilDate(1996, 1, 1))],
)
def test_expiry_lies_near_today(text: str, date: CivilDate) -> None:
    assert expiry_date(text, TODAY) == date


@pytest.mark.parametrize("text", ["741301", "740001", "740832", "740230", "750229", "7408", "74<812", "7408AB"])
def test_days_that_are_none(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize("text", ["740229"[:4] + "28", "760229", "<<<<<<", "74<<<<", "7408<<", "<<0812"])
def test_days_that_can_be(text: str) -> None:
    assert is_date(text)


def test_unknown_parts_are_written_as_fillers() -> None:
    assert two_digit(CivilDate(1974, 8, 0)) == "7408<<"
    assert two_digit(CivilDate(0, 0, 0)) == "<<<<<<"
