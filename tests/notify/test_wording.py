"""What people get to read."""

import pytest

from rtc_server.notify.wording import SMS_CHARACTERS, email_body, email_subject, gsm_only, sms_body

VALUES = {"otp": "482913", "code": "482913", "userName": "Zoë", "companyName": "Bank & Söhne"}


def test_our_own_mail_says_all_that_matters_in_both_forms() -> None:
    text, html = email_body("", VALUES, 300)
    for body in (text, html):
        assert "482913" in body
        assert "5 minutes" in body
        assert "Zoë" in body
    assert "Bank & Söhne" in text
    assert "Bank &amp; Söhne" in html
    assert "482913" not in email_subject(VALUES["companyName"])


def test_our_own_mail_loads_nothing_and_knows_the_dark() -> None:
    _, html = email_body("", VALUES, 300)
    assert "http" not in html
    assert "<img" not in html
    assert 'lang="en"' in html
    assert "prefers-color-scheme: dark" in html


def test_a_name_is_never_markup() -> None:
    hostile = VALUES | {"userName": '<img src="http://evil.example/x">'}
    for template in ("", "Hello {{userName}} {{otp}}", "<p>Hello {{userName}} {{otp}}</p>"):
        _, html = email_body(template, hostile, 300)
        assert "<img" not in html


def test_an_author_may_write_text() -> None:
    text, html = email_body("Dear {{userName}},\nuse {{otp}}.\n\nBye", VALUES, 300)
    assert text == "Dear Zoë,\nuse 482913.\n\nBye"
    assert "<p>Dear Zoë,<br>use 482913.</p>\n<p>Bye</p>" in html


def test_an_author_may_write_html() -> None:
    text, html = email_body("<body><p>Dear {{userName}},</p><p>{{code}}</p></body>", VALUES, 300)
    assert html == "<body><p>Dear Zoë,</p><p>482913</p></body>"
    assert text == "Dear Zoë,\n\n482913"


@pytest.mark.parametrize("template", ["Hello {{userName}}.", "<p>Hello</p>", "<html><body><p>Hello</p></body></html>"])
def test_a_template_without_a_place_for_the_code_gets_one(template: str) -> None:
    for body in email_body(template, VALUES, 300):
        assert "Your code is 482913." in body
    assert "Your code is 482913." in sms_body("Hello", VALUES, 300)


@pytest.mark.parametrize("company", ["Bank", "Ünïcödé Bänk", "株式会社", "B" * 300, "", "a {b} [c] ~ €"])
@pytest.mark.parametrize("seconds", [1, 60, 300, 3600, 86_400])
def test_our_own_sms_is_a_single_one(company: str, seconds: float) -> None:
    text = sms_body("", VALUES | {"companyName": company, "code": "48291377"}, seconds)
    assert len(text) <= SMS_CHARACTERS
    assert gsm_only(text) == text
    assert text.startswith("48291377 is your ")
    assert "  " not in text


def test_an_authors_sms_is_bounded() -> None:
    assert sms_body("{{otp}} " + "x" * 5000, VALUES, 300).startswith("482913 xxx")
    assert len(sms_body("{{otp}} " + "x" * 5000, VALUES, 300)) == 1600


@pytest.mark.parametrize(
    ("seconds", "words"), [(45, "45 seconds"), (90, "2 minutes"), (120, "2 minutes"), (600, "10 minutes")]
)
def test_how_long_it_is_valid(seconds: float, words: str) -> None:
    assert f"valid for {words}." in sms_body("", VALUES, seconds)
