"""What a condition demands of a value, read from its wording: a range of numbers, an e-mail address, a birth date."""

import math
import re
from dataclasses import dataclass
from enum import Enum

from conversation.text.conditions import Kind, kinds
from conversation.text.normalise import clean
from conversation.text.numbers import Number, numbers


class Subject(Enum):
    """What a condition is about, when a rule can decide it."""

    NUMBER = "number"
    LITERAL = "literal"
    """Certain digits, such as "the digits read are 4471"."""
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    DIGITS = "digits"
    """A code, or a count of digits."""
    READING = "reading"
    """A sentence read aloud."""
    IDENTITY = "identity"
    """Whether the user is the person whom the prompt names."""
    OTHER_AMOUNT = "other_amount"
    """The number is another one than the prompt says."""
    FOREIGN_LANGUAGE = "foreign_language"
    IN_ENGLISH = "in_english"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of numbers. Bounds are part of it."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Demand:
    """One condition, parsed."""

    subject: Subject
    range: Range | None = None
    unit: str = ""
    """``year``, ``month``, ``week``, ``day``, ``hour``, ``minute`` when the range is a duration or an age."""
    digits: int | None = None
    """How many digits."""
    literal: str = ""
    negated: bool = False
    """The value is not given, or is another one."""
    partial: bool = False
    """Only part of the value is given."""
    compound: bool = False
    """More than the range is demanded, so a fitting number alone does not fulfil it."""
    first_only: bool = False
    """Of a name: only the first one."""


