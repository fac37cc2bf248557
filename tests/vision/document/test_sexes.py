"""The holder's sex as documents print it."""

import pytest

from vision.document.sexes import printed_sexes


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("M", "M"), ("F / F", "F"), ("W/F", "F"), ("K / F", "F"), ("MALE", "M"), ("Ж/F", "F"), ("femme", "F"),
        ("X", "X"), ("H", "M"), ("Mujer", "F"),
    ],
)  # fmt: skip
def test_a_printed_sex(text: str, sex: str) -> None:
    assert printed_sexes(text) == {sex}


@pytest.mark.parametrize("text", ["", "M F", "M/F", "ERIKSSON", "12 AUG 1974", "M HGT 5-10 WGT"])
def test_none_is_made_up(text: str) -> None:
    assert printed_sexes(text) == frozenset()
