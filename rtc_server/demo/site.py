"""The site of a sample partner, a small bank named Northbank: its page and the few calls that the page makes."""

import time
from pathlib import Path

from aiohttp import web

from rtc_server.commands.rest import RestError
from rtc_server.demo.backend import Backend

_WIDGET = 'src="/static/widget/'
_FOLDERS = ("demo", "shared")
_BACKEND: web.AppKey[Backend] = web.AppKey("northbank_backend", Backend)
_SITE_HEADERS: web.AppKey[dict[str, str]] = web.AppKey("northbank_headers", dict)


def partner_site(backend: Backend, static_folder: Path) -> web.Application:
    """The partner's own web application. ``static_folder`` holds ``demo`` and ``shared``."""
    app = web.Application(client_max_size=2**20)
    app[_BACKEND] = backend
    app[_SITE_HEADERS] = site_headers(backend.visavis)
    app.on_response_prepare.append(_harden)
    page = (static_folder / "demo" / "index.html").read_text(encoding="utf-8")
    page = page.replace(_WIDGET, f'src="{backend.visavis}/static/widget/')

    async def index(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app.router.add_get("/", index)
    app.router.add_post("/demo/session", _new_session)
    app.router.add_get("/demo/report", _report)
    app.router.add_get("/demo/events", _events)
    app.router.add_post("/demo/webhook", _webhook)
    for folder in _FOLDERS:
        app.router.add_static(f"/static/{folder}", static_folder / folder)
    return app


def site_headers(visavis: str) -> dict[str, str]:
    """What a page that embeds a session may allow at least: the widget's script, the frame, and its devices."""
    policy = (
        f"default-src 'self'; script-src 'self' {visavis}; frame-src 'self' {visavis}; "
        "style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    devices = ("camera", "microphone", "autoplay", "fullscreen")
    return {
        "Content-Security-Policy": policy,
        "Permissions-Policy": ", ".join(f'{device}=(self "{visavis}")' for device in devices),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(request.app[_SITE_HEADERS])


async def _new_session(request: web.Request) -> web.Response:
    journey = request.query.get("journey", "payment")
    try:
        return web.json_response(await request.app[_BACKEND].open_session(journey))
    except KeyError:
        return _failure(f"journey: there is no '{journey}' here", 400)
    except RestError as error:
        return _failure(str(error))


async def _report(request: web.Request) -> web.Response:
    session_id = request.query.get("session", "")
    if not session_id.isascii() or not session_id.replace("-", "").replace("_", "").isalnum():
        return _failure("session: the id of a session is needed", 400)
    try:
        return web.json_response(await request.app[_BACKEND].session(session_id))
    except RestError as error:
        return _failure(str(error))


async def _events(request: web.Request) -> web.Response:
    return web.json_response(request.app[_BACKEND].received(request.query.get("session", "")))


async def _webhook(request: web.Request) -> web.Response:
    genuine = request.app[_BACKEND].receive(request.headers, await request.read(), time.time())
    return web.Response(status=204 if genuine else 401)


def _failure(message: str, status: int = 502) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)
