"""Days of the calendar as documents name them, some with unknown parts (pure)."""

import re
from datetime import date

from vision.document.document import CivilDate


def is_real(day: CivilDate) -> bool:
    """Whether the calendar has this day; unknown parts are no fault."""
    leap_year = 2000
    try:
        date(day.year or leap_year, day.month or 1, day.day or 1)
    except ValueError:
        return False
    return True


def iso(day: CivilDate) -> str:
    """ISO 8601, as exact as is known: ``1974-08-12``, ``1974-08`` or ``1974``; empty when the year is not known."""
    if not day.year:
        return ""
    known = (day.month, day.day) if day.month and day.day else (day.month,) if day.month else ()
    return "-".join([f"{day.year:04d}", *(f"{part:02d}" for part in known)])


def from_iso(text: str) -> CivilDate | None:
    """The inverse of ``iso``; None for anything else."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return None
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    return CivilDate(year, month, day)


def is_before(left: CivilDate, right: CivilDate) -> bool:
    """Whether the one surely lies before the other; unknown parts decide nothing."""
    for a, b in ((left.year, right.year), (left.month, right.month), (left.day, right.day)):
        if not a or not b:
            return False
        if a != b:
            return a < b
    return False


def years_between(earlier: CivilDate, later: CivilDate) -> int:
    """Whole years from one day to the other."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
