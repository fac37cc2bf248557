"""All paths in one table, and how they are mounted on an application."""

from aiohttp import web
from aiohttp.typedefs import Handler

from rtc_server.api.client import client_candidates, client_leave, client_offer, client_session
from rtc_server.api.context import CONTEXT, ApiContext
from rtc_server.api.middleware import add_headers, errors_as_json, request_log
from rtc_server.api.pages import healthz, readyz, session_page, static_file
from rtc_server.api.sessions import create_session, get_session, refresh_session

API: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/sessions", create_session),
    ("GET", "/sessions/{session_id}", get_session),
    ("GET", "/sessions/{session_id}/refresh", refresh_session),
    ("GET", "/client/session", client_session),
    ("POST", "/client/offer", client_offer),
    ("POST", "/client/candidates", client_candidates),
    ("POST", "/client/leave", client_leave),
)

PAGES: tuple[tuple[str, Handler], ...] = (
    ("/", session_page),
    ("/static/{path:.+}", static_file),
    ("/healthz", healthz),
    ("/readyz", readyz),
)


def setup(app: web.Application, context: ApiContext) -> None:
    """Mount the HTTP edge on an application that has not started."""
    app[CONTEXT] = context
    app.middlewares.append(request_log)
    app.middlewares.append(errors_as_json)
    app.on_response_prepare.append(add_headers)
    for path, handler in PAGES:
        app.router.add_get(path, handler)
    for method, path, handler in API:
        # Without HEAD: it has to be safe, and a refresh is not.
        app.router.add_route(method, forgiving(path), handler)


def forgiving(path: str) -> str:
    """Route pattern of an API path that also takes a leading ``/v1``, repeated slashes and one at the end.

    Clients join base address and path in different ways, and some put the version between them.
    """
    first, *rest = path.removeprefix("/").split("/")
    pattern = "/{_start:/*(?:v1/+)?}" + first
    for index, part in enumerate(rest):
        pattern += "{_slash" + str(index) + ":/+}" + part
    return pattern + "{_end:/*}"
