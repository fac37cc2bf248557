"""Around every request: its id, its line in the access log, and its error as JSON."""

import asyncio
import json
import logging
import re
import time
import traceback

from aiohttp import web
from aiohttp.typedefs import Handler

from rtc_server.api.access.limits import ALLOWANCE
from rtc_server.api.access.secrets import redact
from rtc_server.api.context import API_VERSION, CONTEXT
from rtc_server.api.errors import ApiError, retry_after
from rtc_server.api.ports import CallError
from rtc_server.crypto.ids import new_id
from rtc_server.storage.engine import StorageError

STORAGE_RETRY_SECONDS = 5.0
"""When a caller should come back after the database failed."""

_log = logging.getLogger(__name__)
_access = logging.getLogger("rtc_server.access")
_MAX_LOGGED_PATH = 200
_ONE_YEAR = "max-age=31536000"
"""For this host only: what stands below it is not ours to decide (RFC 6797 §6.1)."""
_SUBJECT = re.compile(r"(/subjects/+)[^/]+")
"""A client reference is worded by the integrator, and may be an e-mail address or a name."""
_CODES = {404: "unknown_path", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}

REQUEST_ID: web.RequestKey[str] = web.RequestKey("visavis_request_id", str)


@web.middleware
async def request_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: give the request an id and write one line: no query, no body, no secret."""
    request[REQUEST_ID] = new_id("req_")
    started_at = time.monotonic()
    status = 499  # the client went away; nginx made the number common
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        _access.info(
            "%s %s %d %.1f ms %s",
            request.method,
            _SUBJECT.sub(r"\1[reference]", redact(request.rel_url.raw_path))[:_MAX_LOGGED_PATH],
            status,
            (time.monotonic() - started_at) * 1000,
            request[REQUEST_ID],
        )
    return response


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into the envelope."""
    try:
        return await handler(request)
    except ApiError as error:
        return error_response(request, error)
    except CallError as error:
        headers = retry_after(error.retry_after) if error.retry_after is not None else {}
        return error_response(request, ApiError(error.status, error.code, error.message, headers=headers))
    except StorageError as error:
        _log.error("%s failed: %s", request[REQUEST_ID], error)
        message = f"The database cannot be used just now; quote {request[REQUEST_ID]} to the operator."
        unusable = ApiError(503, "storage_unavailable", message, headers=retry_after(STORAGE_RETRY_SECONDS))
        return error_response(request, unusable)
    except web.HTTPException as error:
        if error.status < 400:
            raise  # a redirect
        return error_response(request, _from_http(error))
    except (asyncio.CancelledError, ConnectionResetError):
        raise
    except Exception as error:
        # The text of an unknown error may quote what a person said or sent; its kind and place say enough.
        place = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s failed with %s at\n%s", request[REQUEST_ID], type(error).__name__, place)
        message = f"Something went wrong on our side; quote {request[REQUEST_ID]} to the operator."
        return error_response(request, ApiError(500, "internal_error", message))


def error_response(request: web.Request, error: ApiError) -> web.Response:
    """The error as an HTTP response."""
    return web.json_response(error.envelope(request[REQUEST_ID]), status=error.status, headers=error.headers)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """``on_response_prepare``: headers of every reply; what a handler has set stays."""
    response.headers["X-Request-Id"] = request.get(REQUEST_ID) or new_id("req_")
    response.headers["Server"] = "visavis"
    if (allowance := request.get(ALLOWANCE)) is not None:
        response.headers.update(allowance.headers(request.app[CONTEXT].now_ms()))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if request.app[CONTEXT].public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
    if response.content_type == "application/json":
        response.headers.setdefault("Facesign-Version", API_VERSION)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")


def json_response(data: object, status: int = 200) -> web.Response:
    """JSON with ASCII escapes, so that any string that came in can go out."""
    return web.Response(text=json.dumps(data, allow_nan=False), status=status, content_type="application/json")


def _from_http(error: web.HTTPException) -> ApiError:
    headers = {}
    message = error.reason
    if isinstance(error, web.HTTPMethodNotAllowed):
        headers["Allow"] = error.headers["Allow"]
        message = f"{error.method} is not possible here; use {headers['Allow']}."
    elif error.status == 404:
        message = "There is nothing at this path; see docs/api.md for the paths there are."
    return ApiError(error.status, _CODES.get(error.status, "http_error"), message, headers=headers)
