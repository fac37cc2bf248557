"""One way to clean and cut text, used by everything that reads a reply."""

import re
import unicodedata
from dataclasses import dataclass

MAXIMUM_CHARACTERS = 4000
"""Longer replies are cut: nobody says more in one turn, and every pattern stays fast."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\s\w]|_")
_SPACES = re.compile(r"\s+")
_HYPHEN = re.compile(r"(?<=\w)[-‐‑–—](?=\w)")
_NOISE = re.compile(r"[^\w\s'@.+%&]|_")
_LOOSE_STOP = re.compile(r"(?<!\w)\.|\.(?!\w)")
_FILLERS = re.compile(
    r"^(?:(?:uh+|um+|er+m?|ah+|oh|hm+|well|so|like|okay so|yeah so|i mean|you know|look|honestly|actually|"
    r"eh|este|pues|bueno|euh|ben|bah|äh|ähm|also|allora|beh|então|bem)[\s,.…]+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or one punctuation mark, and where it stands in the text."""

    text: str
    """Lower case."""
    start: int
    end: int


def clean(text: str) -> str:
    """Return text in NFKC form without control or format characters, with single spaces and plain apostrophes."""
    text = unicodedata.normalize("NFKC", text[:MAXIMUM_CHARACTERS]).replace("’", "'")
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in text)
    return _SPACES.sub(" ", visible).strip()


def normalise(text: str) -> str:
    """Return lower-case words without punctuation; ``@``, ``+``, ``%``, ``&`` and dots inside a word stay."""
    text = _HYPHEN.sub(" ", clean(text).lower())
    text = _LOOSE_STOP.sub(" ", _NOISE.sub(" ", text))
    return _SPACES.sub(" ", text).strip()


def words(text: str) -> tuple[str, ...]:
    """Return the words of ``normalise(text)``."""
    return tuple(normalise(text).split())


def word_set(listed: str) -> frozenset[str]:
    """Return the words of a space-separated list, for tables of words."""
    return frozenset(listed.split())


def without_fillers(text: str) -> str:
    """Drop the hesitation at the beginning: "uh well, yes" gives "yes"."""
    return _FILLERS.sub("", text.lstrip(" ,.…-"))


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut text into tokens; ``text[token.start:token.end]`` is the original spelling."""
    return tuple(
        Token(found.group().lower().replace("’", "'"), found.start(), found.end())
        for found in _TOKEN.finditer(text[:MAXIMUM_CHARACTERS])
    )


def sentences(text: str) -> tuple[str, ...]:
    """Split text after sentence ends and at line breaks or bullets; abbreviations of one letter do not end one."""
    parts: list[str] = []
    for line in re.split(r"[\r\n]+", text):
        line = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line)
        parts += re.split(r"(?<=[.!?…])(?<!\b\w\.)(?<!\b[DMS]r\.)(?<!\bMrs\.)\s+", line)
    return tuple(part.strip() for part in parts if part.strip())
