"""Spoken values: numbers, years, digits, e-mail addresses, phone numbers, dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.dates import date_of_birth, read_date
from conversation.text.digits import code, digits
from conversation.text.email import email_address, read_email
from conversation.text.numbers import numbers, years
from conversation.text.phone import phone_number

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_MONTHS = tuple(date(2000, month, 1).strftime("%B") for month in range(1, 13))


def spell(number: int) -> str:
    """Say a number below a million in English."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred" + (f" and {spell(number % 100)}" if number % 100 else "")
    return f"{spell(number // 1000)} thousand" + (f" {spell(number % 1000)}" if number % 1000 else "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("thirty-four", 34),
        ("sixteen and a half", 16.5),
        ("two and a half thousand", 2500),
        ("eleven hundred please", 1100),
        ("1,500", 1500),
        ("3.5", 3.5),
        ("5k", 5000),
        ("two grand", 2000),
        ("a hundred and five", 105),
        ("one thousand two hundred and six", 1206),
        ("tengo quince años", 15),
        ("treinta y cinco", 35),
        ("mil novecientos ochenta y ocho", 1988),
        ("soixante et onze", 71),
        ("quatre-vingt-dix-sept", 97),
        ("fünfunddreißig", 35),
        ("neunzehnhundertneunzig", 1990),
        ("zweitausendfünf", 2005),
        ("millenovecentottanta", 1980),
        ("trinta e cinco", 35),
    ],
)
def test_number(text: str, value: float) -> None:
    assert [number.value for number in numbers(text)] == [value]


@given(st.integers(0, 999_999))
def test_spoken_number_round_trip(number: int) -> None:
    text = f"I would say {spell(number)}"
    found = numbers(text)
    assert [one.value for one in found] == [number]
    assert text[found[0].start : found[0].end] == spell(number)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("nineteen eighty eight", 1988),
        ("nineteen oh five", 1905),
        ("twenty twenty", 2020),
        ("two thousand and five", 2005),
        ("born in 1971", 1971),
    ],
)
def test_year(text: str, year: int) -> None:
    assert [found.value for found in years(text)] == [year]


@given(st.integers(1910, 1999))
def test_spoken_year_round_trip(year: int) -> None:
    assert [found.value for found in years(f"in nineteen {spell(year - 1900)}")] == [year]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("double five oh seven", "5507"),
        ("triple nine", "999"),
        ("zero zero one eight", "0018"),
        ("forty-four oh two", "4402"),
        ("5 5 5, 12 34", "5551234"),
        ("uno dos tres cuatro", "1234"),
        ("eins zwei drei", "123"),
        ("un deux trois", "123"),
        ("my card is blue", ""),
    ],
)
def test_digits(text: str, wanted: str) -> None:
    assert digits(text) == wanted


@given(st.text("0123456789", min_size=3, max_size=10))
def test_spoken_digits_round_trip(wanted: str) -> None:
    assert digits(" ".join(_ONES[int(digit)] for digit in wanted)) == wanted


def test_code_takes_the_repetition_and_reads_letters() -> None:
    assert code("it is 1 2 3 4, sorry, I mean 1 2 4 4") == "1244"
    assert code("alpha seven bravo nine two") == "A7B92"
    assert code("the code is A7B9 2") == "A7B92"
    assert code("I have one question") is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("it's sam dot carter at gmail dot com", "sam.carter@gmail.com"),
        ("lena_h42@outlook.com", "lena_h42@outlook.com"),
        ("m underscore ortiz at proton mail dot com", "m_ortiz@protonmail.com"),
        ("John.Smith@example.co.uk.", "john.smith@example.co.uk"),
        ("J-O-H-N at gmail.com thanks", "john@gmail.com"),
        ("mi correo es juan punto perez arroba gmail punto com", "juan.perez@gmail.com"),
        ("c'est marie tiret dupont arobase orange point fr", "marie-dupont@orange.fr"),
        ("anna unterstrich meier at gmx punkt de", "anna_meier@gmx.de"),
        ("jane forty two at yahoo dot co dot uk", "jane42@yahoo.co.uk"),
        ("Yes. It's mary.jones@bt.com, okay?", "mary.jones@bt.com"),
        ("john at example dot com no wait jon at example dot com", "jon@example.com"),
    ],
)
def test_email(text: str, address: str) -> None:
    reading = read_email(text)
    assert reading.address == address
    assert reading.quote in text


@pytest.mark.parametrize("text", ["sam dot carter at", "my email is john dot smith", "it's at gmail", "sam@"])
def test_part_of_an_email(text: str) -> None:
    assert read_email(text).address is None
    assert read_email(text).partial


@pytest.mark.parametrize("text", ["I'm at home", "never had one of those", "meet me at noon", ""])
def test_no_email(text: str) -> None:
    reading = read_email(text)
    assert reading.address is None
    assert not reading.partial


@given(
    st.lists(st.text("abcdefghjklmnpqrstuvwxyz", min_size=3, max_size=8), min_size=1, max_size=3),
    st.sampled_from([".", "_", "-"]),
)
def test_spoken_email_round_trip(parts: list[str], symbol: str) -> None:
    parts = [f"q{part}q" for part in parts]  # no word of any language
    spoken = {".": " dot ", "_": " underscore ", "-": " dash "}[symbol].join(parts)
    assert email_address(f"it is {spoken} at example dot com") == f"{symbol.join(parts)}@example.com"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my number is plus four four seven nine double one two three four five six", "+44791123456"),
        ("555-123-4567", "5551234567"),
        ("+49 170 1234567", "+491701234567"),
        ("five five five", None),
        ("I'd rather not", None),
    ],
)
def test_phone_number(text: str, number: str | None) -> None:
    assert phone_number(text) == number


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("the fourteenth of August nineteen eighty eight", "1988-08-14"),
        ("March 3rd, 1962", "1962-03-03"),
        ("May 5 1990", "1990-05-05"),
        ("twenty first of June ninety four", "1994-06-21"),
        ("1990-05-04", "1990-05-04"),
        ("03/11/1962", "1962-11-03"),
        ("12 25 80", "1980-12-25"),
        ("three eleven nineteen sixty two", "1962-11-03"),
        ("el catorce de agosto de mil novecientos ochenta y ocho", "1988-08-14"),
        ("le premier mai mille neuf cent quatre-vingt", "1980-05-01"),
        ("am ersten Mai neunzehnhundertneunzig", "1990-05-01"),
        ("am dreiundzwanzigsten Juli 1975", "1975-07-23"),
        ("in August", None),
        ("nineteen eighty", None),
        ("31 February 2000", None),
        ("I may be late", None),
    ],
)
def test_date_of_birth(text: str, iso: str | None) -> None:
    assert date_of_birth(text) == iso


def test_order_of_bare_numbers() -> None:
    assert date_of_birth("03/11/1962", "en-US") == "1962-03-11"
    assert date_of_birth("03/11/1962", day_first=False) == "1962-03-11"
    assert read_date("03/11/1962").ambiguous
    assert not read_date("23/11/1962", "en-US").ambiguous
    assert date_of_birth("23/11/1962", "en-US") == "1962-11-23"


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(1999, 12, 31)))
def test_spoken_date_round_trip(day: date) -> None:
    assert (
        date_of_birth(f"{_MONTHS[day.month - 1]} {spell(day.day)} nineteen {spell(day.year - 1900)}") == day.isoformat()
    )


@given(st.text(max_size=300))
def test_readers_take_any_string(text: str) -> None:
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)
    years(text), digits(text), code(text), phone_number(text), date_of_birth(text)
    assert read_email(text).quote in text
