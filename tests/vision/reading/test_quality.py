"""Sharpness, glare and light of pages: ordered as they should be, and alike over sizes and cameras."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.specimens import draw
from tests.fakes.specimens.zones import Kind
from tests.vision.reading.photos import KINDS, page
from vision.document.capture.policy import CapturePolicy
from vision.ports import RgbImage
from vision.reading.mrz_zone import find_zone
from vision.reading.quality import brightness, glare, shadow, sharpness
from vision.reading.text import RapidTextReader

POLICY = CapturePolicy()


@pytest.fixture(autouse=True)
def drawn(weights: Path, ocr_b_font: Path) -> None:
    """Specimens are drawn with a face and in OCR-B."""


def seen(side: RgbImage, width: int, blur: float, noise: float = 3.0) -> RgbImage:
    """The side at a width in pixels, blurred by so many of them for each 1,000 of the width, with noise and JPEG."""
    height = round(width * side.shape[0] / side.shape[1])
    small = cv2.resize(side, (width, height), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), blur * width / 1000) if blur else small
    noisy = soft.astype(np.float32) + np.random.default_rng(1).normal(0, noise, small.shape)
    _, data = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def with_light(side: RgbImage, x: float, y: float, radius: float) -> RgbImage:
    """The reflection of a lamp; in shares of the width."""
    height, width = side.shape[:2]
    rows, columns = np.ogrid[:height, :width]
    distance = (columns - x * width) ** 2 + (rows - y * width) ** 2
    light = 330 * np.exp(-distance / (2 * (radius * width) ** 2))
    return np.asarray(np.clip(side + light[..., None], 0, 255), np.uint8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [400, 1000, 1600])
def test_more_blur_is_less_sharp(kind: Kind, width: int) -> None:
    side = page(kind, 3)
    values = [sharpness(seen(side, width, blur)) for blur in (0, 1, 2, 3, 4, 6)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.6
    assert values[-1] < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_sharpness_is_alike_over_sizes_noise_and_contrast(kind: Kind) -> None:
    side = page(kind, 2)
    usual = sharpness(seen(side, 1000, 2))
    dull = (128 + 0.5 * (side.astype(np.float32) - 128)).astype(np.uint8)
    others = [seen(side, 500, 2), seen(side, 1600, 2), seen(side, 1000, 2, noise=6), seen(dull, 1000, 2)]
    assert [sharpness(other) for other in others] == pytest.approx([usual] * 4, abs=0.08)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_limit_parts_what_is_read_from_what_is_not(seed: int) -> None:
    """44 characters across the page: above the limit a zone is found, far below it none is."""
    reader = RapidTextReader()
    specimen = draw("passport", seed)
    sharp, soft = (seen(specimen.sides["front"], 1000, blur) for blur in (2, 4.5))
    assert sharpness(sharp) > POLICY.sharpness > sharpness(soft)
    zone = find_zone(sharp, reader, None)
    assert zone is not None
    assert [len(line.text) for line in zone.lines] == pytest.approx([44, 44], abs=1)
    assert find_zone(soft, reader, None) is None


def test_nothing_printed_is_not_sharp() -> None:
    blank = np.full((500, 800, 3), 200, np.uint8)
    grainy = np.clip(blank + np.random.default_rng(2).normal(0, 4, blank.shape), 0, 255).astype(np.uint8)
    for image in (blank, grainy, np.zeros((500, 800, 3), np.uint8), np.zeros((1, 1, 3), np.uint8)):
        assert sharpness(image) == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_glare_grows_with_the_light_and_no_page_has_any_of_itself(kind: Kind) -> None:
    side = page(kind, 4)
    values = [glare(with_light(side, 0.6, 0.3, radius)) for radius in (0.03, 0.06, 0.1)]
    assert glare(side) == 0.0
    assert values == sorted(values)
    assert 0.001 < values[0] < POLICY.glare < values[-1]


def test_white_paper_is_no_glare() -> None:
    """Neither a white field on a card, nor a scan whose paper is white throughout."""
    back = page("licence", 3, "back")
    bright = np.clip(back.astype(np.float32) * 1.04, 0, 255).astype(np.uint8)
    paper = np.full((700, 1000, 3), 255, np.uint8)
    cv2.putText(paper, "SPECIMEN", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 3, (0, 0, 0), 6)
    assert glare(bright) < 0.01
    assert glare(paper) == 0.0


def test_brightness_is_mean_luminance() -> None:
    assert brightness(np.full((90, 160, 3), 51, np.uint8)) == pytest.approx(0.2)
    assert brightness(np.zeros((1, 1, 3), np.uint8)) == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_shadow_is_told_from_what_is_printed(kind: Kind) -> None:
    side = page(kind, 1)
    assert shadow(side) < 0.3
    half, deep = side.copy(), side.copy()
    half[:, : side.shape[1] // 2] //= 2
    deep[:, : side.shape[1] // 2] //= 6
    assert shadow(half) == pytest.approx(0.5, abs=0.12)
    assert shadow(half) < POLICY.shadow < shadow(deep)
