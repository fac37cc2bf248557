"""``visavis evaluate documents`` on drawn specimens: real engines, real files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from rtc_server.cli import main
from tests.fakes.specimens.photograph import photograph
from tests.fakes.specimens.specimen import TODAY, draw
from vision.ports import RgbImage

pytestmark = pytest.mark.models

Run = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``visavis evaluate documents …`` and gives what it printed, read as JSON unless it failed."""

    def call(*arguments: object, fails: bool = False) -> Any:
        words = ["evaluate", "documents", "--today", TODAY.isoformat(), *map(str, arguments)]
        status = main([*words, *([] if fails else ["--json"])])
        printed = capsys.readouterr()
        assert (status != 0) == fails, printed.err
        return printed.err if fails else json.loads(printed.out)

    return call


def save(file: Path, side: RgbImage) -> str:
    picture = photograph(side, 1, hardness=0.1, size=(1920, 1440)).image
    assert cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return file.name


def manifest(folder: Path, *rows: object) -> Path:
    file = folder / "manifest.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_documents_of_nobody(tmp_path: Path, run: Run, weights: Path, ocr_b_font: Path) -> None:
    """One that is read, one whose label is another person's, and a file that is no picture."""
    licence, page, other = draw("licence", 1), draw("passport", 2), draw("passport", 3)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    back = save(tmp_path / "back.png", licence.sides["back"])
    passport = save(tmp_path / "page.png", page.sides["front"])
    html = tmp_path / "documents.html"
    report = run(
        manifest(
            tmp_path,
            {"paths": [back], "group": "licence", "text": licence.barcode},
            {"path": passport, "label": "mislabelled", "mrz": other.mrz},
            {"path": "broken.jpg", "mrz": other.mrz},
            {"path": "unknown.jpg", "label": "nothing is known of it"},
        ),
        "--html",
        html,
    )
    counted = {name: share["count"] for name, share in report["documents"].items()}
    assert counted == {"exact": 1, "refused": 1, "wrong": 1}
    assert report["groups"]["licence"]["exact"]["count"] == 1
    assert report["refusedBecause"] == {"unreadable_file": 1}
    assert report["fields"]["documentNumber"] == {"exact": 1, "missing": 1, "misread": 0, "wrong": 1}
    assert report["cpuSecondsPerPicture"]["median"] > 0
    assert "misread print" in html.read_text()


def test_what_cannot_be_measured_is_said(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be read" in run(tmp_path / "none.jsonl", fails=True)
    assert "add 'mrz', 'text' or 'fields'" in run(manifest(tmp_path, {"path": "a.jpg"}), fails=True)
    known = manifest(tmp_path, {"path": "a.jpg", "fields": {"lastName": "SAMPLE"}})
    assert "a.jpg" in run(known, fails=True)
    monkeypatch.setenv("VISAVIS_DOCUMENTS_READER", "off")
    assert "VISAVIS_DOCUMENTS_READER" in run(known, fails=True)
