"""Legacy ``modules`` (generation G1) and ``requestedData`` (G0) as a flow of today that can be shown and run."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from conversation.flow.nodes import PROMPT_LIMIT
from conversation.flow.schema.edges import Edges
from conversation.flow.schema.lint_vision import CHARACTERS_PER_SECOND, FEED_SECONDS
from conversation.flow.schema.module_parts import (
    Draft,
    RequestedItem,
    age_estimation_nodes,
    code_nodes,
    document_nodes,
    identity_nodes,
    intent_nodes,
    knowledge_nodes,
    requested_nodes,
)
from conversation.flow.schema.problems import Notes, Problem, at, kind
from conversation.flow.schema.reader import ID_LIMIT, Reader

MODULE_LIMIT = 20
"""Most modules of a session."""
ITEM_LIMIT = 100
"""Most requested items of a module or a session."""
MODULE_TYPES = (
    "identityVerification", "documentAuthentication", "ageEstimation", "emailVerification", "smsVerification",
    "proofOfIntent", "knowledgeVerify",
)  # fmt: skip

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_GREETING = "Hello {name}, and welcome. I am your digital assistant, and I will guide you through this, step by step."
_CAMERA = "I will guide you through a short check. Please sit in good light and look into the camera while we talk."
_FAREWELL = "Thank you, that was all I needed. Goodbye!"

Part = Callable[[Draft, str], str]
"""Adds a module's nodes before the node with an id; the id of the module's first node."""


@dataclass(frozen=True, slots=True)
class CompiledModules:
    """What modules stand for."""

    nodes: list[dict[str, Any]]
    """A flow of generation G2; empty when there are problems."""
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    extraction: list[dict[str, Any]] = field(default_factory=list)
    """Fields that the flow asks for, as ``extractionSchema`` entries; each is asked at the node whose id ends so."""
    provided: dict[str, str] = field(default_factory=dict)
    """Contacts that modules named, for ``providedData`` where that has none: name, email, phone."""


def compile_modules(modules: Any, *, opening: str = "", closing: str = "", requested: Any = ()) -> CompiledModules:
    """Compile modules, in their order, to a flow. Never raises.

    ``opening`` and ``closing``: first and last words (``initialPhrase``, ``finalPhrase``); ``requested``: the oldest
    contract's ``requestedData``. Paths in problems begin with ``modules`` or ``requestedData``.
    """
    compiler = _Compiler()
    parts = [*compiler.modules(modules), *compiler.requested(requested)]
    if not parts and not compiler.notes.problems and not opening.strip() and not closing.strip():
        compiler.notes.refuse("modules", "required_field", f"there are no modules; known: {', '.join(MODULE_TYPES)}")
    sentences = tuple(str(item) for item in compiler.notes.advice)
    if compiler.notes.problems:
        return CompiledModules([], tuple(compiler.notes.problems), sentences)
    nodes = _assemble(parts, opening.strip(), closing.strip(), camera=compiler.camera)
    return CompiledModules(nodes, (), sentences, compiler.extraction, compiler.provided)


def _assemble(parts: Sequence[Part], opening: str, closing: str, *, camera: bool) -> list[dict[str, Any]]:
    draft = Draft()
    next_id = draft.say("farewell", closing[:PROMPT_LIMIT] or _FAREWELL, draft.end("end"))
    for part in reversed(parts):
        next_id = part(draft, next_id)
    words = opening[: PROMPT_LIMIT - 200] or _GREETING
    if camera and (not opening or len(words) < FEED_SECONDS * CHARACTERS_PER_SECOND):
        words = f"{words} {_CAMERA}"
    greeting = draft.say("greeting", words, next_id)
    draft.add({"id": draft.id("start"), "type": "start", "outcome": greeting})
    return draft.nodes()


class _Compiler:
    """Reads modules into parts, and collects what else they ask for."""

    def __init__(self) -> None:
        self.notes = Notes(lenient=True)
        self.extraction: list[dict[str, Any]] = []
        self.provided: dict[str, str] = {}
        self.camera = False
        self._types: frozenset[str] = frozenset()
        self._readers: dict[str, Callable[[Reader], Part]] = {
            "identityVerification": self._identity,
            "documentAuthentication": self._document,
            "ageEstimation": self._age,
            "emailVerification": self._email,
            "smsVerification": self._sms,
            "proofOfIntent": self._intent,
            "knowledgeVerify": self._knowledge,
        }

    def modules(self, modules: Any) -> list[Part]:
        """The parts of all modules."""
        items = self._list(modules, "modules", MODULE_LIMIT)
        self._types = frozenset(
            item["type"] for item in items if isinstance(item, dict) and isinstance(item.get("type"), str)
        )
        parts: list[Part] = []
        for index, item in enumerate(items):
            path = at("modules", index)
            if not isinstance(item, dict):
                self.notes.refuse(path, "field_type", f"a module must be an object, not {kind(item)}")
                continue
            reader = Reader(item, path, self.notes, Edges(frozenset(), None))
            module_type = reader.text("type", limit=ID_LIMIT)
            read = self._readers.get(module_type)
            if read is not None:
                parts.append(read(reader))
                reader.finish()
            elif module_type:
                message = f"unknown module type '{module_type}'{self.notes.hint(module_type, MODULE_TYPES)}"
                reader.refuse("type", "known_type", message)
        return parts

    def requested(self, requested: Any) -> list[Part]:
        """The part for ``requestedData``, if there is any."""
        entries = self._list(requested, "requestedData", ITEM_LIMIT)
        items = self._items([self._entry(item, at("requestedData", i)) for i, item in enumerate(entries)], "string")
        return [partial(requested_nodes, items=items)] if items else []

    def _list(self, value: Any, path: str, limit: int) -> Sequence[Any]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.notes.refuse(path, "field_type", f"'{path}' must be a list, not {kind(value)}")
            return ()
        if len(value) > limit:
            self.notes.refuse(path, "length", f"'{path}' has {len(value)} entries; at most {limit} are allowed")
            return ()
        return value

    def _entry(self, item: Any, path: str) -> Reader | None:
        if isinstance(item, dict):
            return Reader(item, path, self.notes, Edges(frozenset(), None))
        self.notes.refuse(path, "field_type", f"an item must be an object, not {kind(item)}")
        return None

    def _items(self, readers: Sequence[Reader | None], value_type: str) -> list[RequestedItem]:
        items: list[RequestedItem] = []
        for reader in readers:
            if reader is None:
                continue
            key = reader.text("key", limit=100)
            description = reader.text("description", required=False)
            required = reader.flag("isRequired", True)
            reader.finish()
            if any(item.key == key for item in items):
                reader.refuse("key", "unique_ids", f"key '{key}' is requested twice")
            items.append(RequestedItem(key, description, required))
            self.extraction.append({"fieldName": key, "type": value_type, "description": description or key})
        return items

    # ---- one method for each type

    def _identity(self, reader: Reader) -> Part:
        self.camera = True
        return identity_nodes

    def _document(self, reader: Reader) -> Part:
        self.camera = True
        return partial(document_nodes, compare_face="identityVerification" in self._types)

    def _age(self, reader: Reader) -> Part:
        self.camera = True
        if not reader.has("age"):
            reader.refuse("age", "required_field", "'age' is missing; give the age in years, such as 18")
        return partial(age_estimation_nodes, age=reader.number("age", 18, 1, 120))

    def _email(self, reader: Reader) -> Part:
        reader.ignore(("publicRecognitionEnabled",), "faces are not searched publicly")
        self._provide(reader, "name")
        address = self._provide(reader, "email")
        if address and ("@" not in address.strip("@") or any(letter.isspace() for letter in address)):
            reader.refuse("email", "field_type", "'email' is no e-mail address")
        return partial(code_nodes, channel="email")

    def _sms(self, reader: Reader) -> Part:
        phone = self._provide(reader, "phone")
        if phone and not _E164.fullmatch(re.sub(r"[\s().-]", "", phone)):
            message = "'phone' must be a number in E.164 form, such as +34600111222"
            reader.refuse("phone", "field_type", message)
        return partial(code_nodes, channel="sms")

    def _intent(self, reader: Reader) -> Part:
        items = self._items(reader.entries("requestedData", "an item"), "boolean")
        if reader.find("requestedData")[1] in (None, []):
            reader.refuse("requestedData", "required_field", "'requestedData' is missing; say what to ask for")
        return partial(intent_nodes, items=items)

    def _knowledge(self, reader: Reader) -> Part:
        message = f"{reader.path} asks for name and date of birth and keeps the answers; nothing judges them here"
        self.notes.advise("not_checked", message)
        self.extraction.append({"fieldName": "name", "type": "string", "description": "full name"})
        self.extraction.append({"fieldName": "dateOfBirth", "type": "date", "description": "date of birth"})
        return knowledge_nodes

    def _provide(self, reader: Reader, name: str) -> str:
        value = reader.text(name, required=False)
        if value.strip():
            self.provided.setdefault(name, value.strip())
        return value
