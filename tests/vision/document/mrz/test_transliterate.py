"""National letters as a zone writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.transliterate import transliterate


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Müller", "MUELLER"),
        ("Straße", "STRASSE"),
        ("Åström", "AASTROEM"),
        ("Núñez-Peña", "NUNEZ PENA"),
        ("O'Connor", "OCONNOR"),
        ("Þórðarson", "THORDARSON"),
        ("Łukasz", "LUKASZ"),
        ("Иванов", "IVANOV"),
        ("Щербаков", "SHCHERBAKOV"),
        ("محمد", "MXHMD"),
        ("Γεωργίου", "GEORGIOY"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_letters_by_the_tables(text: str, written: str) -> None:
    assert transliterate(text) == written


@given(st.text())
def test_only_what_a_zone_may_hold_comes_out(text: str) -> None:
    assert set(transliterate(text)) <= {*ALPHABET, " "}


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1))
def test_what_it_holds_stays(text: str) -> None:
    assert transliterate(text) == text
