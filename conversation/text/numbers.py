"""Numbers in a reply, written or spoken: "thirty-four", "two and a half thousand", "1,500", "treinta y cinco"."""

import re
from dataclasses import dataclass
from itertools import zip_longest

from conversation.text.language import LANGUAGES
from conversation.text.normalise import Token, tokenise
from conversation.text.number_words import CONNECTORS, NUMBER_WORDS, Role, parts_of

_HALF = {"half", "medio", "media", "demi", "demie", "halb", "mezzo", "meia", "meio"}
_LONGEST_WRITTEN = 18
"""More digits are an account number or noise; nobody compares them as a quantity."""
_PAIR_LOWEST, _PAIR_HIGHEST = 10, 99


@dataclass(frozen=True, slots=True)
class Number:
    """One number and the span of the text that says it."""

    value: float
    start: int
    end: int
    written: bool
    """In digits; otherwise in words."""


def numbers(text: str, language: str = "en") -> tuple[Number, ...]:
    """Return the numbers in order. Words of ``language`` are tried first, then those of the other languages."""
    tokens = tokenise(text)
    order = [language, *(other for other in LANGUAGES if other != language)]
    best: tuple[Number, ...] = ()
    most_words = 0
    for candidate in order:
        if candidate not in NUMBER_WORDS:
            continue
        table = NUMBER_WORDS[candidate]
        used = sum(any(part in table for part in parts_of(token.text, candidate)) for token in tokens)
        if used > most_words or not best:
            found = _Reader(candidate).read(tokens)
            # Other languages must explain more of the words: "once" is a number in Spanish only.
            if found and (used > most_words or not best):
                best, most_words = found, used
    return best


def years(text: str, language: str = "en") -> tuple[Number, ...]:
    """Return the years from 1900 to 2099 that a text names, "nineteen eighty eight" and "twenty oh five" included."""
    # "oh" between two numbers is a zero; blanked out, it leaves the spans as they are.
    blanked = re.sub(r"\boh?\b", lambda found: " " * len(found.group()), text, flags=re.IGNORECASE)
    found = numbers(blanked, language)
    result: list[Number] = []
    skip = False
    for here, following, third in zip_longest(found, found[1:], found[2:]):
        if skip:
            skip = False
            continue
        if 1900 <= here.value < 2100 and here.value == int(here.value):
            result.append(here)
        elif following and third and following.value in (19, 20) and _adjacent(text, following, third):
            continue  # "the nineteenth, nineteen ninety-nine": the later pair is the year
        elif following and here.value in (19, 20) and _adjacent(text, here, following):
            said_oh = "oh" in text[here.end : following.end].lower().split()
            if (0 if said_oh else _PAIR_LOWEST) <= following.value <= _PAIR_HIGHEST:
                value = here.value * 100 + following.value
                result.append(Number(value, here.start, following.end, written=False))
                skip = True
    return tuple(result)


def pair_value(first: Number, second: Number, text: str) -> int | None:
    """Return the value of two numbers said as one, "twelve fifty" = 1250, or None when they do not belong together."""
    whole = first.value == int(first.value) and second.value == int(second.value)
    fits = _PAIR_LOWEST <= first.value <= _PAIR_HIGHEST and _PAIR_LOWEST <= second.value <= _PAIR_HIGHEST
    if whole and fits and not first.written and _adjacent(text, first, second):
        return int(first.value) * 100 + int(second.value)
    return None


def _adjacent(text: str, first: Number, second: Number) -> bool:
    return re.fullmatch(r"[\s-]*(?:(?:oh|o|hundred)[\s-]*)?", text[first.end : second.start].lower()) is not None


