"""Whether the dates of a document can be true, and whether it is still valid (pure)."""

from collections.abc import Mapping

from vision.document.dates import from_iso, is_before, years_between
from vision.document.document import CivilDate, Field

OLDEST_YEARS = 120


def dates_are_plausible(fields: Mapping[str, Field], today: CivilDate) -> bool:
    """False when the holder is not born yet or older than anybody, when the document was issued before the birth or in
    the future, or expired before it was issued. Dates that are missing or only partly known say nothing."""
    birth, issue, expiry = (_day(fields, name) for name in ("dateOfBirth", "dateOfIssue", "dateOfExpiry"))
    if birth and (is_before(today, birth) or years_between(birth, today) > OLDEST_YEARS):
        return False
    if issue and (is_before(today, issue) or (birth and is_before(issue, birth))):
        return False
    start = issue or birth
    return not (start and expiry and is_before(expiry, start))


def is_expired(fields: Mapping[str, Field], today: CivilDate) -> bool:
    """Whether its last day of validity is over; False where none is known."""
    expiry = _day(fields, "dateOfExpiry")
    return expiry is not None and is_before(expiry, today)


def _day(fields: Mapping[str, Field], name: str) -> CivilDate | None:
    return from_iso(fields[name].value) if name in fields else None
