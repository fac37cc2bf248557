"""Dates in a reply, spoken or in digits, above all dates of birth."""

import re
from dataclasses import dataclass
from datetime import date

from conversation.text.normalise import word_set
from conversation.text.number_words import NUMBER_WORDS
from conversation.text.numbers import Number, numbers, years

_MONTHS = (
    "january jan enero janvier januar jänner gennaio janeiro",
    "february feb febrero février fevrier februar febbraio fevereiro",
    "march mar marzo mars märz maerz março marco",
    "april apr abril avril aprile",
    "may mayo mai maggio maio",
    "june jun junio juin juni giugno junho",
    "july jul julio juillet juli luglio julho",
    "august aug agosto août aout",
    "september sep sept septiembre setiembre septembre settembre setembro",
    "october oct octubre octobre oktober ottobre outubro",
    "november nov noviembre novembre",
    "december dec diciembre décembre decembre dezember dicembre dezembro",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in word_set(names)}
_MONTH = re.compile(rf"\b(?:{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\b", re.IGNORECASE)
_ENGLISH_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {word: value for value, word in enumerate(_ENGLISH_ORDINALS.split(" "), start=1)} | {
    "thirtieth": 30, "primero": 1, "premier": 1, "première": 1, "primo": 1, "primeiro": 1,
}  # fmt: skip
_GERMAN_ORDINAL = re.compile(
    rf"\b(?:(?P<irregular>erst|zweit|dritt|siebt|acht)e[nrsm]?|(?P<stem>{'|'.join(NUMBER_WORDS['de'])}|"
    r"\w+undzwanzig|\w+unddreißig)s?te[nrsm]?)\b",
    re.IGNORECASE,
)
_GERMAN_IRREGULAR = {"erst": 1, "zweit": 2, "dritt": 3, "siebt": 7, "acht": 8}
_COMPOUND_ORDINAL = re.compile(
    rf"\b(twenty|thirty)[\s-]+({'|'.join(_ENGLISH_ORDINALS.split(' ')[:9])})\b", re.IGNORECASE
)
_WRITTEN = re.compile(r"(?<![\d./-])(\d{1,4})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{2,4})(?![\d/-])")
_COMPACT = re.compile(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)")
_DIGIT_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)(?!\w)", re.IGNORECASE)
_TWO_DIGIT_PIVOT = 25
"""A year said as two digits is in this century up to here, in the last one above."""
_EARLIEST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class DateReading:
    """The parts of a date that a reply names."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    ambiguous: bool = False
    """Day and month are both twelve or less and were given as bare numbers; the order is the caller's guess."""
    quote: str = ""

    @property
    def iso(self) -> str | None:
        """YYYY-MM-DD (ISO 8601), or None when a part is missing or there is no such day."""
        if self.day is None or self.month is None or self.year is None:
            return None
        try:
            return date(self.year, self.month, self.day).isoformat()
        except ValueError:
            return None


def read_date(text: str, language: str = "en", day_first: bool | None = None) -> DateReading:
    """Read the date of a reply. Missing parts are None.

    ``day_first`` orders bare numbers such as 03/11/1962; by default the month comes first for ``en-US`` only.
    """
    order = language.lower() != "en-us" if day_first is None else day_first
    return _in_digits(text, order) or _with_month_name(text, language) or _in_spoken_numbers(text, language, order)


def date_of_birth(text: str, language: str = "en", day_first: bool | None = None) -> str | None:
    """Return a complete date as YYYY-MM-DD, or None."""
    return read_date(text, language, day_first).iso


def _full_year(value: int) -> int | None:
    if value < 100:
        return value + (2000 if value <= _TWO_DIGIT_PIVOT else 1900)
    return value if _EARLIEST_YEAR <= value < 2100 else None


def _ordered(first: int, second: int, year: int, day_first: bool, quote: str) -> DateReading:
    day, month = (first, second) if day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
    return DateReading(
        day, month, _full_year(year), ambiguous=first <= 12 and second <= 12 and first != second, quote=quote
    )


def _in_digits(text: str, day_first: bool) -> DateReading | None:
    found = _WRITTEN.search(text)
    if found:
        first, second, third = (int(part) for part in found.groups())
        if first > 31:
            return DateReading(third, second, first, quote=found.group())
        return _ordered(first, second, third, day_first, found.group())
    compact = _COMPACT.search(text)
    if compact:
        first, second, third = (int(part) for part in compact.groups())
        return _ordered(first, second, third, day_first, compact.group())
    return None


