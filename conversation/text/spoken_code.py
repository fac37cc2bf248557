"""One-time codes in a reply, and the reply without them.

A code that is said aloud comes with other words, in several runs, or over two turns. Nothing here knows the right code.
"""

from collections.abc import Sequence

from conversation.text.digits import digit_runs

HIDDEN = "••••••"
"""Stands for digits in what is kept."""


def code_in(text: str, length: int, language: str = "en", before: str = "") -> str:
    """Return the digits of a reply that are most likely meant as a code of ``length`` digits.

    A run of that length is the code, the last of several; else all digits together; else, when they complete it, the
    digits ``before`` (of the turn before) and these. The result has another length when no reading fits, and is empty
    when there are no digits.
    """
    runs = [run.digits for run in digit_runs(text, language)]
    whole = next((digits for digits in reversed(runs) if len(digits) == length), None)
    joined = whole or "".join(runs)
    return before + joined if len(before) + len(joined) == length else joined


def likeliest_reading(readings: Sequence[str], length: int, language: str = "en") -> str:
    """Return the first of several readings of the same speech, unless it has too many digits for a code of ``length``.

    Then it is the first that has exactly as many, if there is one: recognisers that write "888" easily write a repeated
    digit once too often. A reading with too few is left, because the person may not have said the rest yet.
    """
    first = readings[0]
    if len(code_in(first, length, language)) <= length:
        return first
    return next((text for text in readings if len(code_in(text, length, language)) == length), first)


def without_digits(text: str, language: str = "en") -> str:
    """Return the text with each run of digits, spoken or written, replaced by ``HIDDEN``."""
    for run in reversed(digit_runs(text, language)):
        text = f"{text[: run.start]}{HIDDEN}{text[run.end :]}"
    return text
