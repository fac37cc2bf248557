"""The report of a session as PDF (ISO 32000, A4): for a file, a court, or whoever does not use the console."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from rtc_server.insight import pdf_sections as sections
from rtc_server.insight.pdf_sections import Picture
from rtc_server.insight.pdf_style import LINE, MARGIN, QUIET, REGULAR, WIDTH, register_fonts
from rtc_server.insight.pdf_words import moment, shown
from rtc_server.storage.ports import Json

FOOTER_HEIGHT = 14 * mm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSheet:
    """What goes onto the paper; masked already when whoever asks may not see everything."""

    session: Json
    """``id``, ``tenant``, ``sandbox``, ``status``, ``reason``, ``createdAt``, ``startedAt``, ``finishedAt``,
    ``redactedAt``, ``flowId``, ``clientReferenceId``, ``device``, ``consent``; what is missing is left out."""
    report: Json
    report_sha256: str
    """Of the report as it is stored, unmasked (``storage.redaction.report_sha256``)."""
    made_at: int
    made_by: str
    """Who asked for it, as every page says."""
    review: Json | None = None
    """``review`` of the report."""
    audit_head: Json | None = None
    """Newest entry of the audit: ``sequence``, ``hash``, ``at``."""
    pictures: Sequence[Picture] = ()
    """Only those that were opened for this with a reason."""


def report_pdf(sheet: ReportSheet) -> bytes:
    """The bytes of the file. Takes up to a second of computing: call it off the event loop."""
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=f"Session report {sheet.session.get('id', '')}",
        author="Visavis",
        creator="Visavis",
        lang="en",
    )
    frame = Frame(MARGIN, MARGIN + FOOTER_HEIGHT, WIDTH, A4[1] - 2 * MARGIN - FOOTER_HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame])])
    document.build(list(story(sheet)), canvasmaker=_numbered(_footer(sheet)))
    return buffer.getvalue()


def story(sheet: ReportSheet) -> Iterator[Flowable]:
    """All sections in order; those without content are left out."""
    register_fonts()
    session, report = sheet.session, sheet.report
    yield from sections.front(session, report)
    yield from sections.review(sheet.review)
    yield from sections.checks(report)
    yield from sections.nodes(session, report)
    yield from sections.values(report)
    yield from sections.agents(report)
    yield from sections.transcript(session, report)
    yield from sections.pictures(sheet.pictures)
    yield from sections.proof(sheet.report_sha256, sheet.audit_head)


def _footer(sheet: ReportSheet) -> str:
    return f"{shown(sheet.session.get('id', ''))} · made {moment(sheet.made_at)} for {shown(sheet.made_by)}"


def _numbered(footer: str) -> type[Canvas]:
    """A canvas that writes its footer when the number of pages is known."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
        """Keeps pages until the last one has been laid out."""

        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            self._pages: list[dict[str, object]] = []

        def showPage(self) -> None:
            """Keep a page for later."""
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Write all pages."""
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self.setStrokeColor(LINE)
                self.line(MARGIN, MARGIN + 7 * mm, A4[0] - MARGIN, MARGIN + 7 * mm)
                self.setFont(REGULAR, 7)
                self.setFillColor(QUIET)
                self.drawString(MARGIN, MARGIN + 3 * mm, footer)
                self.drawRightString(A4[0] - MARGIN, MARGIN + 3 * mm, f"page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas
