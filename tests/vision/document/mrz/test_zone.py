"""Zones taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.document.mrz.readers import CARD, LONG_NUMBER, PASSPORT, SMALL_CARD, SMALL_VISA, TODAY, VISA, zones
from vision.document.document import CivilDate
from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.compose import compose
from vision.document.mrz.zone import Mrz, MrzError, parse


def test_the_passport_of_the_standard() -> None:
    mrz = parse(PASSPORT, TODAY)
    assert mrz == Mrz(
        format="TD3",
        lines=PASSPORT,
        document_code="P",
        issuer="UTO",
        document_number="L898902C3",
        optional_1="ZE184226B",
        optional_2="",
        sex="F",
        nationality="UTO",
        primary_identifier="ERIKSSON",
        secondary_identifier="ANNA MARIA",
        names_truncated=False,
        date_of_birth=CivilDate(1974, 8, 12),
        date_of_expiry=CivilDate(2012, 4, 15),
        failed_checks=(),
    )


@pytest.mark.parametrize(
    ("lines", "mrz_format", "number"),
    [
        (CARD, "TD1", "D23145890"),
        (LONG_NUMBER, "TD1", "D23145890734"),
        (SMALL_CARD, "TD2", "D23145890"),
        (VISA, "MRV-A", "L8988901C"),
        (SMALL_VISA, "MRV-B", "L8988901C"),
    ],
)
def test_the_other_formats_of_the_standard(lines: tuple[str, ...], mrz_format: str, number: str) -> None:
    mrz = parse(lines, TODAY)
    assert (mrz.format, mrz.document_number, mrz.failed_checks) == (mrz_format, number, ())


def test_germany_writes_one_letter() -> None:
    line = PASSPORT[0].replace("UTO", "D<<")
    assert parse((line, PASSPORT[1]), TODAY).issuer == "DEU"


def test_wrong_check_digits_are_named() -> None:
    broken = PASSPORT[1].replace("L898902C36", "L898902C46")
    assert parse((PASSPORT[0], broken), TODAY).failed_checks == ("document_number", "composite")


def test_full_names_may_be_truncated() -> None:
    line = "P<UTO" + "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<KRASUANG"[:39]
    mrz = parse((line, PASSPORT[1]), TODAY)
    assert mrz.names_truncated
    assert mrz.secondary_identifier == "CHAYAPA DEJTHAMRONG K"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((PASSPORT[0],), "2 or 3 lines, not 1"),
        ((PASSPORT[0][:40], PASSPORT[1]), "line 1: 40 characters fit no format"),
        ((PASSPORT[0], PASSPORT[1][:43]), "line 2: it has 43 characters"),
        (("X" + PASSPORT[0][1:], PASSPORT[1]), "line 1, place 1: no document"),
        ((PASSPORT[0].replace("ANNA", "ANN4"), PASSPORT[1]), "line 1, place 19"),
        ((PASSPORT[0], PASSPORT[1].replace("740812", "741312")), "line 2, place 14: date_of_birth"),
        ((PASSPORT[0], PASSPORT[1].replace("120415", "120231")), "line 2, place 22: date_of_expiry"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_place(lines: tuple[str, ...], says: str) -> None:
    with pytest.raises(MrzError, match=says):
        parse(lines, TODAY)


def recomposed(mrz: Mrz) -> tuple[str, ...]:
    return compose(
        mrz.format,
        document_code=mrz.document_code,
        issuer=mrz.issuer,
        document_number=mrz.document_number,
        nationality=mrz.nationality,
        primary_identifier=mrz.primary_identifier,
        secondary_identifier=mrz.secondary_identifier,
        sex=mrz.sex,
        date_of_birth=mrz.date_of_birth,
        date_of_expiry=mrz.date_of_expiry,
        optional_1=mrz.optional_1,
        optional_2=mrz.optional_2,
    )


@pytest.mark.parametrize("lines", [PASSPORT, CARD, LONG_NUMBER, SMALL_CARD, VISA, SMALL_VISA])
def test_specimens_are_composed_again(lines: tuple[str, ...]) -> None:
    assert recomposed(parse(lines, TODAY)) == lines


@given(zones())
def test_every_zone_is_composed_again_and_checks(lines: tuple[str, ...]) -> None:
    mrz = parse(lines, TODAY)
    assert mrz.failed_checks == ()
    assert recomposed(mrz) == lines


@given(st.lists(st.text(ALPHABET + "?", max_size=46), max_size=4))
def test_any_lines_are_a_zone_or_an_error(lines: list[str]) -> None:
    try:
        mrz = parse(lines, TODAY)
    except MrzError:
        return
    assert mrz.lines == tuple(lines)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"document_number": "A" * 23}, "23 characters is too long for TD1"),
        ({"optional_2": "A" * 12}, "optional_2 has room for 11"),
        ({"primary_identifier": "Müller"}, "line 3, place 2"),
    ],
)
def test_what_does_not_fit_in_is_not_composed(change: dict[str, str], says: str) -> None:
    fields = {"document_number": "A1", "primary_identifier": "ERIKSSON", "optional_2": ""} | change
    with pytest.raises(MrzError, match=says):
        compose(
            "TD1",
            document_code="I",
            issuer="UTO",
            nationality="UTO",
            secondary_identifier="ANNA",
            sex="F",
            date_of_birth=CivilDate(1990, 1, 1),
            date_of_expiry=CivilDate(2030, 1, 1),
            document_number=fields["document_number"],
            primary_identifier=fields["primary_identifier"],
            optional_2=fields["optional_2"],
        )
