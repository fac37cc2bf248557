"""Specimens say what their truth says; a test of a reader is worth no more than that."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import zxingcpp
from PIL import features

from tests.fakes.specimens import TODAY, Kind, Specimen, draw
from tests.fakes.specimens.persons import Script, in_latin
from tests.fakes.specimens.zones import check_digit
from vision.ports import RgbImage

ZONED: tuple[Kind, ...] = ("passport", "visa", "id-card", "id-card-2")
KINDS: tuple[Kind, ...] = (*ZONED, "licence")

pytestmark = pytest.mark.usefixtures("ocr_b_font")


@pytest.fixture(scope="module")
def grey() -> RgbImage:
    """A portrait without a face, so that no face model is needed."""
    return np.full((48, 36, 3), (10, 200, 30), np.uint8)


@pytest.mark.parametrize(
    ("text", "digit"), [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("ZE184226B<<<<<", "1")]
)
def test_check_digits_are_those_of_the_example_in_icao_9303(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_makes_the_same_pixels_again_and_another_seed_another_person(kind: Kind, grey: RgbImage) -> None:
    one, again, another = (draw(kind, seed, portrait=grey) for seed in (3, 3, 4))
    assert one.truth == again.truth != another.truth
    assert all(np.array_equal(one.sides[side], again.sides[side]) for side in one.sides)
    assert not np.array_equal(one.sides["front"], another.sides["front"])


@pytest.mark.parametrize("kind", ZONED)
def test_the_zone_says_what_the_truth_says_and_its_check_digits_agree(kind: Kind, grey: RgbImage) -> None:
    for seed in range(6):
        specimen = draw(kind, seed, portrait=grey)
        assert _disagreeing(specimen) == 0
        number, birth, expiry, names = _fields_of_zone(specimen)
        assert number.rstrip("<") == specimen.truth["documentNumber"]
        assert birth == date.fromisoformat(specimen.truth["dateOfBirth"]).strftime("%y%m%d")
        assert expiry == date.fromisoformat(specimen.truth["dateOfExpiry"]).strftime("%y%m%d")
        assert names.rstrip("<").replace("<<", "/").replace("<", " ") == (
            f"{specimen.truth['lastName']}/{specimen.truth['firstName']}"
        )


@pytest.mark.parametrize("kind", ZONED)
def test_one_wrong_digit_is_one_and_a_check_digit_tells(kind: Kind, grey: RgbImage) -> None:
    for seed in range(6):
        right = draw(kind, seed, portrait=grey)
        wrong = draw(kind, seed, portrait=grey, faults=("wrong_mrz_digit",))
        pairs = zip("".join(right.mrz), "".join(wrong.mrz), strict=True)
        assert sum(one != other for one, other in pairs) == 1
        assert _disagreeing(wrong) > 0


@pytest.mark.parametrize("kind", ZONED)
def test_each_character_of_a_zone_stands_alone_in_its_part_of_the_line(kind: Kind, grey: RgbImage) -> None:
    specimen = draw(kind, 7, portrait=grey)
    assert specimen.mrz_side is not None
    page = specimen.sides[specimen.mrz_side]
    for line, (x, y, width, height) in zip(specimen.mrz, specimen.mrz_boxes, strict=True):
        rows = slice(round(y * page.shape[0]), round((y + height) * page.shape[0]))
        edges = [round((x + width * place / len(line)) * page.shape[1]) for place in range(len(line) + 1)]
        inked = page[rows].min(axis=(0, 2)) < 128
        assert not inked[edges].any()
        assert all(inked[left:right].any() for left, right in pairwise(edges))


def test_the_bar_code_reads_back_byte_for_byte(grey: RgbImage) -> None:
    for seed in range(3):
        specimen = draw("licence", seed, portrait=grey)
        codes = zxingcpp.read_barcodes(specimen.sides["back"])
        assert [code.bytes.decode("latin-1") for code in codes] == [specimen.barcode]


@pytest.mark.parametrize("kind", KINDS)
def test_the_portrait_is_where_it_is_said_to_be(kind: Kind, grey: RgbImage) -> None:
    specimen = draw(kind, 2, portrait=grey)
    front = specimen.sides["front"]
    green = (np.abs(front.astype(int) - (10, 200, 30)) < 3).all(axis=2)
    rows, columns = np.nonzero(green)
    x, y, width, height = specimen.portrait_box
    assert columns.min() == pytest.approx(x * front.shape[1], abs=2)
    assert rows.min() == pytest.approx(y * front.shape[0], abs=2)
    assert np.ptp(columns) + 1 == pytest.approx(width * front.shape[1], abs=2)
    assert np.ptp(rows) + 1 == pytest.approx(height * front.shape[0], abs=2)


def test_faults_do_what_they_are_called(grey: RgbImage) -> None:
    plain = draw("licence", 9, portrait=grey)
    stranger = draw("licence", 9, portrait=grey, faults=("other_barcode",))
    assert stranger.printed == plain.printed
    assert stranger.truth["lastName"] in stranger.barcode
    assert stranger.truth["documentNumber"] != plain.printed["documentNumber"]

    differing = draw("passport", 9, portrait=grey, faults=("printed_differs",))
    assert in_latin(differing.printed["lastName"]) != differing.truth["lastName"]
    assert differing.printed["dateOfBirth"] != differing.truth["dateOfBirth"]
    assert differing.printed["documentNumber"] == differing.truth["documentNumber"]

    expired = draw("passport", 9, portrait=grey, faults=("expired",), today=date(2026, 3, 1))
    assert date.fromisoformat(expired.truth["dateOfExpiry"]) < date(2026, 3, 1)
    assert date.fromisoformat(draw("passport", 9, portrait=grey).truth["dateOfExpiry"]) > TODAY
    assert draw("id-card", 9, portrait=grey, faults=("unknown_country",)).mrz[0].startswith("I<ZQX")


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow without raqm joins no Arabic letters")
@pytest.mark.parametrize(("script", "block"), [("cyrillic", (0x0400, 0x04FF)), ("arabic", (0x0600, 0x06FF))])
def test_other_scripts_are_printed_as_they_are_and_spelt_in_latin_in_the_zone(
    script: Script, block: tuple[int, int], grey: RgbImage
) -> None:
    for seed in range(6):
        specimen = draw("passport", seed, portrait=grey, script=script)
        letters = specimen.printed["lastName"].replace(" ", "")
        assert all(block[0] <= ord(letter) <= block[1] for letter in letters)
        assert specimen.truth["lastName"].replace(" ", "").isascii()
        assert specimen.truth["lastName"].replace(" ", "<") in specimen.mrz[0]


def _zone_parts(specimen: Specimen) -> tuple[tuple[str, str], ...]:
    """(text, check digit) of each checked part, by ICAO 9303-4 to 9303-7."""
    first, second = specimen.mrz[:2]
    if specimen.kind == "id-card":
        composite = first[5:30] + second[:7] + second[8:15] + second[18:29]
        return ((first[5:14], first[14]), (second[:6], second[6]), (second[8:14], second[14]), (composite, second[29]))
    parts = ((second[:9], second[9]), (second[13:19], second[19]), (second[21:27], second[27]))
    if specimen.kind == "visa":
        return parts
    return (*parts, (second[:10] + second[13:20] + second[21:-1], second[-1]))


def _disagreeing(specimen: Specimen) -> int:
    return sum(check_digit(text) != digit for text, digit in _zone_parts(specimen))


def _fields_of_zone(specimen: Specimen) -> tuple[str, str, str, str]:
    number, birth, expiry = (text for text, _ in _zone_parts(specimen)[:3])
    names = specimen.mrz[2] if specimen.kind == "id-card" else specimen.mrz[0][5:]
    return number, birth, expiry, names
