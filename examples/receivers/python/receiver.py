"""A server that receives Visavis webhooks: checks signatures, takes each event once.

    WEBHOOK_SECRET=whsec_… python receiver.py --port 3000

It prints one line for each event that is new. Needs aiohttp (``pip install aiohttp``).
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

TOLERANCE_SECONDS = 300
"""How old or new a signed time may be; an older request may be somebody's recording."""
MAX_BODY_BYTES = 1_000_000


def standard_signature_holds(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Standard Webhooks: HMAC-SHA256 over ``id.timestamp.body``; the key is what follows ``whsec_``, in base64."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    # While a secret is being replaced there are two signatures; one that fits is enough.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in given)


def vendor_signature_holds(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """FaceSign's header: HMAC-SHA256 over the body; the key is the whole secret. It proves no time."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-facesign-signature", "").encode())


class Inbox:
    """Which events have been taken. The primary key makes sure that two requests at once do not both take one."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body TEXT NOT NULL)")

    def take(self, event_id: str, body: str) -> bool:
        """Keep an event; whether it is new. It is on disk when this returns, so the reply may say so."""
        with self._database:
            return self._database.execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (event_id, body)).rowcount == 1


def make_app(secret: str, inbox: Inbox, *, vendor: bool = False) -> web.Application:
    """The server. With ``vendor`` the FaceSign header is checked, else that of Standard Webhooks."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()  # the bytes as they came: JSON that is parsed and written again has others
        holds = (
            vendor_signature_holds(secret, request.headers, body)
            if vendor
            else standard_signature_holds(secret, request.headers, body, time.time())
        )
        if not holds:
            return web.json_response({"error": "the signature does not fit"}, status=401)
        event: dict[str, Any] = json.loads(body)
        if inbox.take(event["id"], body.decode()):
            print(f"{event['type']} {event['id']} {event.get('status', '')}".rstrip(), flush=True)
            # Here goes your work, or better: put the event into a queue and work after the reply.
        return web.json_response({"received": True})

    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_post("/hook", receive)
    return app


async def serve(app: web.Application, port: int) -> None:
    """Serve until the process ends; port 0 takes a free one."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}/hook", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read options and serve."""
    parser = argparse.ArgumentParser(description="Receive Visavis webhooks.")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--inbox", type=Path, default=Path("events.db"), help="where events are kept")
    parser.add_argument("--vendor", action="store_true", help="check X-FaceSign-Signature instead")
    options = parser.parse_args()
    secret = os.environ.get("WEBHOOK_SECRET", "")
    if not secret.startswith("whsec_"):
        sys.exit("set WEBHOOK_SECRET to the endpoint's secret, whsec_…")
    asyncio.run(serve(make_app(secret, Inbox(str(options.inbox)), vendor=options.vendor), options.port))


if __name__ == "__main__":
    main()
