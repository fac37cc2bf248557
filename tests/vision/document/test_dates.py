"""Days of the calendar, some with unknown parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.document.dates import from_iso, is_before, is_real, iso, years_between
from vision.document.document import CivilDate


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (CivilDate(1974, 8, 12), "1974-08-12"),
        (CivilDate(1974, 8, 0), "1974-08"),
        (CivilDate(1974, 0, 0), "1974"),
        (CivilDate(0, 0, 0), ""),
    ],
)
def test_as_exact_as_is_known(day: CivilDate, text: str) -> None:
    assert iso(day) == text
    assert from_iso(text) == (day if text else None)


@pytest.mark.parametrize("text", ["", "12.08.1974", "1974-8-1", "74-08-12", "1974-08-12T00:00"])
def test_anything_else_is_no_day(text: str) -> None:
    assert from_iso(text) is None


def test_the_calendar() -> None:
    assert is_real(CivilDate(2024, 2, 29))
    assert not is_real(CivilDate(2023, 2, 29))
    assert not is_real(CivilDate(1974, 2, 30))
    assert is_real(CivilDate(1974, 2, 0))


def test_unknown_parts_decide_nothing() -> None:
    assert not is_before(CivilDate(1974, 0, 0), CivilDate(1974, 8, 12))
    assert not is_before(CivilDate(1974, 8, 12), CivilDate(1974, 0, 0))
    assert is_before(CivilDate(1973, 0, 0), CivilDate(1974, 8, 12))


def test_a_birthday_is_counted_on_its_day() -> None:
    assert years_between(CivilDate(2000, 5, 20), CivilDate(2018, 5, 19)) == 17
    assert years_between(CivilDate(2000, 5, 20), CivilDate(2018, 5, 20)) == 18


@given(st.dates(), st.dates())
def test_known_days_are_ordered_as_the_calendar_has_them(left: date, right: date) -> None:
    days = [CivilDate(day.year, day.month, day.day) for day in (left, right)]
    assert is_before(*days) == (left < right)
    assert [from_iso(iso(day)) for day in days] == days
