"""The wording of messages that carry a code."""

import unicodedata
from collections.abc import Mapping
from html import escape

from rtc_server.notify.phrases import Phrases, phrases
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


def email_subject(company: str, language: str) -> str:
    """The subject; without the code, which would show on locked screens."""
    return phrases(language).subject.format(company=company)


def email_body(template: str, values: Mapping[str, str], valid_seconds: float, language: str) -> tuple[str, str]:
    """(text, HTML) of a mail. ``template`` is the author's, text or HTML; empty = ours, in the session's language.

    ``values`` has ``otp``, ``code``, ``userName`` and ``companyName``. An author's template without a place for the
    code gets it at its end.
    """
    ours = phrases(language)
    if not template.strip():
        return _own_text(values, valid_seconds, ours), _own_html(values, valid_seconds, ours)
    if is_html(template):
        return _from_html(template, values, ours)
    text = fill(_with_code(template, ours), values, html=False)
    paragraphs = "\n".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    title = ours.subject.format(company=values["companyName"])
    return text, _LAYOUT.format(lang="und", title=escape(title), content=paragraphs)


def sms_body(template: str, values: Mapping[str, str], valid_seconds: float, language: str) -> str:
    """The text of an SMS. ``template`` is the author's; empty = ours, in the session's language."""
    ours = phrases(language)
    if template.strip():
        return fill(_with_code(template, ours), values, html=False)[:MAX_SMS_CHARACTERS]
    company = gsm_only(values["companyName"])[:_SMS_NAME_CHARACTERS].strip()
    sentence = ours.sms_company if company else ours.sms
    return gsm_only(sentence.format(code=values["code"], company=company, duration=ours.duration(valid_seconds)))


def gsm_only(text: str) -> str:
    """Text in the basic alphabet of GSM 03.38: accents go where they must, other characters are left out."""
    plain: list[str] = []
    for character in text:
        if character in _GSM:
            plain.append(character)
        else:
            plain.extend(c for c in unicodedata.normalize("NFKD", character) if c in _GSM)
    return "".join(plain)


def _with_code(template: str, ours: Phrases) -> str:
    return template if has_code(template) else f"{template.rstrip()}\n\n{_appended(ours)}"


def _appended(ours: Phrases) -> str:
    return ours.appended.format(code="{{code}}")


def _from_html(template: str, values: Mapping[str, str], ours: Phrases) -> tuple[str, str]:
    if not has_code(template):
        body, closing, rest = template.rpartition("</body>")
        line = f"<p>{_appended(ours)}</p>"
        template = f"{body}{line}{closing}{rest}" if closing else f"{template}\n{line}"
    html = fill(template, values, html=True)
    text = text_of(html)
    if values["code"] not in text:  # it stands where only some readers of HTML look
        text = f"{text}\n\n{ours.appended.format(code=values['code'])}"
    return text, html


def _own_text(values: Mapping[str, str], valid_seconds: float, ours: Phrases) -> str:
    greeting, code_is, valid = _sentences(values, valid_seconds, ours)
    return f"{greeting}\n\n{code_is}\n\n    {values['code']}\n\n{valid}\n\n{ours.careful}\n"


def _own_html(values: Mapping[str, str], valid_seconds: float, ours: Phrases) -> str:
    greeting, code_is, valid = _sentences(values, valid_seconds, ours)
    content = (
        f"<p>{escape(greeting)}</p>\n"
        f"<p>{escape(code_is)}</p>\n"
        f'<p class="code">{escape(values["code"])}</p>\n'
        f"<p>{escape(valid)}</p>\n"
        f'<p class="small">{escape(ours.careful)}</p>'
    )
    title = ours.subject.format(company=values["companyName"])
    return _LAYOUT.format(lang=ours.language, title=escape(title), content=content)


def _sentences(values: Mapping[str, str], valid_seconds: float, ours: Phrases) -> tuple[str, str, str]:
    name = values["userName"]
    return (
        ours.hello_name.format(name=name) if name else ours.hello,
        ours.code_is.format(company=values["companyName"]),
        ours.valid.format(duration=ours.duration(valid_seconds)),
    )
