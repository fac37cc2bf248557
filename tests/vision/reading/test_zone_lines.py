"""Where the lines of a zone lie, and how they are cut out."""

import math

import cv2
import numpy as np
import pytest

from tests.fakes.specimens import Kind, draw
from vision.ports import RgbImage
from vision.reading.zone_lines import CUT_HEIGHT, ZoneLine, cut_line, find_zone_lines


@pytest.mark.usefixtures("ocr_b_font")
@pytest.mark.parametrize(
    ("kind", "side", "count"), [("passport", "front", 2), ("id-card", "back", 3), ("visa", "front", 2)]
)
def test_the_lines_of_a_zone_are_found_where_they_are(kind: Kind, side: str, count: int) -> None:
    specimen = draw(kind, 11)
    page = specimen.sides["front" if side == "front" else "back"]
    height, width = page.shape[:2]
    group = find_zone_lines(page)[0]
    assert len(group) == count
    for line, (x, y, wide, high) in zip(group, specimen.mrz_boxes, strict=True):
        assert abs(line.left / width - x) < 0.02
        assert abs(line.right / width - (x + wide)) < 0.02
        assert y < line.middle[1] / height < y + high


@pytest.mark.usefixtures("ocr_b_font")
@pytest.mark.parametrize("width", [400, 900, 1800])
def test_the_size_of_the_picture_does_not_matter(width: int) -> None:
    page = draw("passport", 12).sides["front"]
    scaled = cv2.resize(page, (width, round(width * page.shape[0] / page.shape[1])), interpolation=cv2.INTER_AREA)
    assert len(find_zone_lines(np.asarray(scaled, np.uint8))[0]) == 2


@pytest.mark.parametrize(
    "image",
    [
        np.full((600, 900, 3), 220, np.uint8),
        np.random.default_rng(3).integers(0, 255, (600, 900, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((9000, 90, 3), np.uint8),
        np.zeros((3, 4000, 3), np.uint8),
    ],
    ids=["blank", "noise", "a pixel", "a strip", "a hair"],
)
def test_pictures_without_a_zone_have_no_lines(image: RgbImage) -> None:
    assert find_zone_lines(image) == []


def test_a_bent_line_is_cut_out_straight() -> None:
    """A dark band on a parabola becomes a band across the middle of the cut."""
    image = np.full((300, 1000, 3), 230, np.uint8)
    line = ZoneLine(100.0, 900.0, (2e-4, -0.25, 180.0), 24.0)
    for x in range(80, 920):
        image[round(line.y(x)) - 6 : round(line.y(x)) + 6, x] = 20
    cut = cut_line(image, line)
    dark = (cut[:, 20:-20, 0] < 120).mean(axis=1)
    assert cut.shape[0] == CUT_HEIGHT
    assert dark[CUT_HEIGHT // 2 - 4 : CUT_HEIGHT // 2 + 4].min() > 0.95
    assert max(dark[:12].max(), dark[-12:].max()) < 0.05


def test_a_line_scales_with_its_picture() -> None:
    line = ZoneLine(10.0, 50.0, (0.01, 0.5, 7.0), 4.0)
    twice = line.scaled(2.0)
    assert (twice.left, twice.right, twice.height) == (20.0, 100.0, 8.0)
    assert math.isclose(twice.y(60.0), 2 * line.y(30.0))
    assert math.isclose(twice.length, 2 * line.length)
