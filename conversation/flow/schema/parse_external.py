"""Parsers of calls to the integrator's server, and of the values that such calls and rules name."""

from typing import Any
from urllib.parse import urlsplit

from conversation.flow.nodes import (
    AwaitExternal,
    DataSource,
    ExternalCallNode,
    ExternalRequest,
    Node,
    Operand,
    Reference,
)
from conversation.flow.schema.reader import ID_LIMIT, Reader

_URL_LIMIT = 2_000
_SOURCES: dict[str, DataSource] = {"extractedData": "extractedData", "providedData": "providedData"}
_METHODS: dict[str, str] = {"POST": "POST", "GET": "GET", "post": "POST", "get": "GET"}


def parse_external_call(reader: Reader) -> Node:
    """Node ``external_call``."""
    return ExternalCallNode(reader.node_id, read_request(reader), reader.target("outcome"))


def read_await_external(reader: Reader) -> AwaitExternal | None:
    """A conversation's ``awaitExternal``; None when it is absent or wrong."""
    outer = reader.inner("awaitExternal", required=False)
    if outer is None:
        return None
    request = read_request(outer)
    poll = outer.inner("poll")
    interval_ms = timeout_ms = 0.0
    if poll is not None:
        interval_ms = poll.number("intervalMs", 2_000.0, 250, 60_000)
        timeout_ms = poll.number("timeoutMs", 60_000.0, 1_000, 1_800_000)
        if interval_ms > timeout_ms:
            poll.refuse("intervalMs", "range", "'intervalMs' is longer than 'timeoutMs', so nobody would ask twice")
        outer.kept["poll"] = poll.finish()
    exits = outer.inner("exits", rule="complete_outcomes")
    ways = ("", "", "")
    if exits is not None:
        ways = (exits.target("onDataReady"), exits.target("onTimeout"), exits.target("onError"))
        outer.kept["exits"] = exits.finish()
    reader.kept["awaitExternal"] = outer.finish()
    return AwaitExternal(request, interval_ms / 1_000, timeout_ms / 1_000, *ways)


def read_request(reader: Reader) -> ExternalRequest:
    """The member ``request``: URL, method, variables."""
    inner = reader.inner("request")
    if inner is None:
        return ExternalRequest("")
    url = inner.text("url", limit=_URL_LIMIT)
    if url and not _is_http(url):
        inner.refuse("url", "url", "'url' must be a whole http or https address, such as https://example.org/check")
    method = inner.choice("method", _METHODS, "POST")
    variables: dict[str, Operand] = {}
    kept: list[dict[str, Any]] = []
    for entry in inner.entries("vars", "a variable"):
        name = entry.text("name", limit=100)
        if name in variables:
            entry.refuse("name", "unique_ids", f"variable '{name}' is given twice")
        operand = read_operand(entry, "value")
        if operand is not None:
            variables[name] = operand
        kept.append(entry.finish())
    if kept:
        inner.kept["vars"] = kept
    reader.kept["request"] = inner.finish()
    return ExternalRequest(url, "GET" if method == "GET" else "POST", variables)


def read_reference(reader: Reader) -> Reference:
    """Fields ``source`` and ``field`` of an object."""
    return Reference(reader.choice("source", _SOURCES), reader.text("field", limit=ID_LIMIT))


def read_operand(reader: Reader, field: str) -> Operand | None:
    """A bare scalar, ``{type: "literal", value}`` or ``{type: "ref", source, field}``; None when it is wrong."""
    path, value = reader.find(field)
    if not isinstance(value, dict):
        return reader.scalar(field)
    inner = reader.child(value, path)
    is_reference = inner.has("source") if not inner.has("type") else False
    form = inner.choice("type", {"literal": "literal", "ref": "ref"}, "ref" if is_reference else "literal")
    operand = read_reference(inner) if form == "ref" else inner.scalar("value")
    reader.kept[field] = inner.finish()
    return operand


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