_JUST_BELOW = 1e-6
_UNITS = re.compile(r"^\s*(?:full |whole |more |further )?(year|month|week|day|hour|minute)s?\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|doesn't|didn't|don't|isn't|without|different|wrong|cannot|can't|missing|"
    r"refuse[sd]?)\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"\b(?:part of|incomplete|partial(?:ly)?|only some|only part|some of the)\b", re.IGNORECASE)
_GIVEN = (
    r"\b(?:provid\w*|gave|gives?|given|stat\w+|says?|said|tells?|told|shar\w+|spell\w*|mention\w*|reads?|"
    r"introduc\w+|nam\w+|offer\w*)\b"
)
_IDENTITY_QUESTION = re.compile(
    r"\b(?:[Aa]re you|[Aa]m I (?:speaking|talking) (?:to|with)|"
    r"[Ii]s this)\s+[A-Z][\w'-]+\s+[A-Z]"
)
_COMPOUND = re.compile(
    r"\b(?:and (?!(?:over|above|more|older|up|under|below|\w+ or)\b)(?:has|have|is|receives?|"
    r"will|\w+s\b)|but|without)\b|,\s"
)
_NUMBER_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_LOWER = re.compile(
    rf"(?:at least|no (?:less|fewer) than|not (?:less|fewer|under) (?:than )?|minimum(?: of)?|from|>=|≥|"
    rf"or older than)\s*{_NUMBER_SLOT}"
)
_LOWER_AFTER = re.compile(
    rf"{_NUMBER_SLOT}(?:\s*(?:years?|months?|weeks?|days?|hours?|euros?|dollars?|pounds?|kids|children|people|"
    rf"persons|km|kilomet\w+|times)(?: old)?| of age| years of age)?"
    rf"(?:\s*(?:old|of age))?\s*(?:or|and)\s*(?:more|older|over|above|higher|longer|up(?:wards)?|better|greater|"
    rf"later|beyond)\b"
)
_ABOVE = re.compile(
    rf"(?:more than|over|older than|above|greater than|higher than|longer than|exceed(?:s|ing)?|beyond|>|"
    rf"fewer no than)\s*(?:the age of\s*)?{_NUMBER_SLOT}"
)
_UPPER = re.compile(
    rf"(?:at most|no more than|not more than|not over|up to|maximum(?: of)?|<=|≤|"
    rf"within)\s*{_NUMBER_SLOT}"
)
_UPPER_AFTER = re.compile(
    rf"{_NUMBER_SLOT}(?:\s*(?:years?|months?|weeks?|days?|hours?|euros?|dollars?|pounds?|kids|children|people|"
    rf"persons))?(?:\s*old)?\s*(?:or|and)\s*"
    rf"(?:less|fewer|under|below|lower|younger|shorter|earlier)\b"
)
_BELOW = re.compile(
    rf"(?:less than|fewer than|under|younger than|below|lower than|shorter than|not yet|"
    rf"<)\s*(?:the age of\s*)?{_NUMBER_SLOT}"
)
_BETWEEN = re.compile(rf"(?:between|from)?\s*{_NUMBER_SLOT}\s*(?:\w+\s+)?(?:and|to|-|–)\s*{_NUMBER_SLOT}")
_EITHER = re.compile(rf"{_NUMBER_SLOT}\s+or\s+{_NUMBER_SLOT}")
_EXACT = re.compile(
    rf"(?:^\s*(?:exactly |only |just )?{_NUMBER_SLOT}(?!\w|.*\b(?:digits?|attempts?|documents?)\b)|"
    rf"\bexactly {_NUMBER_SLOT}|\b(?:equals?|is|has|have|are|=|==) (?:exactly |only )?{_NUMBER_SLOT})"
)
_NONE = re.compile(
    r"^(?:none|zero|no (?:dependants?|dependents?|children|kids|other\w*|people|pets|drinks|\w+s)|nothing|nobody|"
    r"no one)(?:\b|,|$)|"
    r"\b(?:has|have|had|owns|are|is|with) (?:no|zero|none) (?:dependants?|dependents?|children|kids|pets|\w+s)\b",
    re.IGNORECASE,
)


def demand(condition: str, prompt: str) -> Demand | None:
    """Parse a condition, or return None when no rule can decide it."""
    text = clean(condition)
    lower = text.lower()
    negated = bool(_NEGATION.search(lower))
    asked = prompt.lower()
    if _IDENTITY_QUESTION.search(prompt) and {Kind.AFFIRM, Kind.DENY} & kinds(text):
        return Demand(Subject.IDENTITY, negated=Kind.DENY in kinds(text))
    literal = re.search(r"\b(?:digits?|code|number|pin)\b.{0,40}?(?<!\d)(\d{3,})(?!\d)", lower) or re.search(
        r"(?:\bare|\bis|not)\s+(\d{3,})$", lower
    )
    if literal and re.search(r"\b(?:digits?|code|pin|number)\b", asked):
        other = re.search(rf"\bnot\b.{{0,12}}{literal[1]}", lower)
        return Demand(Subject.LITERAL, literal=literal[1], digits=_digit_count(lower), negated=bool(other))
    for subject, pattern in _SUBJECTS:
        if re.search(pattern, lower):
            return Demand(
                subject,
                digits=_digit_count(lower) if subject is Subject.DIGITS else None,
                negated=negated or bool({Kind.MISSING, Kind.REFUSE} & kinds(text)),
                partial=bool(_PARTIAL.search(lower)),
                first_only=bool(re.search(r"\b(?:only|just)\b.{0,20}\bfirst\b", lower)),
            )
    span = number_range(text)
    if span:
        return Demand(Subject.NUMBER, range=span[0], unit=span[1], compound=bool(_COMPOUND.search(lower)))
    return None


_SUBJECTS = (
    (Subject.OTHER_AMOUNT, r"\b(?:amount|sum|price|number|total|figure)\b.{0,20}\b(?:different|another|wrong|"
                           r"incorrect|not right|not correct)\b|"
                           r"\b(?:different|another|wrong|incorrect) (?:amount|sum|price|number|total|figure)\b"),
    (Subject.IN_ENGLISH, r"\b(?:need|want|request|problem|concern|issue|question|help)\w*\b.{0,20}\bin english$"),
    (Subject.FOREIGN_LANGUAGE, r"\blanguages? other than english\b|\bnot (?:speak |in )english\b|"
                               r"\bforeign language\b|\banother language\b"),
    (Subject.GREETING, r"\b(?:only|just|merely|simply) (?:greet|say(?:s|ing)? hello)"),
    (Subject.DATE_OF_BIRTH, r"\b(?:date of birth|birth ?date|birthday)\b"),
    (Subject.EMAIL, r"\be-?mail address\b|" + _GIVEN + r".{0,20}\be-?mail\b(?! (?:from|with|link))"),
    (Subject.PHONE, _GIVEN + r".{0,25}\b(?:phone|mobile|telephone|cell) number\b"),
    (Subject.NAME, _GIVEN + r".{0,22}\bnames?\b(?! (?:of|for|is|are|was|were|does|did|right|wrong|match|differ)\b)"),
    (Subject.DIGITS, _GIVEN + r".{0,30}\b(?:digits?|code|pin)\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|"
                              r"\d{1,2})[ -]digits?\b"),
    (Subject.READING, r"\b(?:read|repeat\w*|said|says)\b.{0,30}\b(?:sentence|phrase|text|words|statement|aloud)\b"),
)  # fmt: skip


def number_range(condition: str) -> tuple[Range, str] | None:
    """Return the range of numbers that a condition names and its unit, or None."""
    found = numbers(re.sub(r"(?<=\d)[–-](?=\d)", " - ", condition))
    text = re.sub(r"(?<=\d)[–-](?=\d)", " - ", condition)
    if not found or len(found) > 3:
        return (Range(0, 0), "") if _NONE.search(condition.strip()) or _about_none(condition) else None
    slotted = text.lower()
    for number in reversed(found):
        slotted = f"{slotted[: number.start]}{_NUMBER_SLOT}{slotted[number.end :]}"
    slotted = re.sub(r"[€$£]\s*", "", slotted)
    span = _single(slotted, found[0]) if len(found) == 1 else _double(slotted, found)
    unit = _UNITS.match(text[found[-1].end :])
    if span is None and re.search(r"\bminor\b", slotted):
        span = Range(-math.inf, 18 - _JUST_BELOW)
    return (span, unit[1].lower() if unit else "") if span else None


def _about_none(condition: str) -> bool:
    return re.search(r"\b(?:zero|none at all|not any)\b", condition.lower()) is not None


def _single(slotted: str, number: Number) -> Range | None:
    value = number.value
    if _LOWER.search(slotted) or _LOWER_AFTER.search(slotted):
        return Range(value, math.inf)
    if _UPPER.search(slotted) or _UPPER_AFTER.search(slotted):
        return Range(-math.inf, value)
    if re.search(r"\bnot (?:more than|over|above)\b", slotted):
        return Range(-math.inf, value)
    if _ABOVE.search(slotted):
        return Range(value + _JUST_BELOW, math.inf)
    if _BELOW.search(slotted):
        return Range(-math.inf, value - _JUST_BELOW)
    if _EXACT.search(slotted):
        return Range(value, value)
    return None


def _double(slotted: str, found: tuple[Number, ...]) -> Range | None:
    first, second = found[0].value, found[1].value
    if _EITHER.search(slotted):
        return Range(min(first, second), max(first, second))
    low = _LOWER.search(slotted) or re.search(rf"(?:more than|over|above)\s*{_NUMBER_SLOT}", slotted)
    high = re.search(rf"(?:under|below|less than|fewer than|younger than)\s*{_NUMBER_SLOT}", slotted)
    upper = _UPPER.search(slotted)
    if low and (high or upper) and first < second:
        return Range(first if _LOWER.search(slotted) else first + _JUST_BELOW, second - _JUST_BELOW if high else second)
    if _BETWEEN.search(slotted) and first < second:
        return Range(first, second)
    return None


def _digit_count(text: str) -> int | None:
    found = re.search(r"\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)[ -](?:digits?|figures?)", text)
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else int(numbers(found[1])[0].value)
