"""The page of the console."""

from aiohttp import web

from rtc_server.api.files import file_reply, find_file
from rtc_server.api.page_headers import ALONE, page_headers
from rtc_server.console.context import CONSOLE

_DEVICES = {
    "Permissions-Policy": "camera=(), microphone=(self), autoplay=(self), fullscreen=(self), "
    "display-capture=(), geolocation=(), payment=(), usb=()"
}
"""An agent speaks, and is never seen."""


async def console_page(request: web.Request) -> web.StreamResponse:
    """``GET /console``: the same for everybody; what it shows it asks for by its cookie."""
    headers = {**page_headers("'none'", media="'self'"), **ALONE, **_DEVICES, "Referrer-Policy": "no-referrer"}
    return await file_reply(request, find_file(request.app[CONSOLE].static_folder, "console/index.html"), headers)
