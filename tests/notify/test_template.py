"""Authors' templates."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtc_server.notify.template import fill, has_code, is_html, text_of

VALUES = {"otp": "482913", "code": "482913", "userName": "Zoë <b>", "companyName": "A & B"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{{otp}}", "482913"),
        ("{{ code }}", "482913"),
        ("Hi {{userName}} of {{companyName}}", "Hi Zoë <b> of A & B"),
        ("{{unknown}} {otp} {{}} {{otp", "{{unknown}} {otp} {{}} {{otp"),
        ("{{otp}}{{otp}}", "482913482913"),
    ],
)
def test_placeholders_are_filled(template: str, filled: str) -> None:
    assert fill(template, VALUES, html=False) == filled


def test_values_are_escaped_in_html_and_never_filled_themselves() -> None:
    assert fill("<p>{{userName}} {{companyName}}", VALUES, html=True) == "<p>Zoë &lt;b&gt; A &amp; B"
    assert fill("{{userName}}", VALUES | {"userName": "{{otp}}"}, html=False) == "{{otp}}"


@pytest.mark.parametrize(("template", "found"), [("{{otp}}", True), ("{{ code }}", True), ("{{userName}}", False)])
def test_a_place_for_the_code(template: str, found: bool) -> None:
    assert has_code(template) is found


@pytest.mark.parametrize(
    ("template", "found"),
    [("<p>Hi</p>", True), ("<!DOCTYPE html>", True), ("a<br>b", True), ("1 < 2", False), ("<code> {{otp}}", False)],
)
def test_html_is_told_from_text(template: str, found: bool) -> None:
    assert is_html(template) is found


def test_html_is_read_as_text() -> None:
    html = """<html><head><title>T</title><style>p { color: red }</style></head>
    <body><h1>Hello  Zo&euml;</h1><p>Your code:<br><b>482913</b></p>
    <script>alert(1)</script><div>Bye</div></body></html>"""
    assert text_of(html) == "Hello Zoë\n\nYour code:\n482913\n\nBye"


@given(st.text(st.sampled_from(list("<>![]-/&;{}p{ \n")) | st.characters()))
@example("<![foo[ <p>482913")
@example("<p><![if !mso]>482913<![endif]></p>")
def test_no_template_breaks_the_reader(template: str) -> None:
    text = text_of(template)
    assert "482913" not in template or "482913" in text
