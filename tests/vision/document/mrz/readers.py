"""Zones with known content, and readers that misread them in the ways that real ones do."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from vision.document.document import CivilDate
from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.compose import compose
from vision.document.mrz.layouts import LAYOUTS, MrzFormat
from vision.document.mrz.search import steps_of
from vision.document.readings import Box, MrzLine

TODAY = CivilDate(2026, 11, 22)
NOWHERE = Box(0.0, 0.0, 1.0, 1.0)

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""The specimens of ICAO Doc 9303."""
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
SMALL_CARD = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
SMALL_VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")

OFTEN = {
    "0": "O",
    "O": "0",
    "1": "I",
    "I": "1",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "2": "Z",
    "Z": "2",
    "6": "G",
    "G": "6",
}

_word = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=9)
_names = st.lists(_word, min_size=1, max_size=2).map(" ".join)
_days = st.builds(CivilDate, st.integers(1927, 2026), st.integers(1, 12), st.integers(1, 28)).filter(
    lambda date: (date.year, date.month, date.day) <= (TODAY.year, TODAY.month, TODAY.day)
)


@st.composite
def zones(draw: st.DrawFn) -> tuple[str, ...]:
    """Any zone that a state could print."""
    mrz_format: MrzFormat = draw(st.sampled_from(sorted(LAYOUTS)))
    layout = LAYOUTS[mrz_format]
    longest = 9 + draw(st.integers(0, layout.longest_overflow()))
    number = draw(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=5, max_size=longest))
    code = {"TD3": "P", "MRV-A": "V", "MRV-B": "V"}.get(mrz_format, "I")
    return compose(
        mrz_format,
        document_code=code,
        issuer=draw(st.sampled_from(("UTO", "DEU", "CHE", "GBR"))),
        document_number=number,
        nationality=draw(st.sampled_from(("UTO", "DEU", "FRA"))),
        primary_identifier=draw(_names),
        secondary_identifier=draw(_names),
        sex=draw(st.sampled_from(("M", "F", "X"))),
        date_of_birth=draw(_days),
        date_of_expiry=CivilDate(draw(st.integers(2000, 2070)), draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        optional_1="" if len(number) > 9 else draw(st.sampled_from(("", "A1B2", "1234567"))),
    )


def read(lines: Sequence[str], confidence: float = 0.97) -> list[MrzLine]:
    """The text reader alone."""
    return [MrzLine(line, confidence, (), NOWHERE) for line in lines]


def read_by_both(text: Sequence[str], glyphs: Sequence[str], sure: float = 0.99) -> list[MrzLine]:
    """Two readers; the OCR-B reader leaves the rest to a character that looks like the one that it says."""
    return [
        MrzLine(
            one,
            0.97,
            tuple(((said, sure), (OFTEN.get(said, "Y" if said == "X" else "X"), (1 - sure) * 0.9)) for said in other),
            NOWHERE,
        )
        for one, other in zip(text, glyphs, strict=True)
    ]


def worn(lines: Sequence[str], random: np.random.Generator, rate: float) -> tuple[str, ...]:
    """Each character misread at a rate: mostly for one that resembles it, sometimes for any."""
    return tuple("".join(_worn(character, random, rate) for character in line) for line in lines)


def _worn(character: str, random: np.random.Generator, rate: float) -> str:
    if random.random() >= rate:
        return character
    if random.random() < 0.1:
        return ALPHABET[random.integers(len(ALPHABET))]
    if character == "<":
        return ("", "K", "C", "L", "<<")[random.integers(5)]
    return OFTEN.get(character, ALPHABET[random.integers(len(ALPHABET))])


def checked(lines: Sequence[str]) -> str:
    """What check digits cover, with those digits."""
    layout = next(one for one in LAYOUTS.values() if one.width == len(lines[0]) and lines[0][0] in one.initials)
    return "".join(lines[step.line][step.column] for step in steps_of(layout))
