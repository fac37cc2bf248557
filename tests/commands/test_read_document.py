"""``visavis read-document`` on drawn specimens: real engines, real files."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from rtc_server.cli import main
from rtc_server.commands.read_document import NOT_TAKEN
from tests.fakes.specimens.photograph import photograph
from tests.fakes.specimens.specimen import TODAY, Specimen, draw
from vision.ports import RgbImage

pytestmark = pytest.mark.models

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``visavis read-document …`` on the day of the specimens; gives the exit status and what it printed."""

    def call(*arguments: object) -> tuple[int, str, str]:
        status = main(["read-document", "--today", TODAY.isoformat(), *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.fixture(scope="module")
def passport(weights: Path, ocr_b_font: Path) -> Specimen:
    return draw("passport", 7, country="SWE")


@pytest.fixture(scope="module")
def page(passport: Specimen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of it on a desk."""
    photo = photograph(passport.sides["front"], 1, hardness=0.1, size=(1920, 1440))
    return save(tmp_path_factory.mktemp("documents") / "page.png", photo.image)


def save(file: Path, picture: RgbImage) -> Path:
    assert cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return file


def test_a_passport_for_people(run: Run, page: Path, passport: Specimen) -> None:
    status, printed, _ = run(page)
    assert status == 0
    assert "machine-readable   verified" in printed
    assert f"{passport.truth['documentNumber']}  [mrz, verified]" in printed
    assert "problems           none" in printed


def test_a_passport_for_machines(tmp_path: Path, run: Run, page: Path, passport: Specimen) -> None:
    folder = tmp_path / "pictures"
    status, printed, _ = run(page, "--json", "--pictures", folder)
    found = json.loads(printed)
    assert status == 0
    assert found["report"]["documentNumber"]["latin"]["value"] == passport.truth["documentNumber"]
    assert found["evidence"]["verdict"] == "read"
    assert found["evidence"]["engines"].keys() >= {"text", "barcodes"}
    assert cv2.imread(str(folder / "picture-1.jpg")) is not None


def test_what_may_not_be_taken_is_named(tmp_path: Path, run: Run, page: Path) -> None:
    status, printed, _ = run(page, "--types", "driver_license,id_card")
    assert status == NOT_TAKEN
    assert "problems           wrong_type" in printed
    wall = save(tmp_path / "wall.png", np.full((600, 800, 3), 120, np.uint8))
    status, printed, _ = run(wall)
    assert status == NOT_TAKEN
    assert "no_document" in printed


def test_what_cannot_be_read_at_all_is_said(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wall = save(tmp_path / "wall.png", np.full((600, 800, 3), 120, np.uint8))
    assert run(tmp_path / "none.jpg")[0] == 1
    (tmp_path / "drawing.svg").write_text("<svg/>")
    status, _, error = run(tmp_path / "drawing.svg")
    assert status == 1
    assert "neither PNG nor JPEG nor WebP; give a JPEG" in error
    status, _, error = run(wall, "--types", "passport,library_card")
    assert status == 1
    assert "there is no document type 'library_card'; use passport" in error
    monkeypatch.setenv("VISAVIS_DOCUMENTS_READER", "off")
    status, _, error = run(wall)
    assert status == 1
    assert "VISAVIS_DOCUMENTS_READER" in error
