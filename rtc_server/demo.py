"""A sample partner, the small bank Northbank: a site on an origin of its own, and the backend that a customer writes.

It knows Visavis only as a customer does: by the public API, with a key, and by signed webhooks.
"""

import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from rtc_server.commands.rest import RestClient, RestError
from rtc_server.webhooks.signing import standard_signature

NAME = "Northbank demo"
"""By this the partner finds its endpoint and its key of an earlier run."""

EVENTS_KEPT = 200
CLOCK_SECONDS = 300
"""How far a webhook's time may be from ours (Standard Webhooks: five minutes)."""

_WIDGET = 'src="/static/widget/'
_FOLDERS = ("demo", "shared", "mailbox")
_BACKEND: web.AppKey["Backend"] = web.AppKey("northbank_backend")
_SITE_HEADERS: web.AppKey[dict[str, str]] = web.AppKey("northbank_headers", dict)


class Backend:
    """What the partner's server does: open sessions, receive webhooks, read reports. Keeps all in memory."""

    def __init__(self, visavis: str, key: str, site: str, journeys: Mapping[str, Any]) -> None:
        """``visavis`` and ``site`` are origins; ``journeys`` are bodies of ``POST /sessions`` by name."""
        self.visavis = visavis
        self._key = key
        self._site = site
        self._journeys = journeys
        self._client: RestClient | None = None
        self._secret = ""
        self._events: deque[dict[str, Any]] = deque(maxlen=EVENTS_KEPT)
        self._refused = 0

    async def connect(self) -> None:
        """Make a key that only our site may embed with, and an endpoint for webhooks. Raises RestError."""
        async with RestClient(self.visavis, self._key) as owner:
            await _tidy(owner)
            allowed = {"name": NAME, "allowedOrigins": [self._site]}
            key = (await owner.call("POST", "/api-keys", allowed))["key"]
            endpoint = {"url": f"{self._site}/demo/webhook", "description": NAME, "eventTypes": ["session.status"]}
            self._secret = (await owner.call("POST", "/webhook-endpoints", endpoint))["secret"]
        self._client = RestClient(self.visavis, key)

    async def close(self) -> None:
        """End connections."""
        if self._client is not None:
            await self._client.__aexit__()
            self._client = None

    async def open_session(self, journey: str) -> dict[str, str]:
        """{url, sessionId} of a new session. Raises KeyError for an unknown journey, and RestError."""
        body = {"clientReferenceId": f"northbank-{journey}", **self._journeys[journey]}
        answer = await self._api().call("POST", "/sessions", body)
        return {"url": answer["clientSecret"]["url"], "sessionId": answer["session"]["id"]}

    async def session(self, session_id: str) -> dict[str, Any]:
        """The session with its report. Raises RestError."""
        return await self._api().call("GET", f"/sessions/{session_id}")

    async def mailbox(self) -> dict[str, Any]:
        """What the sandbox would have sent. Raises RestError."""
        return await self._api().call("GET", "/sandbox/mailbox")

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> bool:
        """Keep a webhook if its signature holds; the same event twice is kept once. ``now`` in Unix seconds."""
        if not self._secret or not is_genuine(self._secret, headers, body, now):
            self._refused += 1
            return False
        event = json.loads(body)
        if all(event["id"] != known["id"] for known in self._events):
            self._events.append(event | {"receivedAt": round(now * 1000)})
        return True

    def received(self, session_id: str) -> dict[str, Any]:
        """Events of a session, oldest first, and how many requests had no valid signature."""
        events = [event for event in self._events if event.get("sessionId") == session_id]
        return {"events": events, "refused": self._refused}

    def _api(self) -> RestClient:
        if self._client is None:
            raise RestError("the demo is still starting; try again in a moment")
        return self._client


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a webhook bears our endpoint's signature and a time near ``now`` (Standard Webhooks, symmetric scheme)."""
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > CLOCK_SECONDS:
        return False
    expected = standard_signature(secret, headers.get("webhook-id", ""), int(timestamp), body).encode()
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(expected, signature) for signature in given)


async def _tidy(owner: RestClient) -> None:
    """Take away what an earlier run left in a database that was kept."""
    for endpoint in (await owner.call("GET", "/webhook-endpoints"))["webhookEndpoints"]:
        if endpoint.get("description") == NAME:
            await owner.call("DELETE", f"/webhook-endpoints/{endpoint['id']}")
    for key in (await owner.call("GET", "/api-keys"))["apiKeys"]:
        if key.get("name") == NAME and "revokedAt" not in key:
            await owner.call("DELETE", f"/api-keys/{key['id']}")


def partner_site(backend: Backend, static_folder: Path) -> web.Application:
    """The partner's own web application. ``static_folder`` holds ``demo``, ``shared`` and ``mailbox``."""
    app = web.Application(client_max_size=2**20)
    app[_BACKEND] = backend
    app[_SITE_HEADERS] = site_headers(backend.visavis)
    app.on_response_prepare.append(_harden)
    page = (static_folder / "demo" / "index.html").read_text(encoding="utf-8")
    page = page.replace(_WIDGET, f'src="{backend.visavis}/static/widget/')

    async def index(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    async def mailbox(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(static_folder / "mailbox" / "index.html")

    app.router.add_get("/", index)
    app.router.add_get("/demo/mailbox/", mailbox)
    app.router.add_get("/demo/mailbox/messages", _mailbox)
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


async def _mailbox(request: web.Request) -> web.Response:
    try:
        return web.json_response(await request.app[_BACKEND].mailbox())
    except RestError as error:
        return _failure(str(error))


async def _events(request: web.Request) -> web.Response:
    return web.json_response(request.app[_BACKEND].received(request.query.get("session", "")))


async def _webhook(request: web.Request) -> web.Response:
    genuine = request.app[_BACKEND].receive(request.headers, await request.read(), time.time())
    return web.Response(status=204 if genuine else 401)


def _failure(message: str, status: int = 502) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)
