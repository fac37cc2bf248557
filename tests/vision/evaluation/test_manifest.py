"""Manifests: what is read, and what is refused with the place named."""

import json
from pathlib import Path

import pytest

from vision.evaluation.manifest import ManifestError, read_pairs, read_samples


def test_labels_become_truth(tmp_path: Path) -> None:
    file = tmp_path / "manifest.jsonl"
    rows = [
        {"path": "a.mp4", "label": "real", "subject": "s1"},
        {"path": "b.mp4", "label": "replay"},
        {"path": "c.mp4", "label": "spoof", "kind": "print"},
        {"path": "d.jpg", "label": "photo", "age": 31, "sex": "female"},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    real, replay, printed, photo = read_samples(file)
    assert (real.truth, real.kind, real.subject) == ("bona_fide", "", "s1")
    assert real.path == tmp_path / "a.mp4"
    assert (replay.truth, replay.kind) == ("attack", "replay")
    assert (printed.truth, printed.kind) == ("attack", "print")
    assert (photo.truth, photo.age_years, photo.sex) == ("", 31.0, "female")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: must be an object"),
        ('{"label": "real"}', "'path' must be a text"),
        ('{"path": 3}', "'path' must be a text"),
        ('{"path": "a", "sex": "x"}', "'sex' is 'x'"),
        ('{"path": "a", "age": true}', "'age' must be"),
        ('{"path": "a", "age": -1}', "'age' must be"),
        ("", "is empty"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "manifest.jsonl"
    file.write_text(line)
    with pytest.raises(ManifestError, match=problem):
        read_samples(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"none\.jsonl cannot be read"):
        read_samples(tmp_path / "none.jsonl")


def test_pairs_with_any_spelling(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("file_x, file_y ,Decision\na.jpg,b.jpg,Yes\na.jpg,c.jpg,no\n")
    first, second = read_pairs(file)
    assert first.mated
    assert not second.mated
    assert second.b == tmp_path / "c.jpg"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x,y\n", "no column 'file_x'"),
        ("file_x,file_y,decision\n", "holds no pairs"),
        ("file_x,file_y,decision\na,,yes\n", "line 2: file_x and file_y"),
        ("file_x,file_y,decision\na,b,perhaps\n", "line 2: decision is 'perhaps'"),
        ("file_x,file_y,decision\na\n", "line 2: file_x and file_y"),
    ],
)
def test_bad_pairs_are_named(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(text)
    with pytest.raises(ManifestError, match=problem):
        read_pairs(file)
