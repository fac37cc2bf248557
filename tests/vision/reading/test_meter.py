"""Frames of documents as numbers: good ones are called good, faults are named, and nothing else is a document."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.person import render_person
from tests.fakes.specimens.backgrounds import Surface, background
from tests.fakes.specimens.photograph import Turn, photograph, photograph_several
from tests.fakes.specimens.zones import Kind
from tests.vision.reading.photos import SIZE, page, photo
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.guidance import lacks
from vision.document.capture.policy import CapturePolicy
from vision.ports import RgbImage
from vision.reading.meter import HELD_SECONDS, OpenCvDocumentMeter

POLICY = CapturePolicy()
STEP = 0.2


@pytest.fixture(autouse=True)
def drawn(weights: Path, ocr_b_font: Path) -> None:
    """Specimens are drawn with a face and in OCR-B."""


def measured(*images: RgbImage) -> DocumentFrame:
    """The last of frames that follow each other."""
    meter = OpenCvDocumentMeter()
    return [meter.measure(image, STEP * index) for index, image in enumerate(images)][-1]


def desk(size: tuple[int, int] = SIZE) -> RgbImage:
    """Nothing on it."""
    return background("desk", np.random.default_rng(4), size, 0.0)


@pytest.mark.parametrize("size", [(640, 480), (1280, 720)])
@pytest.mark.parametrize("surface", ["desk", "hand"])
def test_careful_photographs_are_good(size: tuple[int, int], surface: Surface) -> None:
    found = []
    for seed in range(10):
        taken = photo(seed, surface=surface, size=size)
        found.append(lacks(measured(taken.image, taken.image), POLICY))
    assert found.count(()) >= 9, found


def test_a_frame_says_where_the_document_lies() -> None:
    taken = photo(1)
    frame = measured(taken.image, taken.image)
    area = float(cv2.contourArea(taken.corners)) / (SIZE[0] * SIZE[1])
    shares = np.array(frame.corners).reshape(4, 2)
    assert np.abs(shares - taken.corners / SIZE).max() < 0.01
    assert frame.coverage == pytest.approx(area, rel=0.03)
    assert frame.aspect == pytest.approx(85.6 / 53.98, rel=0.06)
    assert (frame.cards, frame.whole) == (1, True)
    assert frame.motion == pytest.approx(0.0, abs=1e-3)


def test_faults_get_their_advice() -> None:
    side, good = page("id-card", 1), photo(1)
    far = photograph(side, 1, hardness=0.1, size=SIZE, coverage=0.42, glare_radius=0).image
    shiny = photograph(side, 1, hardness=0.1, size=SIZE, coverage=0.8, glare_radius=0.1).image
    dark = (good.image * 0.15).astype(np.uint8)
    white = np.clip(good.image.astype(np.float32) * 1.8, 0, 255).astype(np.uint8)
    half = good.image.copy()
    half[:, : int(good.corners[:, 0].mean())] //= 6
    soft = cv2.GaussianBlur(good.image, (0, 0), 4.0)
    two, _ = photograph_several([side, page("licence", 2)], 1, size=SIZE)
    cut = np.ascontiguousarray(good.image[:, int(good.corners[:, 0].min()) + 60 :])
    frames = {
        "closer": far, "glare": shiny, "more_light": dark, "less_light": white, "shadow": half,
        "blurred": np.asarray(soft, np.uint8), "two_documents": two, "cut_off": cut, "no_document": desk(),
    }  # fmt: skip
    advice = {name: lacks(measured(image, image), POLICY) for name, image in frames.items()}
    assert {name for name, given in advice.items() if name not in given} == set(), advice
    assert lacks(measured(good.image, good.image), POLICY) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_face_a_room_and_noise_are_no_documents(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for image in (
        render_person(width=640, height=480, size=0.5, seed=1000 * seed),
        background("hand", rng, (640, 480), 0.3),
        rng.integers(0, 256, (480, 640, 3)).astype(np.uint8),
    ):
        frame = measured(image, image)
        assert (frame.corners, frame.cards, frame.fingerprint) == ((), 0, 0)
        assert "no_document" in lacks(frame, POLICY)
        assert 0 < frame.brightness < 1


def test_motion_is_the_way_of_the_corners() -> None:
    image = photo(1).image
    way_px = 13
    frame = measured(image, np.roll(image, way_px, axis=1))
    assert frame.motion == pytest.approx(way_px / SIZE[0] / STEP, rel=0.15)
    fast = measured(image, np.roll(image, 60, axis=1))
    assert "hold_still" in lacks(fast, POLICY)


def test_a_lost_frame_is_no_loss_but_a_document_that_went_away_is_gone() -> None:
    meter, image = OpenCvDocumentMeter(), photo(1).image
    first = meter.measure(image, 0.0)
    held = meter.measure(desk(), 0.2)
    back = meter.measure(image, 0.4)
    assert held.corners == first.corners
    assert held.fingerprint == first.fingerprint == back.fingerprint
    assert lacks(held, POLICY) != ()
    assert meter.measure(desk(), 0.4 + HELD_SECONDS + 0.1).corners == ()


def test_a_document_that_is_changed_for_another_is_searched_anew() -> None:
    meter = OpenCvDocumentMeter()
    one, other = photo(1), photo(5, surface="hand")
    meter.measure(one.image, 0.0)
    for index in range(1, 8):
        frame = meter.measure(other.image, STEP * index)
    assert np.abs(np.array(frame.corners).reshape(4, 2) - other.corners / SIZE).max() < 0.02


def test_the_fingerprint_tells_the_sides_and_not_the_way_up_nor_the_light() -> None:
    def fingerprint(kind: Kind, side: str, seed: int, turned: Turn = 0) -> int:
        shown = page(kind, 1, side)
        taken = photograph(shown, seed, hardness=0.2, size=SIZE, turned=turned, glare_radius=0)
        return measured(taken.image).fingerprint

    kinds: tuple[Kind, ...] = ("id-card", "licence")
    for kind in kinds:
        fronts = [fingerprint(kind, "front", seed) for seed in range(3)]
        reverse, back = fingerprint(kind, "front", 3, turned=180), fingerprint(kind, "back", 4)
        alike = [(fronts[0] ^ other).bit_count() for other in (*fronts[1:], reverse)]
        assert max(alike) < POLICY.turn_bits, alike
        assert (fronts[0] ^ back).bit_count() >= POLICY.turn_bits


def test_two_meters_measure_the_same() -> None:
    image = photo(2).image
    assert measured(image, image) == measured(image, image)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (31, 31), (48, 12_000)])
def test_odd_pictures_are_measured_as_nothing(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    meter = OpenCvDocumentMeter()
    first = meter.measure(image, 0.0)
    assert first.corners == ()
    assert replace(first, at=STEP) == meter.measure(image, STEP)


def test_a_frame_of_another_size_is_searched_for_the_document() -> None:
    """Cameras are turned and changed during a call."""
    meter = OpenCvDocumentMeter()
    meter.measure(photo(1).image, 0.0)
    small = photo(1, size=(640, 480))
    for index in range(1, 4):
        frame = meter.measure(small.image, STEP * index)
    assert np.abs(np.array(frame.corners).reshape(4, 2) - small.corners / (640, 480)).max() < 0.02
