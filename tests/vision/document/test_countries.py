"""Issuing states."""

import pytest

from vision.document.countries import Country, country, printed_country
from vision.document.mrz.codes import ICAO_CODES


def test_a_state_by_its_code() -> None:
    assert country("D<<") == country("DEU") == Country("DEU", "Germany", "germany", "DE", "276")
    assert country("USA") == Country("USA", "United States", "usa", "US", "840")
    assert country("UTO") == Country("UTO", "Utopia", "utopia", "", "")
    assert country("ZQX") is None
    assert country("") is None


@pytest.mark.parametrize("code", sorted(ICAO_CODES))
def test_every_code_of_icao_has_a_name(code: str) -> None:
    found = country(code)
    assert found is not None
    assert found.name


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["BUNDESREPUBLIK DEUTSCHLAND"], "DEU"),
        (["PASSPORT", "UTOPIA"], "UTO"),
        (["RÉPUBLIQUE FRANÇAISE"], "FRA"),
        (["REPUBLIC OF EQUATORIAL GUINEA"], "GNQ"),
        (["UNITED STATES OF AMERICA"], "USA"),
        (["UKRAINE / УКРАЇНА"], "UKR"),
        (["ERIKSSON"], ""),
        (["FRANCE", "ITALIA"], ""),
    ],
)
def test_the_state_that_a_print_names(lines: list[str], code: str) -> None:
    assert printed_country(lines) == code
