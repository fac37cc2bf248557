"""Addresses and numbers: normal forms, masks, and how they are said; codes and requests around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.contacts import (
    masked_email,
    masked_phone,
    normal_email,
    normal_phone,
    phone_region,
    spoken_email,
    spoken_phone,
)
from conversation.text.form_lines import FormLine, form_line
from conversation.text.requests import asks_to_cancel, asks_to_resend
from conversation.text.spoken_code import code_in, likeliest_reading, without_digits


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Mia.K@Example.COM", "Mia.K@example.com"),
        (" mia@example.com ", "mia@example.com"),
        ("mia+x@mail.example.co.uk", "mia+x@mail.example.co.uk"),
        ("jörg@bücher.example", "jörg@bücher.example"),
        ("mia@partner.test", "mia@partner.test"),
        ("mia@localhost", None),
        ("mia@example..com", None),
        ("mia", None),
        ("mia@[10.0.0.1]", None),
        ("mia@example.com\nBcc: all@example.com", None),
        ("", None),
        ("m" * 70 + "@example.com", None),
        ("mia@" + "x" * 400 + ".com", None),
    ],
)
def test_email_addresses(text: str, normal: str | None) -> None:
    assert normal_email(text) == normal


@pytest.mark.parametrize(
    ("text", "region", "normal"),
    [
        ("+1 (415) 555-2671", "DE", "+14155552671"),
        ("0151 12345671", "DE", "+4915112345671"),
        ("00 49 151 12345671", "DE", "+4915112345671"),
        ("4155552671", "US", "+14155552671"),
        ("+15005550006", "US", "+15005550006"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("555", "US", None),
        ("+49", "DE", None),
        ("call me", "US", None),
        ("1" * 1000, "US", None),
    ],
)
def test_phone_numbers(text: str, region: str, normal: str | None) -> None:
    assert normal_phone(text, region) == normal


@pytest.mark.parametrize(
    ("country", "language", "region"),
    [("de", "en", "DE"), ("XX", "fr", "FR"), (None, "en-GB", "GB"), (7, "es-MX", "MX"), ("", "xx", "US")],
)
def test_the_region_of_a_number_without_one(country: object, language: str, region: str) -> None:
    assert phone_region(country, language) == region


def test_masks_and_spoken_forms() -> None:
    assert masked_email("mia.keller@example.com") == "m•••@example.com"
    assert masked_phone("+4915112345671") == "+49 ••• 71"
    assert spoken_phone("+14155552671") == "+1 415-555-2671"
    assert spoken_email("mia.k-2@example.com") == "mia dot k dash 2 at example dot com"
    assert spoken_email("mia@example.com", "de-AT") == "mia ät example Punkt com"


@given(st.text(max_size=40))
def test_nothing_breaks_on_any_text(text: str) -> None:
    email, phone = normal_email(text), normal_phone(text, "US")
    assert email is None or masked_email(email)
    assert phone is None or (phone.startswith("+") and masked_phone(phone))
    without_digits(text)
    code_in(text, 6)


@pytest.mark.parametrize(
    ("text", "length", "code"),
    [
        ("four eight two, nine one three", 6, "482913"),
        ("double four eight two nine one", 6, "448291"),
        ("cuatro ocho dos nueve uno tres", 6, "482913"),
        ("quatre huit deux neuf un trois", 6, "482913"),
        ("vier acht zwei neun eins drei", 6, "482913"),
        ("the code is four eight two um nine one three", 6, "482913"),
        ("I have two mails, not 1111 but 482913", 6, "482913"),
        ("first I had 111111, now 482913", 6, "482913"),
        ("4829", 6, "4829"),
        ("oh one two three", 4, "0123"),
        ("nothing", 6, ""),
    ],
)
def test_codes_in_a_reply(text: str, length: int, code: str) -> None:
    language = {"cuatro": "es", "quatre": "fr", "vier": "de"}.get(text.split()[0], "en")
    assert code_in(text, length, language) == code


def test_a_code_over_two_turns() -> None:
    assert code_in("nine one three", 6, before="482") == "482913"
    assert code_in("nine one", 6, before="482") == "91"


def test_digits_are_taken_out_of_what_is_kept() -> None:
    assert without_digits("it's four eight two, nine one three, thanks") == "it's ••••••, thanks"
    assert without_digits("482 913") == "••••••"
    assert without_digits("no digits at all") == "no digits at all"


@pytest.mark.parametrize(
    "text",
    [
        "send it again", "I didn't get it", "can you send me another code", "nothing arrived", "resend please",
        "no me ha llegado", "je n'ai rien reçu", "nicht angekommen", "noch einmal bitte", "I haven't received anything",
    ],
)  # fmt: skip
def test_requests_for_another_code(text: str) -> None:
    assert asks_to_resend(text)


@pytest.mark.parametrize("text", ["I didn't get that", "yes", "it's 482913", "one moment", "what?", "I have it"])
def test_what_is_no_such_request(text: str) -> None:
    assert not asks_to_resend(text)


@pytest.mark.parametrize("text", ["cancel", "please cancel", "I don't want to", "never mind", "abbrechen", "goodbye"])
def test_breaking_off(text: str) -> None:
    assert asks_to_cancel(text)


def test_a_plain_no_breaks_off_only_where_nothing_was_asked() -> None:
    assert not asks_to_cancel("no")
    assert asks_to_cancel("no", plain_no=True)
    assert not asks_to_cancel("no, hold on, I am just looking for it", plain_no=True)
    assert not asks_to_cancel("mia at example dot com", plain_no=True)


@pytest.mark.parametrize("line", FormLine, ids=lambda line: line.value)
@pytest.mark.parametrize("language", ["en", "es-MX", "fr", "de", "pt"])
def test_every_line_can_be_said_in_every_language(line: FormLine, language: str) -> None:
    values = {"contact": "X", "length": 6, "place": "Y", "left": 2, "seconds": 9}
    text = form_line(line, language, **values)
    assert text
    assert "{" not in text


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        (("It is 8885598.", "It is 88598.", "It is 888598."), "It is 888598."),
        (("It is 888598.", "It is 885598."), "It is 888598."),
        (("It is 88859.", "It is 888598."), "It is 88859."),
        (("It is 8885598.", "It is 8888598."), "It is 8885598."),
        (("I have not got it.", "It is 123456."), "I have not got it."),
        (("It is 123456, no, 123457.",), "It is 123456, no, 123457."),
    ],
)
def test_the_likeliest_reading_that_can_be_a_code(readings: tuple[str, ...], expected: str) -> None:
    assert likeliest_reading(readings, 6) == expected
