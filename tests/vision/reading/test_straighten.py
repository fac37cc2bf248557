"""Documents cut out straight: their true shape, their size, and which way they lie."""

import cv2
import numpy as np
import pytest

from tests.fakes.specimens.laying import corners_of
from vision.reading.ports import Corners
from vision.reading.straighten import ID_1, ID_3, Turn, known_format, mean_aspect, straighten, true_aspect, turn

SIZE = (1280, 960)


def slanted(aspect: float, seed: int, tilt: float, degrees: float = 0.0) -> Corners:
    """Corners of a page that is tilted by up to so many degrees."""
    chance = np.random.default_rng(seed)
    return corners_of(aspect, chance, SIZE, degrees=degrees, tilt=tilt, coverage=0.8, centre=(0.5, 0.5))


@pytest.mark.parametrize(("name", "aspect"), [("id1", ID_1), ("id3", ID_3)])
def test_the_format_is_known_at_an_angle(name: str, aspect: float) -> None:
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    seen = [straighten(image, slanted(aspect, seed, 18, degrees=9 * seed)) for seed in range(20)]
    assert sum(one.format == name for one in seen) >= 18
    for one in seen:
        height, width = one.image.shape[:2]
        if one.format == name:
            assert width / height == pytest.approx(aspect, rel=0.01)


def test_perspective_tells_the_true_aspect() -> None:
    for seed in range(10):
        corners = slanted(ID_1, seed, 35)
        aspect = true_aspect(corners, *SIZE)
        if aspect is not None:
            assert aspect == pytest.approx(ID_1, rel=0.06)
    assert true_aspect(np.array(((0, 0), (300, 0), (300, 200), (0, 200)), np.float32), 300, 200) is None


def test_what_is_printed_comes_out_straight() -> None:
    page = np.full((540, 856, 3), 255, np.uint8)
    cv2.rectangle(page, (80, 60), (400, 200), (200, 0, 0), cv2.FILLED)
    corners = slanted(ID_1, 4, 25, degrees=8)
    rim = np.array(((0, 0), (856, 0), (856, 540), (0, 540)), np.float32)
    warp = cv2.getPerspectiveTransform(rim, corners)
    picture = np.asarray(cv2.warpPerspective(page, warp, SIZE), np.uint8)
    done = straighten(picture, corners).image
    expected = cv2.resize(page, (done.shape[1], done.shape[0]), interpolation=cv2.INTER_AREA)
    assert np.abs(done.astype(int) - expected.astype(int)).mean() < 3


def test_a_page_that_stands_is_laid() -> None:
    corners = np.array(((100, 50), (400, 50), (400, 530), (100, 530)), np.float32)
    done = straighten(np.zeros((600, 500, 3), np.uint8), corners).image
    assert done.shape[1] > done.shape[0]


def test_a_small_one_is_enlarged_so_far_and_no_further() -> None:
    image = np.zeros((600, 800, 3), np.uint8)
    corners = np.array(((100, 100), (300, 100), (300, 226), (100, 226)), np.float32)
    assert straighten(image, corners).image.shape[1] == 500
    assert straighten(image, corners, most_enlarged=1.0).image.shape[1] == 200
    large = np.array(((0, 0), (4000, 0), (4000, 2522), (0, 2522)), np.float32)
    assert straighten(np.zeros((2522, 4000, 3), np.uint8), large).image.shape[1] == 1600


def test_formats_by_their_aspect() -> None:
    assert known_format(1.58) == ("id1", ID_1)
    assert known_format(1.41) == ("id3", ID_3)
    assert known_format(2.4) == ("unknown", 2.4)


def test_turns_are_clockwise() -> None:
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 0] = 255
    places: dict[Turn, tuple[int, int]] = {0: (0, 0), 90: (0, 1), 180: (1, 2), 270: (2, 0)}
    for degrees, place in places.items():
        turned = turn(image, degrees)
        assert turned[place].tolist() == [255, 255, 255]
        assert turned.shape[:2] == ((2, 3) if degrees in (0, 180) else (3, 2))


def test_mean_aspect_of_a_rectangle() -> None:
    assert mean_aspect(np.array(((0, 0), (30, 0), (30, 10), (0, 10)), np.float32)) == pytest.approx(3.0)
