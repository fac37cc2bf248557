"""Documents are found where they were laid, on desks and in hands; nothing is found where there is none."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.person import render_person
from tests.fakes.specimens.backgrounds import Surface, background
from tests.fakes.specimens.photograph import Turn, photograph, photograph_several
from tests.vision.reading.photos import SIZE, corner_error, page, photo
from vision.ports import RgbImage
from vision.reading.page_finder import ContourPageFinder, count_documents

NOT_PICTURES = [(1, 1), (1, 4000), (4000, 1), (31, 200), (64, 12_000)]


@pytest.fixture(autouse=True)
def drawn(weights: Path, ocr_b_font: Path) -> None:
    """Specimens are drawn with a face and in OCR-B."""


@pytest.mark.parametrize("surface", ["desk", "hand"])
def test_careful_photographs_are_found_to_a_hundredth(surface: Surface) -> None:
    errors = []
    for seed in range(12):
        taken = photo(seed, surface=surface)
        (found, *_) = ContourPageFinder().find(taken.image)
        errors.append(corner_error(found.corners, taken.corners))
        assert found.whole
    assert np.mean(np.array(errors) < 0.01) > 0.9, errors
    assert np.median(errors) < 0.004, errors


def test_hands_over_the_edges_do_not_move_the_outline_of_hard_photographs() -> None:
    errors = []
    for seed in range(12):
        taken = photo(seed, surface="hand", hardness=0.6)
        found = ContourPageFinder().find(taken.image)
        errors.append(corner_error(found[0].corners, taken.corners) if found else 1.0)
    assert np.mean(np.array(errors) < 0.02) > 0.9, errors


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_document_is_found(turned: Turn) -> None:
    taken = photograph(page("id-card", 1), 1, hardness=0.2, size=SIZE, turned=turned, glare_radius=0)
    (found, *_) = ContourPageFinder().find(taken.image)
    assert corner_error(found.corners, taken.corners) < 0.01


def test_a_pale_card_on_a_white_desk_is_found() -> None:
    scene = np.full((720, 1280, 3), 244, np.uint8)
    card = cv2.resize(page("id-card", 1), (800, 504), interpolation=cv2.INTER_AREA)
    scene[100:604, 200:1000] = card
    (found, *_) = ContourPageFinder().find(scene)
    true = np.array(((200, 100), (1000, 100), (1000, 604), (200, 604)), np.float32)
    assert corner_error(found.corners, true) < 0.02


def test_a_document_that_is_cut_off_is_not_whole() -> None:
    taken = photo(1)
    cut = np.ascontiguousarray(taken.image[:, int(taken.corners[:, 0].min()) + 40 :])
    found = ContourPageFinder().find(cut)
    assert not found or not found[0].whole


def test_two_cards_are_two_and_one_is_one() -> None:
    for seed in range(3):
        image, corners = photograph_several([page("id-card", seed), page("licence", seed)], seed)
        found = ContourPageFinder().find(image)
        assert count_documents(found) == 2
        assert all(min(corner_error(one.corners, true) for one in found) < 0.03 for true in corners)
        assert count_documents(ContourPageFinder().find(photo(seed).image)) == 1
    assert count_documents(()) == 0


@pytest.mark.parametrize("seed", range(6))
def test_rooms_and_faces_are_no_documents(seed: int) -> None:
    room = background("hand", np.random.default_rng(seed), (640, 480), 0.3)
    face = render_person(width=640, height=480, size=0.35 + 0.05 * seed, seed=1000 * (seed % 3))
    for working_px in (320, 480):
        assert ContourPageFinder(working_px).find(room) == ()
        assert ContourPageFinder(working_px).find(face) == ()


def test_empty_desks_noise_and_plain_pictures_are_no_documents() -> None:
    rng = np.random.default_rng(5)
    desk = background("desk", rng, (640, 480), 0.0)
    noise = rng.integers(0, 256, (480, 640, 3)).astype(np.uint8)
    for image in (desk, noise, np.zeros((480, 640, 3), np.uint8), np.full((480, 640, 3), 255, np.uint8)):
        assert ContourPageFinder().find(image) == ()


@pytest.mark.parametrize("shape", NOT_PICTURES)
def test_pictures_of_odd_shapes_hold_nothing(shape: tuple[int, int]) -> None:
    image: RgbImage = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    assert ContourPageFinder().find(image) == ()
    corners = np.array(((0, 0), (shape[1], 0), (shape[1], shape[0]), (0, shape[0])), np.float32)
    assert ContourPageFinder().follow(image, corners) is None


def test_a_document_is_followed_while_it_moves_a_little_and_lost_when_it_is_gone() -> None:
    taken = photo(1)
    moved = np.roll(taken.image, 12, axis=1)
    found = ContourPageFinder(320).follow(moved, taken.corners)
    assert found is not None
    assert corner_error(found.corners, taken.corners + np.array((12, 0), np.float32)) < 0.01
    desk = background("desk", np.random.default_rng(2), SIZE, 0.0)
    assert ContourPageFinder(320).follow(desk, taken.corners) is None
