"""What pictures of a document say, before anything is concluded. Numbers and text only; JSON-able."""

from dataclasses import dataclass
from typing import Literal

from vision.liveness.verdict import Cue

Source = Literal["still", "frame", "upload"]
"""``still``: taken by the page at the camera's full resolution; ``frame``: a frame of the video; ``upload``: a file."""

FIRST_UPLOAD = 1000
"""Uploaded files are numbered from here on, pictures that were asked for from 0."""

CardFormat = Literal["id1", "id2", "id3", "unknown"]
"""Size by ISO/IEC 7810: ID-1 85.6 × 54 mm (cards), ID-2 105 × 74 mm, ID-3 125 × 88 mm (passport page, visa)."""

Script = Literal["latin", "arabic", "cyrillic", "greek", "other", "unknown"]
"""Writing of most of the printed text; ``unknown``: no text, or none that could be made out."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in shares of the straightened side, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of print."""

    text: str
    confidence: float
    """0 to 1."""
    box: Box


@dataclass(frozen=True, slots=True)
class MrzLine:
    """One line of a machine-readable zone as two readers see it."""

    text: str
    """Only ``A``–``Z``, ``0``–``9`` and ``<``; may be too short, too long or wrong."""
    confidence: float
    """Of the text reader, 0 to 1."""
    glyphs: tuple[tuple[tuple[str, float], ...], ...]
    """What the OCR-B reader makes of each place of a line that fills the zone's width: (character, probability), the
    likeliest first, at most five. Empty when it could not look; its length need not be that of ``text``."""
    box: Box


@dataclass(frozen=True, slots=True)
class Barcode:
    """One bar code or matrix code."""

    symbology: str
    """``pdf417``, ``qr_code``, ``data_matrix``, ``aztec``, ``code_128`` …"""
    content: str
    """Its bytes, each as the character of the same number (ISO 8859-1)."""
    box: Box


@dataclass(frozen=True, slots=True)
class SideReading:
    """One picture of one side, straightened and upright."""

    number: int
    """Which picture, from 0; an uploaded file from ``FIRST_UPLOAD``."""
    source: Source
    cards: int
    """Things that look like a card or page in the picture; 0 = none, and then the rest describes the whole picture."""
    whole: bool
    """Whether all four corners lie within the picture."""
    format: CardFormat
    turned: Literal[0, 90, 180, 270]
    """Degrees clockwise by which it had to be turned to stand upright."""
    sharpness: float
    """Of print at the size of the straightened side, 0 (nothing readable) to 1."""
    glare: float
    """Share of the side that is burnt out."""
    script: Script
    text: tuple[TextLine, ...]
    """The printed (visual) zone, from top to bottom; without the lines of the machine-readable zone."""
    mrz: tuple[MrzLine, ...]
    """Top to bottom; empty when there is no such zone."""
    barcodes: tuple[Barcode, ...]
    portrait: Box | None
    cues: tuple[Cue, ...]
    """``document_screen`` and ``document_portrait``; as in a check of the face, one that is missing or ``not_checked``
    says nothing."""
