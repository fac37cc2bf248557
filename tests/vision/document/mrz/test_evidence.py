"""How readings become likelihoods."""

import math

import numpy as np
import pytest

from tests.vision.document.mrz.readers import NOWHERE, PASSPORT, read
from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.evidence import glyph_likelihoods, line_evidence, text_likelihoods
from vision.document.mrz.layouts import LAYOUTS
from vision.document.readings import MrzLine

SECOND = LAYOUTS["TD3"].alphabets[1]


def likeliest(text: str, alphabets: tuple[str, ...] = SECOND) -> str:
    rows = line_evidence(read([text])[0], alphabets).likelihoods
    return "".join(ALPHABET[at] for at in rows.argmax(axis=1))


def seen(text: str, sure: float = 0.99) -> tuple[tuple[tuple[str, float], ...], ...]:
    return tuple(((character, sure),) for character in text)


def test_a_whole_line_stands_where_it_is() -> None:
    assert likeliest(PASSPORT[1]) == PASSPORT[1]


def test_the_alphabet_of_a_place_settles_what_no_reader_can() -> None:
    assert likeliest("L898902C36UT074O8I22F12O4159ZE184226B<<<<<1O") == PASSPORT[1]


@pytest.mark.parametrize(
    "text",
    [
        PASSPORT[1].replace("<<<<<", "<<<"),
        PASSPORT[1].replace("<<<<<", "<<<<<<<"),
        PASSPORT[1].replace("<<<<<", "<<<<"),
    ],
)
def test_lines_that_lack_fillers_or_have_too_many_are_laid_along(text: str) -> None:
    assert likeliest(text) == PASSPORT[1]


def test_places_around_a_lost_character_are_less_certain() -> None:
    whole = line_evidence(read([PASSPORT[1]])[0], SECOND).likelihoods
    lost = line_evidence(read([PASSPORT[1][:4] + PASSPORT[1][5:]])[0], SECOND).likelihoods
    assert lost[4].max() < 0.7 * whole[4].max()


def test_rows_are_shares() -> None:
    rows = line_evidence(read(["L8989"])[0], SECOND).likelihoods
    assert rows.sum(axis=1) == pytest.approx(np.ones(44))


@pytest.mark.parametrize("text", ["", "L8989", "A" * 80])
def test_texts_of_another_length_are_no_such_line(text: str) -> None:
    assert line_evidence(read([text])[0], SECOND).fit == -math.inf


def test_the_other_reader_tells_o_from_zero() -> None:
    text = PASSPORT[1].replace("L898902C3", "L8989O2C3")
    rows = line_evidence(MrzLine(text, 0.97, seen(PASSPORT[1]), NOWHERE), SECOND).likelihoods
    assert "".join(ALPHABET[at] for at in rows.argmax(axis=1)) == PASSPORT[1]


def test_a_reader_that_saw_something_else_is_left_out() -> None:
    other = MrzLine(PASSPORT[1], 0.97, seen(PASSPORT[1][::-1]), NOWHERE)
    alone = line_evidence(read([PASSPORT[1]])[0], SECOND)
    assert np.array_equal(line_evidence(other, SECOND).likelihoods, alone.likelihoods)


def test_a_line_may_be_read_by_glyphs_alone() -> None:
    line = MrzLine("", 0.0, seen(PASSPORT[1]), NOWHERE)
    evidence = line_evidence(line, SECOND)
    assert evidence.fit == 0.0
    assert "".join(ALPHABET[at] for at in evidence.likelihoods.argmax(axis=1)) == PASSPORT[1]


def test_glyphs_of_another_count_are_not_looked_at() -> None:
    assert glyph_likelihoods(MrzLine("", 0.0, seen("ABC"), NOWHERE), 44) is None


def test_no_glyph_is_ever_certain() -> None:
    rows = glyph_likelihoods(MrzLine("", 0.0, ((("A", 1.0),),), NOWHERE), 1)
    assert rows is not None
    assert rows.min() > 5e-5


def test_doubtful_lines_say_less() -> None:
    sure, doubtful = (text_likelihoods("A", confidence)[0, ALPHABET.index("Q")] for confidence in (1.0, 0.2))
    assert doubtful > 2 * sure
