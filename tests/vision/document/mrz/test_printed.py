"""The printed zone as a witness."""

from dataclasses import replace

import pytest

from tests.vision.document.mrz.readers import PASSPORT, TODAY
from vision.document.document import CivilDate
from vision.document.mrz.printed import print_likelihoods, printed_words
from vision.document.mrz.zone import Mrz, parse

MRZ = parse(PASSPORT, TODAY)


def numbered(number: str) -> Mrz:
    return replace(MRZ, document_number=number)


def test_words_are_joined_over_spaces_and_punctuation() -> None:
    words = printed_words(["Passport No. L89-8902 C3", "12 AUG/AOUT 1974"])
    assert {"L898902C3", "PASSPORTNO", "1974"} <= words


@pytest.mark.parametrize("lines", [[], ["L898902C3"], ["something else"]])
def test_print_that_tells_nothing_apart_is_no_witness(lines: list[str]) -> None:
    assert print_likelihoods([MRZ], printed_words(lines)) is None


def test_a_number_that_is_printed_speaks_for_itself() -> None:
    fits = print_likelihoods([numbered("L8989B2C3"), numbered("L898982C3")], printed_words(["No L8989B2C3"]))
    assert fits is not None
    assert fits[0] == 1.0
    assert fits[1] == pytest.approx(0.005)


def test_print_hardly_tells_o_from_zero() -> None:
    fits = print_likelihoods([numbered("L8989O2C3"), MRZ], printed_words(["L898902C3"]))
    assert fits == pytest.approx([0.05, 1.0])


@pytest.mark.parametrize("line", ["12.08.1974", "12 AUG 74", "AUG 12, 1974", "1974-08-12"])
def test_dates_are_found_in_many_forms(line: str) -> None:
    other = replace(MRZ, date_of_birth=CivilDate(1974, 8, 17))
    fits = print_likelihoods([MRZ, other], printed_words([line]))
    assert fits == pytest.approx([1.0, 0.02])


def test_both_numbers_in_print_settle_nothing() -> None:
    fits = print_likelihoods([MRZ, numbered("L898982C3")], printed_words(["L898902C3", "L898982C3"]))
    assert fits is not None
    assert max(fits) < 0.01
