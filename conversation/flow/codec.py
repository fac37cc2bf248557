"""Events and commands to and from JSON, by their field types. A journal holds nothing else."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from conversation.flow.commands import Command
from conversation.flow.events import Event

T = TypeVar("T")

_EXACT = 2**53
"""Whole numbers below this have an exact float."""

_EVENTS: Mapping[str, type[Any]] = {c.__name__: c for c in typing.get_args(Event)}
_COMMANDS: Mapping[str, type[Any]] = {c.__name__: c for c in typing.get_args(Command)}


class CodecError(ValueError):
    """Stored JSON that is not an event or command of this version; the text names the place."""


def to_json(value: Event | Command) -> dict[str, Any]:
    """``{"type": class name, field: value, …}`` with plain JSON values."""
    return {"type": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event that ``to_json`` wrote. Raises CodecError."""
    event: Event = _build(data, _EVENTS, "event")
    return event


def command_from_json(data: Mapping[str, Any]) -> Command:
    """The command that ``to_json`` wrote. Raises CodecError."""
    command: Command = _build(data, _COMMANDS, "command")
    return command


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _build(data: Any, classes: Mapping[str, type[Any]], kind: str) -> Any:
    if not isinstance(data, Mapping):
        raise CodecError(f"not a JSON object, as each {kind} is")
    name = data.get("type")
    target = classes.get(name) if isinstance(name, str) else None
    if target is None:
        raise CodecError(f"unknown {kind} type {name!r}")
    return _dataclass({key: value for key, value in data.items() if key != "type"}, target, str(name))


def _dataclass(data: Mapping[str, Any], target: type[T], where: str) -> T:
    hints = typing.get_type_hints(target)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise CodecError(f"{where}: unknown field {sorted(unknown)[0]!r}")
    try:
        return target(**{key: _value(value, hints[key], f"{where}.{key}") for key, value in data.items()})
    except TypeError as error:
        raise CodecError(f"{where}: {error}") from error


def _value(value: Any, hint: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise CodecError(f"{where} must be a list")
        return tuple(_value(item, typing.get_args(hint)[0], where) for item in value)
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise CodecError(f"{where} must be one of {', '.join(typing.get_args(hint))}")
        return value
    if origin is not None and origin is not types.UnionType:
        if not isinstance(value, origin):
            raise CodecError(f"{where} must be {hint}")
        return value
    if origin is types.UnionType and isinstance(value, Mapping):
        # Of the alternatives only a dataclass is written as an object; a union has one at most.
        hint = next((member for member in typing.get_args(hint) if dataclasses.is_dataclass(member)), hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise CodecError(f"{where} must be an object")
        return _dataclass(value, hint, where)
    if isinstance(hint, type | types.UnionType) and not isinstance(value, hint):
        if hint is float and type(value) is int and abs(value) < _EXACT:
            return float(value)
        raise CodecError(f"{where} must be {hint}")
    return value
