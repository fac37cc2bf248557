"""What documents are read with, each replaceable. Engines are called on a thread, never on an event loop.

Images are RGB, ``uint8``, shape (height, width, 3). Engines are shared between sessions and keep no state between
calls, except ``DocumentMeter``, of which each scan has its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vision.document.capture.frame import DocumentFrame
from vision.document.readings import Barcode, SideReading, Source, TextLine
from vision.ports import RgbImage

Corners = npt.NDArray[np.float32]
"""(4, 2) pixels, clockwise from the top left as the document lies in the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Quadrilateral:
    """Something with four corners that may be a card or a page."""

    corners: Corners
    score: float
    """How much it looks like one, 0 to 1."""
    whole: bool
    """Whether it lies within the picture."""


class PageFinder(Protocol):
    """Finds documents in a picture."""

    def find(self, image: RgbImage) -> tuple[Quadrilateral, ...]:
        """The likeliest first; empty when there is none."""


class TextReader(Protocol):
    """Optical character recognition."""

    @property
    def name(self) -> str:
        """Which models, for reports."""

    def read(self, image: RgbImage) -> tuple[TextLine, ...]:
        """All lines of print, from top to bottom; boxes in shares of the image."""

    def read_lines(self, lines: Sequence[RgbImage]) -> list[tuple[str, float]]:
        """(text, confidence) of pictures of one line each; no detection, so it is much faster."""


class GlyphReader(Protocol):
    """Reads OCR-B (ISO 1073-2), the type of machine-readable zones, one character at a time."""

    @property
    def name(self) -> str:
        """Which model, for reports."""

    def read(self, line: RgbImage, count: int) -> tuple[tuple[tuple[str, float], ...], ...]:
        """A line of ``count`` characters that fill the picture's width: for each (character, probability), the
        likeliest first, at most five. Empty when the line cannot be cut into so many."""


class BarcodeReader(Protocol):
    """Reads bar codes and matrix codes."""

    @property
    def name(self) -> str:
        """Which library, for reports."""

    def read(self, image: RgbImage) -> tuple[Barcode, ...]:
        """Those that could be read whole; boxes in shares of the image."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadSide:
    """A reading with the pictures that belong to it; these stay in memory, and are kept only encrypted."""

    reading: SideReading
    page: RgbImage
    """The side, straightened and upright; the whole picture where no document was found."""
    portrait: RgbImage | None
    """The holder's face with some room around it."""


class DocumentReader(Protocol):
    """Reads a picture of a document."""

    @property
    def engines(self) -> dict[str, str]:
        """Names of what it reads with, for reports: ``text``, ``glyphs``, ``barcodes``."""

    def read(self, image: RgbImage, number: int, source: Source) -> ReadSide:
        """Everything about one picture. An engine that fails makes what it would have told missing; raises what cannot
        be told at all."""


class DocumentMeter(Protocol):
    """Measures frame after frame of one scan."""

    def measure(self, image: RgbImage, at: float) -> DocumentFrame:
        """The next frame; ``at`` in seconds, rising."""
