"""A report as PDF: what stands on it, and that nothing in a report can keep it from being written."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Table

from rtc_server.insight.pdf import ReportSheet, report_pdf, story
from rtc_server.insight.pdf_sections import MAX_PHRASES, Picture
from tests.insight.sessions import node, report
from tests.storage.records import START_MS

SESSION = {
    "id": "s-4711",
    "tenant": "acme",
    "sandbox": False,
    "status": "complete",
    "reason": "end",
    "createdAt": START_MS,
    "startedAt": START_MS,
    "finishedAt": START_MS + 61_000,
    "clientReferenceId": "customer-1",
}
PHRASE = {"id": "p1", "createdAt": START_MS + 4_000, "text": "Hello <b>Robin</b> & welcome", "isAvatar": True}


def sheet(found: dict[str, Any], **fields: Any) -> ReportSheet:
    usual: dict[str, Any] = {"report_sha256": "ab" * 32, "made_at": START_MS + 10**6, "made_by": "Kim Berg"}
    return ReportSheet(session=SESSION, report=found, **usual | fields)


def words(flowables: object) -> Iterator[str]:
    """Every text in a story, in order."""
    if isinstance(flowables, Paragraph):
        yield flowables.getPlainText()
    elif isinstance(flowables, Table):
        yield from words([cell for row in flowables._cellvalues for cell in row])
    elif isinstance(flowables, KeepTogether):
        yield from words(flowables._content)
    elif isinstance(flowables, list | tuple | Iterator):
        for flowable in flowables:
            yield from words(flowable)


def said(wanted: ReportSheet) -> list[str]:
    return list(words(list(story(wanted))))


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_everything_that_matters_stands_on_it() -> None:
    checked = node("live", "liveness_detection", "inconclusive", 30, verdict="inconclusive", score=0.41)
    checked["evidence"]["cues"] = [{"name": "pad_texture", "state": "not_checked", "reason": "no_model"}]
    found = report(
        node("hello", "conversation", "live", 9, quote="yes"),
        checked,
        transcript=[PHRASE, PHRASE | {"isAgent": True, "text": "One moment"}],
        extractedData={"email": "robin@example.org", "amount": None},
        verdict={"reasons": ["live:inconclusive"]},
        agents=[{"name": "Alex", "joinedAt": START_MS, "leftAt": START_MS + 5_000, "lines": 2, "tookOver": []}],
    )
    review = {"decision": "approve", "reason": "I know her", "decidedAt": START_MS, "by": "Kim"}
    on_paper = said(sheet(found, review=review, audit_head={"sequence": 12, "hash": "cd" * 32, "at": START_MS}))
    for expected in (
        "✕ Not verified",
        "Node “live” came to “inconclusive”.",
        "customer-1",
        "Approved by Kim, 2026-09-21 14:13:20 UTC. “I know her”",
        "Texture",
        "no model",
        "robin@example.org",
        "Alex",
        "Hello <b>Robin</b> & welcome",
        "ab" * 32,
        "cd" * 32,
    ):
        assert expected in on_paper, expected
    assert "Amount" not in on_paper
    speech = [flowable for flowable in story(sheet(found)) if getattr(flowable, "bulletText", None)]
    assert [flowable.bulletText for flowable in speech] == ["0:04  Avatar", "0:04  Agent"]


def test_sections_without_content_are_left_out() -> None:
    on_paper = said(sheet(report()))
    for heading in ("Review", "Checks", "Way through the flow", "Values", "Agents", "Transcript", "Pictures"):
        assert heading not in on_paper


def test_a_long_session_goes_over_many_numbered_pages() -> None:
    long = [PHRASE | {"text": f"line {number} " + "word " * 30} for number in range(200)]
    pdf = report_pdf(sheet(report(transcript=long)))
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert page_count(pdf) >= 8
    assert b"/Lang (en)" in pdf


def test_what_people_say_cannot_break_it() -> None:
    nasty = [
        "<para><img src='file:///etc/hostname'/></para>",
        "</b><a href='x'>",
        "\x00\x07",
        "x" * 20_000,
        "안녕 🙂",
        "",
    ]
    found = report(
        *(node(text, text, text, 3, quote=text, reason=text) for text in nasty),
        transcript=[PHRASE | {"text": text} for text in nasty],
        extractedData={text: text for text in nasty},
    )
    pdf = report_pdf(sheet(found, made_by=nasty[0]))
    assert page_count(pdf) >= 2
    assert all(b"hostname" not in content for content in _contents(pdf))


def _contents(pdf: bytes) -> Iterator[bytes]:
    """Names of outside files would stand in objects, not in drawn text, which is in glyph numbers."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def test_pictures_are_drawn_only_when_given_and_broken_ones_named() -> None:
    jpeg = io.BytesIO()
    Image.new("RGB", (64, 48), "#336699").save(jpeg, "JPEG")
    pictures = [Picture("document.face", START_MS, jpeg.getvalue()), Picture("screenshot", START_MS, b"nothing")]
    with_pictures = sheet(report(), pictures=pictures)
    assert "This picture cannot be read." in said(with_pictures)
    assert b"/Subtype /Image" in report_pdf(with_pictures)
    assert b"/Subtype /Image" not in report_pdf(sheet(report()))


def test_more_phrases_than_anybody_reads_are_counted() -> None:
    many = [PHRASE] * (MAX_PHRASES + 3)
    on_paper = said(sheet(report(transcript=many)))
    assert "3 more phrases are left out." in on_paper


def test_a_redacted_report_is_still_a_report() -> None:
    bare: list[Flowable] = list(story(sheet({"transcript": [], "nodeReports": [{"type": "start"}]})))
    assert bare
    assert page_count(report_pdf(sheet({"transcript": [], "nodeReports": [{"type": "start"}]}))) == 1
