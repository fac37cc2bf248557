"""Authors' templates of messages: ``{{otp}}``, ``{{code}}``, ``{{userName}}``, ``{{companyName}}`` (contract §3.3)."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from html.parser import HTMLParser

_PLACEHOLDER = re.compile(r"\{\{\s*(otp|code|userName|companyName)\s*\}\}")
_CODE = re.compile(r"\{\{\s*(?:otp|code)\s*\}\}")
_MARKUP = re.compile(r"<(?:!doctype|html|body|head|table|div|p|br|h[1-6]|a|b|strong|em|i|ul|ol|span|center)\b", re.I)
_TAG = re.compile(r"<[^>]*>")
_BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
_SILENT = frozenset({"head", "style", "script", "title"})
_BLANK_LINES = re.compile(r"\n\s*\n\s*")


def has_code(template: str) -> bool:
    """Whether the template says where the code goes."""
    return _CODE.search(template) is not None


def is_html(template: str) -> bool:
    """Whether the template is HTML rather than text."""
    return _MARKUP.search(template) is not None


def fill(template: str, values: Mapping[str, str], *, html: bool) -> str:
    """Put values in; in HTML they are escaped. A placeholder inside a value stays as it is."""
    quote: Callable[[str], str] = escape if html else str
    return _PLACEHOLDER.sub(lambda match: quote(values[match.group(1)]), template)


def text_of(html: str) -> str:
    """What a reader without HTML should see."""
    reader = _TextReader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # how the parser answers declarations that it does not know
        return " ".join(unescape(_TAG.sub(" ", html)).split())
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


class _TextReader(HTMLParser):
    """Collects text; a block begins a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Text; its own line breaks mean nothing."""
        if not self._silent:
            self.parts.append(" ".join(data.split("\n")))
