"""One row of the API: what a path does, what it takes and what it answers.

Routes, the checks of body and query, and the published document follow from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler

from conversation.flow.schema.problems import Problem
from rtc_server.api.body import read_object
from rtc_server.api.checks import Annotated, Array, Check, Nullable, anything
from rtc_server.api.errors import invalid
from rtc_server.api.values import Boolean, Number, suggestion
from rtc_server.storage.ports import Json

MAX_QUERY_PARAMETERS = 100
"""Values in one query string; the longest list that makes sense is far shorter."""

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """Without version and end slash; parameters in braces and snake_case, such as ``/sessions/{session_id}``."""
    handler: Handler
    operation_id: str
    """Unique, camelCase."""
    summary: str
    """A few words for lists."""
    tag: str
    """Group in the document, such as ``Sessions``."""
    security: Literal["api_key", "client_secret", "none"] = "api_key"
    scope: str = ""
    """What the API key must be allowed, such as ``sessions:write``; empty = any key will do."""
    description: str = ""
    """Sentences for the reader; Markdown."""
    body: Check | None = None
    binary: tuple[str, ...] = ()
    """Media types of a body that is no JSON."""
    query: Mapping[str, Check] = field(default_factory=dict)
    """Query parameters: text, numbers, booleans, choices, and arrays of these (repeated parameters)."""
    responses: Mapping[int, Check | None]
    """Success: status → what the body is; None = no body."""
    media_type: str = "application/json"
    """Of a success that has a body."""
    errors: tuple[int, ...] = ()
    """Statuses of failure beside those that follow from the rest, see ``failures``."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path's parameters."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def failures(self) -> tuple[int, ...]:
        """Every status of failure."""
        statuses = {*self.errors, 500, 503}
        if self.security == "api_key":
            statuses |= {401, 429} | ({403} if self.scope else set())
        if self.security == "client_secret":
            statuses |= {404, 429}
        if self.parameters:
            statuses.add(404)
        if self.body is not None:
            statuses |= {400, 408, 413}
        if self.binary:
            statuses |= {400, 408, 413, 415}
        if self.query:
            statuses.add(400)
        if self.idempotent_by_key:
            statuses |= {400, 409}
        return tuple(sorted(statuses))

    @property
    def idempotent_by_key(self) -> bool:
        """Whether ``Idempotency-Key`` makes it safe to repeat."""
        return self.method == "POST" and self.security == "api_key"


OPERATION: web.RequestKey[Operation] = web.RequestKey("visavis_operation", Operation)
"""The operation that a request asks for."""


async def body_of(request: web.Request) -> Json:
    """The body, checked by the operation's rules; no body is ``{}``. Raises ApiError 400, 408 or 413."""
    return await checked_body(request, request[OPERATION].body or anything)


async def checked_body(request: web.Request, check: Check) -> Json:
    """The body, checked; no body is ``{}``. Raises ApiError 400, 408 or 413."""
    body = await read_object(request, allow_empty=True)
    if problems := list(check(body, "")):
        raise invalid(problems)
    return body


def query_of(request: web.Request) -> Json:
    """The query parameters by name, checked and converted: ``limit=5`` is the integer 5, a repeated one a list.

    An empty value is the same as none. Raises ApiError 400, also for a parameter that does not exist: a filter that is
    ignored would answer with more than was asked for.
    """
    return values_of(request, request[OPERATION].query)


def values_of(request: web.Request, checks: Mapping[str, Check]) -> Json:
    """``query_of`` where there is no operation."""
    values: Json = {}
    problems: list[Problem] = []
    for name in dict.fromkeys(request.query):
        texts = [text for text in request.query.getall(name)[:MAX_QUERY_PARAMETERS] if text]
        if name not in checks:
            problems.append(Problem(name, "unknown_parameter", f"unknown parameter{suggestion(name, checks)}"))
        elif texts:
            value = _from_texts(checks[name], texts)
            found = list(checks[name](value, name))
            problems += found
            values[name] = value
    if problems:
        raise invalid(problems)
    return values


def _from_texts(check: Check, texts: list[str]) -> Any:
    """What JSON would have said; a text that cannot be converted stays, so that the check names it."""
    if isinstance(check, Annotated | Nullable):
        return _from_texts(check.check, texts)
    if isinstance(check, Array):
        return [_from_texts(check.item, [text]) for text in texts]
    text = texts[-1]
    if isinstance(check, Boolean):
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)
    if isinstance(check, Number) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text):
        return float(text) if "." in text else int(text)
    return text
