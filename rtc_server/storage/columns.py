"""Types of columns that take any text and any number, so that odd input finds nothing instead of failing."""

import json
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

MAX_INTEGER = 2**63 - 1
"""Greatest number in a column of integers."""


def storable(text: str) -> str:
    """The text without what no database takes: NUL and half surrogate pairs, both of which JSON can carry.

    Look-ups pass through here too, so a text is found again by itself.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def search_text(*parts: Any) -> str:
    """What the search looks through, or for: strings as they are, everything else as JSON, in lower case."""
    words = (part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in parts)
    return storable(" ".join(words)).lower()


class Number(TypeDecorator[int]):
    """A whole number of 64 bits; what is beyond counts as the greatest or least, so that look-ups just find nothing."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """On its way into the database."""
        return None if value is None else max(-MAX_INTEGER, min(MAX_INTEGER, value))


class RowNumber(Number):
    """A number that the database gives to each new row."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """SQLite numbers rows by itself only where the type is called INTEGER, which has 64 bits there."""
        return Integer() if dialect.name == "sqlite" else BigInteger()


class Name(TypeDecorator[str]):
    """Short text: ids, keys, names."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """On its way into the database."""
        return None if value is None else storable(value)


class Prose(TypeDecorator[str]):
    """Text of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """On its way into the database."""
        return None if value is None else storable(value)
