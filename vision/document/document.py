"""A document: what its machine-readable zone, bar code and print say together, and how they agree. JSON-able."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vision.document.readings import Box, Script
from vision.liveness.verdict import Cue

Origin = Literal["mrz", "barcode", "printed"]

Mode = Literal["mrz-passport", "mrz-visa", "mrz-id", "barcode-id", "photo-id", "full-recognition"]
"""As BlinkID names them (contract §4.5); ``full-recognition``: a machine-readable part and the print."""

MatchState = Literal["success", "failed", "not-performed"]

Problem = Literal[
    "no_document", "two_documents", "cut_off", "blurred", "glare", "nothing_readable", "mrz_incomplete",
    "mrz_check_digit", "mrz_ambiguous", "unconfirmed", "barcode_unreadable", "barcode_missing", "back_first",
    "same_side", "side_missing", "wrong_type", "unknown_country", "expired", "implausible_dates", "data_mismatch",
    "recaptured",
]  # fmt: skip
"""Why a picture or a document was not taken, one name for each; the catalogue of lines has the words.
``unconfirmed``: nothing vouches for the print, so it has to be read the same in a second picture of that side."""


@dataclass(frozen=True, slots=True)
class CivilDate:
    """A day of the Gregorian calendar; ``month`` or ``day`` are 0 where a document leaves them out (``<<`` in a
    machine-readable zone, ICAO 9303-3 §4.8)."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Field:
    """One value, and where it stands."""

    value: str
    """In Latin letters; dates in ISO 8601."""
    original: str
    """As it stands there, in its own script."""
    script: Script
    origin: Origin
    verified: bool
    """Whether a check digit or the error correction of a bar code vouches for it."""
    side: int
    """From 0."""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How one field agrees over the parts of a document that have it."""

    field: str
    """Name as in ``Document.fields``."""
    state: MatchState
    values: Mapping[str, str]
    """By origin, as compared: upper case, no punctuation."""


@dataclass(frozen=True, slots=True)
class Document:
    """What several pictures of one document come to."""

    mode: Mode
    kind: str
    """``passport``, ``dl``, ``id``, ``visa``, ``residence-permit`` … as BlinkID names them; empty = unknown."""
    country: str
    """Issuing state, ISO 3166-1 alpha-3 or a code of ICAO 9303-3 §5 (``UTO``, ``D<<`` is ``DEU``); empty = unknown."""
    region: str
    """State or province of a driving licence, such as ``california``; else empty."""
    fields: Mapping[str, Field]
    """By the names of the contract: ``firstName``, ``lastName``, ``fullName``, ``documentNumber``, ``sex``,
    ``nationality``, ``dateOfBirth``, ``dateOfExpiry``, ``dateOfIssue``, ``address`` …"""
    matches: tuple[Match, ...]
    machine_readable: Literal["verified", "unverified", "absent"]
    """``verified``: a zone whose check digits all agree, or a bar code that could be taken apart."""
    mrz: tuple[str, ...]
    """Lines of the zone, as repaired; empty = none that is sure."""
    portrait_side: int | None
    """Side that shows the holder's face."""
    sides: tuple[Literal["front", "back", "unknown"], ...]
    """What each side is, in the order in which they were shown."""
    complete: bool
    """Whether every side that such a document needs has been read."""
    problems: tuple[Problem, ...]
    """What is wrong, the most important first; empty = nothing."""
    cues: tuple[Cue, ...]
    """Signs of re-capture and tampering, over all pictures."""
    judged_on: CivilDate
    """The day by which centuries, validity and ages were settled."""

    def text(self, name: str) -> str:
        """Value of a field; empty when there is none."""
        found = self.fields.get(name)
        return found.value if found is not None else ""
