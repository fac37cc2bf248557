"""Dates of machine-readable zones: two digits for the year, fillers for what is not known (ICAO Doc 9303-3 §4.8)."""

from vision.document.document import CivilDate

EXPIRY_YEARS_AHEAD = 50
"""A document expires at most so many years from today; then the century is that which lies in the 99 years before."""

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """Whether ``YYMMDD`` can be a day; ``<<`` is any year, month or day."""
    parts = (text[0:2], text[2:4], text[4:6])
    if len(text) != 6 or not all(part == "<<" or part.isdigit() for part in parts):
        return False
    year, month, day = (0 if part == "<<" else int(part) for part in parts)
    if parts[1] != "<<" and not 1 <= month <= 12:
        return False
    if parts[2] == "<<":
        return True
    leap = month == 2 and (parts[0] == "<<" or year % 4 == 0)  # 1900 was none; nobody alive was born then
    return 1 <= day <= (29 if leap else _DAYS[month - 1] if month else 31)


def birth_date(text: str, today: CivilDate) -> CivilDate:
    """The latest such day that is not after ``today``."""
    year, month, day = _parts(text)
    if year is None:
        return CivilDate(0, month, day)
    full = today.year - today.year % 100 + year
    later = (full, month or today.month, day or 1) > (today.year, today.month, today.day)
    return CivilDate(full - 100 if later else full, month, day)


def expiry_date(text: str, today: CivilDate) -> CivilDate:
    """Such a day from 49 years before to 50 years after the year of ``today``."""
    year, month, day = _parts(text)
    if year is None:
        return CivilDate(0, month, day)
    latest = today.year + EXPIRY_YEARS_AHEAD
    return CivilDate(latest - (latest - year) % 100, month, day)


def two_digit(date: CivilDate) -> str:
    """``YYMMDD`` with ``<<`` for what is 0."""
    return "".join(f"{part % 100:02d}" if part else "<<" for part in (date.year, date.month, date.day))


def _parts(text: str) -> tuple[int | None, int, int]:
    year, month, day = (None if text[at : at + 2] == "<<" else int(text[at : at + 2]) for at in (0, 2, 4))
    return year, month or 0, day or 0
