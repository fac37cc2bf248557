"""Reads the fields of one JSON object, notes every problem with its path, and keeps the canonical form.

A field is found by its camelCase name or that name in snake_case (the vendor's Python SDK writes those); null counts
as absent. What nobody asked for is reported by ``finish``.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from conversation.flow.nodes import Scalar
from conversation.flow.schema.edges import Edges
from conversation.flow.schema.problems import Notes, at, kind, shown, storable

TEXT_LIMIT = 1_000
"""Longest plain text field in characters."""
ID_LIMIT = 200
"""Longest id in characters."""
LIST_LIMIT = 200
"""Longest list inside a node: outcomes, rules, variables."""

T = TypeVar("T")
Number = TypeVar("Number", int, float)


class Reader:
    """One JSON object of a node, or of something inside a node."""

    def __init__(self, data: Mapping[str, Any], path: str, notes: Notes, edges: Edges) -> None:
        self.path = path
        self.notes = notes
        self.edges = edges
        self.node_id = ""
        self.owner = path
        """Who is named in warnings."""
        self.kept: dict[str, Any] = {}
        """What was read, in canonical form."""
        self.target_paths: list[str] = []
        """Where each target was given, in the order in which targets were read."""
        self._fields: dict[str, tuple[str, Any]] = {}
        self._asked: dict[str, None] = {}
        self._add(data, path)

    def _add(self, data: Mapping[str, Any], path: str) -> None:
        for key, value in data.items():
            if value is not None:
                self._fields.setdefault(key, (at(path, key), value))

    def unwrap(self, *wrappers: str) -> None:
        """Read the fields of these members as if they stood beside them; exports of the vendor's designer wrap."""
        for name in wrappers:
            path, value = self._fields.get(name, ("", None))
            if isinstance(value, dict):
                del self._fields[name]
                self._add(value, path)

    # ---- finding

    def _key(self, field: str) -> str:
        if field in self._fields:
            return field
        flat = field.lower()
        return next((key for key in self._fields if "_" in key and key == key.lower() and _flat(key) == flat), field)

    def find(self, field: str) -> tuple[str, Any]:
        """(path, value) of a field; value None when it is absent."""
        key = self._key(field)
        self._asked[key] = None
        return self._fields.get(key, (at(self.path, field), None))

    def has(self, field: str) -> bool:
        """Whether the field is there."""
        return self._key(field) in self._fields

    def refuse(self, field: str, rule: str, message: str) -> None:
        """Note a problem with a field, or with the whole object when ``field`` is empty."""
        path = self.path if not field else self._fields.get(self._key(field), (at(self.path, field), None))[0]
        self.notes.refuse(path, rule, message)

    def ignore(self, fields: Iterable[str], why: str) -> None:
        """Accept fields that other generations of the contract know and this one has no use for."""
        found = [field for field in fields if self.has(field)]
        for field in found:
            self.find(field)
        if found:
            names = ", ".join(f"'{field}'" for field in found)
            self.notes.advise("ignored_field", f"{self.owner}: {names} ignored, because {why}")

    def finish(self) -> dict[str, Any]:
        """Report what nobody asked for; the canonical form."""
        for key, (path, _) in self._fields.items():
            if key in self._asked:
                continue
            hint = self.notes.hint(key, self._asked)
            if self.notes.lenient:
                self.notes.advise("ignored_field", f"{self.owner}: unknown field '{shown(key)}' ignored{hint}")
            else:
                self.notes.refuse(path, "unknown_field", f"unknown field '{shown(key)}'{hint}")
        return self.kept

    # ---- plain values

    def text(self, field: str, *, required: bool = True, limit: int = TEXT_LIMIT) -> str:
        """A string, empty when it is absent or wrong."""
        _, value = self.find(field)
        if value is None:
            if required:
                self.refuse(field, "required_field", f"'{field}' is missing")
            return ""
        if not isinstance(value, str):
            self.refuse(field, "field_type", f"'{field}' must be a string, not {kind(value)}")
            return ""
        if required and not value.strip():
            self.refuse(field, "required_field", f"'{field}' is empty")
        if len(value) > limit:
            self.refuse(field, "length", f"'{field}' has {len(value)} characters; at most {limit} are allowed")
            return ""
        if not storable(value):
            self.refuse(field, "field_type", f"'{field}' holds a character that is no text (NUL or half a pair)")
            return ""
        self.kept[field] = value
        return value

    def flag(self, field: str, default: bool = False) -> bool:
        """A boolean."""
        _, value = self.find(field)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(field, "field_type", f"'{field}' must be true or false, not {kind(value)}")
            return default
        self.kept[field] = value
        return value

    def number(self, field: str, default: Number, low: float, high: float) -> Number:
        """A number between two bounds, both included; a whole one when the default is an int."""
        _, value = self.find(field)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(field, "field_type", f"'{field}' must be a number, not {kind(value)}")
            return default
        if not low <= value <= high:
            self.refuse(field, "range", f"'{field}' must lie between {low:g} and {high:g}")
            return default
        if isinstance(default, int) and value != int(value):
            self.refuse(field, "range", f"'{field}' must be a whole number, not {value}")
            return default
        self.kept[field] = value
        return type(default)(value)

    def choice(self, field: str, choices: Mapping[str, T], default: T | None = None) -> T:
        """What the field's text stands for; required when there is no default."""
        text = self.text(field, required=default is None, limit=80)
        if text in choices:
            return choices[text]
        if text:
            self.refuse(field, "known_value", f"'{field}' cannot be '{shown(text)}'{self.notes.hint(text, choices)}")
        return default if default is not None else next(iter(choices.values()))

    def scalar(self, field: str, *, required: bool = True) -> Scalar | None:
        """A string, a number or a boolean; None when it is absent or wrong."""
        _, value = self.find(field)
        if value is None:
            if required:
                self.refuse(field, "required_field", f"'{field}' is missing")
            return None
        if isinstance(value, str):
            return self.text(field, required=False)
        if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
            self.kept[field] = value
            return value
        self.refuse(field, "field_type", f"'{field}' must be a string, a number or a boolean, not {kind(value)}")
        return None

    # ---- objects, lists, targets

    def child(self, data: Mapping[str, Any], path: str) -> "Reader":
        """A reader for something inside, which reports to the same place."""
        inner = Reader(data, path, self.notes, self.edges)
        inner.node_id, inner.owner = self.node_id, self.owner
        inner.target_paths = self.target_paths
        return inner

    def inner(self, field: str, *, required: bool = True, rule: str = "required_field") -> "Reader | None":
        """A reader for an object; None when it is absent or wrong. Its canonical form must be kept by the caller."""
        path, value = self.find(field)
        if value is None:
            if required:
                self.refuse(field, rule, f"'{field}' is missing")
            return None
        if not isinstance(value, dict):
            self.refuse(field, "field_type", f"'{field}' must be an object, not {kind(value)}")
            return None
        return self.child(value, path)

    def entries(self, field: str, what: str) -> "Sequence[Reader]":
        """Readers for the objects of a list; empty when it is absent or wrong."""
        path, value = self.find(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse(field, "field_type", f"'{field}' must be a list, not {kind(value)}")
            return ()
        if len(value) > LIST_LIMIT:
            self.refuse(field, "length", f"'{field}' has {len(value)} entries; at most {LIST_LIMIT} are allowed")
            return ()
        readers: list[Reader] = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                readers.append(self.child(item, at(path, index)))
            else:
                self.notes.refuse(at(path, index), "field_type", f"{what} must be an object, not {kind(item)}")
        return readers

    def target(self, field: str, names: Sequence[str] = (), *, alias: str = "", place: int | None = None) -> str:
        """The id of the node that a field leads to; empty when it leads nowhere, which is noted.

        ``names``: what an edge may call this outcome; ``alias``: reference to use when the field is absent.
        """
        path, value = self.find(field)
        reference = self.text(field, required=False, limit=ID_LIMIT)
        if value is not None and not reference:
            if value == "":
                self.refuse(field, "complete_outcomes", f"'{field}' is empty; give the id of the next node")
            self.target_paths.append(path)
            return ""
        target, edge_path = self.edges.resolve(self.node_id, reference or alias, (*names, field), place)
        self.target_paths.append(edge_path or path)
        if target:
            self.kept[field] = target
        elif reference:
            message = f"'{shown(reference)}' is neither the id of a node nor of an edge, and no edge tells where to go"
            self.refuse(field, "valid_references", message)
        else:
            self.refuse(field, "complete_outcomes", f"'{field}' is missing; give the id of the next node")
        return target


def _flat(key: str) -> str:
    return key.replace("_", "")
