"""Finding the holder's portrait on drawn documents."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.specimens import draw
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.reading.portrait import PortraitFinder, cut_out

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def finder(weights: Path) -> PortraitFinder:
    task_file = weights / "face-landmarker" / "face_landmarker.task"
    return PortraitFinder(lambda: LiteRtFaceTracker(task_file))


@pytest.mark.parametrize("kind", ["passport", "id-card", "licence"])
@pytest.mark.parametrize("width", [400, 1600])
def test_the_portrait_of_a_specimen_is_found_in_its_slot(
    finder: PortraitFinder, ocr_b_font: Path, kind: str, width: int
) -> None:
    specimen = draw(kind, 5)  # type: ignore[arg-type]  # a parameter of the test
    page = specimen.sides["front"]
    page = cv2.resize(page, (width, round(page.shape[0] * width / page.shape[1])), interpolation=cv2.INTER_AREA)
    found = finder.find(np.asarray(page, np.uint8))
    assert found is not None
    x, y, slot_width, slot_height = specimen.portrait_box
    assert x - 0.02 < found.x
    assert found.x + found.width < x + slot_width + 0.05
    assert y - 0.05 < found.y
    assert found.y + found.height < y + slot_height + 0.05
    assert found.width > 0.6 * slot_width


def test_a_ghost_image_is_not_taken_for_the_portrait(finder: PortraitFinder, ocr_b_font: Path) -> None:
    specimen = draw("id-card", 7)
    page = specimen.sides["front"].copy()
    ghost = cv2.resize(specimen.portrait, (200, 240), interpolation=cv2.INTER_AREA)
    page[300:540, 1100:1300] = ghost
    found = finder.find(page)
    assert found is not None
    assert found.x < 0.3


def test_a_side_without_a_face_has_none(finder: PortraitFinder, ocr_b_font: Path) -> None:
    assert finder.find(draw("id-card", 5).sides["back"]) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 400, 3), (400, 1, 3)])
def test_pictures_of_any_shape_are_looked_at(finder: PortraitFinder, shape: tuple[int, int, int]) -> None:
    assert finder.find(np.zeros(shape, np.uint8)) is None


def test_cutting_out_keeps_within_the_picture(finder: PortraitFinder, ocr_b_font: Path) -> None:
    page = draw("licence", 2).sides["front"]
    found = finder.find(page)
    assert found is not None
    portrait = cut_out(page, found)
    assert min(portrait.shape[:2]) > 100
    assert finder.find(portrait) is not None
