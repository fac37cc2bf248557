"""What is usually done: PP-OCR on the whole picture, the lines that look like a zone, the first string that fits."""

import itertools
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cv2
import zxingcpp

from vision.document.dates import iso
from vision.document.document import CivilDate
from vision.document.mrz.zone import Mrz, MrzError, parse
from vision.ports import RgbImage

WIDTHS = (30, 36, 44)
"""Characters in a line of each layout."""
_ALIKE = {"O": "0", "I": "1", "S": "5", "B": "8", "Z": "2", "G": "6"}
MIXED_UP = {**_ALIKE, **{digit: letter for letter, digit in _ALIKE.items()}}
MOST_CHANGES = 3
PDF417 = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417)


class Peer:
    """rapidocr with its defaults and the networks of its wheel; zxing-cpp on the picture as it was taken."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        # One thread reads the same and lets processor times be compared.
        self._ocr: Any = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1})
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    def zone(self, picture: RgbImage, today: CivilDate) -> Mrz | None:
        """The first zone whose check digits hold."""
        found = self._ocr(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        texts = [re.sub(r"[^A-Z0-9<]", "", text.upper().replace("«", "<<")) for text in found.txts or ()]
        lines = [text for text in texts if len(text) >= min(WIDTHS) - 4 and "<" in text]
        for count in (3, 2):
            if len(lines) >= count:
                return first_that_fits(lines[-count:], today)
        return None

    def barcode(self, picture: RgbImage) -> str:
        """Content of the first PDF417; empty when there is none."""
        codes = zxingcpp.read_barcodes(picture, formats=PDF417)
        return codes[0].bytes.decode("latin-1") if codes else ""


def first_that_fits(lines: Sequence[str], today: CivilDate) -> Mrz | None:
    """Lines brought to their width; then with one, two, three look-alikes changed until the check digits hold."""
    width = min(WIDTHS, key=lambda one: abs(one - len(lines[0])))
    padded = [line[:width].ljust(width, "<") for line in lines]
    for changed in _changes(padded):
        try:
            mrz = parse(changed, today)
        except MrzError:
            continue
        if not mrz.failed_checks:
            return mrz
    return None


def fields(mrz: Mrz) -> Mapping[str, str]:
    """By the names of the contract."""
    return {
        "lastName": mrz.primary_identifier,
        "firstName": mrz.secondary_identifier,
        "documentNumber": mrz.document_number,
        "dateOfBirth": iso(mrz.date_of_birth),
        "dateOfExpiry": iso(mrz.date_of_expiry),
        "sex": mrz.sex,
        "nationality": mrz.nationality,
    }


def _changes(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    # Names have no check digits, so nothing is tried there.
    last_is_names = len(lines) == 3
    checked = lines[:-1] if last_is_names else lines[1:]
    text = "".join(checked)
    places = [index for index, letter in enumerate(text) if letter in MIXED_UP]
    for count in range(MOST_CHANGES + 1):
        for chosen in itertools.combinations(places, count):
            letters = list(text)
            for index in chosen:
                letters[index] = MIXED_UP[letters[index]]
            rows, width = "".join(letters), len(lines[0])
            changed = tuple(rows[start : start + width] for start in range(0, len(rows), width))
            yield (*changed, lines[-1]) if last_is_names else (lines[0], *changed)
