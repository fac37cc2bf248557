"""SMS against local servers that speak the services' wire formats."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rtc_server.notify.ports import Message
from rtc_server.notify.settings import SmsSettings
from rtc_server.notify.sms import TwilioSender, WebhookSender

MESSAGE = Message("+15125550123", "482913 is your code. Zoë & co", session_id="s1")
ACCEPTED = {"sid": "SM1", "status": "queued", "error_code": None}


@dataclass
class Service:
    """What it got, and what it answers."""

    url: str = ""
    status: int = 201
    answer: Any = field(default_factory=lambda: ACCEPTED)
    pause: float = 0.0
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    """(path, Authorization, body)."""

    async def handle(self, request: web.Request) -> web.Response:
        """Note it; answer."""
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.requests.append((request.path, request.headers.get("Authorization", ""), body))
        await asyncio.sleep(self.pause)
        if isinstance(self.answer, str):
            return web.Response(status=self.status, text=self.answer)
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    found = Service()
    app = web.Application()
    app.router.add_post("/{path:.*}", found.handle)
    async with TestServer(app, skip_url_asserts=True) as server:
        found.url = f"http://127.0.0.1:{server.port}"
        yield found


async def by_twilio(service: Service, **settings: Any) -> str:
    usual: dict[str, Any] = {"base_url": service.url, "account": "AC1", "token": "secret", "timeout_seconds": 2.0}
    sender = TwilioSender(SmsSettings(**{"provider": "twilio", "sender": "+15125550100"} | usual | settings))
    try:
        return await sender.send(MESSAGE)
    finally:
        await sender.close()


async def by_webhook(service: Service, **settings: Any) -> str:
    usual: dict[str, Any] = {"base_url": f"{service.url}/sms?x=1", "token": "secret", "timeout_seconds": 2.0}
    sender = WebhookSender(SmsSettings(provider="webhook", **usual | settings))
    try:
        return await sender.send(MESSAGE)
    finally:
        await sender.close()


async def test_twilio_gets_the_documented_call(service: Service) -> None:
    assert await by_twilio(service) == ""
    credentials = base64.b64encode(b"AC1:secret").decode()
    form = {"To": "+15125550123", "From": "+15125550100", "Body": "482913 is your code. Zoë & co"}
    assert service.requests == [("/2010-04-01/Accounts/AC1/Messages.json", f"Basic {credentials}", form)]


async def test_twilio_by_a_messaging_service(service: Service) -> None:
    assert await by_twilio(service, sender="MG123", base_url=f"{service.url}/") == ""
    ((path, _, form),) = service.requests
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert (form["MessagingServiceSid"], "From" in form) == ("MG123", False)


@pytest.mark.parametrize(
    ("status", "answer", "failure"),
    [
        (400, {"code": 21211, "message": "The 'To' number is not valid", "status": 400}, "undeliverable"),
        (400, {"code": 21614, "message": "not a mobile number", "status": 400}, "undeliverable"),
        (400, {"code": 21610, "message": "unsubscribed", "status": 400}, "undeliverable"),
        (400, {"code": 21606, "message": "The 'From' number is not yours", "status": 400}, "unavailable"),
        (401, {"code": 20003, "message": "Authenticate", "status": 401}, "unavailable"),
        (429, {"code": 20429, "message": "Too many requests", "status": 429}, "unavailable"),
        (500, "oops", "unavailable"),
        (503, {}, "unavailable"),
        (400, [1], "unavailable"),
        (400, {"code": {"a": 1}}, "unavailable"),
        (201, {"sid": "SM1", "status": "failed", "error_code": 21614}, "undeliverable"),
        (200, "taken", ""),
    ],
)
async def test_what_twilio_may_say(service: Service, status: int, answer: Any, failure: str) -> None:
    service.status, service.answer = status, answer
    assert await by_twilio(service) == failure
    assert len(service.requests) == 1


async def test_the_webhook_gets_json(service: Service) -> None:
    service.status = 204
    assert await by_webhook(service) == ""
    body = {"to": "+15125550123", "text": "482913 is your code. Zoë & co", "sessionId": "s1"}
    assert service.requests == [("/sms", "Bearer secret", body)]


@pytest.mark.parametrize(
    ("status", "failure"), [(200, ""), (202, ""), (422, "undeliverable"), (400, "unavailable"), (500, "unavailable")]
)
async def test_what_the_webhook_may_say(service: Service, status: int, failure: str) -> None:
    service.status = status
    assert await by_webhook(service) == failure


@pytest.mark.parametrize("send", [by_twilio, by_webhook])
async def test_silence_is_bounded(service: Service, send: Any) -> None:
    service.pause = 5.0
    async with asyncio.timeout(1.5):
        assert await send(service, timeout_seconds=0.2) == "unavailable"


@pytest.mark.parametrize("send", [by_twilio, by_webhook])
async def test_nobody_there(service: Service, send: Any, unused_tcp_port: int) -> None:
    assert await send(service, base_url=f"http://127.0.0.1:{unused_tcp_port}") == "unavailable"
    assert service.requests == []
