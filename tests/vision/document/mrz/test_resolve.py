"""One zone out of what readers saw: what is taken, what is refused, and that nothing wrong is ever taken."""

import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.vision.document.mrz.readers import (
    CARD,
    LONG_NUMBER,
    PASSPORT,
    SMALL_CARD,
    SMALL_VISA,
    TODAY,
    VISA,
    checked,
    read,
    read_by_both,
    worn,
    zones,
)
from vision.document.document import CivilDate
from vision.document.mrz.check_digit import ALPHABET, VALUES
from vision.document.mrz.compose import compose
from vision.document.mrz.layouts import LAYOUTS
from vision.document.mrz.resolve import ABSENT, MrzResult, resolve
from vision.document.mrz.search import steps_of

SPECIMENS = [PASSPORT, CARD, LONG_NUMBER, SMALL_CARD, VISA, SMALL_VISA]


def in_passport(number: str) -> tuple[str, ...]:
    """A passport with this number."""
    return compose(
        "TD3",
        document_code="P",
        issuer="UTO",
        document_number=number,
        nationality="UTO",
        primary_identifier="ERIKSSON",
        secondary_identifier="ANNA",
        sex="F",
        date_of_birth=CivilDate(1974, 8, 12),
        date_of_expiry=CivilDate(2030, 4, 15),
    )


def changed(lines: tuple[str, ...], line: int, column: int, character: str) -> tuple[str, ...]:
    rows = [list(row) for row in lines]
    rows[line][column] = character
    return tuple("".join(row) for row in rows)


def taken(result: MrzResult) -> tuple[str, ...] | None:
    return result.mrz.lines if result.state == "verified" and result.mrz is not None else None


@pytest.mark.parametrize("lines", SPECIMENS)
def test_what_is_read_well_is_taken_as_read(lines: tuple[str, ...]) -> None:
    result = resolve([read_by_both(lines, lines)], [], TODAY)
    assert (taken(result), result.means, result.failed_checks, result.candidates) == (lines, "as_read", (), 1)
    assert (result.unsure, result.unknown) == ((), ())


@pytest.mark.parametrize("lines", [CARD, SMALL_CARD, VISA])
def test_one_reader_suffices_where_nothing_in_it_resembles_anything(lines: tuple[str, ...]) -> None:
    assert taken(resolve([read(lines)], [], TODAY)) == lines


def test_one_reader_does_not_suffice_for_what_no_check_digit_tells_apart() -> None:
    """6 and G have the same value modulo 10, and general readers take G for 6."""
    result = resolve([read(PASSPORT)], [], TODAY)
    assert (result.state, result.failed_checks) == ("ambiguous", ())


def test_letters_in_dates_are_digits() -> None:
    lines = (CARD[0], CARD[1].replace("7408122", "74O8I22"), CARD[2])
    result = resolve([read(lines)], [], TODAY)
    assert (taken(result), result.means) == (CARD, "as_read")


def test_fillers_that_are_misread_are_fillers() -> None:
    lines = (PASSPORT[0][:-6] + "KKCL", PASSPORT[1])
    result = resolve([read_by_both(lines, PASSPORT)], [], TODAY)
    assert taken(result) == PASSPORT


def test_one_reader_alone_repairs_nothing() -> None:
    lines = (PASSPORT[0], PASSPORT[1].replace("L898902C3", "L8989O2C3"))
    result = resolve([read(lines)], [], TODAY)
    assert (taken(result), result.failed_checks) == (None, ("document_number", "composite"))


def test_two_readers_and_the_check_digits_do() -> None:
    lines = (PASSPORT[0], PASSPORT[1].replace("L898902C3", "L8989O2C3"))
    result = resolve([read_by_both(lines, PASSPORT)], [], TODAY)
    assert (taken(result), result.means) == (PASSPORT, "repaired")


def test_of_two_repairs_none_is_taken_for_being_the_first() -> None:
    """8 for B moves a sum by 3 modulo 10, and so does 1 for I: with B misread, either repair makes the digits hold."""
    truth = in_passport("8XX1XX234")
    misread = changed(truth, 1, 0, "B")
    result = resolve([read(misread)], [], TODAY)
    assert (result.state, result.candidates >= 2) == ("ambiguous", True)
    assert taken(resolve([read_by_both(misread, truth, sure=0.999)], [], TODAY)) == truth


def test_a_zone_with_one_wrong_digit_is_never_taken() -> None:
    for column in (9, 19, 27, 43):
        wrong = changed(PASSPORT, 1, column, str((int(PASSPORT[1][column]) + 1) % 10))
        result = resolve([read_by_both(wrong, wrong)], [], TODAY)
        assert (result.state, bool(result.failed_checks)) == ("unverified", True)


def test_pictures_vote() -> None:
    truth = in_passport("X0O8B1I5S")
    pictures = [read_by_both(truth, truth, sure=0.8) for _ in range(4)]
    assert taken(resolve(pictures[:1], [], TODAY)) in (None, truth)
    assert taken(resolve(pictures, [], TODAY)) == truth


