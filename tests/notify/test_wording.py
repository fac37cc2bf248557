"""What people get to read."""

import pytest

from rtc_server.notify.wording import SMS_CHARACTERS, email_body, email_subject, gsm_only, sms_body

VALUES = {"otp": "482913", "code": "482913", "userName": "Zoë", "companyName": "Bank & Söhne"}


def test_our_own_mail_says_all_that_matters_in_both_forms() -> None:
    text, html = email_body("", VALUES, 300, "en")
    for body in (text, html):
        assert "482913" in body
        assert "5 minutes" in body
        assert "Zoë" in body
    assert "Bank & Söhne" in text
    assert "Bank &amp; Söhne" in html
    assert "482913" not in email_subject(VALUES["companyName"], "en")


def test_our_own_mail_loads_nothing_and_knows_the_dark() -> None:
    _, html = email_body("", VALUES, 300, "en")
    assert "http" not in html
    assert "<img" not in html
    assert 'lang="en"' in html
    assert "prefers-color-scheme: dark" in html


def test_a_name_is_never_markup() -> None:
    hostile = VALUES | {"userName": '<img src="http://evil.example/x">'}
    for template in ("", "Hello {{userName}} {{otp}}", "<p>Hello {{userName}} {{otp}}</p>"):
        _, html = email_body(template, hostile, 300, "en")
        assert "<img" not in html


def test_an_author_may_write_text() -> None:
    text, html = email_body("Dear {{userName}},\nuse {{otp}}.\n\nBye", VALUES, 300, "en")
    assert text == "Dear Zoë,\nuse 482913.\n\nBye"
    assert "<p>Dear Zoë,<br>use 482913.</p>\n<p>Bye</p>" in html


def test_an_author_may_write_html() -> None:
    text, html = email_body("<body><p>Dear {{userName}},</p><p>{{code}}</p></body>", VALUES, 300, "en")
    assert html == "<body><p>Dear Zoë,</p><p>482913</p></body>"
    assert text == "Dear Zoë,\n\n482913"


@pytest.mark.parametrize("template", ["Hello {{userName}}.", "<p>Hello</p>", "<html><body><p>Hello</p></body></html>"])
def test_a_template_without_a_place_for_the_code_gets_one(template: str) -> None:
    for body in email_body(template, VALUES, 300, "en"):
        assert "Your code is 482913." in body
    assert "Your code is 482913." in sms_body("Hello", VALUES, 300, "en")


def test_the_text_has_the_code_wherever_the_markup_hides_it() -> None:
    text, _ = email_body("<html><head><title>{{otp}}</title></head><body><p>Hello</p></body></html>", VALUES, 300, "en")
    assert text == "Hello\n\nYour code is 482913."


@pytest.mark.parametrize("company", ["Bank", "Ünïcödé Bänk", "株式会社", "B" * 300, "", "a {b} [c] ~ €"])
@pytest.mark.parametrize("seconds", [1, 300, 86_400])
@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ja"])
def test_our_own_sms_is_a_single_one(company: str, seconds: float, language: str) -> None:
    text = sms_body("", VALUES | {"companyName": company, "code": "48291377"}, seconds, language)
    assert len(text) <= SMS_CHARACTERS
    assert gsm_only(text) == text
    assert text.startswith("48291377 ")
    assert "  " not in text


def test_an_authors_sms_is_bounded() -> None:
    assert sms_body("{{otp}} " + "x" * 5000, VALUES, 300, "en").startswith("482913 xxx")
    assert len(sms_body("{{otp}} " + "x" * 5000, VALUES, 300, "en")) == 1600


@pytest.mark.parametrize(
    ("seconds", "words"), [(45, "45 seconds"), (90, "2 minutes"), (120, "2 minutes"), (600, "10 minutes")]
)
def test_how_long_it_is_valid(seconds: float, words: str) -> None:
    assert f"valid for {words}." in sms_body("", VALUES, seconds, "en")


@pytest.mark.parametrize(
    ("language", "words", "duration"),
    [("de", "Bestätigungscode", "5 Minuten"), ("es-MX", "código", "5 minutos"), ("fr", "vérification", "5 minutes")],
)
def test_our_own_words_are_in_the_language_of_the_session(language: str, words: str, duration: str) -> None:
    text, html = email_body("", VALUES, 300, language)
    for body in (text, html):
        assert words in body
        assert duration in body
        assert "{" not in text
    assert f'lang="{language[:2]}"' in html
    assert words in email_subject("Bank", language)
    assert "482913" in email_body("Hallo", VALUES, 300, language)[0]


def test_other_languages_get_english() -> None:
    assert email_body("", VALUES, 300, "ja") == email_body("", VALUES, 300, "en")
