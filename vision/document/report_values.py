"""Values as a DocumentScanReport writes them (contract §4.5), and how its readers are told to show them (pure)."""

from collections.abc import Mapping
from typing import Any

from vision.document.dates import from_iso
from vision.document.document import Field
from vision.document.readings import Box, Script

ALPHABETS: tuple[Script, ...] = ("latin", "arabic", "cyrillic", "greek")

Json = dict[str, Any]


def side_name(side: int) -> str:
    """BlinkID's name of a side."""
    return "first" if side == 0 else "second"


def string_result(field: Field) -> Json:
    """A StringResult: ``latin`` always; the document's own alphabet, and ``originalString`` as it stands there, too."""
    place = _place(field.side, field.box)
    result: Json = {"latin": {"value": field.value, **place}}
    if field.script in ALPHABETS and field.script != "latin":
        result[field.script] = {"value": field.original, **place}
    return {**result, "originalString": original_string(field.original, field.script, field.value)}


def original_string(original: str, script: Script, latin: str) -> Json:
    """What stands on the document, by alphabet; ``latin`` is filled for every script."""
    if script in ALPHABETS and script != "latin":
        return {script: {"value": original}, "latin": {"value": latin}}
    return {"latin": {"value": original}}


def date_result(field: Field) -> Json:
    """A DateResult; parts that the document leaves out are left out."""
    day = from_iso(field.value)
    parts = {"day": day.day, "month": day.month, "year": day.year} if day is not None else {}
    return {
        **{name: number for name, number in parts.items() if number},
        "originalString": original_string(field.original, field.script, field.original),
        "filledByDomainKnowledge": False,
        "successfullyParsed": day is not None,
    }


def display_value(value: Any) -> str:
    """What a reader shows of a value of the report: a plain string; else ``latin.value``; else ``originalString`` by
    the same rule; else month, day and year joined by slashes. Empty when there is none of them."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ""
    latin = value.get("latin")
    if isinstance(latin, Mapping) and isinstance(latin.get("value"), str):
        return str(latin["value"])
    if "originalString" in value and (shown := display_value(value["originalString"])):
        return shown
    return "/".join(str(value[part]) for part in ("month", "day", "year") if value.get(part))


def _place(side: int, box: Box | None) -> Json:
    found: Json = {"side": side_name(side)}
    if box is not None:
        found["location"] = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    return found
