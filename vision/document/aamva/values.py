"""Values of elements: days, sex, height, weight, names and addresses. None or empty for what cannot be read."""

import re
from collections.abc import Mapping
from typing import Literal

from vision.document.dates import is_real
from vision.document.document import CivilDate
from vision.document.sexes import Sex

_SEXES: Mapping[str, Sex] = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X"}
"""ANSI D-20 codes; letters in version 1 and by some issuers."""
_CM_PER_INCH = 2.54
_KG_PER_POUND = 0.45359237


def day(text: str) -> CivilDate | None:
    """MMDDCCYY of the United States or CCYYMMDD of Canada and version 1.

    The digits tell which: no month is 18 or more, and no day of a living person lies in a year before 1800. So an
    issuer who uses the other country's order is read right as well.
    """
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    if text[:2] >= "18":
        found = CivilDate(int(text[:4]), int(text[4:6]), int(text[6:]))
    else:
        found = CivilDate(int(text[4:]), int(text[:2]), int(text[2:4]))
    whole = 1800 <= found.year < 2200 and found.month > 0 and found.day > 0
    return found if whole and is_real(found) else None


def sex(text: str) -> Sex | Literal[""]:
    """As the contract has it; empty when it is not known."""
    return _SEXES.get(text.upper(), "")


def height_cm(text: str) -> int | None:
    """``070 in``, ``178 cm``, or feet and inches as in version 1: ``510``, ``5-10``, ``5'10"``."""
    if known := re.fullmatch(r"([0-9]{2,3}) ?(in|cm)", text.lower()):
        return _possible(int(known[1]) * (_CM_PER_INCH if known[2] == "in" else 1), 30, 280)
    if feet := re.fullmatch(r"([1-8])['\- ]?([0-9]{2})\"?", text):
        inches = int(feet[2])
        return _possible((int(feet[1]) * 12 + inches) * _CM_PER_INCH, 30, 280) if inches < 12 else None
    return None


def weight_kg(pounds: str, kilograms: str) -> int | None:
    """Of two elements, the one that is there."""
    if re.fullmatch(r"[0-9]{2,3}", kilograms):
        return _possible(int(kilograms), 2, 500)
    return _possible(int(pounds) * _KG_PER_POUND, 2, 500) if re.fullmatch(r"[0-9]{2,3}", pounds) else None


def postal_code(text: str) -> str:
    """``12345``, ``12345-6789`` or ``K1A 0B1``; zeros stand for four digits that are not known."""
    plain = text.replace(" ", "").replace("-", "").upper()
    if re.fullmatch(r"[0-9]{5}(0000)?", plain):
        return plain[:5]
    if re.fullmatch(r"[0-9]{9}", plain):
        return f"{plain[:5]}-{plain[5:]}"
    if re.fullmatch(r"([A-Z][0-9]){3}", plain):
        return f"{plain[:3]} {plain[3:]}"
    return text.strip()


def parted(text: str, count: int) -> tuple[str, ...]:
    """A name whose parts are set apart by commas, as so many parts; the last has what is left."""
    parts = [part.strip() for part in text.split(",", count - 1)]
    return (*parts, *[""] * (count - len(parts)))


def _possible(number: float, least: int, most: int) -> int | None:
    return round(number) if least <= number <= most else None
