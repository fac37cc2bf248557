"""Labelled pictures of documents, as a manifest lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.evaluation.manifest import ManifestError, rows


@dataclass(frozen=True, slots=True)
class DocumentSample:
    """Pictures of one document, and what is known to stand on it."""

    pictures: tuple[Path, ...]
    group: str
    mrz: tuple[str, ...]
    barcode: str
    fields: Mapping[str, str]
    """By the names of the report; dates in ISO 8601."""


def read_document_samples(file: Path) -> list[DocumentSample]:
    """Rows with ``path`` (or ``paths``, pictures of one document), relative to the manifest, and what is known: ``mrz``
    (list of lines), ``text`` (content of its bar code), ``fields`` (name to value). Rows without any of these are left
    out. ``group`` (else ``label``) sorts them. Raises ManifestError."""
    samples = [_sample(row, f"{file}, line {number}", file.parent) for number, row in rows(file)]
    known = [sample for sample in samples if sample.mrz or sample.barcode or sample.fields]
    if not known:
        raise ManifestError(f"{file}: no row says what stands on its document; add 'mrz', 'text' or 'fields'")
    return known


def _sample(row: Mapping[str, Any], place: str, folder: Path) -> DocumentSample:
    paths = row.get("paths", [row.get("path")])
    if not isinstance(paths, list) or not paths or not all(isinstance(path, str) and path for path in paths):
        raise ManifestError(f"{place}: 'path' must be a text, or 'paths' a list of texts")
    zone, barcode, fields = row.get("mrz") or [], row.get("text") or "", row.get("fields") or {}
    if not isinstance(zone, list) or not all(isinstance(line, str) for line in zone):
        raise ManifestError(f"{place}: 'mrz' must be a list of lines")
    if not isinstance(barcode, str):
        raise ManifestError(f"{place}: 'text' must be the content of the bar code")
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise ManifestError(f"{place}: 'fields' must map names to texts")
    group = row.get("group") or row.get("label") or "document"
    pictures = tuple(folder / path for path in paths)
    return DocumentSample(pictures, str(group), tuple(zone), barcode, fields)
