"""The sample partner against the real API, with webhooks that are really sent."""

import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web

from rtc_server.commands.demo import demo_journeys
from rtc_server.demo.backend import NAME, Backend
from rtc_server.demo.site import partner_site
from tests.conftest import REPOSITORY
from tests.fakes.stage import eventually
from tests.fakes.whole_server import SANDBOX_KEY, WholeServer, open_server


@dataclass(frozen=True, slots=True)
class Partner:
    """The site under test and the server that it is a customer of."""

    url: str
    server: WholeServer
    backend: Backend
    client: ClientSession

    async def json(self, path: str, method: str = "GET") -> Any:
        """The JSON of a call that must succeed."""
        async with self.client.request(method, self.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def refusal(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Status and message of a call that must fail."""
        response: ClientResponse
        async with self.client.request(method, self.url + path) as response:
            return response.status, (await response.json())["error"]["message"]


@pytest.fixture
async def partner(tmp_path: Path) -> AsyncIterator[Partner]:
    async with open_server(tmp_path) as server, ClientSession() as client:
        server.webhooks.start(server.stage.stores.sessions.outbox)
        port = _free_port()
        url = f"http://localhost:{port}"
        backend = Backend(server.url, SANDBOX_KEY, url, demo_journeys())
        runner = web.AppRunner(partner_site(backend, REPOSITORY / "static"), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await backend.connect()
        yield Partner(url, server, backend, client)
        await backend.close()
        await runner.cleanup()


def _free_port() -> int:
    """A port that was free a moment ago: the site must know its own before it is made."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_from_the_session_to_verified_webhooks_and_the_report(partner: Partner) -> None:
    opened = await partner.json("/demo/session?journey=payment", "POST")
    assert opened["url"].startswith(partner.server.url)
    session_id = opened["sessionId"]
    await partner.server.simulate(session_id)

    def statuses() -> list[str]:
        return [event["status"] for event in partner.backend.received(session_id)["events"]]

    await eventually(lambda: "complete" in statuses(), "the last webhook")
    assert statuses()[0] == "created"
    assert len((await partner.json(f"/demo/events?session={session_id}"))["events"]) == len(statuses())
    assert (await partner.json(f"/demo/report?session={session_id}"))["session"]["status"] == "complete"
    assert await partner.json("/demo/events?session=another") == {"events": [], "refused": 0}


async def test_only_the_partner_may_embed_its_sessions(partner: Partner) -> None:
    opened = await partner.json("/demo/session?journey=identity", "POST")
    async with partner.client.get(opened["url"]) as page:
        assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {partner.url}")


async def test_starting_again_leaves_one_endpoint_and_one_key(partner: Partner) -> None:
    await partner.backend.close()
    await partner.backend.connect()
    endpoints = (await partner.server.get("/webhook-endpoints"))["webhookEndpoints"]
    assert [endpoint["url"] for endpoint in endpoints] == [f"{partner.url}/demo/webhook"]
    keys = [key for key in (await partner.server.get("/api-keys"))["apiKeys"] if key["name"] == NAME]
    assert sorted("revokedAt" in key for key in keys) == [False, True]


async def test_a_request_without_signature_is_refused(partner: Partner) -> None:
    body = json.dumps({"id": "evt_1", "sessionId": "x", "type": "session.status", "status": "complete"})
    async with partner.client.post(f"{partner.url}/demo/webhook", data=body) as response:
        assert response.status == 401
    assert await partner.json("/demo/events?session=x") == {"events": [], "refused": 1}


async def test_bad_input_is_told(partner: Partner) -> None:
    assert await partner.refusal("/demo/session?journey=loan", "POST") == (400, "journey: there is no 'loan' here")
    assert await partner.refusal("/demo/report?session=../api-keys") == (400, "session: the id of a session is needed")
    assert await partner.refusal("/demo/report") == (400, "session: the id of a session is needed")
    status, message = await partner.refusal("/demo/report?session=unknown")
    assert status == 502
    assert "session" in message


async def test_the_page_allows_what_embedding_needs_and_no_more(partner: Partner) -> None:
    async with partner.client.get(f"{partner.url}/") as page:
        text, policy = await page.text(), page.headers["Content-Security-Policy"]
    origin = partner.server.url
    assert f'src="{origin}/static/widget/visavis-session.js"' in text
    assert f"script-src 'self' {origin};" in policy
    assert f"frame-src 'self' {origin};" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe-inline" not in policy
    assert f'camera=(self "{origin}")' in page.headers["Permissions-Policy"]
    for path in ("/static/demo/main.js", "/static/shared/tokens.css"):
        async with partner.client.get(partner.url + path) as file:
            assert file.status == 200
    async with partner.client.get(f"{partner.url}/static/session/main.js") as file:
        assert file.status == 404
