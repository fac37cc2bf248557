"""Reading a body, JSON or not: bounded in size, depth and time."""

import asyncio
import json
import math
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from rtc_server.api.errors import ApiError
from rtc_server.storage.ports import Json

MAX_BODY_BYTES = 1_000_000
MAX_DEPTH = 64
"""Levels of nesting; far more than a flow has, far fewer than would exhaust a stack."""
BODY_TIMEOUT_SECONDS = 20.0

_CONTENT: web.RequestKey[bytes] = web.RequestKey("visavis_body", bytes)
"""What has been read, so that it can be looked at twice."""


async def read_object(request: web.Request, *, allow_empty: bool = False) -> Json:
    """The body as a JSON object; with ``allow_empty`` no body is ``{}``.

    Raises ApiError 400 (not UTF-8, not JSON, not an object, too deep), 408 (it does not arrive) or 413 (too large).
    """
    if _CONTENT not in request:
        request[_CONTENT] = await read_content(request, MAX_BODY_BYTES)
    content = request[_CONTENT]
    if not content.strip() and allow_empty:
        return {}
    data = parse_json(content)
    if not isinstance(data, dict):
        raise ApiError(400, "invalid_json", f"The body must be a JSON object, not {kind(data)}.")
    return data


async def read_content(request: web.Request, limit_bytes: int) -> bytes:
    """The body as it is. Raises ApiError 400, 408 (it does not arrive) or 413 (too large)."""
    too_large = ApiError(413, "body_too_large", f"The body is larger than {limit_bytes} bytes.")
    if (request.content_length or 0) > limit_bytes:
        raise too_large
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_SECONDS):
            async for chunk in request.content.iter_any():
                content += chunk
                if len(content) > limit_bytes:
                    raise too_large
    except TimeoutError:
        message = f"The body did not arrive within {BODY_TIMEOUT_SECONDS:g} seconds."
        raise ApiError(408, "body_timeout", message) from None
    except (web.RequestPayloadError, BadHttpMessage):
        raise ApiError(400, "invalid_body", "The body does not match its Content-Encoding or length.") from None
    return bytes(content)


def parse_json(content: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no Infinity, no number that overflows to one. Raises ApiError 400."""
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise ApiError(400, "invalid_json", "The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ApiError(400, "invalid_json", f"The body is not JSON: {error.msg} at {where}.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise ApiError(400, "invalid_json", "The body holds a number that JSON cannot carry.") from None
    if _deeper_than(data, MAX_DEPTH):
        raise _too_deep()
    return data


def kind(value: Any) -> str:
    """What JSON calls a value, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names = {str: "a string", int: "a number", float: "a number", list: "an array", dict: "an object"}
    return names.get(type(value), "something else")


def _deeper_than(data: Any, levels: int) -> bool:
    layer = [data]
    for _ in range(levels):
        layer = [
            child
            for value in layer
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not layer:
            return False
    return any(isinstance(value, dict | list) for value in layer)


def _too_deep() -> ApiError:
    return ApiError(400, "invalid_json", f"The body is nested more than {MAX_DEPTH} levels deep.")


def _no_constant(_name: str) -> float:
    raise ValueError


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value