def test_pictures_of_two_documents_are_no_document() -> None:
    other = in_passport("X12345678")
    result = resolve([read_by_both(PASSPORT, PASSPORT), read_by_both(other, other)], [], TODAY)
    assert result.state == "ambiguous"


def test_print_settles_what_is_nearly_settled() -> None:
    truth = in_passport("X5S234567")
    doubtful = read_by_both(changed(truth, 1, 1, "S"), truth, sure=0.9)
    assert resolve([doubtful], [], TODAY).state != "verified"
    result = resolve([doubtful], ["PASSPORT NO X5S234567"], TODAY)
    assert (taken(result), result.means) == (truth, "printed")


def test_print_of_another_number_changes_nothing() -> None:
    truth = in_passport("X5S234567")
    doubtful = read_by_both(changed(truth, 1, 1, "S"), truth, sure=0.9)
    assert resolve([doubtful], ["PASSPORT NO XSS234567"], TODAY).state != "verified"


def test_unknown_states_are_told_and_not_changed() -> None:
    lines = (PASSPORT[0].replace("UTO", "UTQ"), PASSPORT[1])
    result = resolve([read_by_both(lines, lines)], [], TODAY)
    assert (result.state, result.unknown) == ("verified", ("issuer",))
    assert result.mrz is not None
    assert result.mrz.issuer == "UTQ"


def test_names_that_the_readers_see_differently_are_unsure() -> None:
    other = (PASSPORT[0].replace("ANNA", "AMNA"), PASSPORT[1])
    assert resolve([read_by_both(PASSPORT, other, sure=0.7)], [], TODAY).unsure == ("names",)


@pytest.mark.parametrize("lines", [(), ("",), ("", ""), ("HELLO", "WORLD"), ("A" * 44,), ("<" * 200, "<" * 200)])
def test_no_zone_is_absent(lines: tuple[str, ...]) -> None:
    assert resolve([read(lines)], [], TODAY) == ABSENT


def test_a_passport_is_not_taken_for_a_visa() -> None:
    """With the first letter lost, the two differ in next to nothing."""
    lost = ("C" + PASSPORT[0][1:], PASSPORT[1].replace("ZE184226B<<<<<10", "<<<<<<<<<<<<<<04"))
    assert resolve([read(lost)], [], TODAY).state != "verified"
    seen = resolve([read_by_both(lost, ("P" + lost[0][1:], lost[1]))], [], TODAY)
    assert seen.mrz is not None
    assert seen.mrz.format == "TD3"


def test_a_stray_line_is_left_out() -> None:
    assert taken(resolve([read(("REPUBLIC<OF<UTOPIA<SPECIMEN<<", *CARD))], [], TODAY)) == CARD


def test_the_worst_is_bounded_in_time() -> None:
    noise = np.random.default_rng(1)
    pictures = [
        read(["".join(ALPHABET[one] for one in noise.integers(37, size=30)) for _ in range(6)], 0.0) for _ in range(12)
    ]
    began = time.process_time()
    assert resolve(pictures, ["AB" * 40] * 60, TODAY).state != "verified"
    assert time.process_time() - began < 15


@settings(max_examples=60, deadline=None)
@given(zones())
def test_any_zone_that_both_readers_see_is_taken(lines: tuple[str, ...]) -> None:
    assert taken(resolve([read_by_both(lines, lines, sure=0.999)], [], TODAY)) == lines


@settings(max_examples=80, deadline=None)
@given(zones(), st.data())
def test_one_misread_character_is_never_taken_instead_of_the_truth(lines: tuple[str, ...], data: st.DataObject) -> None:
    """Characters of one value modulo 10 (A and K, 6 and G) are beyond check digits, and so beyond one reader."""
    layout = next(one for one in LAYOUTS.values() if one.width == len(lines[0]) and lines[0][0] in one.initials)
    step = data.draw(st.sampled_from(steps_of(layout)))
    other = data.draw(st.sampled_from(layout.alphabets[step.line][step.column]))
    assume((VALUES[other] - VALUES[lines[step.line][step.column]]) % 10)
    result = resolve([read(changed(lines, step.line, step.column, other))], [], TODAY)
    found = taken(result)
    assert found is None or checked(found) == checked(lines)


@settings(max_examples=35, deadline=None)
@given(zones(), st.integers(0, 2**32 - 1), st.floats(0.0, 0.15), st.integers(1, 3))
def test_noise_never_gives_a_wrong_zone(lines: tuple[str, ...], seed: int, rate: float, count: int) -> None:
    """The text reader errs at the rate, the OCR-B reader at a fifth of it."""
    random = np.random.default_rng(seed)
    pictures = [
        read_by_both(
            worn(lines, random, rate),
            [one.ljust(len(lines[0]), "<")[: len(lines[0])] for one in worn(lines, random, rate / 5)],
            sure=0.97,
        )
        for _ in range(count)
    ]
    found = taken(resolve(pictures, [], TODAY))
    assert found is None or checked(found) == checked(lines)
