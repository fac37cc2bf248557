"""Corrections of a name and a date of birth, in four languages; and what is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.corrections import read_corrections, read_name

READ = {"firstName": "ANNA MARIA", "lastName": "ERIKSSON", "dateOfBirth": "1974-08-12"}
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("reply", "language", "found"),
    [
        ("no, it's Anna-Marie", "en", {"firstName": "Anna-Marie"}),
        ("anna marie", "en", {"firstName": "Anna Marie"}),
        ("it should be Anna Marie", "en", {"firstName": "Anna Marie"}),
        ("My first name is Anna", "en", {"firstName": "Anna"}),
        ("yes, but my name is Anna Marie", "en", {"firstName": "Anna Marie"}),
        ("my last name is Erikson", "en", {"lastName": "Erikson"}),
        ("not Eriksson, Erikson", "en", {"lastName": "Erikson"}),
        ("not Maria but Anna Marie", "en", {"firstName": "Anna Marie"}),
        ("it's spelled E R I K S O N", "en", {"lastName": "Erikson"}),
        ("Anna-Marie Erikson", "en", {"fullName": "Anna-Marie Erikson"}),
        ("no, my name is John Smith", "en", {"fullName": "John Smith"}),
        ("No. Anna Maria is right, but my last name is Ericson.", "en", {"lastName": "Ericson"}),
        ("My first name is Ann and my surname is Ericson", "en", {"firstName": "Ann", "lastName": "Ericson"}),
        ("born in 1975", "en", {"dateOfBirth": "1975-08-12"}),
        ("no, August the 13th", "en", {"dateOfBirth": "1974-08-13"}),
        ("I am Anna Marie, born in 1975", "en", {"firstName": "Anna Marie", "dateOfBirth": "1975-08-12"}),
        ("no, mi apellido es Erikson", "es", {"lastName": "Erikson"}),
        ("nací en 1975", "es", {"dateOfBirth": "1975-08-12"}),
        ("non, je m'appelle Anne-Marie", "fr", {"firstName": "Anne-Marie"}),
        ("non, mon prénom est Anne", "fr", {"firstName": "Anne"}),
        ("nein, das stimmt nicht, der Name ist Erikson", "de", {"lastName": "Erikson"}),
        ("Nein, ich heiße Anna-Marie", "de", {"firstName": "Anna-Marie"}),
        ("am 13. August 1974 geboren", "de", {"dateOfBirth": "1974-08-13"}),
    ],
)  # fmt: skip
def test_what_is_corrected(reply: str, language: str, found: dict[str, str]) -> None:
    assert read_corrections(reply, READ, language, today=TODAY) == found


@pytest.mark.parametrize(
    "reply",
    [
        "yes", "no", "that's not right", "the name is wrong", "the first name is wrong", "Das Geburtsdatum ist falsch",
        "the weather is nice", "Portugal", "I live in Berlin", "what?", "", "ANNA MARIA ERIKSSON", "Anna Maria",
        "I was born on the 12th of August 1974", "born in 2090", "born on the 31st of February 1975",
    ],
)  # fmt: skip
def test_what_is_no_correction(reply: str) -> None:
    assert read_corrections(reply, READ, today=TODAY) == {}


def test_a_name_that_was_read_in_one_piece_is_corrected_in_one_piece() -> None:
    whole = {"fullName": "ANNA MARIA ERIKSSON"}
    assert read_corrections("Anna Maria Erikson", whole, today=TODAY) == {"fullName": "Anna Maria Erikson"}
    assert read_corrections("my last name is Erikson", whole, today=TODAY) == {}, "nobody knows where it begins"
    assert read_name(whole) == "ANNA MARIA ERIKSSON"
    assert read_name(READ) == "ANNA MARIA ERIKSSON"
    assert read_name(READ | {"fullName": "ERIKSSON ANNA MARIA"}) == "ANNA MARIA ERIKSSON"
    assert read_name({"lastName": "ERIKSSON", "fullName": "ERIKSSON ANNA"}) == "ERIKSSON ANNA"
    assert read_name({"lastName": "ERIKSSON"}) == "ERIKSSON"
    assert read_name({}) == ""


def test_a_date_needs_its_missing_parts_from_the_document() -> None:
    assert read_corrections("born in 1975", {"lastName": "X"}, today=TODAY) == {}
    assert read_corrections("born in 1975", {"dateOfBirth": "1974"}, today=TODAY) == {}
    assert read_corrections("12 August 1975", {"lastName": "X"}, today=TODAY) == {"dateOfBirth": "1975-08-12"}


@given(st.text(max_size=200))
def test_no_reply_breaks_it(reply: str) -> None:
    for field, value in read_corrections(reply, READ, today=TODAY).items():
        assert field in (*READ, "fullName")
        assert value
