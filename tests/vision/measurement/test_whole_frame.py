"""Repeats, noise and fingerprints of whole frames."""

import numpy as np
import pytest

from tests.vision.measurement.heads import head, picture
from vision.measurement.whole_frame import FrameComparison
from vision.ports import RgbImage


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def textured(seed: int, size: tuple[int, int] = (640, 480)) -> RgbImage:
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(np.kron(blocks, np.ones((size[1] // 6, size[0] // 8, 1), dtype=np.uint8)))


def test_a_repeated_frame_differs_by_exactly_nothing() -> None:
    comparison = FrameComparison()
    image = textured(1)
    assert comparison.measure(image).difference is None, "there is none before the first"
    assert comparison.measure(image.copy()).difference == 0.0
    assert comparison.measure(image.copy()).difference == 0.0


@pytest.mark.parametrize("size", [(640, 480), (160, 120), (480, 640), (1920, 1080)])
def test_one_pixel_of_noise_is_a_difference(size: tuple[int, int]) -> None:
    comparison = FrameComparison()
    image = picture(size=size)
    comparison.measure(image)
    image[0, 0] += 3
    difference = comparison.measure(image).difference
    assert difference is not None
    assert 0.0 < difference < 1e-4


def test_sensor_noise_is_small_and_a_cut_is_large() -> None:
    comparison = FrameComparison()
    comparison.measure(picture(head(), seed=1))
    noise = comparison.measure(picture(head(), seed=2)).difference
    cut = comparison.measure(textured(3)).difference
    assert noise is not None
    assert cut is not None
    assert 1e-5 < noise < 0.002
    assert cut > 0.1


def test_the_fingerprint_knows_a_picture_again_and_tells_others_apart() -> None:
    comparison = FrameComparison()
    one = comparison.measure(textured(1)).fingerprint
    noisy = np.asarray(
        (textured(1) + np.random.default_rng(0).normal(0, 3, (480, 640, 3))).clip(0, 255), dtype=np.uint8
    )
    again = comparison.measure(noisy).fingerprint
    other = comparison.measure(textured(2)).fingerprint
    assert len(one) == 16
    assert bits_apart(one, again) <= 4
    assert bits_apart(one, other) > 12


@pytest.mark.parametrize(("level", "expected"), [(0, 0.0), (128, 128 / 255), (255, 1.0)])
def test_brightness_is_the_mean_luma(level: int, expected: float) -> None:
    image = np.full((480, 640, 3), level, dtype=np.uint8)
    assert FrameComparison().measure(image).brightness == pytest.approx(expected, abs=0.003)


def test_after_a_reset_there_is_nothing_to_compare_with() -> None:
    comparison = FrameComparison()
    comparison.measure(textured(1))
    comparison.reset()
    assert comparison.measure(textured(1)).difference is None
