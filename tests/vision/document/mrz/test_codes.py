"""Codes of states."""

import pytest

from vision.document.mrz.codes import is_known_state, state_code, state_field


@pytest.mark.parametrize("code", ["DEU", "USA", "UTO", "XXA", "GBN", "RKS", "EUE"])
def test_states_and_organisations(code: str) -> None:
    assert is_known_state(code)


@pytest.mark.parametrize("code", ["D", "", "ZZZ", "ABC", "deu"])
def test_no_states(code: str) -> None:
    assert not is_known_state(code)


@pytest.mark.parametrize(("field", "code"), [("D<<", "DEU"), ("DEU", "DEU"), ("GBR", "GBR"), ("DB<", "DB")])
def test_fields_become_codes(field: str, code: str) -> None:
    assert state_code(field) == code


def test_codes_become_fields() -> None:
    assert (state_field("DEU"), state_field("CHE")) == ("D<<", "CHE")
