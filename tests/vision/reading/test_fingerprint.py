"""Fingerprints of pages that are alike, turned, and unlike."""

import cv2
import numpy as np

from vision.reading.fingerprint import BITS, fingerprint


def drawing(seed: int) -> np.ndarray:
    """Blocks of print on paper."""
    rng = np.random.default_rng(seed)
    image = np.full((540, 856, 3), 225, np.uint8)
    for _ in range(14):
        x, y = (int(value) for value in rng.integers((0, 0), (700, 480)))
        cv2.rectangle(image, (x, y), (x + int(rng.integers(40, 250)), y + int(rng.integers(8, 60))), (40, 40, 50), -1)
    return image


def test_upside_down_changes_nothing() -> None:
    for seed in range(5):
        page = drawing(seed)
        assert (fingerprint(page) ^ fingerprint(np.ascontiguousarray(page[::-1, ::-1]))).bit_count() <= 4


def test_size_light_and_grain_change_little() -> None:
    page = drawing(1)
    lit = (page * np.linspace(1.0, 0.6, page.shape[1])[None, :, None]).astype(np.uint8)
    small = np.asarray(cv2.resize(page, (300, 190), interpolation=cv2.INTER_AREA), np.uint8)
    grain = np.clip(page + np.random.default_rng(1).normal(0, 8, page.shape), 0, 255).astype(np.uint8)
    assert max((fingerprint(page) ^ fingerprint(other)).bit_count() for other in (lit, small, grain)) <= 6


def test_other_pages_differ_in_about_half_of_the_bits() -> None:
    prints = [fingerprint(drawing(seed)) for seed in range(8)]
    apart = [(one ^ other).bit_count() for i, one in enumerate(prints) for other in prints[i + 1 :]]
    assert 24 < np.mean(apart) < 40
    assert max(prints) < 2**BITS
