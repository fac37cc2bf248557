"""``visavis evaluate pad|match|age`` on drawn people: real tracker, real models, real files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from rtc_server.cli import main
from tests.fakes.films import write_mp4
from tests.fakes.person import render_person
from vision.ports import RgbImage

pytestmark = pytest.mark.models

Run = Callable[..., Any]


@pytest.fixture
def run(weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``visavis evaluate …`` and gives what it printed, read as JSON unless it failed."""
    monkeypatch.setenv("VISAVIS_VISION_TRACKER", "litert")

    def call(*arguments: object, fails: bool = False) -> Any:
        status = main(["evaluate", *map(str, arguments), *([] if fails else ["--json"])])
        printed = capsys.readouterr()
        assert (status != 0) == fails, printed.err
        return printed.err if fails else json.loads(printed.out)

    return call


def save(file: Path, picture: RgbImage) -> str:
    assert cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return file.name


def test_pairs_of_drawn_people(tmp_path: Path, run: Run) -> None:
    ann = save(tmp_path / "ann.png", render_person(seed=1))
    ann_smiles = save(tmp_path / "ann-smiles.jpg", render_person(seed=2, smile=0.7, yaw=8))
    nobody = save(tmp_path / "wall.png", render_person(seed=3, centre=(5, 5)))
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(f"file_x,file_y,decision\n{ann},{ann_smiles},Yes\n{ann},{nobody},No\n")
    page = tmp_path / "match.html"
    report = run("match", pairs, "--html", page)
    assert report["falseNonMatchRate"]["count"] == 0
    assert report["falseNonMatchRate"]["cases"] == 1
    assert report["failureToAcquire"]["pictures"] == [nobody]
    assert report["pairsLeftOut"] == 1
    assert "<svg" in page.read_text()


def test_clips_of_a_drawn_person(tmp_path: Path, run: Run) -> None:
    """A frozen feed is no person; the model's opinion of drawn skin is not asked for here."""
    write_mp4(tmp_path / "frozen.mp4", [render_person(seed=1)] * 75)
    manifest = tmp_path / "manifest.jsonl"
    rows = [{"path": "frozen.mp4", "label": "injection"}, {"path": "x.png", "label": "photo"}]
    manifest.write_text("\n".join(map(json.dumps, rows)))
    report = run("pad", manifest, "--html", tmp_path / "pad.html")
    assert report["clips"]["apcer"]["injection"]["count"] == 0
    assert report["presentations"][0]["frames"] == 75
    assert report["presentations"][0]["outcome"] in ("attack", "inconclusive")
    assert report["rowsSkipped"] == 1


def test_ages_of_a_drawn_person(tmp_path: Path, run: Run) -> None:
    manifest = tmp_path / "ages.jsonl"
    picture = save(tmp_path / "ann.png", render_person(seed=1))
    manifest.write_text(json.dumps({"path": picture, "age": 30, "sex": "female"}))
    report = run("age", manifest, "--limit", 21)
    assert report["limit"]["years"] == 21
    assert report["failureToAcquire"]["count"] == 0
    assert report["meanErrorYears"] is not None


def test_what_cannot_be_measured_is_said(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"path": "a.mp4", "label": "real"}')
    assert "no row has 'age' or 'sex'" in run("age", manifest, fails=True)
    assert "cannot be read" in run("pad", tmp_path / "none.jsonl", fails=True)
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("file_x,file_y,decision\na.png,b.png,Yes\n")
    assert "--threshold" in run("match", pairs, "--threshold", 2, fails=True)
    assert "a.png" in run("match", pairs, fails=True)
    (tmp_path / "a.png").write_text("<svg/>")
    assert "a.png is no picture" in run("match", pairs, fails=True)
    monkeypatch.setenv("VISAVIS_VISION_EMBEDDER", "off")
    assert "VISAVIS_VISION_EMBEDDER" in run("match", pairs, fails=True)
    monkeypatch.setenv("VISAVIS_VISION_TRACKER", "off")
    assert "VISAVIS_VISION_TRACKER" in run("pad", manifest, fails=True)
