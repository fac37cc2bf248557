"""Fields without a check digit."""

import pytest

from tests.vision.document.mrz.readers import PASSPORT, read
from vision.document.mrz.evidence import Likelihoods, line_evidence
from vision.document.mrz.layouts import LAYOUTS
from vision.document.mrz.unchecked import unchecked_field

LAYOUT = LAYOUTS["TD3"]


def seen(first: str, second: str = PASSPORT[1]) -> list[Likelihoods]:
    return [
        line_evidence(line, alphabets).likelihoods
        for line, alphabets in zip(read((first, second)), LAYOUT.alphabets, strict=True)
    ]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("document_code", "P<"),
        ("issuer", "UTO"),
        ("names", PASSPORT[0][5:]),
        ("nationality", "UTO"),
        ("sex", "F"),
    ],
)
def test_fields_are_as_read(field: str, text: str) -> None:
    assert unchecked_field(field, LAYOUT, seen(PASSPORT[0])) == (text, True)


@pytest.mark.parametrize("tail", ["<<<<K<<<<<", "<<KKKKCCL<", "<<<<<<<<<K"])
def test_letters_among_the_last_fillers_are_fillers(tail: str) -> None:
    line = ("P<UTOERIKSSON<<ANNA<MARIA" + tail).ljust(44, "<")
    assert unchecked_field("names", LAYOUT, seen(line))[0] == PASSPORT[0][5:]


@pytest.mark.parametrize("names", ["KOVAC<<KLAUS<KARL", "LECLERC<<CLELIA", "VAN<DER<BERG<<ELS", "ARKFREITH"])
def test_letters_that_fillers_are_taken_for_stay_in_names(names: str) -> None:
    line = f"P<UTO{names}".ljust(44, "<")
    assert unchecked_field("names", LAYOUT, seen(line))[0] == line[5:]


def test_digits_in_names_are_the_letters_that_they_resemble() -> None:
    line = PASSPORT[0].replace("ERIKSSON", "ER1K5S0N")
    assert unchecked_field("names", LAYOUT, seen(line))[0] == PASSPORT[0][5:]


def test_what_may_be_something_else_is_not_sure() -> None:
    doubtful = read((PASSPORT[0],), confidence=0.0)[0]
    both = [line_evidence(doubtful, LAYOUT.alphabets[0]).likelihoods, seen(*PASSPORT)[1]]
    both[0][10] = 1.0 / 37.0
    assert unchecked_field("names", LAYOUT, both)[1] is False
