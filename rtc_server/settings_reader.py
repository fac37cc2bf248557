"""Reads a tree of frozen dataclasses from a table (TOML) and the environment; says what cannot be used, and why."""

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

T = TypeVar("T")

PREFIX = "VISAVIS_"


class SettingsError(ValueError):
    """A setting that cannot be used; the text names it and what to do."""


def full_name(name: str) -> str:
    """A setting as it is called in the file and in the environment."""
    return f"{name} ({PREFIX}{name.replace('.', '_').upper()})"


def setting_names(section: type, path: str = "") -> list[str]:
    """Dotted names of all settings, for the documentation's test."""
    names: list[str] = []
    for item in dataclasses.fields(section):
        hint = typing.get_type_hints(section)[item.name]
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            names += setting_names(hint, f"{path}{item.name}.")
        else:
            names.append(f"{path}{item.name}")
    return names


def read_tree(section: type[T], data: Mapping[str, Any], environment: Mapping[str, str], path: str = "") -> T:
    """The section with what the environment, else the table, says; defaults for the rest. Raises SettingsError."""
    hints = typing.get_type_hints(section)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise SettingsError(f"unknown setting '{path}{sorted(unknown)[0]}'; docs/settings.md lists them all")
    values: dict[str, Any] = {}
    for name, hint in hints.items():
        where = f"{path}{name}"
        variable = PREFIX + where.replace(".", "_").upper()
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            inner = data.get(name, {})
            if not isinstance(inner, Mapping):
                raise SettingsError(f"setting '{where}' must be a table")
            values[name] = read_tree(hint, inner, environment, f"{where}.")
        elif variable in environment:
            values[name] = _from_text(environment[variable], hint, variable)
        elif name in data:
            values[name] = _from_toml(data[name], hint, where)
    return section(**values)


def _from_text(text: str, hint: Any, where: str) -> Any:
    if typing.get_origin(hint) is Literal:
        return _choice(text, hint, where)
    if hint is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise SettingsError(f"{where} must be true or false")
    try:
        return hint(text)
    except ValueError as error:
        raise SettingsError(f"{where} must be a number") from error


def _from_toml(value: Any, hint: Any, where: str) -> Any:
    if typing.get_origin(hint) is Literal:
        return _choice(value, hint, f"setting '{where}'")
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise SettingsError(f"setting '{where}' must be {getattr(hint, '__name__', hint)}")
    return value


def _choice(value: Any, hint: Any, where: str) -> Any:
    choices = typing.get_args(hint)
    if value not in choices:
        raise SettingsError(f"{where} is {value!r}; choose {' or '.join(choices)}")
    return value
