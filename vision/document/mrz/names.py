"""Names in a machine-readable zone (ICAO Doc 9303-3 §4.6): ``PRIMARY<NAME<<SECONDARY<NAME<<<<``."""

from typing import NamedTuple

from vision.document.mrz.layouts import FILLER


class Names(NamedTuple):
    """The two identifiers, their parts with a space between them."""

    primary: str
    secondary: str
    truncated: bool
    """The field is full to its last place, so some of the name may be missing (9303-3 §4.6)."""


def split_names(field: str) -> Names:
    """Take a field of names apart; a document without ``<<`` gives a primary identifier alone."""
    primary, _, secondary = field.lstrip(FILLER).partition(2 * FILLER)
    return Names(_words(primary), _words(secondary), not field.endswith(FILLER))


def join_names(primary: str, secondary: str, width: int) -> str:
    """The field of ``width`` characters. Names that are too long lose their end.

    Where the primary identifier alone would fill it, room is left for the initial of the secondary one, for a full
    field without ``<<`` would read as a primary identifier alone.
    """
    first, second = (FILLER.join(name.replace("-", " ").split()) for name in (primary, secondary))
    if not second:
        return first[:width].ljust(width, FILLER)
    head = first[: width - 3].rstrip(FILLER)
    return f"{head}{2 * FILLER}{second}"[:width].ljust(width, FILLER)


def _words(part: str) -> str:
    return " ".join(part.replace(FILLER, " ").split())
