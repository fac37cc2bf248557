"""Serves an application so that even what is no HTTP at all is answered in the shape of our errors."""

import json
import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from rtc_server.api.errors import ApiError
from rtc_server.crypto.ids import new_id

_log = logging.getLogger(__name__)


class JsonRequestHandler(web.RequestHandler):
    """aiohttp answers what its parser refuses in plain text, and logs the refused bytes, which may hold a secret."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The reply to a request that never reached a handler; the connection is closed after it."""
        request_id = new_id("req_")
        _log.info("%s refused before its path was known: %s", request_id, type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("a reply has begun already")
        envelope = _error(status, exc).envelope(request_id)
        headers = {"X-Request-Id": request_id, "Server": "visavis", "Cache-Control": "no-store"}
        response = web.Response(
            text=json.dumps(envelope), status=status, content_type="application/json", headers=headers
        )
        response.force_close()
        return response


class JsonServer(web.Server):
    """Makes a ``JsonRequestHandler`` for each connection."""

    def __call__(self) -> web.RequestHandler:
        """A protocol for a new connection."""
        return JsonRequestHandler(self, loop=self._loop, **self._kwargs)


class ApiRunner(web.AppRunner):
    """``web.AppRunner`` with our errors."""

    async def _make_server(self) -> Any:
        server = await super()._make_server()
        return JsonServer(
            server.request_handler, request_factory=server.request_factory, loop=server._loop, **server._kwargs
        )


def _error(status: int, exc: BaseException | None) -> ApiError:
    if isinstance(exc, LineTooLong):
        return ApiError(status, "request_too_long", "The path with its query, or a header, is longer than 8190 bytes.")
    if status < 500:
        return ApiError(status, "malformed_request", "This is no HTTP/1.1 request that can be read.")
    return ApiError(status, "internal_error", "Something went wrong on our side.")
