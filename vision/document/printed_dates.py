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
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s?[./\-\s]\s?(\d{1,2})\s?[./\-\s]\s?(\d{4}|\d{2})(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})[\s./-]*{_WORD}\.?(?:\s*/\s*{_WORD})?[\s./,-]*(\d{{4}}|\d{{2}})(?!\d)")
_MONTH_FIRST = re.compile(rf"{_WORD}[\s./-]*(\d{{1,2}})(?:ST|ND|RD|TH)?[\s./,-]+(\d{{4}})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{8})(?!\d)")


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
    for match in _DAY_FIRST.finditer(line):
        month = _month(match[2]) or (_month(match[3]) if match[3] else None)
        if month:
            return _days([(match[4], month, int(match[1]))], today)
    for match in _MONTH_FIRST.finditer(line):
        if month := _month(match[1]):
            return _days([(match[3], month, int(match[2]))], today)
    if match := _NUMERIC.search(line):
        first, second, third = match[1], match[2], match[3]
        if len(first) == 4:
            return _days([(first, int(second), int(third))], today) if len(third) == 2 else ()
        if len(first) <= 2:
            orders = [(third, int(second), int(first)), (third, int(first), int(second))]
            return _days(orders, today)
        return ()
    if match := _COMPACT.search(line):
        digits = match[1]
        orders = [
            (digits[:4], int(digits[4:6]), int(digits[6:])),
            (digits[4:], int(digits[2:4]), int(digits[:2])),
            (digits[4:], int(digits[:2]), int(digits[2:4])),
        ]
        return tuple(day for day in _days(orders, today) if 1880 <= day.year <= today.year + 60)
    return ()


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


def month_first(texts: Iterable[str], today: CivilDate) -> bool | None:
    """Order of day and month in a document's numeric dates, told by those that can be read in one way only; None when
    none tells or when they contradict each other."""
    told: set[bool] = set()
    for text in texts:
        match = _NUMERIC.search(plain(text))
        days = readings_of(text, today)
        if match and len(match[1]) <= 2 and len({(day.month, day.day) for day in days}) == 1:
            if days[0].month != days[0].day:
                told.add(int(match[1]) == days[0].month)
    return told.pop() if len(told) == 1 else None


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
