"""The backend that a customer writes: opens sessions, receives webhooks, reads reports.

It knows Visavis only as a customer does: by the public API, with a key, and by signed webhooks.
"""

import hmac
import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from rtc_server.commands.rest import RestClient, RestError
from rtc_server.webhooks.signing import standard_signature

NAME = "Northbank demo"
"""By this the partner finds its endpoint and its key of an earlier run."""

EVENTS_KEPT = 200
CLOCK_SECONDS = 300
"""How far a webhook's time may be from ours (Standard Webhooks: five minutes)."""


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
    """Whether a webhook bears our endpoint's signature and a time near ``now`` (Standard Webhooks)."""
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
