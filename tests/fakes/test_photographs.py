"""Photographs of specimens: the same by seed, true about their corners, and readable or not as they say."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.specimens import draw, negatives
from tests.fakes.specimens.backgrounds import Surface
from tests.fakes.specimens.photograph import Photo, Turn, photograph, photograph_several
from tests.fakes.specimens.screens import printed
from vision.ports import RgbImage
from vision.reading.barcodes import ZxingBarcodeReader
from vision.reading.recapture import screen_cue


def sheet(rows: int = 540, columns: int = 856) -> RgbImage:
    """A grey card whose four corners are patches of four colours."""
    page = np.full((rows, columns, 3), 128, np.uint8)
    for colour, (y, x) in zip(COLOURS, ((0, 0), (0, -200), (-150, -200), (-150, 0)), strict=True):
        page[y : y + 150 or None, x : x + 200 or None] = colour
    return page


COLOURS = ((220, 30, 30), (30, 220, 30), (30, 30, 220), (220, 220, 30))


def draw_text() -> RgbImage:
    """A sheet full of type."""
    page = np.full((540, 856, 3), 235, np.uint8)
    for row in range(40, 520, 40):
        cv2.putText(page, "SPECIMEN OF NOBODY 123456789", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (10, 10, 10), 2)
    return page


def straight(photo: Photo, rows: int, columns: int) -> RgbImage:
    """The page, cut out by the corners that the photograph says."""
    target = np.array(((0, 0), (columns, 0), (columns, rows), (0, rows)), np.float32)
    warp = cv2.getPerspectiveTransform(photo.corners, target)
    return np.asarray(cv2.warpPerspective(photo.image, warp, (columns, rows)), np.uint8)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("hardness", [0.0, 0.3])
@pytest.mark.parametrize("surface", ["desk", "hand"])
def test_corners_are_those_of_the_page(turned: Turn, hardness: float, surface: Surface) -> None:
    photo = photograph(sheet(), 5, hardness=hardness, turned=turned, surface=surface, glare_radius=0.0, thumb=False)
    page = straight(photo, 540, 856)
    for colour, (y, x) in zip(COLOURS, ((75, 100), (75, 756), (465, 756), (465, 100)), strict=True):
        seen = page[y - 20 : y + 20, x - 20 : x + 20].reshape(-1, 3).mean(axis=0)
        assert (seen > 110).tolist() == [part > 110 for part in colour]


@pytest.mark.parametrize(
    ("turned", "upper_left"), [(0, 0), (90, 3), (180, 2), (270, 1)], ids=["upright", "right", "down", "left"]
)
def test_pages_are_turned_clockwise(turned: Turn, upper_left: int) -> None:
    photo = photograph(sheet(), 1, hardness=0.0, turned=turned)
    assert int(np.argmin(photo.corners.sum(axis=1))) == upper_left


def test_a_seed_makes_the_same_picture_again() -> None:
    one, again, another = (photograph(sheet(), seed, hardness=0.5) for seed in (3, 3, 4))
    assert np.array_equal(one.image, again.image)
    assert np.array_equal(one.corners, again.corners)
    assert not np.array_equal(one.corners, another.corners)


@pytest.mark.parametrize("size", [(640, 480), (960, 1280), (2592, 1944)])
def test_pictures_have_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    photo = photograph(sheet(), 2, size=size)
    assert photo.image.shape == (size[1], size[0], 3)
    assert photo.image.dtype == np.uint8
    assert (photo.corners >= 0).all()
    assert (photo.corners <= size).all()


def test_pages_stay_within_the_picture_however_hard_it_is() -> None:
    for seed in range(12):
        corners = photograph(sheet(), seed, hardness=1.0, size=(640, 480)).corners
        assert corners.min() >= 0
        assert (corners <= (640, 480)).all()


def test_harder_pictures_are_less_sharp() -> None:
    def sharpness(hardness: float) -> float:
        page = np.asarray(cv2.resize(draw_text(), (856, 540)), np.uint8)
        photo = photograph(page, 4, hardness=hardness, glare_radius=0.0, coverage=0.8)
        grey = cv2.cvtColor(straight(photo, 540, 856), cv2.COLOR_RGB2GRAY)
        return float(np.abs(cv2.Sobel(cv2.GaussianBlur(grey, (0, 0), 1.0), cv2.CV_32F, 1, 0)).mean())

    assert sharpness(0.0) > sharpness(0.4) > sharpness(1.0)


def test_glare_burns_out_part_of_the_page_and_only_when_asked() -> None:
    bright = [
        float((straight(photograph(sheet(), 6, hardness=0.1, glare_radius=radius), 540, 856).min(axis=2) > 250).mean())
        for radius in (0.0, 0.08)
    ]
    assert bright[0] == 0.0
    assert bright[1] > 0.01


def test_a_thumb_covers_a_little_of_an_edge() -> None:
    def picture(thumb: bool) -> Photo:
        return photograph(sheet(), 7, hardness=0.1, surface="hand", glare_radius=0.0, thumb=thumb)

    difference = np.abs(
        straight(picture(True), 540, 856).astype(int) - straight(picture(False), 540, 856).astype(int)
    ).max(axis=2)
    covered = difference > 60
    assert 0.0005 < covered.mean() < 0.03
    assert covered[:430].sum() == 0


def test_bar_codes_in_photographs_can_be_read(ocr_b_font: Path) -> None:
    specimen = draw("licence", 6, portrait=np.full((64, 48, 3), 90, np.uint8))
    photo = photograph(specimen.sides["back"], 3, hardness=0.15, size=(1920, 1440), glare_radius=0.0)
    (code,) = ZxingBarcodeReader().read(straight(photo, 1008, 1600))
    assert code.content == specimen.barcode


def test_several_pages_lie_apart() -> None:
    image, places = photograph_several([sheet(), sheet()], 2)
    assert image.shape == (960, 1280, 3)
    assert np.array_equal(image, negatives.two_cards(sheet(), sheet(), 2))
    assert places[0][:, 0].max() < places[1][:, 0].min()
    for corners in places:
        page = straight(Photo(image, corners), 540, 856)
        assert page[50:100, 50:150, 0].mean() > page[50:100, 50:150, 1].mean() + 60


def test_half_of_a_page_lies_outside() -> None:
    for seed in (1, 2):
        photo = negatives.half_outside(sheet(), seed)
        outside = (photo.corners[:, 0] < 0) | (photo.corners[:, 0] > photo.image.shape[1])
        assert outside.sum() == 2


@pytest.mark.parametrize("make", [negatives.empty_desk, negatives.drawn_cat])
def test_pictures_without_a_document(make: Callable[[int], RgbImage]) -> None:
    one, again, another = make(1), make(1), make(2)
    assert one.shape == (960, 1280, 3)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, another)


def test_a_face_is_a_picture_too(weights: Path) -> None:
    assert negatives.face(1).shape == (960, 1280, 3)


def test_prints_have_a_lattice_of_dots() -> None:
    page = draw_text()
    assert screen_cue(printed(np.asarray(cv2.resize(page, (1100, 760)), np.uint8), pitch_px=5)).state == "against"


def test_taking_a_photograph_is_quick() -> None:
    photograph(sheet(), 0)
    start = time.process_time()
    for seed in range(5):
        photograph(sheet(), seed, surface="hand")
    assert (time.process_time() - start) / 5 < 0.8  # 0.2 on a free core
