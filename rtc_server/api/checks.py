"""Small checks that compose into the shape of a JSON body; each reports every problem with its path."""

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conversation.flow.problems import Problem
from rtc_server.api.body import kind

Check = Callable[[Any, str], Iterable[Problem]]
"""Value and its JSON path to the problems it has."""

MAX_SHOWN_CHARACTERS = 60
"""How much of a submitted name is repeated in a message."""


def anything(_value: Any, _path: str) -> Iterable[Problem]:
    """Judged elsewhere."""
    return ()


def boolean(value: Any, path: str) -> Iterable[Problem]:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        yield _wrong_type(value, path, "a boolean")


def scalar(value: Any, path: str) -> Iterable[Problem]:
    """A string, number or boolean."""
    if not isinstance(value, str | int | float):
        yield _wrong_type(value, path, "a string, a number or a boolean")


def text(max_characters: int, pattern: str = "", example: str = "") -> Check:
    """A string up to some length, optionally of a form that ``example`` illustrates."""

    def check(value: Any, path: str) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(value, path, "a string")
        elif len(value) > max_characters:
            message = f"is {len(value)} characters long; at most {max_characters} are possible"
            yield Problem(path, "invalid_value", message)
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem(path, "invalid_value", f"must look like '{example}'")

    return check


def one_of(*choices: str) -> Check:
    """One of a few strings."""

    def check(value: Any, path: str) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(value, path, "a string")
        elif value not in choices:
            hint = _suggestion(value, choices)
            yield Problem(path, "invalid_value", f"'{_shown(value)}' is not one of {', '.join(choices)}{hint}")

    return check


def array(item: Check, max_items: int, min_items: int = 0) -> Check:
    """A list whose items all pass ``item``."""

    def check(value: Any, path: str) -> Iterable[Problem]:
        if not isinstance(value, list):
            yield _wrong_type(value, path, "an array")
        elif not min_items <= len(value) <= max_items:
            message = f"has {len(value)} items; {min_items} to {max_items} are possible"
            yield Problem(path, "invalid_value", message)
        else:
            for index, entry in enumerate(value):
                yield from item(entry, f"{path}[{index}]")

    return check


def mapping(item: Check, max_bytes: int) -> Check:
    """An object with any keys whose values all pass ``item``; ``max_bytes`` limits it as JSON."""

    def check(value: Any, path: str) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(value, path, "an object")
        elif (size_bytes := len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))) > max_bytes:
            yield Problem(path, "invalid_value", f"is {size_bytes} bytes of JSON; at most {max_bytes} are possible")
        else:
            for key, entry in value.items():
                yield from item(entry, f"{path}.{_shown(key)}")

    return check


def shape(fields: Mapping[str, Check], required: Iterable[str] = (), notes: Mapping[str, str] | None = None) -> Check:
    """An object with these fields and no others; ``null`` is the same as absent.

    ``notes`` explains well-known names that are not accepted.
    """

    def check(value: Any, path: str) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(value, path, "an object")
            return
        for key, entry in value.items():
            where = _join(path, key)
            if key not in fields:
                hint = (notes or {}).get(key) or f"unknown field{_suggestion(key, fields)}"
                yield Problem(where, "unknown_field", hint)
            elif entry is not None:
                yield from fields[key](entry, where)
        for key in required:
            if value.get(key) is None:
                yield Problem(_join(path, key), "parameter_missing", "is required")

    return check


def _join(path: str, key: str) -> str:
    return f"{path}.{_shown(key)}" if path else _shown(key)


def _shown(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_CHARACTERS else text[:MAX_SHOWN_CHARACTERS] + "…"


def _suggestion(wrong: str, known: Iterable[str]) -> str:
    # snake_case and capitals are the usual slips, so they are not counted as differences.
    plain = {name.lower(): name for name in known}
    close = difflib.get_close_matches(_shown(wrong).replace("_", "").lower(), plain, n=1, cutoff=0.7)
    return f"; did you mean '{plain[close[0]]}'?" if close else ""


def _wrong_type(value: Any, path: str, expected: str) -> Problem:
    return Problem(path, "wrong_type", f"must be {expected}, not {kind(value)}")
