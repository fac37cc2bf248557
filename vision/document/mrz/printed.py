"""The printed zone as one more witness of the document number and the dates.

It only weighs solutions that the machine-readable zone itself allows; it never brings in one of its own.
"""

import itertools
import re
from collections.abc import Collection, Sequence

from vision.document.document import CivilDate
from vision.document.mrz.zone import Mrz

ALIKE = 0.05
"""Likelihood that print which says O means 0, I means 1, or the other way round: in many faces they look the same."""
CONFUSED = 0.005
"""That it says one of another such pair."""
OTHER = 1e-4
"""That it says a character that does not resemble the true one."""
UNSEEN_DATE = 0.02
"""That a date is not found in print while another solution's date is."""

_ALIKE = frozenset({"0O", "O0", "1I", "I1"})
_CONFUSED = frozenset({"5S", "S5", "8B", "B8", "2Z", "Z2", "6G", "G6", "0D", "D0", "0Q", "Q0", "OQ", "QO", "DO", "OD"})
_WORDS_JOINED = 4
"""A number may be printed in groups."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def printed_words(lines: Sequence[str]) -> frozenset[str]:
    """What the lines say, without punctuation: each word, and each few that follow one another, joined."""
    found: set[str] = set()
    for line in lines:
        words = [re.sub(r"[^A-Z0-9]", "", word) for word in line.upper().split()]
        for count in range(1, _WORDS_JOINED + 1):
            found.update("".join(words[at : at + count]) for at in range(len(words) - count + 1))
    return frozenset(found - {""})


def print_likelihoods(solutions: Sequence[Mrz], words: Collection[str]) -> list[float] | None:
    """How well the print fits each solution, at most 1; None where it says nothing that tells them apart."""
    numbers = [re.sub(r"[^A-Z0-9]", "", solution.document_number) for solution in solutions]
    witnesses = set(numbers) & set(words)
    dates = [(solution.date_of_birth, solution.date_of_expiry) for solution in solutions]
    seen = [[_is_printed(date, words) for date in pair] for pair in dates]
    tells = bool(witnesses) and len(set(numbers)) > 1
    for which in (0, 1):
        tells |= len({pair[which] for pair in seen}) > 1
    if not tells:
        return None
    return [_number(number, witnesses) * _dates(pair, seen) for number, pair in zip(numbers, seen, strict=True)]


def _number(number: str, witnesses: Collection[str]) -> float:
    likelihood = 1.0
    for witness in witnesses:
        if len(witness) != len(number):
            likelihood *= OTHER
            continue
        for true, said in zip(number, witness, strict=True):
            likelihood *= 1.0 if true == said else _confusion(true + said)
    return likelihood


def _confusion(pair: str) -> float:
    return ALIKE if pair in _ALIKE else CONFUSED if pair in _CONFUSED else OTHER


def _dates(pair: Sequence[bool], seen: Sequence[Sequence[bool]]) -> float:
    missing = sum(any(other[which] for other in seen) and not pair[which] for which in (0, 1))
    return float(UNSEEN_DATE**missing)


def _is_printed(date: CivilDate, words: Collection[str]) -> bool:
    if not date.year or not date.month or not date.day:
        return False
    years = (f"{date.year:04d}", f"{date.year % 100:02d}")
    day, month, name = f"{date.day:02d}", f"{date.month:02d}", _MONTHS[date.month - 1]
    forms = itertools.chain.from_iterable(
        (day + month + year, month + day + year, year + month + day, day + name + year, name + day + year)
        for year in years
    )
    return any(form in words for form in forms)
