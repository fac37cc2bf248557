"""Reading back: names and dates as they are spoken."""

import pytest

from conversation.text.read_back_lines import ReadBackLine, read_back_line, read_back_question, spoken_date, spoken_name


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "I have read Anna Maria Eriksson, born on the 12th of August 1974. Is that right?"),
        ("es", "He leído Anna Maria Eriksson, fecha de nacimiento: 12 de agosto de 1974. ¿Es correcto?"),
        ("fr", "J'ai lu Anna Maria Eriksson, date de naissance : 12 août 1974. Est-ce exact ?"),
        ("de", "Ich habe gelesen: Anna Maria Eriksson, Geburtsdatum 12. August 1974. Ist das richtig?"),
        ("it", "I have read Anna Maria Eriksson, born on the 12th of August 1974. Is that right?"),
    ],
)
def test_name_and_date_in_each_language(language: str, question: str) -> None:
    assert read_back_question("ANNA MARIA ERIKSSON", "1974-08-12", language) == question


def test_only_what_there_is_is_read_back() -> None:
    assert read_back_question("Anna", "", "en") == "I have read the name Anna. Is that right?"
    assert read_back_question("", "1974-08", "en") == "I have read the date of birth August 1974. Is that right?"
    assert read_back_question("Anna", "1974-08", "en") == "I have read Anna, born in August 1974. Is that right?"
    assert read_back_question("", "not a date", "en") == ""
    assert len({read_back_line(ReadBackLine.WHAT_IS_WRONG, language) for language in ("en", "es", "fr", "de")}) == 4


@pytest.mark.parametrize(
    ("iso", "english", "french"),
    [
        ("2001-01-01", "1st of January 2001", "1er janvier 2001"),
        ("2001-02-02", "2nd of February 2001", "2 février 2001"),
        ("2001-03-23", "23rd of March 2001", "23 mars 2001"),
        ("2001-03-11", "11th of March 2001", "11 mars 2001"),
        ("2001-03-30", "30th of March 2001", "30 mars 2001"),
        ("2001", "2001", "2001"),
        ("2001-12", "December 2001", "décembre 2001"),
        ("2001-13-01", "", ""),
        ("2001-01-32", "", ""),
        ("12 AUG 74", "", ""),
        ("", "", ""),
        ("1-2-3-4", "", ""),
    ],
)
def test_dates_in_words(iso: str, english: str, french: str) -> None:
    assert (spoken_date(iso, "en"), spoken_date(iso, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ANNA MARIA", "Anna Maria"),
        ("O'NEIL-SMITH", "O'Neil-Smith"),
        ("Mia van der Berg", "Mia van der Berg"),
        ("ÅSA ÖBERG", "Åsa Öberg"),
        ("", ""),
    ],
)
def test_names_in_capitals_are_no_abbreviations(written: str, spoken: str) -> None:
    assert spoken_name(written) == spoken
