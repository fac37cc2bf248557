"""Origins of pages that may embed ours: as a key's list names them, and as the embedded page is told of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conversation.flow.schema.problems import Problem
from rtc_server.api.values import wrong_type
from rtc_server.storage.ports import Json

MAX_ORIGINS = 50
MAX_CHARACTERS = 300

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
_ORIGIN = re.compile(rf"(?P<scheme>https?)://(?P<host>(?:\*\.)?{_HOST})(?P<port>:(?:\*|[0-9]{{1,5}}))?")
_LOCAL = ("localhost", "127.0.0.1")
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_SOURCES = "must be *, 'none' in its quotes, or origins and 'self' with spaces between"
_EXAMPLE = "write an origin such as https://partner.example.org"


def allowed_origin(text: str) -> str:
    """An origin of a key's list as it is stored: in lower case, without slash at the end and without default port.

    ``https://`` with a host, ``https://*.`` with a domain for all hosts below it, or ``http://localhost`` and
    ``http://127.0.0.1`` for development; a port may be ``*``. These are host sources of CSP level 3 (§2.3.1).
    Raises ``ValueError`` saying what is wrong and what to write.
    """
    origin = text.strip().lower().removesuffix("/")
    if origin == "*":
        raise ValueError(f"'*' is no origin; {_EXAMPLE}, or leave the list empty for the server's own setting")
    if "://" not in origin:
        raise ValueError(f"has no https:// in front; {_EXAMPLE}")
    match = _ORIGIN.fullmatch(origin) if len(origin) <= MAX_CHARACTERS else None
    if match is None:
        raise ValueError(f"is no origin: scheme, host and perhaps a port, without path or anything else; {_EXAMPLE}")
    scheme, host, port = match["scheme"], match["host"], match["port"] or ""
    if scheme == "http" and host not in _LOCAL:
        raise ValueError("must begin with https://; http:// is for localhost and 127.0.0.1 only")
    if port[1:].isdigit():
        if not 0 < int(port[1:]) < 65_536:
            raise ValueError(f"has a port that does not exist; {_EXAMPLE}")
        port = f":{int(port[1:])}"
    return f"{scheme}://{host}{'' if port == _DEFAULT_PORTS[scheme] else port}"


def allowed_origins(texts: Iterable[str]) -> tuple[str, ...]:
    """A key's list as it is stored: each origin once. Raises ``ValueError`` as ``allowed_origin`` does."""
    return tuple(dict.fromkeys(allowed_origin(text) for text in texts))


def refuse_other_sources(frame_ancestors: str) -> None:
    """Raises ``ValueError`` unless a ``frame-ancestors`` is ``*``, ``'none'`` or a list of origins and ``'self'``.

    CSP knows more, such as hosts without a scheme; but a page that answers messages needs whole origins to compare.
    """
    if frame_ancestors in ("*", "'none'"):
        return
    sources = [source for source in frame_ancestors.split(" ") if source]
    if not sources or not frame_ancestors.isprintable():
        raise ValueError(_SOURCES)
    for source in sources:
        try:
            if source != "'self'":
                allowed_origin(source)
        except ValueError as error:
            raise ValueError(f"{_SOURCES}; {source!r} {error}") from error


def embedders(frame_ancestors: str, own_origin: str) -> list[str]:
    """The sources of a ``frame-ancestors`` as the page gets them: ``['*']`` for any, empty for nobody.

    ``'self'`` becomes ``own_origin``.
    """
    if frame_ancestors in ("*", "'none'"):
        return ["*"] if frame_ancestors == "*" else []
    return [own_origin if source == "'self'" else allowed_origin(source) for source in frame_ancestors.split()]


@dataclass(frozen=True, slots=True)
class Origin:
    """A check of one entry of a key's list."""

    def __call__(self, value: Any, path: str, /) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield wrong_type(value, path, "a string")
            return
        try:
            allowed_origin(value)
        except ValueError as error:
            yield Problem(path, "invalid_value", str(error))

    def json_schema(self) -> Json:
        return {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}
