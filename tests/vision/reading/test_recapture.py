"""Signs of a screen, a print and a portrait that was put in: found on what was drawn so, and on nothing genuine."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.fakes.specimens import draw
from tests.fakes.specimens.camera import taken
from tests.fakes.specimens.screens import shown_on_a_screen
from vision.document.readings import Box
from vision.ports import RgbImage
from vision.reading.recapture import portrait_cue, screen_cue


def as_taken(picture: npt.ArrayLike) -> RgbImage:
    """Noise of a sensor, and JPEG."""
    return taken(picture, np.random.default_rng(3))


@pytest.mark.parametrize(("pixels", "degrees"), [(1.3, 7.0), (2.3, 7.0), (3.0, 20.0)])
def test_the_pixels_of_a_screen_are_seen(ocr_b_font: Path, pixels: float, degrees: float) -> None:
    cue = screen_cue(shown_on_a_screen(draw("passport", 4).sides["front"], pixels=pixels, degrees=degrees))
    assert cue.state == "against"
    assert "lattice" in cue.reason


@pytest.mark.parametrize(("kind", "blur"), [("passport", 0.3), ("id-card", 0.8), ("licence", 1.5)])
def test_documents_of_paper_have_no_lattice(ocr_b_font: Path, kind: str, blur: float) -> None:
    for side in draw(kind, 11).sides.values():  # type: ignore[arg-type]  # a parameter of the test
        cue = screen_cue(as_taken(cv2.GaussianBlur(side, (0, 0), blur)))
        assert cue.state == "neutral", cue


def test_photographs_of_documents_have_no_lattice(shared_data: Path) -> None:
    for file in sorted((shared_data / "vision" / "docs" / "synth").glob("*_[04].jpg")):
        picture = np.asarray(cv2.imread(str(file)), np.uint8)
        assert screen_cue(picture).state == "neutral", file.name


@pytest.mark.parametrize("shape", [(1, 1, 3), (200, 4000, 3), (300, 300, 3)])
def test_small_and_flat_pictures_are_not_checked(shape: tuple[int, int, int]) -> None:
    assert screen_cue(np.full(shape, 128, np.uint8)).state == "not_checked"


def box_of(specimen_box: tuple[float, float, float, float]) -> Box:
    return Box(*specimen_box)


def test_a_portrait_that_was_put_in_is_grainier(ocr_b_font: Path) -> None:
    specimen = draw("passport", 9)
    page = as_taken(specimen.sides["front"])
    box = box_of(specimen.portrait_box)
    assert portrait_cue(page, box).state == "neutral"
    height, width = page.shape[:2]
    top, left = round(box.y * height), round(box.x * width)
    part = page[top : top + round(box.height * height), left : left + round(box.width * width)]
    grain = np.random.default_rng(5).normal(0, 28, part.shape)
    part[:] = np.clip(part + grain, 0, 255).astype(np.uint8)
    assert portrait_cue(page, box).state == "against"


def test_without_a_portrait_nothing_is_compared() -> None:
    page = np.full((600, 900, 3), 128, np.uint8)
    assert portrait_cue(page, None).state == "not_checked"
    assert portrait_cue(page, Box(0.0, 0.0, 0.01, 0.01)).state == "not_checked"
