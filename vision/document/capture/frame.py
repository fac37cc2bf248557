"""One frame of the video while a document is shown, as numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentFrame:
    """What was measured. Shares are of the frame unless it says otherwise."""

    at: float
    """Session clock, seconds."""
    corners: tuple[float, ...]
    """x and y of the four corners in shares of width and height, clockwise from the document's top left as it lies in
    the picture; empty = no document."""
    cards: int
    """How many documents there seem to be."""
    whole: bool
    """Whether all corners lie within the frame."""
    coverage: float
    """Area of the document."""
    aspect: float
    """Its long side by its short side, perspective undone as well as four corners allow; 0 without a document."""
    sharpness: float
    """Of its print, 0 to 1; comparable over sizes."""
    glare: float
    """Share of the document that is burnt out."""
    brightness: float
    """Mean luminance of the document (of the frame without one), 0 to 1."""
    shadow: float
    """Unevenness of its lighting: 1 − (darkest tenth / brightest tenth of the paper), 0 to 1."""
    motion: float
    """Mean way of its corners per second, in widths of the frame; 0 for its first frame."""
    fingerprint: int
    """Perceptual hash of the straightened document, 64 bits, the same when it stands upside down; 0 without one."""
