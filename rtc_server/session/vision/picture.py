"""Pictures that strangers send: what they claim to be is read before anything is decoded."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from vision.ports import RgbImage

MAX_PIXELS = 40_000_000
"""A picture of more is refused before it is decoded: a small file can claim any size."""

MOST_ELONGATED = 20
"""Of the short side, what the long one may be; of a longer picture nothing is left when it is scaled down."""

LONG_SIDE = 1_600
"""Larger pictures are scaled down; faces are compared at far less."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers SOF0 to SOF15, which hold the size (ITU-T T.81, table B.1)."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""


class PictureError(ValueError):
    """Not a picture that is read here; says nothing of its content."""


class TooManyPixels(PictureError):
    """More than ``MAX_PIXELS``."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What the first bytes say."""

    format: Literal["png", "jpeg", "webp"]
    width_px: int
    height_px: int


def read_header(data: bytes) -> PictureHeader:
    """Format and size of a PNG, JPEG or WebP file. Raises PictureError for anything else."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        return _header("png", int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    if data.startswith(b"\xff\xd8\xff"):
        return _header("jpeg", *_jpeg_size(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _header("webp", *_webp_size(data))
    raise PictureError("neither PNG nor JPEG nor WebP")


def decode(data: bytes, long_side_px: int = LONG_SIDE) -> RgbImage:
    """The picture as people see it (EXIF orientation applied), at most ``long_side_px`` long. For a thread.

    Raises PictureError and TooManyPixels.
    """
    header = read_header(data)
    if header.width_px * header.height_px > MAX_PIXELS:
        raise TooManyPixels(f"more than {MAX_PIXELS} pixels")
    if max(header.width_px, header.height_px) > MOST_ELONGATED * min(header.width_px, header.height_px):
        raise PictureError("too narrow to show anything")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise PictureError("damaged") from error
    if image is None:
        raise PictureError("damaged")
    scale = long_side_px / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(image, np.uint8)


def encode_jpeg(image: RgbImage, quality: int = 90) -> bytes:
    """The picture as a JPEG file. For a thread."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise PictureError("cannot be encoded")
    return bytes(data)


def _header(name: Literal["png", "jpeg", "webp"], width: int, height: int) -> PictureHeader:
    if not width or not height:
        raise PictureError("a picture without pixels")
    return PictureHeader(name, width, height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height) of the first frame header; segments are skipped by their length."""
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF or marker in _JPEG_BARE:
            at += 1 if marker == 0xFF else 2
        elif marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise PictureError("a JPEG without a frame")


def _webp_size(data: bytes) -> tuple[int, int]:
    """(width, height) by the first chunk (RFC 9649)."""
    if len(data) < 30:
        raise PictureError("a WebP without a frame")
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            size = (int.from_bytes(data[place : place + 2], "little") & 0x3FFF for place in (26, 28))
            width, height = size
            return width, height
    raise PictureError("a WebP without a frame")
