"""The visual zone: values by the labels that stand before or above them (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vision.document.labels import Label, Labels, Numbering
from vision.document.printed_dates import DATE_FIELDS, date_part
from vision.document.readings import Box, SideReading, TextLine
from vision.document.sexes import printed_sexes
from vision.document.writing import compared, plain

_NAMES = frozenset({"lastName", "firstName", "fullName", "name", "nationality"})
_NUMBERS = frozenset({"documentNumber", "personalIdNumber", "documentAdditionalNumber"})
_INNER_NUMBER = re.compile(r"\s+(?=4\s?[abcd]\s?[.,:]\s?\S)", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(1|2|3|4\s?[abcd]|5|8|9)(?:[.,:)]|\s|$)", re.IGNORECASE)
_AMERICAN = re.compile(r"\b(DLN|DL NO|4D DL|LIC(ENSE)? NO|DRIVER.?S? LICEN[SC]E|USA|HGT|WGT)\b")
_ADDRESS_LINES = 3


@dataclass(frozen=True, slots=True)
class Printed:
    """A value of the visual zone as it stands there."""

    field: str
    text: str
    confidence: float
    box: Box


def numbering_of(lines: Sequence[TextLine]) -> Numbering:
    """Whether a side has the numbered fields of a driving licence, and whose."""
    numbers = {match[1].replace(" ", "").lower() for line in lines if (match := _NUMBERED.match(line.text))}
    american = any(_AMERICAN.search(plain(line.text)) for line in lines)
    if len(numbers) >= 4 and numbers & {"4a", "4b"}:
        return "aamva" if american else "eu"
    return "aamva" if american and len(numbers & {"4a", "4b", "4d", "3"}) >= 2 else "none"


def read_visual_zone(reading: SideReading, labels: Labels) -> Mapping[str, Printed]:
    """What is printed on one picture of a side, by the names of the contract; only what a label names and what has the
    form of such a value."""
    lines = [part for line in reading.text for part in _parts(line)]
    numbering = numbering_of(lines)
    named = [labels.find(line.text, numbering) for line in lines]
    values = [line for line, label in zip(lines, named, strict=True) if label is None]
    found: dict[str, Printed] = {}
    for line, label in zip(lines, named, strict=True):
        if label is None or label.field == "ignored" or label.field in found:
            continue
        value = _value(line, label, values)
        if value is not None:
            found[label.field] = value
    return _with_names(_with_place_of_birth(found, numbering))


def _parts(line: TextLine) -> list[TextLine]:
    """A line with several numbered fields, taken apart."""
    return [replace(line, text=part) for part in _INNER_NUMBER.split(line.text)]


def _value(line: TextLine, label: Label, values: Sequence[TextLine]) -> Printed | None:
    if label.rest:
        if _has_form(label.field, label.rest):
            return Printed(label.field, label.rest, line.confidence, line.box)
        if compared(label.rest):
            return None
    for candidate in (*_below(line.box, values), *_right(line.box, values)):
        if _has_form(label.field, candidate.text):
            if label.field == "address":
                return _address(candidate, values)
            return Printed(label.field, candidate.text.strip(), candidate.confidence, candidate.box)
    return None


def _below(label: Box, values: Sequence[TextLine]) -> list[TextLine]:
    """Lines that begin under a label, close to it; the nearest first."""
    bottom = label.y + label.height
    near = [
        (value.box.y - bottom, value)
        for value in values
        if -0.5 * label.height < value.box.y - bottom < 1.5 * max(label.height, value.box.height)
        and label.x - 0.04 <= value.box.x <= label.x + max(0.06, 0.5 * label.width)
    ]
    return [value for _, value in sorted(near, key=lambda one: one[0])]


def _right(label: Box, values: Sequence[TextLine]) -> list[TextLine]:
    """Lines that stand in the row of a label, to the right of it; the nearest first."""
    end, middle = label.x + label.width, label.y + label.height / 2
    near = [
        (value.box.x - end, value)
        for value in values
        if abs(value.box.y + value.box.height / 2 - middle) < 0.6 * max(label.height, value.box.height)
        and -0.02 < value.box.x - end < 0.3
    ]
    return [value for _, value in sorted(near, key=lambda one: one[0])]


def _address(first: TextLine, values: Sequence[TextLine]) -> Printed:
    """An address over several lines."""
    lines = [first]
    while len(lines) < _ADDRESS_LINES:
        following = [line for line in _below(lines[-1].box, values) if line not in lines]
        if not following or abs(following[0].box.x - first.box.x) > 0.03:
            break
        lines.append(following[0])
    text = ", ".join(line.text.strip(" ,") for line in lines)
    return Printed("address", text, min(line.confidence for line in lines), first.box)


def _has_form(field: str, text: str) -> bool:
    """Whether a text can be a value of this field at all."""
    letters = sum(one.isalpha() for one in text)
    digits = sum(one.isdigit() for one in plain(text))
    if field in DATE_FIELDS:
        return date_part(text) is not None
    if field in _NUMBERS:
        return 4 <= letters + digits <= 20 and digits >= 2 and date_part(text) is None and digits >= letters - 2
    if field == "sex":
        return bool(printed_sexes(text))
    if field in _NAMES:
        return letters >= 2 and digits == 0
    return letters + digits >= 2


def _with_place_of_birth(found: dict[str, Printed], numbering: Numbering) -> dict[str, Printed]:
    """Field 3 of a European driving licence is date and place of birth in one line."""
    birth = found.get("dateOfBirth")
    if numbering != "eu" or birth is None or "placeOfBirth" in found:
        return found
    place = birth.text.replace(date_part(birth.text) or "", "").strip(" .,-/")
    if sum(one.isalpha() for one in place) < 2:
        return found
    return {**found, "placeOfBirth": replace(birth, field="placeOfBirth", text=place)}


def _with_names(found: dict[str, Printed]) -> dict[str, Printed]:
    """``Name`` is the surname beside given names, and the whole name where there are none."""
    name = found.pop("name", None)
    field = "lastName" if "firstName" in found else "fullName"
    if name is not None and field not in found:
        found[field] = replace(name, field=field)
    return found
