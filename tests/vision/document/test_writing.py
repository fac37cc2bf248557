"""Text as it is compared."""

import pytest

from vision.document.writing import (
    compared,
    likeness,
    nearest_in,
    only_misread,
    plain,
    script_of,
    spellings,
    stands_in,
)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("MÜLLER", "latin"), ("ИВАНОВА", "cyrillic"), ("منصور", "arabic"), ("ΓΕΩΡΓΙΟΣ", "greek"), ("山田", "other"),
        ("12", "unknown"),
    ],
)  # fmt: skip
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


def test_marks_and_foreign_digits_are_made_plain() -> None:
    assert plain("Prénoms Łódź Straße ١٢") == "PRENOMS LODZ STRASSE 12"
    assert compared("O'Neill-Smith 12") == "ONEILLSMITH12"


def test_a_name_is_known_by_each_of_its_spellings() -> None:
    assert spellings("MÜLLER") == {"MULLER", "MUELLER"}
    assert likeness("MÜLLER", "MUELLER") == likeness("MÜLLER", "MULLER") == 1.0
    assert likeness("ИВАНОВА", "IVANOVA") == 1.0
    assert likeness("ERIKSSON", "QUILL") < 0.5


def test_print_may_confuse_letters_and_digits() -> None:
    assert stands_in("AB0123456", ["DOC AB O123456 X"])
    assert not stands_in("AB0123456", ["AB 0123457"])
    assert not stands_in("", ["ANYTHING"])
    assert only_misread("1974-08-12", "1974-03-12")
    assert not only_misread("1974-08-12", "1982-11-30")
    assert not only_misread("12345", "1234")


def test_a_name_is_found_as_whole_words_only() -> None:
    assert nearest_in("ERIKSSON", ["DR. ANNA ERIKSSON GEB. BERG"]) == (1.0, "ERIKSSON")
    assert nearest_in("VAN DER BERG", ["VAN DER BERG, SOFIE"]) == (1.0, "VAN DER BERG")
    assert nearest_in("LI", ["AUSTRALIA"])[0] < 0.5
