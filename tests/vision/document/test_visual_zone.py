"""Values by their labels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.document.pictures import card_front, licence_front, line, person, reading
from vision.document.labels import Labels
from vision.document.readings import Box, TextLine
from vision.document.visual_zone import numbering_of, read_visual_zone

LABELS = Labels()


def read(*lines: TextLine) -> dict[str, str]:
    return {name: one.text for name, one in read_visual_zone(reading(text=lines), LABELS).items()}


def test_values_under_their_labels() -> None:
    somebody = person(3)
    found = {name: one.text for name, one in read_visual_zone(card_front(somebody), LABELS).items()}
    assert found["lastName"] == somebody.last_name_printed
    assert found["documentNumber"] == somebody.number
    assert found["sex"] == somebody.sex


def test_values_right_of_their_labels() -> None:
    somebody = person(3)
    found = {name: one.text for name, one in read_visual_zone(licence_front(somebody), LABELS).items()}
    assert found["documentNumber"] == somebody.number
    assert found["lastName"] == somebody.last_name_printed
    assert found["dateOfBirth"] == somebody.birth.strftime("%m/%d/%Y")


def test_columns_are_not_mixed() -> None:
    found = read(
        line("Surname", 0.3, 0.1), line("Document No", 0.7, 0.1),
        line("ERIKSSON", 0.3, 0.14), line("L898902C3", 0.7, 0.14),
        line("Date of birth", 0.3, 0.22), line("Date of expiry", 0.7, 0.22),
        line("12 AUG 1974", 0.3, 0.26), line("15 APR 2032", 0.7, 0.26),
    )  # fmt: skip
    assert found == {
        "lastName": "ERIKSSON",
        "documentNumber": "L898902C3",
        "dateOfBirth": "12 AUG 1974",
        "dateOfExpiry": "15 APR 2032",
    }


def test_what_has_not_the_form_of_a_value_is_none() -> None:
    assert read(line("Date of birth", 0.3, 0.1), line("ERIKSSON", 0.3, 0.14)) == {}
    assert read(line("Surname", 0.3, 0.1), line("12 AUG 1974", 0.3, 0.14)) == {}
    assert read(line("Document No", 0.3, 0.1), line("UTOPIA", 0.3, 0.14)) == {}
    assert read(line("Surname", 0.3, 0.1), line("ERIKSSON", 0.3, 0.6)) == {}


def test_name_is_a_surname_beside_given_names_and_else_the_whole_name() -> None:
    name = (line("Name", 0.3, 0.1), line("MUSTERMANN", 0.3, 0.14))
    assert read(*name) == {"fullName": "MUSTERMANN"}
    given = (line("Vornamen", 0.3, 0.22), line("ERIKA", 0.3, 0.26))
    assert read(*name, *given) == {"lastName": "MUSTERMANN", "firstName": "ERIKA"}


def test_an_address_over_several_lines() -> None:
    found = read(line("Address", 0.3, 0.1), line("12 HARBOUR ROAD", 0.3, 0.14), line("ZENITH 12345", 0.3, 0.18))
    assert found == {"address": "12 HARBOUR ROAD, ZENITH 12345"}


@pytest.mark.parametrize(
    ("texts", "numbering"),
    [
        (("1. A", "2. B", "3. 12.08.64 C", "4a. 01.01.2013 4c. D", "4b. 31.12.2022", "5. X1234567"), "eu"),
        (("4d DLN T64235789", "3 DOB 08/12/1974", "4b EXP 08/12/2030", "1 SAMPLE"), "aamva"),
        (("Surname", "ERIKSSON", "12 HARBOUR ROAD", "1 MAIN STREET"), "none"),
    ],
)
def test_whose_numbers(texts: tuple[str, ...], numbering: str) -> None:
    assert numbering_of([line(text, 0.3, 0.1 * row) for row, text in enumerate(texts)]) == numbering


def test_several_numbered_fields_in_one_line() -> None:
    texts = ("1. MUSTERMANN", "2. ERIKA", "3. 12.08.64 BERLIN", "4a. 01.01.2013 4c. LRA MUSTER", "4b. 31.12.2032")
    found = read(*(line(text, 0.3, 0.05 + 0.1 * row) for row, text in enumerate(texts)))
    assert (found["dateOfIssue"], found["issuingAuthority"]) == ("01.01.2013", "LRA MUSTER")
    assert found["placeOfBirth"] == "BERLIN"


_BOXES = st.builds(Box, *(st.floats(0, 1) for _ in range(4)))
_LINES = st.builds(
    TextLine, st.text(max_size=30) | st.sampled_from(["Surname", "1.", "4b", "Date of birth"]), st.floats(0, 1), _BOXES
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_LINES, max_size=12))
def test_any_print_can_be_read(lines: list[TextLine]) -> None:
    found = read_visual_zone(reading(text=tuple(lines)), LABELS)
    assert all(one.text for one in found.values())
