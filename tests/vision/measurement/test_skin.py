"""The colour of skin, which a flash of colour moves."""

import numpy as np
import pytest

from tests.vision.measurement.heads import head, picture
from vision.measurement.skin import skin_colour
from vision.ports import RgbImage


def colour(image: RgbImage) -> tuple[float, float]:
    return skin_colour(image, head().points, 100.0)


def lit(image: RgbImage, red: float, green: float, blue: float) -> RgbImage:
    return np.asarray((image * np.array([red, green, blue])).clip(0, 255).astype(np.uint8))


def test_it_is_the_ratio_of_the_channels() -> None:
    red_green, blue_green = colour(picture(head()))
    assert red_green == pytest.approx(np.log(180 / 135), abs=0.02)
    assert blue_green == pytest.approx(np.log(110 / 135), abs=0.02)


def test_a_shadow_changes_nothing_and_red_light_one_number() -> None:
    image = picture(head())
    before = colour(image)
    assert colour(lit(image, 0.6, 0.6, 0.6)) == pytest.approx(before, abs=0.015)
    after = colour(lit(image, 1.04, 1.0, 1.0))
    assert after[0] - before[0] == pytest.approx(np.log(1.04), abs=0.006)
    assert after[1] - before[1] == pytest.approx(0.0, abs=0.006)


def test_a_reflection_on_one_cheek_and_clipped_pixels_do_not_matter() -> None:
    image = picture(head())
    before = colour(image)
    patchy = image.copy()
    patchy[230:260, 330:420] = (255, 40, 40)
    assert colour(patchy) == pytest.approx(before, abs=0.02)


def test_sensor_noise_stays_far_below_one_percent() -> None:
    values = np.array([colour(picture(head(), seed=seed)) for seed in range(12)])
    assert values.std(axis=0).max() < 0.004


@pytest.mark.parametrize("level", [0, 255])
def test_where_nothing_is_usable_it_is_grey(level: int) -> None:
    assert colour(np.full((480, 640, 3), level, dtype=np.uint8)) == (0.0, 0.0)


def test_a_grey_picture_is_grey() -> None:
    assert colour(picture(head(), skin=(120, 120, 120), grain=0.0)) == pytest.approx((0.0, 0.0), abs=0.01)


def test_outside_of_the_picture_there_is_no_skin() -> None:
    assert skin_colour(picture(), head(centre=(-800.0, 240.0)).points, 100.0) == (0.0, 0.0)
    assert skin_colour(picture(), head().points * np.float32(1e25), 1e27) == (0.0, 0.0)
