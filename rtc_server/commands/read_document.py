"""``visavis read-document``: what pictures of one document say, as a call would take it."""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from conversation.flow.schema.document_types import COMMON_NAMES, blinkid_type
from rtc_server.commands.documents import civil_date, document_engines, document_of, read_files
from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.session.vision.picture import encode_jpeg
from vision.document.capture.plan import Plan
from vision.document.document import Document
from vision.document.evidence import document_evidence, verdict_of
from vision.document.report import document_report
from vision.reading.ports import ReadSide

NOT_TAKEN = 3
"""Exit status of a document that could not be read surely, or may not be taken."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "read-document",
        help="read a passport, driving licence or id card from pictures",
        description="Reads pictures of ONE document: its front and back, or the same side several times, which then "
        "vote. Nothing leaves this machine and nothing is kept.",
        epilog="exit status: 0 = read, 3 = not read surely or not to be taken (the problem is named), 1 = error\n\n"
        "example:\n  visavis read-document front.jpg back.jpg --types driver_license --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="JPEG, PNG or WebP")
    parser.add_argument(
        "--types", default="any", help=f"document types that may be shown, such as {','.join(COMMON_NAMES)} (any)"
    )
    parser.add_argument("--one-side", action="store_true", help="be content with one side")
    parser.add_argument("--allow-expired", action="store_true", help="take documents that have expired")
    parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE", help="judge dates as of then")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="write the straightened sides and the portrait")
    parser.add_argument("--json", action="store_true", help="print the report (DocumentScanReport) and its evidence")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and print."""
    try:
        return asyncio.run(_read(arguments))
    except (*EXPECTED_ERRORS, ValueError, OSError) as error:
        return complain(error)


async def _read(arguments: argparse.Namespace) -> int:
    plan = _plan(arguments)
    async with document_engines(settings_from(arguments)) as engines:
        sides, seconds = await engines.read(read_files, engines.reader, arguments.images)
        names = engines.reader.engines
    document = document_of(sides, plan)
    readings = [side.reading for side in sides]
    if arguments.pictures is not None:
        _write_pictures(arguments.pictures, sides)
    if arguments.json:
        found = {"report": document_report(document, readings), "evidence": document_evidence(document, names)}
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(document, seconds)))
    return 0 if verdict_of(document) == "read" else NOT_TAKEN


def _plan(arguments: argparse.Namespace) -> Plan:
    names = [name.strip() for name in arguments.types.split(",") if name.strip()]
    kinds = [name if name == "any" else blinkid_type(name) for name in names]
    if unknown := next((name for name, kind in zip(names, kinds, strict=True) if kind is None), None):
        raise ValueError(f"--types: there is no document type '{unknown}'; use {', '.join(COMMON_NAMES)} or any")
    return Plan(
        "single" if arguments.one_side else "automatic",
        tuple(kind for kind in kinds if kind is not None) or ("any",),
        arguments.allow_expired,
        civil_date(arguments.today or date.today()),
        limit_seconds=0.0,
    )


def _lines(document: Document, seconds: float) -> Iterator[str]:
    kind = " ".join(part for part in (document.country, document.region, document.kind) if part)
    yield f"document           {kind or 'unknown'}  ({document.mode})"
    yield f"machine-readable   {document.machine_readable}"
    yield f"sides              {', '.join(document.sides) or 'none'}{'' if document.complete else ' – not all there'}"
    for name, field in document.fields.items():
        by = f"{field.origin}{', verified' if field.verified else ''}"
        original = f"  “{field.original}”" if field.original != field.value else ""
        yield f"  {name:28}{field.value}  [{by}]{original}"
    for match in document.matches:
        yield f"  {match.field:28}{match.state}: {', '.join(f'{by} {value}' for by, value in match.values.items())}"
    for cue in document.cues:
        yield f"  {cue.name:28}{cue.state}: {cue.reason}"
    yield f"problems           {', '.join(document.problems) or 'none'}"
    yield f"CPU                {seconds:.2f} s"


def _write_pictures(folder: Path, sides: Sequence[ReadSide]) -> None:
    """Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, side in enumerate(sides, start=1):
        (folder / f"picture-{number}.jpg").write_bytes(encode_jpeg(side.page))
        if side.portrait is not None:
            (folder / f"portrait-{number}.jpg").write_bytes(encode_jpeg(side.portrait))
