"""Checks that compose into the shape of a JSON body, and short names for all of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversation.flow.schema.problems import Problem
from rtc_server.api.values import (
    MAX_INTEGER,
    Anything,
    Boolean,
    Choice,
    Number,
    Scalar,
    Text,
    shown,
    suggestion,
    wrong_type,
)
from rtc_server.api.values import Check as Check
from rtc_server.storage.ports import Json


@dataclass(frozen=True, slots=True)
class Array:
    """A list whose items all pass ``item``."""

    item: Check
    max_items: int
    min_items: int = 0

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, list):
            yield wrong_type(value, path, "an array")
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
            yield wrong_type(value, path, "an object")
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
            yield wrong_type(value, path, "an object")
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


def _types(schema: Json) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _join(path: str, key: str) -> str:
    return f"{path}.{shown(key)}" if path else shown(key)
