"""The sections of a report on paper, each as what is laid out one below the other."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image as PilImage
from PIL import UnidentifiedImageError
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, Spacer, Table

from rtc_server.insight import pdf_words as say
from rtc_server.insight.pdf_style import (
    LABEL,
    PART,
    SECTION,
    SMALL,
    SPEECH,
    TITLE,
    WIDTH,
    colour_of,
    grid,
    pairs,
    text,
    verdict_style,
)
from rtc_server.storage.ports import Json

MAX_PHRASES = 3_000
PICTURE_WIDTH = 80 * mm
PICTURE_HEIGHT = 70 * mm
ROOM_FOR_HEADING = 30 * mm
"""A section does not begin with less than that left on a page."""

_CHECKS = ("liveness_detection", "age_estimation", "face_scan", "face_compare", "recognition", "document_scan")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the session that goes onto the paper."""

    kind: str
    """As in ``MediaRecord``."""
    created_at: int
    content: bytes
    """JPEG, PNG or WebP."""


def front(session: Json, report: Json) -> Iterator[Flowable]:
    """Title, verdict with its reasons, and what is known of the session."""
    yield text("Session report", TITLE)
    headline, kind = say.verdict_of(session, report)
    lines: list[Flowable] = [text(headline, verdict_style(kind))]
    lines += [text(sentence) for sentence in say.reasons_of(session, report)]
    box = Table([[lines]], colWidths=(WIDTH,))
    box.setStyle([("LINEBEFORE", (0, 0), (0, -1), 3, colour_of(kind)), ("LEFTPADDING", (0, 0), (-1, -1), 9)])
    yield from (Spacer(0, 3 * mm), box, Spacer(0, 4 * mm))
    yield pairs(say.facts_of_session(session, report))


def review(member: Json | None) -> Iterator[Flowable]:
    """What people decided."""
    if member:
        yield from _heading("Review")
        yield from (text(line) for line in say.review_lines(member))


def checks(report: Json) -> Iterator[Flowable]:
    """Each node that looked, with its cues and, of a document, its fields."""
    nodes = [node for node in report.get("nodeReports", ()) if node.get("type") in _CHECKS]
    if not nodes:
        return
    yield from _heading("Checks")
    summary = (report.get("aiAnalysis") or {}).get("overallSummary")
    if summary:
        yield text(" ".join(str(summary).split()))
    for node in nodes:
        yield text(f"{say.words(node.get('type')).capitalize()}: {say.shown(node.get('outcome'))}", PART)
        if explanation := say.why(node):
            yield text(explanation)
        if rows := say.cue_rows(node):
            yield Spacer(0, 1.5 * mm)
            yield grid(("Cue", "Says", "Value or reason"), rows, (40, 20, 40))
        if fields := say.document_rows(node.get("report") or {}) if node.get("type") == "document_scan" else ():
            yield from (Spacer(0, 1.5 * mm), pairs(fields))


def nodes(session: Json, report: Json) -> Iterator[Flowable]:
    """The way through the flow."""
    reports = report.get("nodeReports", ())
    if not reports:
        return
    yield from _heading("Way through the flow")
    start = _start(session)
    rows = [
        (
            say.clock((node.get("createdAt", start) - start) / 1000),
            say.shown(node.get("nodeId")),
            say.words(node.get("type")),
            say.shown(node.get("outcome")),
            say.why(node),
        )
        for node in reports
    ]
    yield grid(("At", "Node", "Type", "Left by", "Why"), rows, (8, 18, 20, 20, 34))


def values(report: Json) -> Iterator[Flowable]:
    """What the person said, in fields."""
    rows = [
        (say.title(name), say.shown(value))
        for name, value in (report.get("extractedData") or {}).items()
        if value is not None
    ]
    if rows:
        yield from _heading("Values")
        yield pairs(rows)


def agents(report: Json) -> Iterator[Flowable]:
    """Support agents who watched or spoke."""
    visits = report.get("agents") or ()
    if not visits:
        return
    yield from _heading("Agents")
    rows = [
        (
            say.shown(visit.get("name", "")),
            say.moment(visit.get("joinedAt")),
            say.moment(visit.get("leftAt")),
            str(visit.get("lines", 0)),
            str(len(visit.get("tookOver") or ())),
        )
        for visit in visits
    ]
    yield grid(("Name", "Joined", "Left", "Lines", "Took over"), rows, (25, 27, 27, 9, 12))


def transcript(session: Json, report: Json) -> Iterator[Flowable]:
    """What was said."""
    phrases: Sequence[Json] = report.get("transcript") or ()
    if not phrases:
        return
    yield from _heading("Transcript")
    start = _start(session)
    for phrase in phrases[:MAX_PHRASES]:
        at = say.clock((phrase.get("createdAt", start) - start) / 1000)
        words = " ".join(str(phrase.get("text", "")).split())
        yield text(words, SPEECH, mark=f"{at}  {_speaker(phrase)}")
    if len(phrases) > MAX_PHRASES:
        yield text(f"{len(phrases) - MAX_PHRASES} more phrases are left out.", LABEL)


def pictures(found: Sequence[Picture]) -> Iterator[Flowable]:
    """Pictures two in a row; one that cannot be read is named."""
    if not found:
        return
    yield from _heading("Pictures")
    cells = [_picture(picture) for picture in found]
    rows = [cells[index : index + 2] for index in range(0, len(cells), 2)]
    if len(rows[-1]) == 1:
        rows[-1].append([Spacer(0, 0)])
    yield Table(rows, colWidths=(WIDTH / 2, WIDTH / 2), style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def proof(report_sha256: str, audit_head: Json | None) -> Iterator[Flowable]:
    """By what this paper can be compared with what the server holds."""
    rows = [("SHA-256 of the report", report_sha256)]
    if audit_head:
        rows += [
            ("Audit, entry", str(audit_head.get("sequence"))),
            ("Its hash", str(audit_head.get("hash"))),
            ("Its time", say.moment(audit_head.get("at"))),
        ]
    heading = text("Proof", SECTION)
    yield KeepTogether([heading, pairs(rows)])


def _heading(title: str) -> Iterator[Flowable]:
    yield CondPageBreak(ROOM_FOR_HEADING)
    yield text(title, SECTION)


def _start(session: Json) -> int:
    return int(session.get("startedAt") or session.get("createdAt") or 0)


def _speaker(phrase: Json) -> str:
    if phrase.get("isAgent"):
        return "Agent"
    name = "Avatar" if phrase.get("isAvatar") else "Person"
    return f"{name} (typed)" if phrase.get("isTyped") else name


def _picture(picture: Picture) -> list[Flowable]:
    caption = text(
        f"{say.words(picture.kind.replace('.', ', ')).capitalize()}, {say.moment(picture.created_at)}", LABEL
    )
    try:
        with PilImage.open(io.BytesIO(picture.content)) as opened:
            size = opened.size
            jpeg = io.BytesIO()
            opened.convert("RGB").save(jpeg, "JPEG", quality=90)
    except (UnidentifiedImageError, OSError, ValueError):
        return [text("This picture cannot be read.", SMALL), caption]
    scale = min(PICTURE_WIDTH / size[0], PICTURE_HEIGHT / size[1])
    jpeg.seek(0)
    return [Image(jpeg, width=size[0] * scale, height=size[1] * scale), caption]
