"""The wording of messages that carry a code."""

import unicodedata
from collections.abc import Mapping
from html import escape

from rtc_server.notify.template import fill, has_code, is_html, text_of

SMS_CHARACTERS = 160
"""One SMS in the alphabet of GSM 03.38; our own text always fits."""
MAX_SMS_CHARACTERS = 1_600
"""An author's text is cut here, which is what providers take."""
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SMS_NAME_CHARACTERS = 30

_LAYOUT = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px; background: #f4f5f7; color: #16181d; }}
main {{ max-width: 30em; margin: 0 auto; padding: 28px; border-radius: 12px; background: #ffffff;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }}
p {{ margin: 0 0 16px; }}
.code {{ font: 600 32px/1.3 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 0.18em; }}
.small {{ margin: 0; color: #4b5160; font-size: 14px; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #111318; color: #f1f2f5; }}
  main {{ background: #1c1f27; }}
  .small {{ color: #b3b9c6; }}
}}
</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def email_subject(company: str) -> str:
    """The subject; without the code, which would show on locked screens."""
    return f"Your verification code for {company}"


def email_body(template: str, values: Mapping[str, str], valid_seconds: float) -> tuple[str, str]:
    """(text, HTML) of a mail. ``template`` is the author's, text or HTML; empty = ours.

    ``values`` has ``otp``, ``code``, ``userName`` and ``companyName``. An author's template without a place for the
    code gets it at its end.
    """
    if not template.strip():
        return _own_text(values, valid_seconds), _own_html(values, valid_seconds)
    if is_html(template):
        return _from_html(template, values)
    text = fill(_with_code(template), values, html=False)
    paragraphs = "\n".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    return text, _LAYOUT.format(lang="und", title=escape(email_subject(values["companyName"])), content=paragraphs)


def sms_body(template: str, values: Mapping[str, str], valid_seconds: float) -> str:
    """The text of an SMS. ``template`` is the author's; empty = ours."""
    if template.strip():
        return fill(_with_code(template), values, html=False)[:MAX_SMS_CHARACTERS]
    company = gsm_only(values["companyName"])[:_SMS_NAME_CHARACTERS].strip()
    whose = f"{company} verification" if company else "verification"
    return f"{values['code']} is your {whose} code. It is valid for {_duration(valid_seconds)}. Do not share it."


def gsm_only(text: str) -> str:
    """Text in the basic alphabet of GSM 03.38: accents go where they must, other characters are left out."""
    plain: list[str] = []
    for character in text:
        if character in _GSM:
            plain.append(character)
        else:
            plain.extend(c for c in unicodedata.normalize("NFKD", character) if c in _GSM)
    return "".join(plain)


def _with_code(template: str) -> str:
    return template if has_code(template) else f"{template.rstrip()}\n\nYour code is {{{{code}}}}."


def _from_html(template: str, values: Mapping[str, str]) -> tuple[str, str]:
    if not has_code(template):
        body, closing, rest = template.rpartition("</body>")
        line = "<p>Your code is {{code}}.</p>"
        template = f"{body}{line}{closing}{rest}" if closing else f"{template}\n{line}"
    html = fill(template, values, html=True)
    return text_of(html), html


def _own_text(values: Mapping[str, str], valid_seconds: float) -> str:
    return (
        f"{_greeting(values)}\n\n"
        f"Your verification code for {values['companyName']} is:\n\n"
        f"    {values['code']}\n\n"
        f"It is valid for {_duration(valid_seconds)}. Say it or type it where you are being verified.\n\n"
        "Do not share it with anyone. If you did not ask for it, ignore this message.\n"
    )


def _own_html(values: Mapping[str, str], valid_seconds: float) -> str:
    company = escape(values["companyName"])
    content = (
        f"<p>{escape(_greeting(values))}</p>\n"
        f"<p>Your verification code for {company} is:</p>\n"
        f'<p class="code">{escape(values["code"])}</p>\n'
        f"<p>It is valid for {_duration(valid_seconds)}. Say it or type it where you are being verified.</p>\n"
        '<p class="small">Do not share it with anyone. If you did not ask for it, ignore this message.</p>'
    )
    return _LAYOUT.format(lang="en", title=escape(email_subject(values["companyName"])), content=content)


def _greeting(values: Mapping[str, str]) -> str:
    return f"Hello {values['userName']}," if values["userName"] else "Hello,"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes"
