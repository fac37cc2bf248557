"""Look-alikes of two scripts."""

import pytest

from vision.reading.script import latin_capitals, settled

GREEK_RHO, GREEK_OMICRON, CYRILLIC_ER = "\u03a1", "\u039f", "\u0420"


def test_look_alikes_become_latin_and_others_stay() -> None:
    assert latin_capitals(f"{GREEK_RHO}<FRA{CYRILLIC_ER}ARK 12") == "P<FRAPARK 12"
    assert latin_capitals("ΓΔΘ é ß <<") == "ΓΔΘ é ß <<"


def test_a_page_without_a_letter_of_another_script_is_latin() -> None:
    assert settled([f"{GREEK_RHO}ARK", f"{GREEK_RHO}{GREEK_OMICRON}"]) == ["PARK", "PO"]


def test_on_a_page_in_two_scripts_only_lines_that_are_latin_are_settled() -> None:
    greek = "\u039a\u0391\u03a4\u039f\u03a7\u0397"
    assert settled(["ΓΕΩΡΓΙΟΣ", greek, f"GEORGI{GREEK_OMICRON}S"]) == ["ΓΕΩΡΓΙΟΣ", greek, "GEORGIOS"]


@pytest.mark.parametrize("line", ["", "12.08.1974", "نص", "日本"])
def test_what_has_no_look_alikes_stays(line: str) -> None:
    assert settled([line]) == [line]
