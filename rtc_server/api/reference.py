"""The API's document for programs (``/openapi.json``) and for people (``/reference``)."""

import json
from collections.abc import Iterable
from importlib.metadata import version

from aiohttp import web

from rtc_server.api.openapi import openapi_document
from rtc_server.api.operation import Operation
from rtc_server.api.page_headers import ALONE
from rtc_server.api.pages import page_reply

DOCUMENT: web.AppKey[str] = web.AppKey("visavis_openapi", str)
"""The OpenAPI document as JSON text."""


def document(operations: Iterable[Operation], public_url: str) -> str:
    """The document of this installation."""
    return json.dumps(openapi_document(operations, version("visavis"), public_url or "/"))


async def openapi_json(request: web.Request) -> web.Response:
    """``GET /openapi.json``."""
    # Readable from anywhere: editors and generators fetch it, and it says nothing that is not in the source.
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    return web.Response(text=request.app[DOCUMENT], content_type="application/json", headers=headers)


async def reference_page(request: web.Request) -> web.StreamResponse:
    """``GET /reference``: the document to read, search and copy from."""
    response = await page_reply(request, "reference/index.html")
    response.headers.update(ALONE)
    return response
