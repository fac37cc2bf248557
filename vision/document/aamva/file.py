"""The shell of a bar code by the AAMVA standard (Annex D): header, sub-files, elements. What they mean is elsewhere.

Issuers get offsets, lengths, counts and line ends wrong, so none of these is relied on: a sub-file starts where its
type stands before an element, and an element is a line that begins with an element id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vision.document.aamva.elements import ELEMENT_ID, described

_HEADER = re.compile(
    r"[@\s\x00-\x1f]{0,12}(?:ANSI|AAMVA) {0,2}(?P<issuer>[0-9]{6})(?P<version>[0-9]{2})(?:[0-9]{4}|[0-9]{2})(?=[A-Z])"
)
"""Compliance indicator, separators, file type, issuer, version, and then the jurisdiction's version (not in version 1)
and the number of sub-files."""
_DESIGNATOR = re.compile(r"(?P<type>[A-Z]{2})[0-9]{8}")
"""Type, offset and length of a sub-file."""
_LINE_END = re.compile(r"[\n\r\x1c-\x1e]+")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]*")
_MOST_CHARACTERS = 4000
"""More than a PDF417 symbol holds (2710 digits, 1850 characters of text)."""

_KINDS: dict[str, Literal["dl", "id"]] = {"DL": "dl", "ID": "id"}


class AamvaError(ValueError):
    """A bar code that is not by the AAMVA standard, or lacks what each has to say. Names the place, never a value."""


@dataclass(frozen=True, slots=True)
class AamvaFile:
    """Header and elements of the sub-file of the licence or card."""

    issuer: str
    version: int
    kind: Literal["dl", "id"]
    entries: tuple[tuple[str, str], ...]
    """(element id, value) in their order; each id once."""
    problems: tuple[str, ...]


def take_apart(content: str) -> AamvaFile:
    """The elements of a bar code whose bytes are the characters of the same numbers. Raises AamvaError."""
    if len(content) > _MOST_CHARACTERS:
        raise AamvaError(f"{len(content)} characters are more than a bar code by the AAMVA standard can hold")
    header = _HEADER.match(content)
    if header is None:
        raise AamvaError("at character 0: no AAMVA header, which is 'ANSI ' or 'AAMVA', an issuer and a version")
    types: list[str] = []
    position = header.end()
    while designator := _DESIGNATOR.match(content, position):
        types.append(designator["type"])
        position = designator.end()
    main = next((name for name in types if name in _KINDS), None)
    if main is None:
        raise AamvaError(f"at character {header.end()}: the header names no sub-file DL or ID")
    lines = list(_lines_of(_decoded(content[position:]), main, types))
    if not lines:
        raise AamvaError(f"at character {position}: the sub-file {main} has no elements")
    entries, problems = _elements(lines)
    return AamvaFile(header["issuer"], int(header["version"]), _KINDS[main], entries, problems)


def _decoded(body: str) -> str:
    """The standard asks for ISO 8859-1; what is valid UTF-8 beyond ASCII is that, for it would spell no name."""
    try:
        return body.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return body


def _lines_of(body: str, main: str, types: list[str]) -> Iterator[str]:
    """Lines of the sub-file, without its type."""
    current = main
    for line in _LINE_END.split(body):
        text = line.strip()
        kind = text[:2]
        if kind in types and (len(text) == 2 or re.match(r"[DZ][A-Z][A-Z0-9]", text[2:])):
            current, text = kind, text[2:]
        if current == main and text:
            yield text


def _elements(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Elements that can be trusted: neither torn by a line end nor said twice in different ways."""
    found: dict[str, str] = {}
    spoilt: dict[str, str] = {}
    last = ""
    for line in lines:
        element, value = line[:3], line[3:].strip()
        if not ELEMENT_ID.fullmatch(element):
            # The rest of a torn value: what was read of it before is not the whole.
            spoilt[last] = f"{described(last)}: torn by a line end" if last else "the sub-file begins with no element"
            continue
        last = element
        if not _PLAIN.fullmatch(value):
            spoilt[element] = f"{described(element)}: has characters that are no text"
        elif found.setdefault(element, value) != value:
            spoilt[element] = f"{described(element)}: stands there twice with different values"
    entries = tuple((element, value) for element, value in found.items() if element not in spoilt)
    return entries, tuple(spoilt.values())
