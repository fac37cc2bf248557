"""The OCR-B reader: drawn lines, real ones of another cut of the type, and whatever is no line."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from vision.ports import RgbImage
from vision.reading.glyph_training.drawing import LineDrawer
from vision.reading.glyphs import ANSWERS, CHARACTERS, WEIGHTS, OcrbReader, fit_grid
from vision.reading.page_finder import ContourPageFinder
from vision.reading.straighten import straighten
from vision.reading.zone_lines import CUT_HEIGHT, cut_line, find_zone_lines

SEED = 977
"""Not one of those that the network was trained or calibrated with."""
LINES = 40


@pytest.fixture(scope="module")
def reader() -> OcrbReader:
    return OcrbReader()


@pytest.fixture(scope="module")
def drawn(ocr_b_font: Path) -> list[tuple[RgbImage, str]]:
    drawer, random = LineDrawer(ocr_b_font), np.random.default_rng(SEED)
    return [(in_colour(grey), text) for grey, text in (drawer.draw(random) for _ in range(LINES))]


def in_colour(grey: npt.NDArray[np.float32]) -> RgbImage:
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def likeliest(reader: OcrbReader, line: RgbImage, count: int) -> str:
    return "".join(place[0][0] for place in reader.read(line, count))


def test_worn_lines_are_read(reader: OcrbReader, drawn: list[tuple[RgbImage, str]]) -> None:
    pairs = [pair for line, text in drawn for pair in zip(likeliest(reader, line, len(text)), text, strict=True)]
    assert sum(one == other for one, other in pairs) / len(pairs) > 0.96


def test_o_and_zero_one_and_i_are_told_apart(reader: OcrbReader, drawn: list[tuple[RgbImage, str]]) -> None:
    pairs = [pair for line, text in drawn for pair in zip(likeliest(reader, line, len(text)), text, strict=True)]
    alike = [(said, true) for said, true in pairs if true in "O0I1"]
    assert len(alike) > 100
    assert sum(said == true for said, true in alike) / len(alike) > 0.94


def test_its_probabilities_are_honest(reader: OcrbReader, drawn: list[tuple[RgbImage, str]]) -> None:
    """Of those that it is sure of, hardly any is wrong; and over all of them it is right about as often as it says."""
    said = [
        (place[0][1], place[0][0] == true)
        for line, text in drawn
        for place, true in zip(reader.read(line, len(text)), text, strict=True)
    ]
    sure = [right for probability, right in said if probability > 0.99]
    assert len(sure) > len(said) / 2
    assert sum(sure) / len(sure) > 0.99
    expected, right = np.mean([one for one, _ in said]), np.mean([one for _, one in said])
    assert abs(float(expected) - float(right)) < 0.03


def test_answers_are_characters_with_falling_probabilities(
    reader: OcrbReader, drawn: list[tuple[RgbImage, str]]
) -> None:
    line, text = drawn[0]
    places = reader.read(line, len(text))
    assert len(places) == len(text)
    for place in places:
        probabilities = [probability for _, probability in place]
        assert len(place) == ANSWERS
        assert {character for character, _ in place} <= set(CHARACTERS)
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0 < sum(probabilities) <= 1 + 1e-5


def test_a_line_with_room_at_its_ends_is_found(reader: OcrbReader, ocr_b_font: Path) -> None:
    drawer, random = LineDrawer(ocr_b_font), np.random.default_rng(SEED + 1)
    right = total = 0
    for _ in range(12):
        grey, text = drawer.draw(random)
        wider = np.pad(grey, ((0, 0), (14, 9)), mode="edge")
        right += sum(a == b for a, b in zip(likeliest(reader, in_colour(wider), len(text)), text, strict=True))
        total += len(text)
    assert right / total > 0.95


def test_many_threads_read_the_same(reader: OcrbReader, drawn: list[tuple[RgbImage, str]]) -> None:
    line, text = drawn[0]
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: reader.read(line, len(text)), range(8)))
    assert answers == {reader.read(line, len(text))}


@pytest.mark.parametrize(("shape", "count"), [((CUT_HEIGHT, 20), 30), ((20, 900), 30), ((CUT_HEIGHT, 900), 1)])
def test_what_cannot_be_cut_gives_nothing(reader: OcrbReader, shape: tuple[int, int], count: int) -> None:
    assert reader.read(np.full((*shape, 3), 255, np.uint8), count) == ()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_picture_says_nothing_for_certain(reader: OcrbReader, level: int) -> None:
    places = reader.read(np.full((CUT_HEIGHT, 900, 3), level, np.uint8), 30)
    assert all(np.isfinite(probability) for place in places for _, probability in place)


def test_the_grid_stands_on_the_ink() -> None:
    columns = np.zeros(900, np.float32)
    centres = 30.0 + 28.0 * np.arange(30)
    for centre in centres:
        columns[round(centre) - 8 : round(centre) + 9] = 1.0
    first, pitch = fit_grid(columns, 30)
    assert np.abs(first + pitch * np.arange(30) - centres).max() < 4.0


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.npz cannot be read"):
        OcrbReader(tmp_path / "none.npz")


def test_weights_that_were_changed_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "ocrb.npz"
    shutil.copy(WEIGHTS, changed)
    changed.write_bytes(changed.read_bytes() + b"\0")
    monkeypatch.setattr("vision.reading.glyphs.WEIGHTS", changed)
    with pytest.raises(ValueError, match="not the file of this version"):
        OcrbReader(changed)


@pytest.mark.shared
def test_another_cut_of_the_type_is_read_too(reader: OcrbReader, shared_data: Path) -> None:
    """Pictures of documents set in another OCR-B than the one that the network learned from."""
    manifest = [
        json.loads(line) for line in (shared_data / "vision" / "manifest.jsonl").read_text("utf-8").splitlines()
    ]
    pairs: list[tuple[str, str]] = []
    for entry in (one for one in manifest if one["path"].startswith("docs/synth/td")):
        picture = cv2.imread(str(shared_data / "vision" / entry["path"]))
        assert picture is not None
        image = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.uint8)
        page = straighten(image, ContourPageFinder().find(image)[0].corners).image
        groups = [group for group in find_zone_lines(page) if len(group) == len(entry["mrz"])]
        for line, text in zip(groups[0] if groups else (), entry["mrz"], strict=bool(groups)):
            pairs += zip(likeliest(reader, cut_line(page, line), len(text)), text, strict=True)
    alike = [one for one in pairs if one[1] in "O0I1"]
    assert len(pairs) > 1000
    assert sum(one == other for one, other in pairs) / len(pairs) > 0.96
    assert sum(one == other for one, other in alike) / len(alike) > 0.97
