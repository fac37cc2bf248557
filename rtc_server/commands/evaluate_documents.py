"""``visavis evaluate documents``: how well documents are read, on labelled pictures of one's own."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from rtc_server.commands.documents import civil_date, document_engines, document_of, read_files
from rtc_server.settings import Settings
from vision.document.document import Document
from vision.evaluation.document_samples import DocumentSample, read_document_samples
from vision.evaluation.documents import (
    DocumentsReport,
    evaluate_documents,
    evaluation_plan,
)
from vision.evaluation.pad import Progress


def add_parsers(kinds: Any) -> list[argparse.ArgumentParser]:
    """Register the kind; the caller adds what all kinds share."""
    parser: argparse.ArgumentParser = kinds.add_parser(
        "documents",
        help="documents read, field by field",
        description="JSON Lines with path (or paths: pictures of one document), relative to the manifest, and what "
        "stands on it: mrz (list of lines), text (content of its bar code), fields (name to value, dates as "
        "2031-12-31). Rows without any of these are left out; group or label sorts them. Prints how many documents "
        "were read exactly, refused, and read wrongly, each field, and CPU time.",
    )
    parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE", help="judge dates as of then")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    parser.set_defaults(measure=_measure)
    return [parser]


async def _measure(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> DocumentsReport:
    samples = read_document_samples(arguments.file)
    today = civil_date(arguments.today or date.today())
    async with document_engines(settings) as engines:
        reader = engines.reader

        def read(sample: DocumentSample) -> tuple[Document | None, float]:
            try:
                sides, seconds = read_files(reader, sample.pictures)
            except ValueError:
                return None, 0.0
            return document_of(sides, evaluation_plan(today)), seconds

        return await engines.read(evaluate_documents, samples, read, today, reader.engines, progress)