class _Reader:
    """Builds numbers from left to right; the state is the number under construction."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.table = NUMBER_WORDS[language]
        self.found: list[Number] = []
        self._reset()

    def _reset(self) -> None:
        self.total = 0.0
        self.group: float | None = None
        self.start = self.end = -1
        self.last_role: Role | None = None
        self.written = False

    def read(self, tokens: tuple[Token, ...]) -> tuple[Number, ...]:
        for index, token in enumerate(tokens):
            if token.text[0].isdecimal():
                self._digits(token)
            elif not self._word(token) and not self._joins(tokens, index):
                self._finish()
        self._finish()
        return tuple(self.found)

    def _finish(self) -> None:
        if self.start >= 0:
            self.found.append(Number(self.total + (self.group or 0), self.start, self.end, self.written))
        self._reset()

    def _begin(self, token: Token) -> None:
        if self.start < 0:
            self.start = token.start
        self.end = token.end

    def _digits(self, token: Token) -> None:
        self._finish()
        self._begin(token)
        self.group, self.written = written_value(token.text), True
        self.last_role = Role.TEEN

    def _word(self, token: Token) -> bool:
        parts = parts_of(token.text, self.language)
        if not all(part in self.table or part == CONNECTORS["de"] for part in parts):
            return False
        known = [self.table[part] for part in parts if part in self.table]
        if self.language == "de" and len(known) >= 2:
            known = _german_order(parts, self.table)
        for value, role in known:
            if not self._fits(value, role):
                self._finish()
            self._begin(token)
            self._add(value, role)
        return bool(known)

    def _fits(self, value: int, role: Role) -> bool:
        """Tell whether a number word may continue the number; otherwise it begins the next one."""
        group = self.group
        if self.start < 0:
            return True
        if role in (Role.THOUSAND, Role.MILLION):
            return not (role is Role.THOUSAND and self.last_role is Role.THOUSAND)
        if role is Role.HUNDRED:
            return group is None or group < 100
        if role is Role.ZERO or self.last_role is Role.ZERO or self.written:
            return group is None and role is not Role.ZERO and not self.written
        if group is None or (group >= 100 and group % 100 == 0):
            return True
        rest = group % 100
        if self.language == "fr":
            if value == 20 and rest == 4:
                return True
            if role is Role.TEEN and rest in (60, 80):
                return True
            if role is Role.DIGIT and value >= 7 and rest in (10, 70, 90):
                return True
        if role is Role.DIGIT:
            return self.last_role is Role.TENS and rest >= 20 and rest % 10 == 0
        return False

    def _add(self, value: int, role: Role) -> None:
        group = self.group
        if role is Role.HUNDRED:
            self.group = (group or 1) * 100 if group is None or group < 100 else group + 100
        elif role is Role.THOUSAND:
            self.total += (group if group is not None else 1) * 1000
            self.group = None
        elif role is Role.MILLION:
            self.total = (self.total + (group or 0) or 1) * 10**6
            self.group = None
        elif self.language == "fr" and value == 20 and group is not None and group % 100 == 4:
            self.group = group + 76
        else:
            self.group = (group or 0) + value
        self.last_role = role

    def _joins(self, tokens: tuple[Token, ...], index: int) -> bool:
        """Tell whether a word inside a number does not end it: "and", a hyphen, "and a half", "point five"."""
        if self.start < 0:
            return False
        token, rest = tokens[index], [other.text for other in tokens[index + 1 : index + 3]]
        if token.text in ("-", "‐"):
            return bool(rest) and self._is_number_word(rest[0])
        half = [word for word in (token.text, *rest) if word in _HALF]
        if half and (token.text in _HALF or token.text in ("and", "y", "et", "e", "a", "un", "une")):
            if token.text in _HALF:
                self.group = (self.group or 0) + 0.5
                self.end = token.end
            return True
        if token.text == CONNECTORS[self.language] and rest and self._is_number_word(rest[0]):
            if self.language == "en":
                return self.last_role in (Role.HUNDRED, Role.THOUSAND)
            return self.last_role is not Role.DIGIT and self.last_role is not Role.TEEN
        return False

    def _is_number_word(self, word: str) -> bool:
        return all(part in self.table for part in parts_of(word, self.language))


def _german_order(parts: tuple[str, ...], table: dict[str, tuple[int, Role]]) -> list[tuple[int, Role]]:
    """Put "fünf und dreißig" into the order of the other languages: 30, 5."""
    ordered = [table[part] for part in parts if part in table]
    joined = parts.index("und") if "und" in parts else -1
    if 0 < joined < len(parts) - 1:
        ordered[joined - 1], ordered[joined] = ordered[joined], ordered[joined - 1]
    return ordered


def written_value(written: str) -> float:
    """Return the value of digits with separators: three digits after the last one make it a thousands separator."""
    written = written[:_LONGEST_WRITTEN]
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written)
    if grouped:
        return float(re.sub(r"[.,]", "", written))
    whole, _, decimals = written.replace(",", ".").partition(".")
    return float(f"{whole}.{decimals.replace('.', '')}") if decimals else float(whole)
