"""What is to be measured: a manifest of clips and pictures (JSON Lines), and pairs of pictures (CSV)."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BONA_FIDE = frozenset({"real", "live", "bona_fide", "bona fide", "genuine"})
ATTACKS = frozenset(
    {"attack", "spoof", "fake", "replay", "print", "photo_attack", "screen", "mask", "cutout", "deepfake", "injection"}
)
"""Labels of presentation attacks; each is a kind of its own, and ``kind`` can name a finer one."""

MATED = frozenset({"yes", "true", "1", "mated", "same"})
NON_MATED = frozenset({"no", "false", "0", "non-mated", "non_mated", "different"})


class ManifestError(ValueError):
    """The manifest cannot be used; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip or picture."""

    path: Path
    label: str
    """As it stands in the manifest."""
    truth: Literal["bona_fide", "attack", ""]
    """Empty: it says nothing about attacks."""
    kind: str
    """Attack instrument species; empty for bona fide."""
    subject: str
    age_years: float | None
    sex: Literal["male", "female", ""]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and whether they show one person."""

    a: Path
    b: Path
    mated: bool


def read_samples(file: Path) -> list[Sample]:
    """All rows: ``path`` (relative to the manifest), ``label``; where known ``kind``, ``subject``, ``age``, ``sex``.

    Raises ManifestError.
    """
    samples = [_sample(row, file, number) for number, row in rows(file)]
    if not samples:
        raise ManifestError(f"{file} is empty: write one JSON object per line, with 'path' and 'label'")
    return samples


def rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(line number, object) of each line of a JSON Lines file that is not blank. Raises ManifestError."""
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ManifestError(f"{file}, line {number}: not JSON") from error
        if not isinstance(row, dict):
            raise ManifestError(f"{file}, line {number}: must be an object with 'path'")
        yield number, row


def read_pairs(file: Path) -> list[Pair]:
    """All rows of a CSV with the columns ``file_x``, ``file_y`` and ``decision`` (Yes or No, any case); paths are
    relative to it. Raises ManifestError."""
    reader = csv.DictReader(_text(file).splitlines())
    names = {name.strip().lower(): name for name in reader.fieldnames or ()}
    missing = [name for name in ("file_x", "file_y", "decision") if name not in names]
    if missing:
        raise ManifestError(f"{file} has no column '{missing[0]}'; the header must be file_x,file_y,decision")
    pairs = []
    for number, row in enumerate(reader, start=2):
        a, b, decision = ((row[names[name]] or "").strip() for name in ("file_x", "file_y", "decision"))
        if not a or not b:
            raise ManifestError(f"{file}, line {number}: file_x and file_y must name two pictures")
        if decision.lower() not in MATED | NON_MATED:
            raise ManifestError(f"{file}, line {number}: decision is '{decision}'; write Yes or No")
        pairs.append(Pair(file.parent / a, file.parent / b, decision.lower() in MATED))
    if not pairs:
        raise ManifestError(f"{file} holds no pairs")
    return pairs


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ManifestError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{file} is not UTF-8 text") from error


def _sample(row: Mapping[str, Any], file: Path, number: int) -> Sample:
    def field(name: str, *, required: bool = False) -> str:
        value = row.get(name, "")
        if not isinstance(value, str) or (required and not value):
            raise ManifestError(f"{file}, line {number}: '{name}' must be a text")
        return value.strip()

    path, label = field("path", required=True), field("label").lower()
    sex = field("sex").lower()
    if sex not in ("", "male", "female"):
        raise ManifestError(f"{file}, line {number}: 'sex' is '{sex}'; write male or female")
    age = row.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int | float) or not 0 <= age <= 130):
        raise ManifestError(f"{file}, line {number}: 'age' must be a number of years")
    attack = label in ATTACKS
    truth: Literal["bona_fide", "attack", ""] = "bona_fide" if label in BONA_FIDE else "attack" if attack else ""
    return Sample(
        path=file.parent / path,
        label=label,
        truth=truth,
        kind=(field("kind") or label) if attack else "",
        subject=field("subject"),
        age_years=None if age is None else float(age),
        sex="male" if sex == "male" else "female" if sex == "female" else "",
    )
