"""Field by field: a real difference is told, a misreading is not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.document.pictures import EVERYWHERE, TODAY
from vision.document.consistency import Print, compare, confirms
from vision.document.document import Field, MatchState
from vision.document.machine_parts import MachinePart
from vision.document.votes import Vote

VALUES = {
    "documentNumber": "L898902C3",
    "dateOfBirth": "1974-08-12",
    "dateOfExpiry": "2032-04-15",
    "lastName": "ERIKSSON",
    "firstName": "ANNA MARIA",
    "sex": "F",
    "nationality": "UTO",
}


def part(origin: str = "mrz", *, cut: bool = False, **changes: str) -> MachinePart:
    values = {**VALUES, **changes}
    fields = {name: Field(value, value, "latin", "mrz", True, 0) for name, value in values.items()}
    return MachinePart("mrz" if origin == "mrz" else "barcode", fields, cut)


def vote(field: str, text: str, *, confidence: float = 0.98, seen: int = 1) -> Vote:
    return Vote(field, text, confidence, seen, True, "latin", 0, EVERYWHERE)


def printed(*votes: Vote, lines: tuple[str, ...] = ()) -> Print:
    texts = (*lines, *(one.text for one in votes))
    return Print({one.field: one for one in votes}, texts, texts, frozenset({0}), TODAY)


def state(field: str, print_: Print, *parts: MachinePart) -> MatchState:
    return next(match.state for match in compare(parts or (part(),), print_) if match.field == field)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("documentNumber", "L898902C3", "success"),
        ("documentNumber", "L 898902 C3", "success"),
        ("documentNumber", "L8989O2C3", "success"),
        ("documentNumber", "L898903C3", "failed"),
        ("documentNumber", "1234", "not-performed"),
        ("documentNumber", "123456789", "not-performed"),
        ("dateOfBirth", "12 AUG 1974", "success"),
        ("dateOfBirth", "12.08.74", "success"),
        ("dateOfBirth", "08/12/1974", "success"),
        ("dateOfBirth", "12 AUG 1994", "not-performed"),
        ("dateOfBirth", "30 NOV 1982", "failed"),
        ("dateOfBirth", "?2 A?? 19", "not-performed"),
        ("lastName", "Eriksson", "success"),
        ("lastName", "ER1KSSON", "success"),
        ("lastName", "ERIKA", "not-performed"),
        ("lastName", "QUILL", "failed"),
        ("firstName", "ANNA MARIA", "success"),
        ("firstName", "BORIS", "failed"),
        ("sex", "F / F", "success"),
        ("sex", "MALE", "failed"),
        ("sex", "M", "not-performed"),
        ("nationality", "UTO", "success"),
        ("nationality", "Utopia", "success"),
        ("nationality", "Sylvanian", "not-performed"),
    ],
)
def test_one_printed_value(field: str, text: str, expected: MatchState) -> None:
    assert state(field, printed(vote(field, text))) == expected


@pytest.mark.parametrize(("field", "text"), [("lastName", "QUILL"), ("dateOfBirth", "30 NOV 1982")])
def test_only_what_was_read_surely_speaks_against(field: str, text: str) -> None:
    assert state(field, printed(vote(field, text, confidence=0.6))) == "not-performed"
    contested = replace(vote(field, text), agreed=False)
    assert state(field, printed(contested)) == "not-performed"


def test_a_value_found_anywhere_in_print_agrees() -> None:
    assert state("lastName", printed(vote("lastName", "QUILL"), lines=("ERIKSSON, ANNA",))) == "success"
    assert state("dateOfBirth", printed(vote("dateOfBirth", "30.11.1982"), lines=("12 AUG 1974",))) == "success"
    assert state("documentNumber", printed(lines=("NO L898902C3",))) == "success"


def test_a_small_difference_that_two_pictures_agree_on_is_one() -> None:
    assert state("dateOfBirth", printed(vote("dateOfBirth", "18 AUG 1974", seen=1))) == "failed"
    assert state("dateOfBirth", printed(vote("dateOfBirth", "13 AUG 1974"))) == "failed"
    close = vote("dateOfBirth", "12 AUG 1979")
    assert state("dateOfBirth", printed(close)) == "not-performed"
    assert state("dateOfBirth", printed(replace(close, seen=2))) == "failed"


def test_print_in_another_script_only_confirms() -> None:
    foreign = replace(printed(vote("lastName", "QUILL"), vote("dateOfBirth", "30.11.1982")), latin_sides=frozenset())
    assert state("lastName", foreign) == "not-performed"
    assert state("dateOfBirth", foreign) == "not-performed"
    assert state("dateOfBirth", replace(foreign, lines=("12.08.1974",))) == "success"


def test_two_machine_readable_parts_are_compared_as_they_are() -> None:
    nothing = printed()
    assert state("documentNumber", nothing, part(), part("barcode")) == "success"
    assert state("documentNumber", nothing, part(), part("barcode", documentNumber="L8989O2C3")) == "failed"
    assert state("lastName", nothing, part(), part("barcode", lastName="QUILL")) == "failed"
    assert state("firstName", nothing, part(cut=True, firstName="ANNA MAR"), part("barcode")) == "success"
    assert state("sex", nothing, part(sex="X"), part("barcode")) == "not-performed"


def test_a_cut_name_agrees_with_its_whole() -> None:
    cut = part(cut=True, firstName="ALEXANDROS KONST")
    whole = printed(vote("firstName", "ALEXANDROS KONSTANTINOS"))
    assert state("firstName", whole, cut) == "success"
    assert confirms(next(match for match in compare([cut], whole) if match.field == "firstName"))


def test_without_print_nothing_was_performed() -> None:
    matches = compare([part()], printed())
    assert {match.state for match in matches} == {"not-performed"}
    assert compare([], printed(vote("lastName", "ERIKSSON"))) == ()


@settings(max_examples=200)
@given(st.lists(st.text(max_size=30), max_size=6), st.floats(0, 0.89))
def test_print_that_was_not_read_surely_never_fails_anything(texts: list[str], confidence: float) -> None:
    votes = [vote(field, text, confidence=confidence) for field, text in zip(VALUES, texts, strict=False)]
    assert not any(match.state == "failed" for match in compare([part()], printed(*votes)))
