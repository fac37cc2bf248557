"""Bar codes in drawn cards, in photographs that were straightened, and where there is none."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from tests.fakes.specimens import draw
from vision.document.readings import Box
from vision.ports import RgbImage
from vision.reading.barcodes import ZxingBarcodeReader
from vision.reading.page_finder import ContourPageFinder
from vision.reading.straighten import straighten

READER = ZxingBarcodeReader()


def symbol(name: zxingcpp.BarcodeFormat, content: str, width: int, height: int) -> RgbImage:
    """A code in the middle of a white sheet."""
    drawn = np.array(zxingcpp.create_barcode(content, name).to_image(scale=4, add_hrt=False))
    sheet = np.full((height, width), 255, np.uint8)
    top, left = (height - drawn.shape[0]) // 2, (width - drawn.shape[1]) // 2
    sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return np.repeat(sheet[..., None], 3, axis=2)


@pytest.mark.parametrize(
    ("name", "symbology"),
    [
        (zxingcpp.BarcodeFormat.PDF417, "pdf417"),
        (zxingcpp.BarcodeFormat.QRCode, "qr_code"),
        (zxingcpp.BarcodeFormat.DataMatrix, "data_matrix"),
        (zxingcpp.BarcodeFormat.Aztec, "aztec"),
        (zxingcpp.BarcodeFormat.Code128, "code_128"),
        (zxingcpp.BarcodeFormat.Code39, "code_39"),
    ],
)
def test_symbologies_that_documents_carry(name: zxingcpp.BarcodeFormat, symbology: str) -> None:
    (code,) = READER.read(symbol(name, "D1234567", 900, 600))
    assert (code.symbology, code.content) == (symbology, "D1234567")
    assert abs(code.box.x + code.box.width / 2 - 0.5) < 0.05
    assert abs(code.box.y + code.box.height / 2 - 0.5) < 0.05


def test_the_bar_code_of_a_drawn_licence(ocr_b_font: Path, weights: Path) -> None:
    specimen = draw("licence", 3)
    (code,) = READER.read(specimen.sides["back"])
    assert code.content == specimen.barcode
    assert code.box.y < 0.1
    assert code.box.width > 0.6


@pytest.mark.parametrize("shrunk", [0.3, 0.5])
def test_bars_of_few_pixels_are_read(ocr_b_font: Path, weights: Path, shrunk: float) -> None:
    specimen = draw("licence", 5)
    small = cv2.resize(specimen.sides["back"], None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    assert [code.content for code in READER.read(np.asarray(small, np.uint8))] == [specimen.barcode]


def test_bytes_are_kept_as_they_are() -> None:
    content = "@\n\x1e\rANSI 636000MÜLLER\r"
    image = symbol(zxingcpp.BarcodeFormat.PDF417, content, 1200, 800)
    (code,) = READER.read(image)
    assert code.content in (content, content.encode().decode("latin-1"))


def test_print_is_no_bar_code(ocr_b_font: Path, weights: Path) -> None:
    for kind in ("passport", "id-card", "licence"):
        assert READER.read(draw(kind, 8).sides["front"]) == ()


@pytest.mark.parametrize("shape", [(1, 1, 3), (20, 4000, 3), (5000, 30, 3), (480, 640, 3)])
def test_any_size_of_picture_is_taken(shape: tuple[int, int, int]) -> None:
    assert READER.read(np.full(shape, 200, np.uint8)) == ()


def test_boxes_lie_within_the_picture() -> None:
    image = symbol(zxingcpp.BarcodeFormat.QRCode, "HTTPS://EXAMPLE.TEST", 200, 200)
    (code,) = READER.read(image)
    assert isinstance(code.box, Box)
    assert min(code.box.x, code.box.y) >= 0
    assert max(code.box.x + code.box.width, code.box.y + code.box.height) <= 1


def test_photographs_are_read_once_straightened(shared_data: Path) -> None:
    folder = shared_data / "vision"
    rows = [json.loads(row) for row in (folder / "manifest.jsonl").read_text().splitlines()]
    cards = [row for row in rows if row["label"] == "pdf417 aamva"]
    assert len(cards) == 12
    for card in cards:
        picture = np.asarray(cv2.imread(str(folder / card["path"])), np.uint8)
        page = straighten(picture, ContourPageFinder().find(picture)[0].corners).image
        assert [code.content for code in READER.read(page)] == [card["text"]], card["path"]
