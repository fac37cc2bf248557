"""Templates: ``{name}`` in a prompt becomes the value that the integrator provided.

Rules, in full:

- ``{key}`` takes the value of ``key``; spaces inside the braces and the case of the key do not matter.
- A key without a value (unknown, None or blank) is left out, together with the space or the comma before it:
  "Hello {name}, welcome." becomes "Hello, welcome.".
- ``{{`` and ``}}`` stand for single braces. Any other brace is kept as it is written.
- A value is inserted as plain text: braces in it are not read again, line breaks become spaces.
"""

import re
from collections.abc import Mapping

from conversation.text.normalise import clean

_PART = re.compile(
    r"\{\{|\}\}|(?P<before>[ \t]*,[ \t]*|[ \t]+)?(?<!\{)\{[ \t]*(?P<key>[A-Za-z_][\w.-]{0,63})[ \t]*\}(?!\})"
)
_MAXIMUM_VALUE_CHARACTERS = 500


def fill(template: str, values: Mapping[str, object]) -> str:
    """Return the template with its placeholders filled in. Never fails."""
    known = {key.lower(): _spoken(value) for key, value in values.items()}

    def replace(found: re.Match[str]) -> str:
        if found["key"] is None:
            return found.group()[0]
        value = known.get(found["key"].lower(), "")
        return f"{found['before'] or ''}{value}" if value else ""

    filled = _PART.sub(replace, template)
    return filled if filled == template else _tidy(filled)


def placeholders(template: str) -> tuple[str, ...]:
    """Return the keys that a template asks for, in order, each once."""
    return tuple(dict.fromkeys(found["key"] for found in _PART.finditer(template) if found["key"]))


def _spoken(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(str(value))[:_MAXIMUM_VALUE_CHARACTERS]


def _tidy(text: str) -> str:
    """Repair the marks around something left out, as in "Hello , welcome" or a leading comma."""
    text = re.sub(r"[ \t]+([,.!?;:])", r"\1", text)
    text = re.sub(r",\s*([.!?;:])", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"^[\s,;]+", "", text)).rstrip()
