"""Alerts as the console sets and tries them, with a real mail server and a real receiver."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from rtc_server.alerts.wishes import WishError
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.webhooks.signing import standard_signature
from tests.alerts.desk import Desk, open_desk
from tests.fakes.receiver import open_receiver
from tests.notify.mail_server import mail_server


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path)
    yield desk
    await desk.stores.close()


async def test_a_tenant_without_settings_has_those_of_all(desk: Desk) -> None:
    assert (await desk.alerts.settings("acme"))["inherited"] is True
    await desk.alerts.set("*", {"quietMinutes": 7}, "stf_1")
    shown = await desk.alerts.settings("acme")
    assert (shown["inherited"], shown["settings"]["quietMinutes"]) == (True, 7)
    await desk.alerts.set("acme", {"quietMinutes": 9}, "stf_1")
    shown = await desk.alerts.settings("acme")
    assert (shown["inherited"], shown["settings"]["quietMinutes"], shown["canMail"]) == (False, 9, False)


async def test_a_secret_is_shown_once_and_anew_for_another_address(desk: Desk) -> None:
    first = await desk.alerts.set("acme", {"webhookUrl": "https://ops.bank.example/a"}, "stf_1")
    assert first["secret"].startswith("whsec_")
    again = await desk.alerts.set("acme", {"webhookUrl": "https://ops.bank.example/a", "quietMinutes": 5}, "stf_1")
    assert "secret" not in again
    assert again["signed"]
    moved = await desk.alerts.set("acme", {"webhookUrl": "https://ops.bank.example/b"}, "stf_1")
    assert moved["secret"] != first["secret"]
    gone = await desk.alerts.set("acme", {}, "stf_1")
    assert (gone["signed"], "secret" in gone) == (False, False)
    record = await desk.stores.alerts.alert_settings("acme")
    assert record is not None
    assert "whsec" not in record.sealed_secret


@pytest.mark.parametrize(
    "url", ["http://ops.bank.example/", "https://127.0.0.1/", "https://169.254.169.254/", "https://u:p@bank.example/"]
)
async def test_a_webhook_goes_only_where_the_outside_is(tmp_path: Path, url: str) -> None:
    desk = await open_desk(tmp_path, policy=OutboundPolicy())
    with pytest.raises(WishError, match="webhookUrl: write a public https address"):
        await desk.alerts.set("acme", {"webhookUrl": url}, "stf_1")
    assert (await desk.alerts.settings("acme"))["inherited"]
    await desk.stores.close()


async def test_a_test_reaches_mailbox_and_webhook_and_is_signed(tmp_path: Path) -> None:
    async with mail_server() as mails, open_receiver() as receiver:
        desk = await open_desk(tmp_path, mails.port)
        wishes = {"emails": ["ops@bank.example"], "webhookUrl": receiver.url}
        secret = (await desk.alerts.set("acme", wishes, "stf_1"))["secret"]
        assert await desk.alerts.test("acme") == {"ops@bank.example": "sent", "webhook": "sent"}
        await desk.stores.close()
        (mail,) = mails.mails
        (request,) = receiver.requests
    assert mail["Subject"] == "This is a test (acme, production)"
    assert "https://verify.bank.example/console/#/fleet" in mail.get_content()
    body = json.loads(request.body)
    assert (body["type"], body["alert"]["rule"]) == ("alert.raised", "test")
    headers = {name.lower(): value for name, value in request.headers.items()}
    expected = standard_signature(secret, body["id"], int(headers["webhook-timestamp"]), request.body)
    assert headers["webhook-signature"] == expected


async def test_what_did_not_get_through_is_said(tmp_path: Path, unused_tcp_port: int) -> None:
    async with open_receiver() as receiver:
        receiver.answer = lambda _number: web.Response(status=503)
        desk = await open_desk(tmp_path)
        await desk.alerts.set("acme", {"emails": ["ops@bank.example"], "webhookUrl": receiver.url}, "stf_1")
        assert await desk.alerts.test("acme") == {"ops@bank.example": "not_configured", "webhook": "http_503"}
    await desk.alerts.set("acme", {"webhookUrl": f"http://127.0.0.1:{unused_tcp_port}/"}, "stf_1")
    assert await desk.alerts.test("acme") == {"webhook": "connection_failed"}
    await desk.alerts.set("acme", {}, "stf_1")
    assert await desk.alerts.test("acme") == {}
    await desk.stores.close()
