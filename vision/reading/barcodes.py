"""Bar codes by zxing-cpp."""

from collections.abc import Iterator
from importlib.metadata import version

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from vision.document.readings import Barcode, Box
from vision.ports import RgbImage

Grey = npt.NDArray[np.uint8]

_SYMBOLOGIES = {
    zxingcpp.BarcodeFormat.PDF417: "pdf417",
    zxingcpp.BarcodeFormat.QRCode: "qr_code",
    zxingcpp.BarcodeFormat.DataMatrix: "data_matrix",
    zxingcpp.BarcodeFormat.Aztec: "aztec",
    zxingcpp.BarcodeFormat.Code128: "code_128",
    zxingcpp.BarcodeFormat.Code39: "code_39",
}
"""Those that documents carry."""
_LONGEST_SIDE_PX = 4096
"""Larger pictures are read at this size; it bounds the time to about half a second."""
_LEAST_SIDE_PX = 24
_LEAST_LINEAR = 4
"""Characters; shorter Code 39, which has no check digit, is seen in print where there is none."""


class ZxingBarcodeReader:
    """Tries the picture as it is, then enlarged, then sharpened: a bar code of a card may have less than two pixels for
    its narrowest bar."""

    def __init__(self) -> None:
        self._name = f"zxing-cpp {version('zxing-cpp')}"

    @property
    def name(self) -> str:
        """Library and version."""
        return self._name

    def read(self, image: RgbImage) -> tuple[Barcode, ...]:
        """Codes whose error correction or check digit agrees, each content once, the topmost first."""
        if min(image.shape[:2]) < _LEAST_SIDE_PX:
            return ()
        found: dict[tuple[str, str], Barcode] = {}
        for picture in _attempts(image):
            for code in _codes(picture):
                found.setdefault((code.symbology, code.content), code)
            if any(code.symbology == "pdf417" for code in found.values()):
                break  # the one that holds a document's data; linear codes beside it only number the card
        return tuple(sorted(found.values(), key=lambda code: code.box.y))


def _attempts(image: RgbImage) -> Iterator[Grey]:
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    longest = max(grey.shape)
    if longest > _LONGEST_SIDE_PX:
        grey = _resized(grey, _LONGEST_SIDE_PX / longest, cv2.INTER_AREA)
        longest = max(grey.shape)
    yield grey
    larger = min(2.0, _LONGEST_SIDE_PX / longest)
    if larger > 1.25:
        grey = _resized(grey, larger, cv2.INTER_CUBIC)
        yield grey
    yield np.asarray(cv2.addWeighted(grey, 2.0, cv2.GaussianBlur(grey, (0, 0), 3.0), -1.0, 0), np.uint8)


def _resized(grey: Grey, scale: float, how: int) -> Grey:
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _codes(grey: Grey) -> Iterator[Barcode]:
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(grey), formats=zxingcpp.BarcodeFormats(list(_SYMBOLOGIES))):
        symbology = _SYMBOLOGIES.get(code.format)
        # Bytes, never text: text has control characters written out and a guessed character set.
        content = code.bytes.decode("latin-1")
        if symbology is None or not content or (symbology == "code_39" and len(content) < _LEAST_LINEAR):
            continue
        yield Barcode(symbology, content, _box(code.position, grey.shape))


def _box(position: zxingcpp.Position, shape: tuple[int, ...]) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across = [min(1.0, max(0.0, corner.x / shape[1])) for corner in corners]
    down = [min(1.0, max(0.0, corner.y / shape[0])) for corner in corners]
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
