"""All paths of the console in one table, and how they are mounted on an application that has the API already."""

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from rtc_server.api.errors import unknown_id
from rtc_server.console.context import CONSOLE, ConsoleContext
from rtc_server.console.pages import console_page
from rtc_server.console.resources import audit, history, insight, live, media, report, sign_in, staff
from rtc_server.console.route import Route

_PATH_VALUE = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
"""What an id in a path may be; anything else is nobody's."""

ROUTES: tuple[Route, ...] = (
    *sign_in.ROUTES,
    *staff.ROUTES,
    *live.ROUTES,
    *history.ROUTES,
    *media.ROUTES,
    *report.ROUTES,
    *insight.ROUTES,
    *audit.ROUTES,
)
"""The whole API of the console: each module of handlers lists its own."""


def setup(app: web.Application, context: ConsoleContext) -> None:
    """Mount the console; errors, headers and the access log are those of ``rtc_server.api.routes.setup``."""
    app[CONSOLE] = context
    for path in ("/console", "/console/"):
        app.router.add_get(path, console_page)
    for route in ROUTES:
        app.router.add_route(route.method, f"/console/api{route.path}", mounted(route))


def mounted(route: Route) -> Handler:
    """The route's handler, for ids that can be some."""

    async def serve(request: web.Request) -> web.StreamResponse:
        for name in route.parameters:
            if not _PATH_VALUE.fullmatch(request.match_info[name]):
                raise unknown_id(name)
        return await route.handler(request)

    return serve
