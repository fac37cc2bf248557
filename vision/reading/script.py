"""Letters that look alike in two scripts. A reader of many scripts sometimes takes one for the other: Ρ for P."""

from collections.abc import Sequence

_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_CYRILLIC = "АВЕЅІЈКМНОРСТУХ"
_TO_LATIN = str.maketrans(_GREEK + _CYRILLIC, "ABEZHIKMNOPTYX" + "ABESIJKMHOPCTYX")
_SHARED_LATIN = frozenset("ABCEHIJKMNOPSTXYZ")


def latin_capitals(text: str) -> str:
    """With Greek and Cyrillic capitals that look like Latin ones as these; everything else stays."""
    return text.translate(_TO_LATIN)


def settled(lines: Sequence[str]) -> list[str]:
    """The lines of one page, each in one script as far as look-alikes go.

    A line with a letter that only Latin has is Latin. Without one it stays as it was read if another letter on the page
    is certainly of another script, because then either may be meant.
    """
    foreign = any(_is_foreign(letter) for line in lines for letter in line)
    return [line if foreign and not _is_latin(line) else latin_capitals(line) for line in lines]


def _is_foreign(letter: str) -> bool:
    """Greek or Cyrillic beyond doubt."""
    return "\u0370" <= letter <= "\u052f" and letter.isalpha() and latin_capitals(letter) == letter


def _is_latin(line: str) -> bool:
    return any("A" <= letter <= "\u024f" and letter.isalpha() and letter not in _SHARED_LATIN for letter in line)