def _month_name(text: str) -> tuple[int, re.Match[str]] | None:
    """Find a month; the English words "may", "march" and "mar" need a number or a preposition beside them."""
    for found in _MONTH.finditer(text):
        word = found.group().lower()
        if word in ("may", "march", "mar", "sep", "dec", "jan", "marco"):
            before = text[: found.start()].rstrip().lower()
            after = text[found.end() :].lstrip(" ,.").lower()
            beside = re.search(r"(?:\d|st|nd|rd|th|\bof|\bin|\bof the|\bsince|\bon)$", before)
            follows = re.match(rf"(?:the\s+)?(?:\d|{'|'.join(_ORDINALS)})", after) or (
                after and any(number.start == 0 for number in numbers(after[:24]))
            )
            spoken = numbers(before[-12:])
            if not (
                beside or follows or (spoken and spoken[-1].end >= len(before[-12:].rstrip())) or not (before or after)
            ):
                continue
        return _MONTH_OF[word], found
    return None


def _with_month_name(text: str, language: str) -> DateReading | None:
    named = _month_name(text)
    if named is None:
        return None
    month, place = named
    masked = text[: place.start()] + "|" * len(place.group()) + text[place.end() :]
    day, span = _day(masked, language, place.start())
    if span:
        masked = masked[: span[0]] + "|" * (span[1] - span[0]) + masked[span[1] :]
    year = _year(masked, language, place.end())
    spans = [part for part in (span, place.span(), (year.start, year.end) if year else None) if part]
    quote = text[min(start for start, _ in spans) : max(end for _, end in spans)]
    return DateReading(day, month, _full_year(int(year.value)) if year else None, quote=quote)


def _day(masked: str, language: str, month_start: int) -> tuple[int | None, tuple[int, int] | None]:
    """Find the day: an ordinal anywhere, else the number nearest to the month."""
    for pattern in (_DIGIT_ORDINAL, _COMPOUND_ORDINAL):
        found = pattern.search(masked)
        if found:
            day = (
                int(found[1])
                if found[1].isdigit()
                else {"twenty": 20, "thirty": 30}[found[1].lower()] + _ORDINALS[found[2].lower()]
            )
            return (day, found.span()) if 1 <= day <= 31 else (None, None)
    for found in re.finditer(r"[^\W\d_]+", masked):
        if found.group().lower() in _ORDINALS:
            return _ORDINALS[found.group().lower()], found.span()
    german = _GERMAN_ORDINAL.search(masked)
    if german:
        stem = (german["stem"] or "").lower()
        value = _GERMAN_IRREGULAR.get((german["irregular"] or "").lower()) or next(
            (int(number.value) for number in numbers(stem, "de")), 0
        )
        if 1 <= value <= 31:
            return value, german.span()
    taken = [(year.start, year.end) for year in years(masked, language)]
    free = [
        number for number in numbers(masked, language) if not any(start <= number.start < end for start, end in taken)
    ]
    days = [number for number in free if 1 <= number.value <= 31 and number.value == int(number.value)]
    if not days:
        return None, None
    nearest = min(days, key=lambda number: min(abs(number.end - month_start), abs(number.start - month_start)))
    return int(nearest.value), (nearest.start, nearest.end)


def _year(masked: str, language: str, month_end: int) -> Number | None:
    named = years(masked, language)
    if named:
        return named[-1]
    late = [number for number in numbers(masked, language) if number.start >= month_end and 0 <= number.value <= 99]
    return late[-1] if late and re.search(r"['’]?\d{2}\b|[^\W\d]", masked[late[-1].start :]) else None


def _in_spoken_numbers(text: str, language: str, day_first: bool) -> DateReading:
    """Read "three eleven nineteen sixty two", and a bare year."""
    named = years(text, language)
    year = named[-1] if named else None
    others = [
        number
        for number in numbers(
            re.sub(r"\boh?\b", lambda found: " " * len(found.group()), text, flags=re.IGNORECASE), language
        )
        if not year or number.end <= year.start or number.start >= year.end
    ]
    small = [number for number in others if 1 <= number.value <= 31 and number.value == int(number.value)]
    if year and len(small) >= 2:
        first, second = small[0], small[1]
        quote = text[min(first.start, year.start) : max(second.end, year.end)]
        return _ordered(int(first.value), int(second.value), int(year.value), day_first, quote)
    if year:
        return DateReading(year=int(year.value), quote=text[year.start : year.end])
    if len(others) == 3 and len(small) >= 2 and 0 <= others[2].value <= 99:
        first, second, third = others
        return _ordered(int(first.value), int(second.value), int(third.value), day_first, text[first.start : third.end])
    return DateReading()
