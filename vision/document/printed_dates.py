"""Dates as documents print them; where a print can be read in two ways, something else has to decide (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from vision.document.dates import is_before, is_real
from vision.document.document import CivilDate
from vision.document.writing import plain

Role = Literal["birth", "issue", "expiry"]
"""What a date is of; decides the century of a year of two digits."""

DATE_FIELDS: Mapping[str, Role] = {"dateOfBirth": "birth", "dateOfIssue": "issue", "dateOfExpiry": "expiry"}
"""Fields of the contract that are dates."""

_MONTHS: tuple[tuple[str, ...], ...] = (
    ("JAN", "JANV", "ENE", "GEN", "STY", "OCA", "SIJ", "ЯНВ", "СІЧ", "ΙΑΝ"),
    ("FEB", "FEV", "FEVR", "LUT", "SUB", "VELJ", "ФЕВ", "ЛЮТ", "ΦΕΒ"),
    ("MAR", "MARS", "MAER", "MRZ", "MRT", "OZU", "МАР", "БЕР", "ΜΑΡ"),
    ("APR", "AVR", "ABR", "KWI", "NIS", "TRA", "АПР", "КВІ", "ΑΠΡ"),
    ("MAY", "MAI", "MAG", "MEI", "MAJ", "SVI", "МАЙ", "МАЯ", "ТРА", "ΜΑΪ", "ΜΑΙ"),
    ("JUN", "JUIN", "GIU", "CZE", "HAZ", "LIPANJ", "ИЮН", "ЧЕР", "ΙΟΥΝ"),
    ("JUL", "JUIL", "LUG", "TEM", "LIPIEC", "ИЮЛ", "ЛИП", "ΙΟΥΛ"),
    ("AUG", "AOU", "AOUT", "AGO", "SIE", "KOL", "АВГ", "СЕР", "ΑΥΓ"),
    ("SEP", "SEPT", "SET", "WRZ", "EYL", "RUJ", "СЕН", "ВЕР", "ΣΕΠ"),
    ("OCT", "OKT", "OUT", "OTT", "PAZ", "EKI", "ОКТ", "ЖОВ", "ΟΚΤ"),
    ("NOV", "KAS", "STU", "НОЯ", "ЛИС", "ΝΟΕ"),
    ("DEC", "DIC", "DEZ", "GRU", "ARA", "PRO", "ДЕК", "ГРУ", "ΔΕΚ"),
)
"""Beginnings of the names of months. ``LIP``, ``LIS`` and ``SRP`` mean different months in different languages, so they
are left out, or asked for whole."""
_WORD = r"([^\W\d_]{3,10})"
_NUMERIC = re.compile(r"(?<!\w)(\d{1,4})\s?[./\-\s]\s?(\d{1,2})\s?[./\-\s]\s?(\d{4}(?!\d)|\d{2}(?!\w))")
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}})[\s./-]*{_WORD}\.?(?:\s*/\s*{_WORD})?[\s./,-]*(\d{{4}}(?!\d)|\d{{2}}(?!\w))"
)
_MONTH_FIRST = re.compile(rf"{_WORD}[\s./-]*(\d{{1,2}})(?:ST|ND|RD|TH)?[\s./,-]+(\d{{4}})(?!\d)")
_COMPACT = re.compile(r"(?<!\w)(\d{8})(?!\w)")


def date_part(text: str) -> str | None:
    """The first thing in a text that is written like a date, as it stands there; None when there is none."""
    line = plain(text)
    patterns = (_DAY_FIRST, _MONTH_FIRST, _NUMERIC, _COMPACT)
    for match in (match for pattern in patterns for match in pattern.finditer(line)):
        words = [word for word in match.groups() if word and word[0].isalpha()]
        if not words or any(_month(word) for word in words):
            return text[match.start() : match.end()] if len(line) == len(text) else match[0]
    return None


def readings_of(text: str, today: CivilDate) -> tuple[CivilDate, ...]:
    """Every day that a printed date may mean, day before month first; empty when there is no date in the text. Years
    of two digits are read in both centuries around ``today``."""
    line = plain(text)
    for worded in _DAY_FIRST.finditer(line):
        if month := _month(worded[2]) or _month(worded[3]):
            return _days([(worded[4], month, int(worded[1]))], today)
    for worded in _MONTH_FIRST.finditer(line):
        if month := _month(worded[1]):
            return _days([(worded[3], month, int(worded[2]))], today)
    numeric = _NUMERIC.search(line)
    if numeric is not None:
        return _days(_orders(*numeric.groups()), today)
    compact = _COMPACT.search(line)
    return tuple(day for day in _days(_compact_orders(compact[1]), today) if day.year >= 1880) if compact else ()


def _orders(first: str, second: str, third: str) -> list[tuple[str, int, int]]:
    """(year, month, day) of three numbers, day before month first."""
    if len(first) == 4:
        return [(first, int(second), int(third))] if len(third) == 2 else []
    if len(first) == 3:
        return []
    return [(third, int(second), int(first)), (third, int(first), int(second))]


def _compact_orders(digits: str) -> list[tuple[str, int, int]]:
    """The same of eight digits in a row."""
    year_last = _orders(digits[:2], digits[2:4], digits[4:])
    return [*_orders(digits[:4], digits[4:6], digits[6:]), *year_last]


def settle(text: str, role: Role, order: bool | None, today: CivilDate) -> CivilDate | None:
    """The one day that a printed date means; None while two remain. ``order`` is whether the month comes first in
    this document's numeric dates, as ``month_first`` told it."""
    days = [day for day in readings_of(text, today) if _fits(day, role, today)] or list(readings_of(text, today))
    match = _NUMERIC.search(plain(text))
    if match and order is not None and len(match[1]) <= 2:
        days = [day for day in days if (day.month if order else day.day) == int(match[1])]
    if len({(day.month, day.day) for day in days}) > 1 or not days:
        return None
    return min(days, key=lambda day: abs(day.year - today.year))


def _fits(day: CivilDate, role: Role, today: CivilDate) -> bool:
    if role == "expiry":
        return -30 <= day.year - today.year <= 50
    return not is_before(today, day)


def month_first(texts: Iterable[str], today: CivilDate, otherwise: bool | None = None) -> bool | None:
    """Whether the month comes before the day in a document's numeric dates, told by those that can be read in one way
    only; ``otherwise`` when none tells, None when they contradict each other."""
    told: set[bool] = set()
    for text in texts:
        match = _NUMERIC.search(plain(text))
        days = {(day.month, day.day) for day in readings_of(text, today)}
        if match and len(match[1]) <= 2 and len(days) == 1:
            month, day = days.pop()
            if month != day:
                told.add(int(match[1]) == month)
    return otherwise if not told else told.pop() if len(told) == 1 else None


def _days(parts: Sequence[tuple[str, int, int]], today: CivilDate) -> tuple[CivilDate, ...]:
    found: dict[CivilDate, None] = {}
    for year, month, day in parts:
        century = today.year // 100 * 100
        years = [int(year)] if len(year) == 4 else [century + int(year), century - 100 + int(year)]
        for one in years:
            if month and day and is_real(CivilDate(one, month, day)):
                found[CivilDate(one, month, day)] = None
    return tuple(found)


def _month(word: str | None) -> int | None:
    if not word:
        return None
    numbers = {number for number, starts in enumerate(_MONTHS, 1) if any(_begins(word, start) for start in starts)}
    return numbers.pop() if len(numbers) == 1 else None


def _begins(word: str, start: str) -> bool:
    return word == plain(start) or (len(start) == 3 and word.startswith(plain(start)))
