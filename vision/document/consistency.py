"""Field by field: do machine-readable zone, bar code and print agree (pure)?

A part that was merely misread never makes a field ``failed``: a printed value counts against a document only when it
was read surely, when nothing in the whole print agrees with the machine-readable value, and when the difference is not
one of those that readers of print make. Print in another script than Latin confirms, and never refutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vision.document.countries import country
from vision.document.dates import from_iso, iso
from vision.document.document import CivilDate, Match, MatchState
from vision.document.machine_parts import MachinePart
from vision.document.printed_dates import DATE_FIELDS, readings_of
from vision.document.sexes import printed_sexes
from vision.document.votes import Vote
from vision.document.writing import as_print, compared, likeness, nearest_in, only_misread, plain, script_of, stands_in

COMPARED = (
    "documentNumber", "dateOfBirth", "dateOfExpiry", "dateOfIssue", "lastName", "firstName", "sex", "nationality",
)  # fmt: skip
"""The fields that more than one part of a document has."""

SURE = 0.93
"""Least confidence of a printed value that may refute. Cyrillic print that a reader of Latin letters was given came
out with up to 0.86, Latin print of sharp pictures with 0.96 and more."""
_SAME_NAME = 0.85
"""Likeness from which two verified parts mean one name: issuers shorten and spell differently."""
_RESEMBLES = 0.6
"""Likeness from which two names may be one, misread."""
_RESEMBLES_ELSEWHERE = 0.75
"""The same for words that stand anywhere in the print; of so many, some are alike by chance."""


@dataclass(frozen=True, slots=True)
class Print:
    """The visual zone over all pictures."""

    votes: Mapping[str, Vote]
    lines: Sequence[str]
    """Every printed line."""
    sure_lines: Sequence[str]
    """Those that were read surely."""
    latin_sides: frozenset[int]
    """Sides whose print is in Latin letters, which the reader of text can be trusted with."""
    today: CivilDate


def compare(parts: Sequence[MachinePart], print_: Print) -> tuple[Match, ...]:
    """A match for each field that a machine-readable part has; none for a document without one."""
    return tuple(
        _compare_field(field, [part for part in parts if field in part.fields], print_)
        for field in COMPARED
        if any(field in part.fields for part in parts)
    )


def confirms(match: Match) -> bool:
    """Whether the print agrees with the machine-readable value of a field."""
    return match.state == "success" and "printed" in match.values


def is_disputed(match: Match, parts: Sequence[MachinePart], print_: Print) -> bool:
    """Whether the print has a name of the zone almost, but not quite: one of the two was misread. No check digit covers
    the names of a zone, and a worn E is an L to every reader, so the zone is not believed more than the print."""
    if match.field not in ("lastName", "firstName") or match.state != "not-performed":
        return False
    name = next(part for part in parts if match.field in part.fields)
    if name.origin != "mrz" or name.cut_names:
        return False
    value, vote = name.fields[match.field].value, print_.votes.get(match.field)
    labelled = vote is not None and vote.confidence >= SURE and vote.side in print_.latin_sides
    resembling = [part for part in _alternatives(vote) if labelled and likeness(part, value) >= _RESEMBLES]
    nearest, elsewhere = nearest_in(value, print_.sure_lines)
    resembling += [elsewhere] if nearest >= _RESEMBLES_ELSEWHERE else []
    return any(as_print(part) not in as_print(value) for part in resembling)  # Print that lost letters says nothing.


def _compare_field(field: str, parts: Sequence[MachinePart], print_: Print) -> Match:
    values: dict[str, str] = {part.origin: compared(part.fields[field].value) for part in parts}
    states = [_machines_agree(field, left, right) for left, right in pairwise(parts)]
    vote = print_.votes.get(field)
    printed = _print_agrees(field, parts[0], vote, print_)
    if printed == "success":
        values["printed"] = values[parts[0].origin]
    elif vote is not None:
        values["printed"] = compared(vote.text)
    states.append(printed)
    state: MatchState = "failed" if "failed" in states else "success" if "success" in states else "not-performed"
    return Match(field, state, values)


def _machines_agree(field: str, left: MachinePart, right: MachinePart) -> MatchState:
    """Both are verified, so they are compared as they are; names as far as the shorter one goes."""
    a, b = compared(left.fields[field].value), compared(right.fields[field].value)
    if field in ("lastName", "firstName"):
        shorter, longer = sorted((a, b), key=len)
        cut = left.cut_names or right.cut_names
        return "success" if a == b or likeness(a, b) >= _SAME_NAME or (cut and longer.startswith(shorter)) else "failed"
    if field == "sex" and "X" in (a, b):
        return "not-performed"
    return "success" if a == b else "failed"


def _print_agrees(field: str, part: MachinePart, vote: Vote | None, print_: Print) -> MatchState:
    value = part.fields[field].value
    if field in DATE_FIELDS:
        return _date_agrees(value, vote, print_)
    if field == "documentNumber":
        return _number_agrees(value, vote, print_)
    if field == "sex":
        return _sex_agrees(value, vote, print_)
    if field == "nationality":
        return _nationality_agrees(value, vote)
    return _name_agrees(value, part.cut_names, vote, print_)


def _may_refute(vote: Vote, print_: Print) -> bool:
    return vote.confidence >= SURE and vote.agreed and vote.side in print_.latin_sides


def _date_agrees(value: str, vote: Vote | None, print_: Print) -> MatchState:
    wanted = from_iso(value)
    if wanted is None or not wanted.day:
        return "not-performed"
    if any(wanted in readings_of(line, print_.today) for line in (*([vote.text] if vote else []), *print_.lines)):
        return "success"
    days = readings_of(vote.text, print_.today) if vote is not None else ()
    if vote is None or not days or not _may_refute(vote, print_):
        return "not-performed"
    misread = any(only_misread(iso(day), value) for day in days)
    return "not-performed" if misread and vote.seen < 2 else "failed"


def _number_agrees(value: str, vote: Vote | None, print_: Print) -> MatchState:
    if len(compared(value)) >= 5 and stands_in(value, print_.lines):
        return "success"
    if vote is None:
        return "not-performed"
    if as_print(vote.text) == as_print(value):
        return "success"
    if not _may_refute(vote, print_) or _pattern(vote.text) != _pattern(value):
        return "not-performed"
    return "not-performed" if only_misread(vote.text, value) and vote.seen < 2 else "failed"


def _pattern(number: str) -> str:
    """Where a number has letters and where digits. A document may bear several numbers; those of one kind have one."""
    return "".join("0" if one.isdigit() else "A" for one in as_print(number))


def _sex_agrees(value: str, vote: Vote | None, print_: Print) -> MatchState:
    printed = printed_sexes(vote.text) if vote is not None else frozenset()
    if value in printed:
        return "success"
    if vote is None or not printed or value not in ("M", "F"):
        return "not-performed"
    spanish = plain(vote.text).strip() == "M"
    return "failed" if _may_refute(vote, print_) and not spanish else "not-performed"


def _nationality_agrees(value: str, vote: Vote | None) -> MatchState:
    """Only ever confirmed: documents print adjectives, which no code tells apart."""
    known = country(value)
    if vote is None or known is None:
        return "not-performed"
    forms = {known.code, compared(known.name)}
    words = {compared(word) for word in vote.text.replace("/", " ").split()} | {compared(vote.text)}
    return "success" if forms & words else "not-performed"


def _name_agrees(value: str, cut: bool, vote: Vote | None, print_: Print) -> MatchState:
    printed = _alternatives(vote)
    if any(is_same_name(part, value, cut=cut) for part in printed):
        return "success"
    nearest, _ = nearest_in(value, print_.lines)
    if nearest == 1.0:
        return "success"
    if vote is None or not _may_refute(vote, print_) or any(script_of(part) != "latin" for part in printed):
        return "not-performed"
    misread = nearest >= _RESEMBLES_ELSEWHERE or max(likeness(part, value) for part in printed) >= _RESEMBLES
    return "not-performed" if misread else "failed"


def _alternatives(vote: Vote | None) -> list[str]:
    """What a printed name may be: some documents print it in two scripts with a stroke between them."""
    return [part.strip() for part in vote.text.split("/")] if vote is not None else []


def is_same_name(printed: str, value: str, *, cut: bool) -> bool:
    """Whether a printed name is the name of a machine-readable part, or begins with it where that was cut."""
    if likeness(printed, value) == 1.0 or as_print(printed) == as_print(value):
        return True
    return cut and len(compared(value)) >= 3 and likeness(printed[: len(value)], value) == 1.0
