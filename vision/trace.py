"""What a machine was given, as JSON: dataclasses out and in by their field types (pure).

Numbers that were measured in a frame are rounded before the machine sees them, so that what is stored is exactly what
was judged. Times stay as they are; JSON keeps a float to the last bit.
"""

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

T = TypeVar("T")

DIGITS = 5
"""Decimal places of what was measured in a frame; a hundredth of the smallest threshold."""


class TraceError(ValueError):
    """Stored JSON that is not a trace of this version; the text names the place."""


def rounded(value: T, keep: tuple[str, ...] = ()) -> T:
    """The same dataclass with its floats rounded, but for the fields named in ``keep``."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast(Any, value)):
        part = getattr(value, field.name)
        if isinstance(part, float) and field.name not in keep:
            changes[field.name] = round(float(part), DIGITS)
        elif isinstance(part, tuple):
            changes[field.name] = tuple(round(float(item), DIGITS) for item in part)
    return typing.cast(T, dataclasses.replace(typing.cast(Any, value), **changes))


def is_finite(value: Any) -> bool:
    """Whether all numbers in it are; JSON knows no others (RFC 8259 §6)."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, tuple):
        return all(is_finite(item) for item in value)
    if dataclasses.is_dataclass(value):
        return all(is_finite(getattr(value, field.name)) for field in dataclasses.fields(value))
    return True


def to_json(value: Any) -> Any:
    """Dataclasses, mappings and tuples as objects and arrays."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return [to_json(item) for item in value] if isinstance(value, tuple) else value


def from_json(data: Any, target: type[T], where: str) -> T:
    """The dataclass that ``to_json`` wrote; fields that this version does not know are refused. Raises TraceError."""
    if not isinstance(data, Mapping):
        raise TraceError(f"{where} must be an object")
    hints = typing.get_type_hints(target)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise TraceError(f"{where}: unknown field {sorted(map(str, unknown))[0]!r}")
    try:
        return target(**{key: _value(value, hints[key], f"{where}.{key}") for key, value in data.items()})
    except TypeError as error:
        raise TraceError(f"{where}: {error}") from error


def event_to_json(event: Any) -> dict[str, Any]:
    """``{"type": class name, field: value, …}`` with plain JSON values."""
    return {"type": type(event).__name__, **to_json(event)}


def event_from_json(data: Mapping[str, Any], kinds: Mapping[str, type[T]]) -> T:
    """The event that ``event_to_json`` wrote; ``kinds`` by class name. Raises TraceError."""
    if not isinstance(data, Mapping):
        raise TraceError("not a JSON object, as each event is")
    name = data.get("type")
    target = kinds.get(name) if isinstance(name, str) else None
    if target is None:
        raise TraceError(f"unknown event type {name!r}")
    fields = {key: value for key, value in data.items() if key != "type"}
    return from_json(fields, target, str(name))


def _value(value: Any, hint: Any, where: str) -> Any:
    """One field as its type hint wants it."""
    choices = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    if value is None and type(None) in choices:
        return None
    hint = next(choice for choice in choices if choice is not type(None))
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _items(value, typing.get_args(hint), where)
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise TraceError(f"{where} must be one of {', '.join(map(str, typing.get_args(hint)))}")
        return value
    if dataclasses.is_dataclass(hint):
        return from_json(value, typing.cast(type[Any], hint), where)
    if hint is float and type(value) is int:
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise TraceError(f"{where} must be {hint.__name__}")
    return value


def _items(value: Any, kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TraceError(f"{where} must be a list")
    each = [kinds[0]] * len(value) if kinds[-1] is Ellipsis else list(kinds)
    if len(each) != len(value):
        raise TraceError(f"{where} must have {len(each)} items")
    return tuple(_value(item, each[index], f"{where}[{index}]") for index, item in enumerate(value))
