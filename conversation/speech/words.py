"""Comparing what was said with what was written: one spelling for both, then word errors. Pure.

Two transcripts of the same speech may differ in form alone: "forty-nine dollars" and "$49", "john at example dot com"
and "john@example.com". ``normalise`` brings both to one form, in this order:

1. lower case, curly apostrophes straight, accents kept;
2. "@" is "at", and a dot between letters or digits of an address is "dot";
3. "$49" is "49 dollars", "50%" is "50 percent", "&" is "and";
4. common contractions are opened ("what's", "i'm", "don't"), titles spelled out ("mr." is "mister");
5. thousands separators go ("1,250"), ordinal endings go ("3rd" is "3");
6. punctuation is dropped, hyphens split words;
7. three or more single letters in a row are one word, so "J O H N", "J-O-H-N" and "JOHN" are the same;
8. number words become digits, "oh" too between digits; a number is then written digit by digit, so "forty two", "42"
   and "four two" are the same. That forgives "four two" for "forty two", and nothing else.
"""

import re
from dataclasses import dataclass
from itertools import groupby

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_CONTRACTIONS = {
    "i'm": "i am",
    "i'd": "i would",
    "i'll": "i will",
    "i've": "i have",
    "it's": "it is",
    "that's": "that is",
    "what's": "what is",
    "there's": "there is",
    "let's": "let us",
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "isn't": "is not",
    "you're": "you are",
    "we're": "we are",
    "they're": "they are",
}
_SPELLINGS = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "ok": "okay",
    "metres": "meters",
    "favour": "favor",
    "colour": "color",
    "grey": "gray",
}
_SHORTEST_SPELLING = 3
_JOINED = {("e", "mail"): "email", ("zip", "code"): "zipcode"}


def normalise(text: str) -> list[str]:
    """Words of a transcript in the form in which two transcripts are compared."""
    plain = text.lower().replace("’", "'").replace("‘", "'")
    plain = re.sub(r"\s*@\s*", " at ", plain)
    plain = re.sub(r"(?<=[a-z0-9])\.(?=[a-z]{2,})", " dot ", plain)
    plain = re.sub(r"\$\s*(\d[\d,.]*\d|\d)", r"\1 dollars", plain)
    plain = plain.replace("%", " percent ").replace("&", " and ")
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", plain)
    words = []
    for word in re.sub(r"[^\w' ]+", " ", plain).replace("_", " ").split():
        bare = word.strip("'")
        words += _CONTRACTIONS.get(bare, _SPELLINGS.get(bare, bare)).split()
    return _digits(_spelled(_join(words)))


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Edits that turn the reference into the hypothesis."""

    errors: int
    """Substitutions, insertions and deletions together, the fewest possible (Levenshtein)."""
    words: int
    """Words in the reference."""


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Compare two transcripts after ``normalise``."""
    wanted, got = normalise(reference), normalise(hypothesis)
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, start=1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(got, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return WordErrors(errors=row[-1], words=len(wanted))


def _join(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        pair = (joined[-1], word) if joined else ("", word)
        if pair in _JOINED:
            joined[-1] = _JOINED[pair]
        else:
            joined.append(word)
    return joined


def _spelled(words: list[str]) -> list[str]:
    """Join runs of three or more single letters."""
    joined: list[str] = []
    for is_letter, run in groupby(words, key=lambda word: len(word) == 1 and word.isalpha()):
        group = list(run)
        joined += ["".join(group)] if is_letter and len(group) >= _SHORTEST_SPELLING else group
    return joined


def _digits(words: list[str]) -> list[str]:
    """Number words as digits, one digit a word; "oh" is a zero next to a digit."""
    written: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in _TENS and 0 < _UNITS.get(following, 0) < 10:
            written += str(_TENS[word] + _UNITS[following])
            index += 1
        elif word in _TENS:
            written += str(_TENS[word])
        elif word in _UNITS:
            written += str(_UNITS[word])
        elif word == "oh" and ((written and written[-1].isdigit()) or following in _UNITS):
            written.append("0")
        elif word.isdigit():
            written += word
        else:
            written.append(word)
        index += 1
    return written
