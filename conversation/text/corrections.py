"""What a person corrects in a name and a date of birth that were read back to them.

``no, it's Anna-Marie`` · ``my last name is Erikson`` · ``born in 1975`` · ``not Maria but Marie``. Without a word that
says which name is meant, it is the one that the reply resembles; what resembles none is taken for no correction.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz

from conversation.text.dates import DateReading, read_date
from conversation.text.names import person_name
from conversation.text.normalise import clean, normalise, without_fillers

NAMES = ("firstName", "lastName", "fullName")
BIRTH = "dateOfBirth"

_REFUSAL = re.compile(
    r"^(?:(?:no|nope|nah|nein|non|not (?:quite|really|exactly|correct|right)|wrong|falsch|falso|faux|incorrecto|"
    r"(?:that|this|it)(?:'s| is)? ?(?:not|isn't|wrong|incorrect)(?: (?:quite )?(?:right|correct|true|it))?|"
    r"das (?:stimmt|ist) (?:so )?(?:nicht|falsch)(?: ganz)?|no es correcto|ce n'est pas (?:ça|exact|correct)|"
    r"almost|nearly|fast|casi|presque|actually|eigentlich|sorry|please|bitte)(?!\w)[\s,;:.!…–-]*)+",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^(?:not|nicht|pas|no es|ce n'est pas)\s[^,;.]{1,60}?(?:[,;.]\s*|\s+)"
    r"(?:(?:but|sondern|sino|mais)\s+|(?<=[,;.]\s))",
    re.IGNORECASE,
)
_FIRST = r"(?:first|given|christian)[\s-]?names?|forenames?|nombres? de pila|prénoms?|vornamen?"
_LAST = r"(?:last|family)[\s-]?names?|surnames?|apellidos?|noms? de famille|nachnamen?|familiennamen?"
_WHICH = re.compile(
    rf"(?<!\w)(?:(?P<firstName>{_FIRST})|(?P<lastName>{_LAST}))(?!\w)"
    r"[\s,:]*(?:(?:is|are|'s|should be|must be|es|son|est|sont|ist|lautet|heißt)(?!\w)[\s,:]*)?",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"(?<!\w)(?:names?(?:'s| is)|should be|called|i'm|i am|me llamo|nombre es|soy|appelle|nom est|hei(?:ß|ss)e|"
    r"name ist|name lautet)(?!\w)[\s,:]*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(?:(?<!\w)[^\W\d_](?!\w)[\s.,-]*){3,}")
_LEAST_LIKENESS = 55.0
"""Out of 100; "Anna-Marie" and "Anna Maria" reach 89, two unrelated names about 30."""


def read_corrections(reply: str, read: Mapping[str, str], language: str = "en", *, today: date) -> dict[str, str]:
    """The fields of ``read`` (``firstName``, ``lastName``, ``fullName``, ``dateOfBirth`` as ISO 8601) to which a reply
    gives another value, and these values; empty when it corrects nothing."""
    text = _REFUSAL.sub("", without_fillers(clean(reply)))
    text = _joined_letters(_INSTEAD.sub("", text))
    found: dict[str, str] = {}
    spoken = read_date(text, language)
    if born := _date(spoken, read.get(BIRTH, ""), today):
        found[BIRTH] = born
    for field, name in _names(text.replace(spoken.quote, " ") if spoken.quote else text, read):
        if name and normalise(name) != normalise(read_name(read) if field == "fullName" else read[field]):
            found[field] = name
    return found


def read_name(read: Mapping[str, str]) -> str:
    """The whole name, first name first; empty when there is none. In one piece a document may print it the other way
    round, so its parts come first."""
    parts = [part for field in ("firstName", "lastName") if (part := read.get(field, "").strip())]
    return " ".join(parts) if len(parts) == 2 else read.get("fullName", "").strip() or " ".join(parts)


def _date(spoken: DateReading, read: str, today: date) -> str:
    """The day that is meant: the parts that were not named stay as they were read. Empty: none, or none that can be."""
    if spoken.year is None and spoken.month is None:
        return ""
    parts = [int(part) for part in read.split("-") if part.isdecimal()]
    year, month, day = (*parts, 0, 0, 0)[:3]
    iso = replace(
        spoken, year=spoken.year or year, month=spoken.month or month or None, day=spoken.day or day or None
    ).iso
    return iso if iso is not None and iso != read and date.fromisoformat(iso) < today else ""


def _names(text: str, read: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(field, name) for every name in a text."""
    marks = list(_WHICH.finditer(text))
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        field = str(mark.lastgroup)
        if read.get(field):
            yield field, _name_after_cue(text[mark.end() : end])
    if marks:
        return
    own = _OWN_NAME.search(text)
    name = _name_after_cue(text[own.end() :]) if own else person_name(text) or ""
    if name:
        field, likeness = _likest(name, read)
        if likeness >= _LEAST_LIKENESS:
            yield field, name
        elif own and len(name.split()) > 1:
            yield "fullName", name


def _name_after_cue(text: str) -> str:
    """The name at the beginning of a text that is known to hold one; empty when there is none."""
    return person_name(f"my name is {text.strip()}") or ""


def _likest(name: str, read: Mapping[str, str]) -> tuple[str, float]:
    """The field whose value is most like a name, and how much, 0 to 100."""
    values = {field: read.get(field, "") for field in NAMES} | {"fullName": read_name(read)}
    scores = {
        field: fuzz.ratio(normalise(name), normalise(value)) if value.strip() else 0.0
        for field, value in values.items()
    }
    best = max(scores, key=lambda field: scores[field])
    return best, scores[best]


def _joined_letters(text: str) -> str:
    """``E R I K`` as ``Erik``: a name that is spelled."""
    return _LETTERS.sub(lambda found: f" {''.join(filter(str.isalpha, found.group())).capitalize()} ", text).strip()
