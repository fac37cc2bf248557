"""A partner's site on an origin of its own: one page, whose text and headers the test chooses."""

from types import TracebackType
from typing import Self

from aiohttp import web

_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Partner</title>{head}
  </head>
  <body>{body}</body>
</html>"""

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="3"><rect width="9" height="3" fill="#b40050"/></svg>'


class PartnerSite:
    """Serves ``/`` on a free loopback port, and a logo at ``/logo.svg``."""

    def __init__(self) -> None:
        self.head = ""
        self.body = ""
        self.headers: dict[str, str] = {}
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/logo.svg", self._logo)
        app.router.add_get("/favicon.ico", self._nothing)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        text = _PAGE.format(head=self.head, body=self.body)
        return web.Response(text=text, content_type="text/html", headers=self.headers)

    async def _logo(self, request: web.Request) -> web.Response:
        return web.Response(text=LOGO, content_type="image/svg+xml")

    async def _nothing(self, request: web.Request) -> web.Response:
        return web.Response(status=204)
