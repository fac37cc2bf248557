"""Text as it is compared: scripts, letters without marks, and what readers of print confuse (pure)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz

from vision.document.mrz.transliterate import transliterate
from vision.document.readings import Script

_SCRIPTS: tuple[tuple[str, Script], ...] = (
    ("LATIN", "latin"),
    ("ARABIC", "arabic"),
    ("CYRILLIC", "cyrillic"),
    ("GREEK", "greek"),
)
_LETTERS_WITHOUT_MARK = str.maketrans(
    {"Ø": "O", "Ð": "D", "Đ": "D", "Ł": "L", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Þ": "TH"}
)

_CONFUSED = str.maketrans("OQDILZSBG", "000112586")
"""Letters that readers of print take for digits, and the other way round."""
_CONFUSED_DIGITS = frozenset(
    frozenset(pair) for pair in ("38", "56", "68", "17", "08", "89", "06", "35", "14", "09", "27", "49", "58", "79")
)
"""Digits that readers of print take for each other when it is soft."""


def script_of(text: str) -> Script:
    """Writing of most letters of a text; ``unknown`` without a letter."""
    counts = Counter(_script_of_letter(letter) for letter in text if letter.isalpha())
    return counts.most_common(1)[0][0] if counts else "unknown"


def _script_of_letter(letter: str) -> Script:
    name = unicodedata.name(letter, "")
    return next((script for start, script in _SCRIPTS if name.startswith(start)), "other")


def plain(text: str) -> str:
    """Upper case without marks (``É`` is ``E``, ``ß`` is ``SS``), digits of every script as 0–9."""
    digits = "".join(str(unicodedata.digit(one, one)) for one in text)
    decomposed = unicodedata.normalize("NFKD", digits.upper().translate(_LETTERS_WITHOUT_MARK))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def compared(text: str) -> str:
    """Upper-case letters and digits alone, without marks; the form in which ``Match`` shows values."""
    return "".join(one for one in plain(text) if one.isalnum())


def words(text: str) -> str:
    """Words of letters and digits, without marks, with one space between them."""
    return " ".join(re.findall(r"\w+", plain(text)))


def spellings(text: str) -> frozenset[str]:
    """Forms under which a name may stand in a machine-readable part: without marks, and as ICAO 9303-3 §6 writes it."""
    without_marks = compared(text)
    return frozenset({without_marks, compared(transliterate(text))} - {""})


def as_print(text: str) -> str:
    """Letters and digits with those merged that look alike; for comparing print, never for what is verified."""
    return compared(text).translate(_CONFUSED)


def only_misread(left: str, right: str) -> bool:
    """Whether two texts differ by nothing but look-alikes and at most one digit that readers of print confuse."""
    left, right = as_print(left), as_print(right)
    if len(left) != len(right):
        return False
    different = [frozenset(pair) for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(different) <= 1 and all(pair in _CONFUSED_DIGITS for pair in different)


def likeness(left: str, right: str) -> float:
    """How alike two names are, 0 to 1, by the best of their spellings."""
    pairs = [(a, b) for a in spellings(left) for b in spellings(right)]
    return max((fuzz.ratio(a, b) / 100 for a, b in pairs), default=0.0)


def nearest_in(wanted: str, lines: Iterable[str]) -> tuple[float, str]:
    """The run of words in any line that is most like a name, after how alike they are, 0 to 1; (0, "") without one."""
    count = len(wanted.split())
    found = (0.0, "")
    for line in lines:
        spoken = re.findall(r"[\w'’-]+", line)
        runs = (spoken[i : i + size] for size in {count, count + 1} for i in range(len(spoken) - size + 1))
        found = max([found, *((likeness(wanted, " ".join(run)), " ".join(run)) for run in runs)])
    return found


def stands_in(wanted: str, lines: Iterable[str]) -> bool:
    """Whether a value stands in one of the lines of print, look-alikes counted as equal."""
    sought = as_print(wanted)
    return bool(sought) and any(sought in as_print(line) for line in lines)
