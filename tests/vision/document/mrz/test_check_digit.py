"""The weighted sum of ICAO Doc 9303-3 §4.9."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.document.mrz.check_digit import ALPHABET, VALUES, check_digit


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("520727", "3"),
        ("AB2134<<<", "5"),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),
        ("", "0"),
        ("<<<", "0"),
    ],
)
def test_examples_of_the_standard(text: str, digit: str) -> None:
    assert check_digit(text) == digit


def test_other_characters_are_named_by_their_place() -> None:
    with pytest.raises(ValueError, match="place 3"):
        check_digit("AB-1")


@given(st.text(ALPHABET, min_size=1, max_size=40), st.data())
def test_one_changed_character_shows_unless_its_value_is_the_same_modulo_ten(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET))
    changed = text[:place] + other + text[place + 1 :]
    same = (VALUES[other] - VALUES[text[place]]) % 10 == 0
    assert (check_digit(changed) == check_digit(text)) == same
