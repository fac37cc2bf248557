"""Reads OCR-B (ISO 1073-2) one character at a time, to tell O from 0 and I from 1, which readers of any text cannot.

The type of a machine-readable zone has one pitch, so a line of known length can be cut into its characters by a grid.
Each is judged by a small network of our own: 640 pixels, 192 hidden units, 37 characters. ``glyph_training`` has the
recipe and the data card.
"""

import hashlib
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage
from vision.reading.zone_lines import CUT_HEIGHT

CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
WIDTH, HEIGHT = 20, 32
"""Pixels of a character as the network sees it."""
CELL_PITCHES = 1.3
"""Width of a cell in pitches: a little of both neighbours, so that a grid that is off by some pixels loses nothing."""
ANSWERS = 5
WEIGHTS = Path(__file__).parent / "data" / "ocrb.npz"
SHA256 = "63b7d9e610f503f37268f2ce3ef50bf54cde3de92f199f6b265e2bcbe49a45ee"
"""Of the weights; a file that differs is not read."""

MOVED = 3
"""Characters by which a grid may be off at first."""
_BLANK = -4.0
"""Log-likelihood of a place without ink."""
_GLYPH_WIDTH = 0.62
"""Width of the first and last glyph in pitches, on average: ISO 1073-2 sets 1.4 mm of 2.54 mm, fillers are wider."""

Plane = npt.NDArray[np.float32]


class OcrbReader:
    """The network and the grid. Shared between threads: it keeps no state between calls."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises ValueError for a file of weights that is missing or not the one that belongs to this version."""
        try:
            content = weights.read_bytes()
        except OSError as error:
            raise ValueError(f"{weights} cannot be read: install Visavis again") from error
        if weights == WEIGHTS and hashlib.sha256(content).hexdigest() != SHA256:
            raise ValueError(f"{weights} is not the file of this version: install Visavis again")
        with np.load(weights) as stored:
            self._layers = [
                (stored[f"weight_{index}"].astype(np.float32), stored[f"bias_{index}"].astype(np.float32))
                for index in (0, 1)
            ]
            self._temperature = float(stored["temperature"])
        self._name = f"ocrb-{hashlib.sha256(content).hexdigest()[:8]}"

    @property
    def name(self) -> str:
        """Which weights."""
        return self._name

    def read(self, line: RgbImage, count: int) -> tuple[tuple[tuple[str, float], ...], ...]:
        """As ``vision.reading.ports.GlyphReader``; the line as ``zone_lines.cut_line`` cuts it."""
        if count < 2 or line.shape[1] < 4 * count or line.shape[0] != CUT_HEIGHT:
            return ()
        grey = np.asarray(cv2.cvtColor(line, cv2.COLOR_RGB2GRAY), np.float32)
        probabilities = self._best_placed(grey, count)
        best = np.argsort(-probabilities, axis=1)[:, :ANSWERS]
        return tuple(
            tuple((CHARACTERS[index], float(row[index])) for index in order)
            for row, order in zip(probabilities, best, strict=True)
        )

    def _best_placed(self, grey: Plane, count: int) -> Plane:
        """With the grid moved by some characters: where a line was cut with more room than it needs, the ink alone does
        not tell where it begins. What is written there does."""
        columns = ink(grey)
        first, pitch = fit_grid(columns, count)
        placed = []
        for moved in range(-MOVED, MOVED + 1):
            start = first + moved * pitch
            blank = blank_places(columns, start, pitch, count)
            probabilities = self.probabilities(cells(grey, start, pitch, count))
            clear = np.log(probabilities.max(axis=1) + 1e-6)
            placed.append((float(np.where(blank, _BLANK, clear).mean()), probabilities))
        return np.asarray(max(placed, key=lambda one: one[0])[1], np.float32)

    def probabilities(self, cut: Plane) -> Plane:
        """Of (count, WIDTH × HEIGHT) cells: (count, 37)."""
        (first, first_bias), (second, second_bias) = self._layers
        scores = (np.maximum(cut @ first + first_bias, 0) @ second + second_bias) / self._temperature
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float32)


