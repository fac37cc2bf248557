"""Digits said one by one or in groups, as in a code: "double five", "oh", "forty-four zero two"."""

import re
from dataclasses import dataclass

from conversation.text.language import LANGUAGES
from conversation.text.normalise import Token, tokenise, word_set
from conversation.text.number_words import NUMBER_WORDS, Role, parts_of

_REPEATS = {"double": 2, "triple": 3, "treble": 3, "doble": 2, "doppel": 2, "doppelt": 2, "dreifach": 3, "doppio": 2}
_ZERO = frozenset({"oh", "o", "zero", "zéro", "cero", "null", "nought", "nil"})
_JOINING = frozenset({"-", ".", ",", "and", "y", "et", "e", "und", "then", "dash", "hyphen", "space", "/", "(", ")"})
_NOT_ALONE = frozenset(
    {"un", "una", "une", "ein", "eine", "uno", "um", "uma", "once", "due", "sei", "k", "grand", "six"}
)
"""Words that are articles or other words more often than digits; they count only beside another digit."""
_LETTERS = re.compile(r"^[a-z]$")
_SPELLING = {
    word: word[0]
    for word in word_set(
        "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa "
        "quebec "
        "romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
    )
}


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits that were said without other words between them."""

    digits: str
    start: int
    end: int


def digit_runs(text: str, language: str = "en") -> tuple[DigitRun, ...]:
    """Return the runs of digits in order; digit words of all six languages are known, ``language`` first."""
    tokens = tokenise(text)
    lookup = _lookup(tokens, language)
    runs: list[DigitRun] = []
    digits, start, end, repeat, words_only = "", -1, -1, 1, True
    previous_tens = False

    def finish() -> None:
        nonlocal digits, start, repeat, words_only, previous_tens
        # One small word alone is an article or a preposition, not a code.
        if digits and not (words_only and len(digits) == 1 and text[start:end].lower() in _NOT_ALONE):
            runs.append(DigitRun(digits, start, end))
        digits, start, repeat, words_only, previous_tens = "", -1, 1, True, False

    for token in tokens:
        written = token.text[0].isdecimal()
        value = re.sub(r"\D", "", token.text) if written else lookup.get(token.text)
        if value is not None:
            start = token.start if start < 0 else start
            end, words_only = token.end, words_only and not written
            if previous_tens and not written and len(value) == 1 and value != "0":
                digits = digits[:-1] + value
            else:
                digits += value * repeat
            previous_tens = not written and len(value) == 2 and value[1] == "0" and value != "10"
            repeat = 1
        elif token.text in _REPEATS:
            repeat, previous_tens = _REPEATS[token.text], False
            start = token.start if start < 0 else start
        elif token.text == "hundred" and digits:
            digits, end = f"{digits}00", token.end
        elif token.text not in _JOINING:
            finish()
    finish()
    return tuple(runs)


def digits(text: str, language: str = "en") -> str:
    """Return all digits of a text in order, runs joined."""
    return "".join(run.digits for run in digit_runs(text, language))


def longest_run(text: str, language: str = "en") -> DigitRun | None:
    """Return the longest run of digits, the last of equals: a speaker who says it twice corrects the first."""
    runs = digit_runs(text, language)
    return max(enumerate(runs), key=lambda pair: (len(pair[1].digits), pair[0]))[1] if runs else None


def code(text: str, language: str = "en") -> str | None:
    """Return a code of digits, or of letters and digits (upper case), with at least three characters; or None."""
    characters = ""
    tokens = tokenise(text)
    lookup = _lookup(tokens, language)
    for token in tokens:
        if token.text[0].isdecimal():
            characters += re.sub(r"\D", "", token.text)
        elif token.text in lookup and token.text != "o" and (token.text not in _NOT_ALONE or characters):
            characters += lookup[token.text]
        elif token.text in _SPELLING:
            characters += _SPELLING[token.text].upper()
        elif _LETTERS.match(token.text) and (token.text not in ("a", "i") or _touches_digit(text, token)):
            characters += token.text.upper()
    mixed = any(c.isalpha() for c in characters) and any(c.isdigit() for c in characters)
    if mixed and len(characters) >= 4:
        return characters
    run = longest_run(text, language)
    return run.digits if run and len(run.digits) >= 3 else None


def _touches_digit(text: str, token: Token) -> bool:
    """Tell the letter of "A7" from the article or pronoun."""
    return text[token.end : token.end + 1].isdigit() or text[max(0, token.start - 1) : token.start].isdigit()


def _lookup(tokens: tuple[Token, ...], language: str) -> dict[str, str]:
    """Return word → digits, for the one language that explains most of the words (``language`` when they tie)."""

    def table(candidate: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for token in tokens:
            parts = parts_of(token.text, candidate)
            known = [NUMBER_WORDS[candidate][part] for part in parts if part in NUMBER_WORDS[candidate]]
            small = [value for value, role in known if role in (Role.ZERO, Role.DIGIT, Role.TEEN, Role.TENS)]
            if small and len(small) == len(known):
                found[token.text] = str(sum(small))
            elif token.text in _ZERO:
                found[token.text] = "0"
        return found

    first = language if language in NUMBER_WORDS else "en"
    order = [first, *(other for other in LANGUAGES if other != first)]
    tables = [table(candidate) for candidate in order]
    return max(tables, key=lambda found: sum(token.text in found for token in tokens))
