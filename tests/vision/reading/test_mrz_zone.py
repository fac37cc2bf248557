"""The lines of a zone as two readers see them: any way up, with dirt beside them, and told from other print."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.fakes.specimens import Specimen, draw
from vision.document.readings import Box, TextLine
from vision.ports import RgbImage
from vision.reading.glyphs import OcrbReader
from vision.reading.mrz_zone import cleaned_text, find_zone, zone_in_print
from vision.reading.text import RapidTextReader

pytestmark = pytest.mark.usefixtures("ocr_b_font")


@pytest.fixture(scope="module")
def text() -> RapidTextReader:
    return RapidTextReader()


@pytest.fixture(scope="module")
def glyphs() -> OcrbReader:
    return OcrbReader()


@pytest.fixture(scope="module")
def passport(ocr_b_font: object) -> Specimen:
    return draw("passport", 21)


def as_seen(places: Sequence[Sequence[tuple[str, float]]]) -> str:
    return "".join(place[0][0] for place in places)


@pytest.mark.parametrize("turned", [0, 180])
def test_a_zone_is_read_either_way_up(
    turned: int, passport: Specimen, text: RapidTextReader, glyphs: OcrbReader
) -> None:
    page = passport.sides["front"]
    zone = find_zone(page if turned == 0 else np.ascontiguousarray(page[::-1, ::-1]), text, glyphs)
    assert zone is not None
    assert zone.turned == turned
    assert tuple(as_seen(line.glyphs) for line in zone.lines) == passport.mrz
    for line, (x, y, width, height) in zip(zone.lines, passport.mrz_boxes, strict=True):
        assert len(line.text) == 44
        assert line.confidence > 0.8
        assert abs(line.box.x - x) < 0.02
        assert y < line.box.y + line.box.height / 2 < y + height
        assert abs(line.box.width - width) < 0.03


def test_without_the_glyph_reader_its_part_is_missing(passport: Specimen, text: RapidTextReader) -> None:
    zone = find_zone(passport.sides["front"], text, None)
    assert zone is not None
    assert [line.glyphs for line in zone.lines] == [(), ()]


class Shifted:
    """A reader of glyphs whose grid is off by some places, as beside dirt, until the line is cut anew."""

    name = "shifted"

    def __init__(self, truth: Sequence[str], places: int, once: bool) -> None:
        self._truth = truth
        self._places = places
        self._once = once
        self._asked = 0

    def read(self, line: RgbImage, count: int) -> tuple[tuple[tuple[str, float], ...], ...]:
        index, again = divmod(self._asked, 2)
        self._asked += 1
        places = 0 if again and self._once else self._places
        return tuple(((one, 0.99),) for one in ("X" * places + self._truth[index])[:count])


def test_a_grid_that_is_off_is_laid_anew(passport: Specimen, text: RapidTextReader) -> None:
    zone = find_zone(passport.sides["front"], text, Shifted(passport.mrz, 1, once=True))
    assert zone is not None
    assert tuple(as_seen(line.glyphs) for line in zone.lines) == passport.mrz


def test_two_readers_that_do_not_see_the_same_are_not_joined(passport: Specimen, text: RapidTextReader) -> None:
    zone = find_zone(passport.sides["front"], text, Shifted(passport.mrz, 1, once=False))
    assert zone is not None
    assert [line.glyphs for line in zone.lines] == [(), ()]


def test_print_in_columns_is_no_zone(text: RapidTextReader, glyphs: OcrbReader) -> None:
    assert find_zone(draw("licence", 22).sides["front"], text, glyphs) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("P<UTO «ERIKSSON‹<", "P<UTO<ERIKSSON<<"),
        ("p<utoEriksson", "P<UTOERIKSSON"),
        ("\u03a1<FRA\u03a1ARK", "P<FRAPARK"),
        ("ESPAÑOLA-. ,", "ESPANOLA"),
    ],
)
def test_only_what_a_zone_may_hold_is_kept(said: str, meant: str) -> None:
    assert cleaned_text(said) == meant


def test_a_zone_among_lines_of_print_is_told_from_them() -> None:
    words = ("Date of issue / Date de délivrance", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "12 AUG 1974")
    box = Box(0.0, 0.0, 1.0, 0.1)
    found = zone_in_print([TextLine(word, 0.98, box) for word in words])
    assert [line.text for line in found] == [words[1]]
