"""One value for each field: the machine-readable parts first, the print for what they do not have (pure)."""

from collections.abc import Mapping, Sequence

from vision.document.consistency import Print, confirms, is_same_name
from vision.document.dates import from_iso, is_before, iso
from vision.document.document import Field, Match
from vision.document.machine_parts import MachinePart
from vision.document.mrz.transliterate import transliterate
from vision.document.printed_dates import DATE_FIELDS, month_first, settle
from vision.document.sexes import printed_sexes
from vision.document.votes import Vote
from vision.document.writing import compared, plain, script_of

CORE = ("firstName", "lastName", "fullName", "documentNumber", "dateOfBirth", "dateOfExpiry")
"""Fields that decide something: print alone counts for them only when two pictures read it the same."""

_READ = 0.7
"""Least confidence of print that is told at all."""
_NAMES = ("firstName", "lastName", "fullName")


def merge(parts: Sequence[MachinePart], matches: Sequence[Match], print_: Print, *, us_dates: bool) -> dict[str, Field]:
    """All fields that count. ``us_dates``: a document of the United States, which prints the month first."""
    fields: dict[str, Field] = {}
    for part in parts:
        for name, field in part.fields.items():
            fields.setdefault(name, field)
    for match in matches:
        vote = print_.votes.get(match.field)
        if match.field in fields and vote is not None and confirms(match):
            cut = any(part.cut_names for part in parts)
            fields[match.field] = _with_print(match.field, fields[match.field], vote, cut=cut)
    dates = [vote.text for name, vote in print_.votes.items() if name in DATE_FIELDS]
    order = month_first(dates, print_.today, True if us_dates else None)
    for name, vote in print_.votes.items():
        counts = vote.confidence >= _READ and (name not in CORE or is_confirmed(vote))
        if name not in fields and counts and (printed := _printed(name, vote, order, print_)) is not None:
            fields[name] = printed
    fields |= _full_name(fields)
    return _without_impossible_issue(fields)


def is_confirmed(vote: Vote) -> bool:
    """Whether print counts by itself: two pictures read it, and all in the same way."""
    return vote.seen >= 2 and vote.agreed


def _with_print(name: str, field: Field, vote: Vote, *, cut: bool) -> Field:
    """A machine-readable value with the spelling of the print that confirms it."""
    if name not in _NAMES:
        return field
    same = [part.strip() for part in vote.text.split("/") if is_same_name(part, field.value, cut=cut)]
    if not same:
        return field
    longer = next((part for part in same if cut and len(compared(part)) > len(compared(field.value))), None)
    value = plain(longer) if longer and script_of(longer) == "latin" else field.value
    return Field(value, same[0], script_of(same[0]), field.origin, field.verified, field.side, field.box)


def _printed(name: str, vote: Vote, order: bool | None, print_: Print) -> Field | None:
    text = vote.text.strip()
    value = text
    if name in DATE_FIELDS:
        day = settle(text, DATE_FIELDS[name], order, print_.today)
        if day is None:
            return None
        value = iso(day)
    elif name == "sex":
        sexes = printed_sexes(text)
        if len(sexes) != 1:
            return None
        value = min(sexes)
    elif vote.script not in ("latin", "unknown"):
        value = transliterate(text)
    return Field(value, text, vote.script, "printed", False, vote.side, vote.box) if value else None


def _full_name(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The whole name, put together from fields that may have gained the print's spelling."""
    parts = [fields[name] for name in ("firstName", "lastName") if name in fields]
    if not parts or (len(parts) == 1 and "fullName" in fields):
        return {}
    first = parts[0]
    whole = " ".join(part.value for part in parts)
    original = " ".join(part.original for part in parts)
    verified = all(part.verified for part in parts)
    return {"fullName": Field(whole, original, first.script, first.origin, verified, first.side, first.box)}


def _without_impossible_issue(fields: dict[str, Field]) -> dict[str, Field]:
    """A printed date of issue that cannot be was misread: it is left out, and accuses nobody."""
    issue = fields.get("dateOfIssue")
    if issue is None or issue.verified:
        return fields
    day = from_iso(issue.value)
    birth, expiry = (
        from_iso(fields[name].value) if name in fields else None for name in ("dateOfBirth", "dateOfExpiry")
    )
    impossible = day is None or (birth and is_before(day, birth)) or (expiry and is_before(expiry, day))
    return {name: field for name, field in fields.items() if not (impossible and name == "dateOfIssue")}
