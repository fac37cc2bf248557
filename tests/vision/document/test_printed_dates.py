"""Dates as documents print them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.document.document import CivilDate
from vision.document.printed_dates import date_part, month_first, readings_of, settle

TODAY = CivilDate(2026, 11, 1)
BIRTH = CivilDate(1974, 8, 12)


@pytest.mark.parametrize(
    "text",
    [
        "12 AUG 1974", "12 AUG/AOÛT 1974", "12 août 1974", "12. August 1974", "12AUG1974",
        "AUG 12, 1974", "August 12 1974",
        "1974-08-12", "1974/08/12", "12 АВГ/AUG 1974", "12 авг. 1974", "12 AGO 1974", "12 Ağu/Aug 1974", "١٢ AUG ١٩٧٤",
    ],
)  # fmt: skip
def test_dates_that_mean_one_day(text: str) -> None:
    assert readings_of(text, TODAY) == (BIRTH,)


@pytest.mark.parametrize(
    "text",
    ["", "ERIKSSON", "31.02.1974", "12 XYZ 1974", "99/99/9999", "1234567", "AB1974081", "12 AUG 19S4", "Z9 NOV 1993"],
)
def test_no_date(text: str) -> None:
    assert readings_of(text, TODAY) == ()


def test_day_and_month_are_never_guessed() -> None:
    assert readings_of("03/04/1985", TODAY) == (CivilDate(1985, 4, 3), CivilDate(1985, 3, 4))
    assert settle("03/04/1985", "birth", None, TODAY) is None
    assert settle("03/04/1985", "birth", True, TODAY) == CivilDate(1985, 3, 4)
    assert settle("03/04/1985", "birth", False, TODAY) == CivilDate(1985, 4, 3)
    assert settle("05/05/1985", "birth", None, TODAY) == CivilDate(1985, 5, 5)
    assert settle("25/04/1985", "birth", None, TODAY) == CivilDate(1985, 4, 25)


def test_other_dates_tell_the_order() -> None:
    assert month_first(["03/04/1985", "08/25/2020"], TODAY) is True
    assert month_first(["03/04/1985", "25/08/2020"], TODAY) is False
    assert month_first(["03/04/1985"], TODAY) is None
    assert month_first(["08/25/2020", "25/08/2020"], TODAY) is None
    assert month_first(["03/04/1985"], TODAY, otherwise=True) is True


def test_a_year_of_two_digits_follows_from_what_the_date_is_of() -> None:
    assert settle("12.08.64", "birth", False, TODAY) == CivilDate(1964, 8, 12)
    assert settle("31.01.33", "expiry", False, TODAY) == CivilDate(2033, 1, 31)
    assert settle("12.08.04", "birth", False, TODAY) == CivilDate(2004, 8, 12)


def test_the_date_in_a_line() -> None:
    assert date_part("12.08.1974 BERLIN") == "12.08.1974"
    assert date_part("LANDRATSAMT 5") is None


@given(
    st.dates(date(1900, 1, 1), date(2060, 12, 31)), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %m %Y"])
)
def test_the_true_day_is_always_among_the_readings(day: date, form: str) -> None:
    days = readings_of(day.strftime(form), TODAY)
    assert CivilDate(day.year, day.month, day.day) in days
    assert len(days) <= 2


@given(st.text(max_size=40))
def test_any_text_gives_days_that_exist(text: str) -> None:
    for day in readings_of(text, TODAY):
        assert date(day.year, day.month, day.day) + timedelta(0)
