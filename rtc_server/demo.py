"""The demo's own routes: a sample partner's backend in a few calls, over the public API's own functions."""

import importlib.resources
import json
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from rtc_server.api.context import CONTEXT
from rtc_server.api.pages import page_headers
from rtc_server.api.resources.mailbox import mailbox_page

DEMO_KEY: web.AppKey[str] = web.AppKey("visavis_demo_key", str)


def demo_flow() -> list[dict[str, Any]]:
    """The flow that the demo runs, as a customer would write it."""
    text = importlib.resources.files("static").joinpath("demo/flow.json").read_text(encoding="utf-8")
    flow: list[dict[str, Any]] = json.loads(text)["flow"]
    return flow


def demo_routes(api_key: str) -> Callable[[web.Application], None]:
    """An extension that mounts ``/demo/``, its mailbox, and the calls that they make, with the partner's API key."""

    def mount(app: web.Application) -> None:
        app[DEMO_KEY] = api_key
        _mount(app)

    return mount


def _mount(app: web.Application) -> None:
    app.router.add_get("/demo", _to_demo)
    app.router.add_get("/demo/", _page)
    app.router.add_post("/demo/session", _new_session)
    app.router.add_get("/demo/report", _report)
    app.router.add_get("/demo/mailbox/", mailbox_page)
    app.router.add_get("/demo/mailbox/messages", _mailbox)


async def create_demo_session(app: web.Application, base_url: str) -> dict[str, str]:
    """Create a session through the HTTP API, as a partner's backend does; {url, sessionId}."""
    body = {"clientReferenceId": "demo", "metadata": {}, "flow": demo_flow()}
    async with _client(app) as client, client.post(f"{base_url}/sessions", json=body) as response:
        answer = await response.json()
        if response.status != 200:
            raise web.HTTPBadGateway(text=json.dumps(answer), content_type="application/json")
    return {"url": answer["clientSecret"]["url"], "sessionId": answer["session"]["id"]}


def _client(app: web.Application) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {app[DEMO_KEY]}"}, timeout=aiohttp.ClientTimeout(total=10)
    )


async def _to_demo(request: web.Request) -> web.Response:
    raise web.HTTPFound("/demo/")


async def _page(request: web.Request) -> web.FileResponse:
    context = request.app[CONTEXT]
    page = context.static_folder / "demo" / "index.html"
    return web.FileResponse(page, headers=page_headers(context.frame_ancestors))


async def _new_session(request: web.Request) -> web.Response:
    return web.json_response(await create_demo_session(request.app, str(request.url.origin())))


async def _report(request: web.Request) -> web.Response:
    return await _pass_on(request, "sessions", request.query.get("session", ""))


async def _mailbox(request: web.Request) -> web.Response:
    return await _pass_on(request, "sandbox", "mailbox")


async def _pass_on(request: web.Request, *path: str) -> web.Response:
    """What the API answers to the partner's key."""
    url = request.url.origin().joinpath(*path)
    async with _client(request.app) as client, client.get(url) as response:
        return web.json_response(await response.json(), status=response.status)
