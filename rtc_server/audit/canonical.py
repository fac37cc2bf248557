"""One way to write JSON, so that the same content always has the same bytes, and so the same hash."""

import hashlib
import json
from typing import Any

MAX_SAFE_INTEGER = 2**53 - 1
"""Beyond it other languages read another number (RFC 8259 §6)."""


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and ``\\u`` escapes, which makes it ASCII.

    Takes text, whole numbers, booleans, ``None``, lists and dictionaries whose keys are ASCII; fractions are written
    differently by different languages. Raises TypeError for anything else.
    """
    _refuse_ambiguous(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def canonical_sha256(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_ambiguous(value: Any) -> None:
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError("keys must be ASCII text")
            _refuse_ambiguous(member)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_ambiguous(item)
    elif isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise TypeError(f"{value} is beyond ±{MAX_SAFE_INTEGER}")
    elif value is not None and not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} has no canonical JSON")
