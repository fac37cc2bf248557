"""Messages of the data channel to and from JSON, by their field types; what a page sends is bounded and cleaned."""

import dataclasses
import json
import math
import typing
from collections.abc import Mapping
from typing import Any, Literal

from rtc_server.rtc.messages import Camera, FromPage, FromServer, Input, Pace, Text

MAX_MESSAGE_BYTES = 16_384
"""A longer message from the page is refused; nothing that a page may say needs more."""

MAX_TEXT_CHARACTERS = 2_000
"""A longer typed answer is cut."""

MAX_INPUT_CHARACTERS = 320
"""A longer value of a field is cut; the longest e-mail address has 254."""

MAX_LABEL_CHARACTERS = 200
"""A longer name of a camera is cut."""

MAX_ID_CHARACTERS = 64

SLOWEST_SPEECH, FASTEST_SPEECH = 0.7, 1.3
"""Rates of speech that a page may ask for; others are taken for the nearest."""


class MessageError(ValueError):
    """A message from the page that cannot be understood; the text names the field."""


def type_name(message_class: type) -> str:
    """Wire name of a message class: ``SpeechStopped`` -> ``speechStopped``."""
    name = message_class.__name__
    return name[0].lower() + name[1:]


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def encode(message: FromServer | FromPage) -> str:
    """Message to JSON text."""
    fields = {_camel(f.name): getattr(message, f.name) for f in dataclasses.fields(message)}
    return json.dumps({"type": type_name(type(message)), **fields}, ensure_ascii=False, separators=(",", ":"))


_PAGE: Mapping[str, type[Any]] = {type_name(c): c for c in typing.get_args(FromPage)}
_SERVER: Mapping[str, type[Any]] = {type_name(c): c for c in typing.get_args(FromServer)}


def decode_from_page(text: str | bytes) -> FromPage | None:
    """JSON text from a page to a message; None for a type that this version does not know.

    Raises MessageError for anything that is not a well-formed message.
    """
    if len(text if isinstance(text, bytes) else text.encode("utf-8", "replace")) > MAX_MESSAGE_BYTES:
        raise MessageError(f"message longer than {MAX_MESSAGE_BYTES} bytes")
    message: FromPage | None = _decode(text, _PAGE)
    match message:
        case Text():
            return Text(text=_storable(message.text)[:MAX_TEXT_CHARACTERS])
        case Input():
            return Input(message.request_id[:MAX_ID_CHARACTERS], _storable(message.value)[:MAX_INPUT_CHARACTERS])
        case Camera():
            return dataclasses.replace(message, label=_storable(message.label)[:MAX_LABEL_CHARACTERS])
        case Pace():
            return Pace(min(max(message.speech_rate, SLOWEST_SPEECH), FASTEST_SPEECH), message.extra_time)
    return message


def decode_from_server(text: str | bytes) -> FromServer | None:
    """JSON text from a server to a message, for clients written in Python."""
    message: FromServer | None = _decode(text, _SERVER)
    return message


def _storable(text: str) -> str:
    """Text without what cannot be encoded (half a surrogate pair) or stored (control characters)."""
    text = "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return "".join(c for c in text if c >= " " or c in "\n\t")


def _decode(text: str | bytes, classes: Mapping[str, type[Any]]) -> Any:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MessageError("not JSON") from error
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise MessageError("no 'type'")
    message_class = classes.get(data["type"])
    if message_class is None:
        return None
    hints = typing.get_type_hints(message_class)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(message_class):
        key = _camel(field.name)
        if key in data:
            values[field.name] = _check(data[key], hints[field.name], f"{data['type']}.{key}")
        elif field.default is dataclasses.MISSING:
            raise MessageError(f"{data['type']}.{key} is missing")
    return message_class(**values)


def _finite(value: float, where: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MessageError(f"{where} must be a finite number")
    return number


def _check(value: Any, hint: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is Literal:
        if value in typing.get_args(hint):
            return value
        raise MessageError(f"{where} must be one of {', '.join(typing.get_args(hint))}")
    if origin is tuple:
        if not isinstance(value, list):
            raise MessageError(f"{where} must be a list")
        items = typing.get_args(hint)
        inner = [items[0]] * len(value) if len(items) == 2 and items[1] is Ellipsis else list(items)
        if len(inner) != len(value):
            raise MessageError(f"{where} must have {len(inner)} items")
        return tuple(_check(v, h, where) for v, h in zip(value, inner, strict=True))
    if hint is float and type(value) in (int, float):
        return _finite(value, where)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise MessageError(f"{where} must be {getattr(hint, '__name__', hint)}")
