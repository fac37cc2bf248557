"""Named fields of a conversation ("extraction schema"), read by rules from what was asked and replied.

A value is looked for in this order: the value that the person gave under a well-known name (name, e-mail, phone, date
of birth, age); the reply at a node whose id ends in the field's name; the replies to questions that share words with
the field's name and description, the closest first, the latest of equals. What is not there is None.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conversation.text.acts import Act, acts
from conversation.text.dates import read_date
from conversation.text.normalise import clean, normalise, word_set
from conversation.text.numbers import numbers

FieldValue = str | int | float | bool | None

_WELL_KNOWN = {
    "name": "name", "fullname": "name", "username": "name", "legalname": "name",
    "email": "email", "emailaddress": "email", "mail": "email",
    "phone": "phone", "phonenumber": "phone", "mobile": "phone", "mobilenumber": "phone", "telephone": "phone",
    "dateofbirth": "dateOfBirth", "birthdate": "dateOfBirth", "dob": "dateOfBirth", "birthday": "dateOfBirth",
    "age": "age",
}  # fmt: skip
_TYPES: Mapping[str, type] = {"string": str, "date": str, "number": int, "boolean": bool}
_COMMON = word_set(
    "the a an of to in on at for and or is are was were be do does did has have had you your yours user users user's "
    "person person's their they them this that it its whether if what which who how when where please can could "
    "would will with about from say said tell me my i as by not field value given answer reply"
)
_NO_CONTENT = frozenset({Act.REFUSE, Act.HELP, Act.DEFER, Act.FORGOT})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STEM = 5
"""Letters by which two words count as the same: "loans" and "loan", "agreed" and "agreement"."""
_CLOSEST = 100.0
"""More than any number of shared words."""
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class ExtractionField:
    """One field that the integrator wants to know."""

    name: str
    type: Literal["string", "number", "boolean", "date"] = "string"
    """``date`` is given as ISO 8601 text."""
    description: str = ""
    choices: tuple[str, ...] = ()
    """The only values, if there are any."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ExtractionField":
        """From ``{fieldName, type, description, enum?}`` of the contract. Raises ValueError naming the field."""
        name, kind = data.get("fieldName"), data.get("type", "string")
        description, choices = data.get("description") or "", data.get("enum") or ()
        if not isinstance(name, str) or not name.strip():
            raise ValueError("'fieldName' is missing or not a string")
        if kind not in _TYPES:
            raise ValueError(f"'type' must be one of {', '.join(_TYPES)}")
        if not isinstance(description, str):
            raise ValueError("'description' is not a string")
        if not isinstance(choices, list | tuple) or not all(isinstance(choice, str) for choice in choices):
            raise ValueError("'enum' is not a list of strings")
        return cls(name, kind, description, tuple(choices))


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of a node and the reply to it."""

    node_id: str
    question: str
    reply: str


def read_field(
    wanted: ExtractionField,
    given: Mapping[str, str | int | bool],
    answers: Sequence[Answer],
    language: str = "en",
) -> FieldValue:
    """Return the value of one field, or None. ``given`` holds values under well-known names."""
    known = given.get(_WELL_KNOWN.get(re.sub(r"[\W_]", "", wanted.name).lower(), ""))
    if known is not None and not wanted.choices and type(known) is _TYPES[wanted.type]:
        return known
    # Sorting is stable: of equally close questions the latest comes first.
    ranked = sorted(((_closeness(wanted, answer), answer) for answer in reversed(answers)), key=lambda pair: -pair[0])
    for closeness, answer in ranked:
        value = _read(wanted, answer.reply, language) if closeness > 0 else None
        if value is not None:
            return value
    return None


def _closeness(wanted: ExtractionField, answer: Answer) -> float:
    words = _words(wanted.name)
    if words and _words(answer.node_id)[-len(words) :] == words:
        return _CLOSEST
    name, hints = _stems(wanted.name), _stems(wanted.description)
    asked = _stems(answer.question)
    # The name says what the field is; a description may also mention other things.
    return 2.0 * len(name & asked) + len((hints - name) & asked)


def _words(text: str) -> list[str]:
    """``transferIntent``, ``transfer_intent`` and "transfer intent" are the same words."""
    return normalise(_CAMEL.sub(" ", text)).split()


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _words(text) if word not in _COMMON)


def _read(wanted: ExtractionField, reply: str, language: str) -> FieldValue:
    if wanted.choices:
        return _choice(wanted.choices, reply)
    said = acts(reply)
    if wanted.type == "boolean":
        return Act.YES in said if said & {Act.YES, Act.NO} else None
    if wanted.type == "date":
        return read_date(reply, language).iso
    if wanted.type == "number":
        found = numbers(reply, language)
        value = found[-1].value if found else None
        return int(value) if value is not None and value == int(value) else value
    return None if said & _NO_CONTENT else clean(reply)[:_LONGEST] or None


def _choice(choices: tuple[str, ...], reply: str) -> str | None:
    """The one choice that the reply names; the longer one where one is part of another."""
    said = f" {normalise(_CAMEL.sub(' ', reply))} "
    named = [choice for choice in choices if f" {normalise(_CAMEL.sub(' ', choice))} " in said]
    longest = sorted(named, key=len, reverse=True)
    rivals = [choice for choice in longest[1:] if normalise(choice) not in normalise(longest[0])]
    return longest[0] if longest and not rivals else None
