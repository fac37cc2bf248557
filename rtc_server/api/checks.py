"""Small checks that compose into the shape of a JSON value.

Each is called with a value and its JSON path and reports every problem, and tells the same rule as JSON Schema
(draft 2020-12), so that validation and the published document have one source.
"""

import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from conversation.flow.problems import Problem
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
            yield _wrong_type(value, path, "a boolean")

    def json_schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number or boolean."""

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, str | int | float):
            yield _wrong_type(value, path, "a string, a number or a boolean")

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
            yield _wrong_type(value, path, "an integer" if self.whole else "a number")
        elif self.whole and isinstance(value, float):
            yield Problem(path, "invalid_value", "must be an integer, written without a fraction or exponent")
        elif not self._least <= value <= self._greatest:
            yield Problem(path, "invalid_value", f"is {_shown(str(value))}; it must be {self._range}")

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
            yield _wrong_type(value, path, "a string")
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
            yield _wrong_type(value, path, "a string")
        elif value not in self.choices:
            hint = suggestion(value, self.choices)
            yield Problem(path, "invalid_value", f"'{_shown(value)}' is not one of {', '.join(self.choices)}{hint}")

    def json_schema(self) -> Json:
        return {"type": "string", "enum": list(self.choices)}


@dataclass(frozen=True, slots=True)
class Array:
    """A list whose items all pass ``item``."""

    item: Check
    max_items: int
    min_items: int = 0

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, list):
            yield _wrong_type(value, path, "an array")
        elif not self.min_items <= len(value) <= self.max_items:
            message = f"has {len(value)} items; {self.min_items} to {self.max_items} are possible"
            yield Problem(path, "invalid_value", message)
        else:
            for index, entry in enumerate(value):
                yield from self.item(entry, f"{path}[{index}]")

    def json_schema(self) -> Json:
        limits = {"minItems": self.min_items} if self.min_items else {}
        return {"type": "array", "items": self.item.json_schema(), "maxItems": self.max_items} | limits


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any keys whose values all pass ``item``; ``max_bytes`` limits it as JSON."""

    item: Check
    max_bytes: int

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(value, path, "an object")
            return
        size_bytes = len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if size_bytes > self.max_bytes:
            message = f"is {size_bytes} bytes of JSON; at most {self.max_bytes} are possible"
            yield Problem(path, "invalid_value", message)
            return
        for key, entry in value.items():
            yield from self.item(entry, _join(path, key))

    def json_schema(self) -> Json:
        return {
            "type": "object",
            "additionalProperties": self.item.json_schema(),
            "description": f"At most {self.max_bytes} bytes as JSON.",
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields and, unless it is ``open``, no others.

    In what comes in, ``null`` is the same as absent; in what goes out (``null_is_absent=False``) it is not.
    """

    fields: Mapping[str, Check]
    required: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    """Well-known names that are not accepted, and why."""
    open: bool = False
    null_is_absent: bool = True

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(value, path, "an object")
            return
        for key, entry in value.items():
            where = _join(path, key)
            if key not in self.fields:
                if not self.open:
                    hint = self.notes.get(key) or f"unknown field{suggestion(key, self.fields)}"
                    yield Problem(where, "unknown_field", hint)
            elif entry is not None or not self.null_is_absent:
                yield from self.fields[key](entry, where)
        for key in self.fields:
            missing = value.get(key) is None if self.null_is_absent else key not in value
            if key in self.required and missing:
                yield Problem(_join(path, key), "parameter_missing", "is required")

    def json_schema(self) -> Json:
        properties = {name: self._property(name, check) for name, check in self.fields.items()}
        schema: Json = {"type": "object", "properties": properties}
        if self.required:
            schema["required"] = [name for name in self.fields if name in self.required]
        return schema if self.open else schema | {"additionalProperties": False}

    def _property(self, name: str, check: Check) -> Json:
        schema = check.json_schema()
        return or_null(schema) if self.null_is_absent and name not in self.required else schema


@dataclass(frozen=True, slots=True)
class Nullable:
    """What passes ``check``, or ``null``."""

    check: Check

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        return () if value is None else self.check(value, path)

    def json_schema(self) -> Json:
        return or_null(self.check.json_schema())


@dataclass(frozen=True, slots=True)
class Annotated:
    """A check with words for the reader of the published document."""

    check: Check
    description: str = ""
    name: str = ""
    """Published as a schema of its own."""
    example: Any = None

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        return self.check(value, path)

    def json_schema(self) -> Json:
        schema = dict(self.check.json_schema())
        if self.name:
            schema["title"] = self.name
        if self.description:
            schema["description"] = " ".join(filter(None, (self.description, schema.get("description"))))
        if self.example is not None:
            schema["examples"] = [self.example]
        return schema


anything = Anything()
boolean = Boolean()
scalar = Scalar()
number = Number(whole=False)


def integer(minimum: int = -MAX_INTEGER, maximum: int = MAX_INTEGER) -> Number:
    """A whole number within limits, both included."""
    return Number(minimum, maximum)


def text(max_characters: int, pattern: str = "", example: str = "", min_characters: int = 0) -> Text:
    """A string up to some length, optionally of a form that ``example`` illustrates."""
    return Text(max_characters, pattern, example, min_characters)


def one_of(*choices: str) -> Choice:
    """One of a few strings."""
    return Choice(choices)


def array(item: Check, max_items: int, min_items: int = 0) -> Array:
    """A list whose items all pass ``item``."""
    return Array(item, max_items, min_items)


def mapping(item: Check, max_bytes: int) -> Map:
    """An object with any keys whose values all pass ``item``; ``max_bytes`` limits it as JSON."""
    return Map(item, max_bytes)


def nullable(check: Check) -> Nullable:
    """What passes ``check``, or ``null``; needed only in what goes out."""
    return Nullable(check)


def shape(fields: Mapping[str, Check], required: Iterable[str] = (), notes: Mapping[str, str] | None = None) -> Shape:
    """An object that comes in: these fields and no others; ``null`` is the same as absent."""
    return Shape(fields, frozenset(required), notes or {})


def reply(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *, open: bool = False) -> Shape:
    """An object that goes out: all the required fields, maybe the optional ones, and with ``open`` others."""
    return Shape({**required, **(optional or {})}, frozenset(required), open=open, null_is_absent=False)


def described(check: Check, description: str, example: Any = None) -> Annotated:
    """The check with a sentence and an example for the published document."""
    return Annotated(check, description, example=example)


def named(name: str, check: Check, description: str = "") -> Annotated:
    """The check as a schema of its own, which the published document names (PascalCase)."""
    return Annotated(check, description, name)


def or_null(schema: Json) -> Json:
    """A JSON Schema that also takes ``null``."""
    if not schema or "null" in (types := _types(schema)):
        return schema
    if not types or "title" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    wider = schema | {"type": [*types, "null"]}
    return wider | {"enum": [*schema["enum"], None]} if "enum" in schema else wider


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` when a known name is close, else empty."""
    # snake_case and capitals are the usual slips, so they are not counted as differences.
    plain = {name.lower(): name for name in known}
    close = difflib.get_close_matches(_shown(wrong).replace("_", "").lower(), plain, n=1, cutoff=0.7)
    return f"; did you mean '{plain[close[0]]}'?" if close else ""


def _types(schema: Json) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _join(path: str, key: str) -> str:
    return f"{path}.{_shown(key)}" if path else _shown(key)


def _shown(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_CHARACTERS else text[:MAX_SHOWN_CHARACTERS] + "…"


def _wrong_type(value: Any, path: str, expected: str) -> Problem:
    return Problem(path, "wrong_type", f"must be {expected}, not {kind(value)}")