def ink(grey: Plane) -> Plane:
    """How much darker than the paper each column is, over the height of the type."""
    height = grey.shape[0]
    rows = grey[round(height * 0.2) : round(height * 0.8)]
    paper = cv2.blur(np.asarray(cv2.dilate(grey, np.ones((9, 9), np.uint8)), np.float32), (31, 31))
    dark = paper[round(height * 0.2) : round(height * 0.8)] - rows
    return np.asarray(np.maximum(dark, 0).mean(axis=0), np.float32)


def fit_grid(columns: Plane, count: int) -> tuple[float, float]:
    """(centre of the first character, pitch) in pixels: the grid whose characters hold the ink, and whose gaps none."""
    width = len(columns)
    widest = width / (count - 1 + _GLYPH_WIDTH)
    total = np.concatenate([[0.0], np.cumsum(columns)])

    def within(centres: npt.NDArray[np.float64], half: float) -> npt.NDArray[np.float64]:
        left = np.clip(np.rint(centres - half).astype(int), 0, width)
        right = np.clip(np.rint(centres + half).astype(int), 0, width)
        return np.asarray(total[right] - total[left])

    best, found = -np.inf, (widest * _GLYPH_WIDTH / 2, widest)
    places = np.arange(count)
    for pitch in widest * np.linspace(0.8, 1.0, 51):
        starts = np.arange(0.0, max(1.0, width - pitch * (count - 1)), 0.06 * pitch)
        centres = starts[:, None] + pitch * places[None, :]
        held = within(centres, 0.36 * pitch)
        # Every place of a zone is printed on: one strong character must not make up for one that is blank.
        held = np.minimum(held, np.median(held, axis=1, keepdims=True)).sum(axis=1)
        gaps = within(centres[:, :-1] + pitch / 2, 0.14 * pitch).sum(axis=1)
        score = held - 2.0 * gaps
        index = int(score.argmax())
        if score[index] > best:
            best, found = float(score[index]), (float(starts[index]), float(pitch))
    return found


def blank_places(columns: Plane, first: float, pitch: float, count: int) -> npt.NDArray[np.bool_]:
    """Characters with hardly any ink; there are none in a zone, so the grid is off by one or more."""
    total = np.concatenate([[0.0], np.cumsum(columns)])
    centres = first + pitch * np.arange(count)
    left = np.clip(np.rint(centres - 0.4 * pitch).astype(int), 0, len(columns))
    right = np.clip(np.rint(centres + 0.4 * pitch).astype(int), 0, len(columns))
    held = total[right] - total[left]
    return np.asarray(held < 0.3 * np.median(held))


def cells(grey: Plane, first: float, pitch: float, count: int) -> Plane:
    """The characters cut out: (count, WIDTH × HEIGHT), each with mean 0 and deviation 1, dark = negative."""
    across = (np.arange(WIDTH, dtype=np.float32) + 0.5) / WIDTH - 0.5
    x = first + pitch * (np.arange(count, dtype=np.float32)[:, None] + CELL_PITCHES * across[None, :])
    y = (np.arange(HEIGHT, dtype=np.float32) + 0.5) / HEIGHT * grey.shape[0] - 0.5
    map_x = np.repeat(x.reshape(1, -1), HEIGHT, axis=0).astype(np.float32)
    map_y = np.repeat(y[:, None], map_x.shape[1], axis=1).astype(np.float32)
    cut = cv2.remap(grey, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    each = np.asarray(cut, np.float32).reshape(HEIGHT, count, WIDTH).transpose(1, 0, 2).reshape(count, -1)
    spread = each.std(axis=1, keepdims=True)
    return np.asarray((each - each.mean(axis=1, keepdims=True)) / np.maximum(spread, 4.0), np.float32)
