"""A picture of a document made into a reading, with the engines that the product has."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from tests.fakes.specimens import Specimen, draw
from tests.fakes.specimens.photograph import Turn, photograph
from vision.document.document import CivilDate
from vision.document.mrz.resolve import resolve
from vision.document.readings import Barcode, TextLine
from vision.ports import FaceTracker, RgbImage
from vision.reading.barcodes import ZxingBarcodeReader
from vision.reading.glyphs import OcrbReader
from vision.reading.page_finder import ContourPageFinder
from vision.reading.portrait import PortraitFinder
from vision.reading.ports import TextReader
from vision.reading.reader import PictureReader
from vision.reading.text import RapidTextReader

pytestmark = pytest.mark.usefixtures("ocr_b_font")

TODAY = CivilDate(2026, 11, 1)


@pytest.fixture(scope="module")
def text() -> RapidTextReader:
    return RapidTextReader()


@pytest.fixture(scope="module")
def reader(text: RapidTextReader) -> PictureReader:
    """Without a finder of faces, which needs weights."""
    return PictureReader(ContourPageFinder(), text, OcrbReader(), ZxingBarcodeReader(), None)


@pytest.fixture(scope="module")
def passport(ocr_b_font: object) -> Specimen:
    return draw("passport", 41)


def words(lines: tuple[TextLine, ...]) -> str:
    return " ".join(line.text for line in lines)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_lies_any_way_is_read(turned: Turn, reader: PictureReader, passport: Specimen) -> None:
    photo = photograph(passport.sides["front"], 7, hardness=0.2, turned=turned)
    read = reader.read(photo.image, 3, "still")
    reading = read.reading
    found = resolve([reading.mrz], [line.text for line in reading.text], TODAY)
    assert found.state == "verified"
    assert found.mrz is not None
    assert found.mrz.lines == passport.mrz
    assert (reading.number, reading.source, reading.cards, reading.whole) == (3, "still", 1, True)
    assert (reading.format, reading.script) == ("id3", "latin")
    assert passport.printed["lastName"] in words(reading.text)
    assert "<<" not in words(reading.text)
    assert read.page.shape[1] > read.page.shape[0]


def test_the_bar_code_of_a_licence_is_read(reader: PictureReader) -> None:
    licence = draw("licence", 42)
    reading = reader.read(photograph(licence.sides["back"], 8, hardness=0.2).image, 0, "still").reading
    assert [(code.symbology, code.content) for code in reading.barcodes] == [("pdf417", licence.barcode)]
    assert reading.format == "id1"
    assert reading.mrz == ()


def test_a_page_that_fills_the_picture_is_read_as_a_whole(reader: PictureReader, passport: Specimen) -> None:
    reading = reader.read(passport.sides["front"], 1000, "upload").reading
    found = resolve([reading.mrz], [], TODAY)
    assert found.mrz is not None
    assert (found.state, found.mrz.lines) == ("verified", passport.mrz)


@pytest.mark.models
def test_the_portrait_stands_upright_and_says_which_way_is_up(
    text: RapidTextReader, new_tracker: Callable[[], FaceTracker]
) -> None:
    reader = PictureReader(ContourPageFinder(), text, None, None, PortraitFinder(new_tracker))
    front = draw("id-card", 43)
    read = reader.read(photograph(front.sides["front"], 9, hardness=0.15, turned=180).image, 0, "still")
    box = read.reading.portrait
    assert box is not None
    x, y, width, height = front.portrait_box
    assert abs(box.x + box.width / 2 - (x + width / 2)) < 0.08
    assert y < box.y + box.height / 2 < y + height
    assert read.portrait is not None
    assert read.portrait.shape[0] > 100
    assert front.printed["lastName"] in words(read.reading.text)


@pytest.fixture
def new_tracker(weights: object) -> Callable[[], FaceTracker]:
    from rtc_server.weights.cache import locate_default
    from vision.models.litert_tracker import LiteRtFaceTracker

    task = locate_default().folder / "face-landmarker" / "face_landmarker.task"
    if not task.exists():
        pytest.skip(f"no face landmarker at {task}: run 'visavis models pull'")
    return lambda: LiteRtFaceTracker(task)


@pytest.mark.parametrize(
    "image",
    [
        np.full((720, 1280, 3), 90, np.uint8),
        np.random.default_rng(5).integers(0, 255, (480, 640, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.full((12, 3000, 3), 200, np.uint8),
    ],
    ids=["a blank wall", "noise", "a pixel", "a strip"],
)
def test_what_is_no_document_is_nothing_and_no_error(image: RgbImage, reader: PictureReader) -> None:
    reading = reader.read(image, 0, "frame").reading
    assert (reading.cards, reading.mrz, reading.barcodes, reading.portrait) == (0, (), (), None)
    assert (reading.text, reading.script) == ((), "unknown")


def test_a_huge_picture_takes_bounded_time(reader: PictureReader, passport: Specimen) -> None:
    """40 megapixels; the bound is generous, because other tests run beside."""
    photo = photograph(passport.sides["front"], 10, hardness=0.1).image
    huge = np.ascontiguousarray(np.repeat(np.repeat(photo, 6, axis=0), 6, axis=1)[:5500, :7300])
    began = time.thread_time()
    reading = reader.read(huge, 0, "upload").reading
    assert time.thread_time() - began < 8
    found = resolve([reading.mrz], [], TODAY)
    assert found.mrz is not None
    assert found.mrz.lines == passport.mrz


class BrokenBarcodes:
    name = "broken"

    def read(self, image: RgbImage) -> tuple[Barcode, ...]:
        raise RuntimeError("S3CRET 123456789")


class BrokenText:
    name = "broken"

    def read(self, image: RgbImage) -> tuple[TextLine, ...]:
        raise RuntimeError("no memory")

    def read_lines(self, lines: object) -> list[tuple[str, float]]:
        raise RuntimeError("no memory")


def broken_tracker() -> FaceTracker:
    raise RuntimeError("no weights")


def test_an_engine_that_fails_tells_nothing_and_the_rest_goes_on(
    text: RapidTextReader, passport: Specimen, caplog: pytest.LogCaptureFixture
) -> None:
    reader = PictureReader(ContourPageFinder(), text, None, BrokenBarcodes(), PortraitFinder(broken_tracker))
    reading = reader.read(photograph(passport.sides["front"], 11, hardness=0.1).image, 0, "still").reading
    assert len(reading.mrz) == 2
    assert [line.glyphs for line in reading.mrz] == [(), ()]
    assert (reading.barcodes, reading.portrait) == ((), None)
    assert "RuntimeError" in caplog.text
    assert "S3CRET" not in caplog.text


def test_without_text_nothing_can_be_told(passport: Specimen) -> None:
    broken: TextReader = BrokenText()
    reader = PictureReader(ContourPageFinder(), broken, None, None, None)
    with pytest.raises(RuntimeError, match="no memory"):
        reader.read(passport.sides["front"], 0, "still")


def test_its_engines_are_named(reader: PictureReader, text: RapidTextReader) -> None:
    assert set(reader.engines) == {"text", "glyphs", "barcodes"}
    assert reader.engines["text"] == text.name
    assert PictureReader(ContourPageFinder(), text, None, None, None).engines == {"text": text.name}
