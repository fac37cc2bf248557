"""Hygiene around a language model that reads what users say: what goes in is cleaned, what comes out is checked.

A user's words are untrusted data. Nothing that a model claims about them is taken over unless it stands in them.
"""

import re
from collections.abc import Mapping

from conversation.text import normalise
from conversation.text.extract import extract
from conversation.text.names import person_name

MAX_REPLY_CHARACTERS = 600
"""A spoken answer is far shorter; what is cut off could only be an attempt to drown the instructions."""

_APOSTROPHES = "'’ʼ`"
_EDGE_PUNCTUATION = ' \t\n.,;:!?…"“”„«»' + _APOSTROPHES


def clean(text: str, *, limit: int = MAX_REPLY_CHARACTERS) -> str:
    """Return ``text`` in NFKC, without control and format characters, with single spaces, cut at ``limit``."""
    return normalise.clean(text)[:limit].rstrip()


def locate(quote: str, reply: str) -> str | None:
    """Return the words of ``reply`` that ``quote`` cites, exactly as they stand there, or None when they do not.

    Case, white space, the kind of apostrophe and punctuation at the edges may differ; whole words must match. A quote
    that is found only after ``clean`` cites the reply as a whole. The empty quote is always there.
    """
    words = clean(quote).strip(_EDGE_PUNCTUATION).split()
    if not words:
        return ""
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(_pattern, words)) + r"(?!\w)", re.IGNORECASE)
    if found := pattern.search(reply):
        return found.group()
    return reply if pattern.search(clean(reply)) else None


def _pattern(word: str) -> str:
    """Return a regular expression for ``word`` that takes any apostrophe for any other."""
    return "".join(f"[{_APOSTROPHES}]" if character in _APOSTROPHES else re.escape(character) for character in word)


def checked_extracts(
    claimed: Mapping[str, object], reply: str, *, prompt: str, language: str
) -> dict[str, str | int | bool]:
    """Return the values that ``reply`` really holds, of those that rules find in it and those that a model claims.

    What the rules read out of the reply stands. A claimed value is added under a key that the rules left empty when
    it is spoken in the reply word for word and the rules, shown those words alone, read that kind of value in them.
    """
    values = extract(reply, prompt, language)
    for key, claim in claimed.items():
        if key in values or isinstance(claim, bool) or not isinstance(claim, str | int):
            continue
        if spoken := locate(str(claim), reply):
            name = person_name(spoken) if key == "name" else None
            parsed = {"name": name} if name else extract(spoken, prompt, language)
            if key in parsed:
                values[key] = parsed[key]
    return values
