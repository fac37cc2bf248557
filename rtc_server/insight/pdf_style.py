"""How a report looks on paper: fonts, sizes, colours, tables."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Table

REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN

INK = HexColor("#1b2430")
QUIET = HexColor("#5b6775")
LINE = HexColor("#d5dbe3")
SHADE = HexColor("#f3f5f8")
VERDICTS = {"good": HexColor("#0b6b43"), "bad": HexColor("#a1221c"), "open": HexColor("#5b6775")}
"""Colour of the verdict; its words and its sign say the same."""

BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=9, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=7.5, leading=10.5)
LABEL = ParagraphStyle("label", SMALL, textColor=QUIET)
HEAD = ParagraphStyle("head", SMALL, fontName=BOLD)
TITLE = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=18, leading=23)
SECTION = ParagraphStyle(
    "section", BODY, fontName=BOLD, fontSize=12, leading=16, spaceBefore=14, spaceAfter=5, keepWithNext=1
)
PART = ParagraphStyle("part", BODY, fontName=BOLD, spaceBefore=7, spaceAfter=3, keepWithNext=1)
SPEECH = ParagraphStyle(
    "speech", BODY, leftIndent=36 * mm, bulletFontName=REGULAR, bulletFontSize=7.5, bulletColor=QUIET, spaceAfter=3
)


def register_fonts() -> None:
    """Make DejaVu Sans known: Latin, Greek, Cyrillic and more, from the files that come with Matplotlib."""
    if REGULAR in pdfmetrics.getRegisteredFontNames() and BOLD in pdfmetrics.getRegisteredFontNames():
        return
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise RuntimeError("the fonts of reports come with matplotlib, which is not installed")
    folder = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def text(content: str, style: ParagraphStyle = BODY, mark: str | None = None) -> Paragraph:
    """A paragraph of plain text, whatever stands in it; ``mark`` stands before its first line, in the indent."""
    return Paragraph(escape(content), style, bulletText=mark)


def verdict_style(kind: str) -> ParagraphStyle:
    """Of the headline."""
    return ParagraphStyle(f"verdict {kind}", BODY, fontName=BOLD, fontSize=13, leading=18, textColor=VERDICTS[kind])


def pairs(rows: Sequence[tuple[str, str]]) -> Table:
    """Names and values in two columns."""
    cells = [[text(name, LABEL), text(value)] for name, value in rows]
    table = Table(cells, colWidths=(38 * mm, WIDTH - 38 * mm))
    table.setStyle([*_PLAIN, ("LINEBELOW", (0, 0), (-1, -2), 0.4, LINE)])
    return table


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    """A table with a head that is repeated on each page; ``widths`` are shares of the page."""
    total = sum(widths)
    cells: list[list[Flowable]] = [[text(head, HEAD) for head in heads]]
    cells += [[text(value, SMALL) for value in row] for row in rows]
    table = Table(cells, colWidths=[WIDTH * width / total for width in widths], repeatRows=1)
    table.setStyle([*_PLAIN, ("BACKGROUND", (0, 0), (-1, 0), SHADE), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)])
    return table


_PLAIN: tuple[tuple[Any, ...], ...] = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
)


def colour_of(kind: str) -> Color:
    """Of the bar beside the verdict."""
    return VERDICTS[kind]
