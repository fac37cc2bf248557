"""Checks of single values: strings, numbers, booleans, choices.

A check is called with a value and its JSON path and reports every problem, and tells the same rule as JSON Schema
(draft 2020-12), so that validation and the published document have one source.
"""

import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from conversation.flow.schema.problems import Problem
from rtc_server.api.body import kind
from rtc_server.storage.ports import Json

MAX_SHOWN_CHARACTERS = 60
"""How much of a submitted name is repeated in a message."""

MAX_INTEGER = 2**53 - 1
"""Greatest integer that every JSON reader takes exactly (RFC 8259 §6)."""

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Check(Protocol):
    """A rule that a JSON value keeps or breaks."""

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        """The problems of a value at a JSON path."""

    def json_schema(self) -> Json:
        """The same rule for machines; a schema with ``title`` is published under that name."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Judged elsewhere."""

    def __call__(self, _value: Any, _path: str, /) -> Iterable[Problem]:
        return ()

    def json_schema(self) -> Json:
        return {}


@dataclass(frozen=True, slots=True)
class Boolean:
    """``true`` or ``false``."""

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, bool):
            yield wrong_type(value, path, "a boolean")

    def json_schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number or boolean."""

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, str | int | float):
            yield wrong_type(value, path, "a string, a number or a boolean")

    def json_schema(self) -> Json:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Number:
    """An integer, or with ``whole=False`` any number, within limits (both included)."""

    minimum: float | None = None
    maximum: float | None = None
    whole: bool = True

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield wrong_type(value, path, "an integer" if self.whole else "a number")
        elif self.whole and isinstance(value, float):
            yield Problem(path, "invalid_value", "must be an integer, written without a fraction or exponent")
        elif not self._least <= value <= self._greatest:
            yield Problem(path, "invalid_value", f"is {shown(str(value))}; it must be {self._range}")

    def json_schema(self) -> Json:
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        kind_of_number = "integer" if self.whole else "number"
        return {"type": kind_of_number} | {name: limit for name, limit in limits.items() if limit is not None}

    @property
    def _least(self) -> float:
        return -math.inf if self.minimum is None else self.minimum

    @property
    def _greatest(self) -> float:
        return math.inf if self.maximum is None else self.maximum

    @property
    def _range(self) -> str:
        if self.maximum is None:
            return f"at least {self.minimum}"
        return f"at most {self.maximum}" if self.minimum is None else f"from {self.minimum} to {self.maximum}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string up to some length, optionally of a form that ``example`` illustrates.

    NUL and half a surrogate pair, which JSON can carry, are refused: no database and no UTF-8 file takes them.
    """

    max_characters: int
    pattern: str = ""
    """Regular expression for the whole string, in the part of the syntax that Python and ECMA-262 share."""
    example: str = ""
    min_characters: int = 0

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield wrong_type(value, path, "a string")
        elif len(value) > self.max_characters:
            message = f"is {len(value)} characters long; at most {self.max_characters} are possible"
            yield Problem(path, "invalid_value", message)
        elif len(value) < self.min_characters:
            yield Problem(path, "invalid_value", f"needs at least {self.min_characters} characters")
        elif _UNSTORABLE.search(value):
            yield Problem(path, "invalid_value", "holds a NUL character or half a surrogate pair; remove it")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Problem(path, "invalid_value", f"must look like '{self.example}'")

    def json_schema(self) -> Json:
        schema: Json = {"type": "string", "maxLength": self.max_characters}
        if self.min_characters:
            schema["minLength"] = self.min_characters
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        if self.example:
            schema["examples"] = [self.example]
        return schema


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few strings."""

    choices: tuple[str, ...]

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield wrong_type(value, path, "a string")
        elif value not in self.choices:
            hint = suggestion(value, self.choices)
            yield Problem(path, "invalid_value", f"'{shown(value)}' is not one of {', '.join(self.choices)}{hint}")

    def json_schema(self) -> Json:
        return {"type": "string", "enum": list(self.choices)}


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` when a known name is close, else empty."""
    # snake_case and capitals are the usual slips, so they are not counted as differences.
    plain = {name.lower(): name for name in known}
    close = difflib.get_close_matches(shown(wrong).replace("_", "").lower(), plain, n=1, cutoff=0.7)
    return f"; did you mean '{plain[close[0]]}'?" if close else ""


def shown(text: str) -> str:
    """As much of a submitted text as a message repeats."""
    return text if len(text) <= MAX_SHOWN_CHARACTERS else text[:MAX_SHOWN_CHARACTERS] + "…"


def wrong_type(value: Any, path: str, expected: str) -> Problem:
    """The problem of a value that is something else."""
    return Problem(path, "wrong_type", f"must be {expected}, not {kind(value)}")
