"""``visavis webhooks`` against a running server."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.cli import main
from rtc_server.commands.rest import KEY_VARIABLE, URL_VARIABLE
from tests.fakes.receiver import Receiver, open_receiver
from tests.fakes.whole_server import SANDBOX_KEY, WholeServer, open_server


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as running:
        monkeypatch.setenv(URL_VARIABLE, running.url)
        monkeypatch.setenv(KEY_VARIABLE, SANDBOX_KEY)
        running.webhooks.start(running.stage.stores.sessions.outbox)
        yield running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as made:
        yield made


async def command(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What a command prints; it runs in a thread, because the server is in this one."""
    capsys.readouterr()
    assert await asyncio.to_thread(main, ["webhooks", *words]) == status
    printed = capsys.readouterr()
    return printed.err if status else printed.out


async def test_an_endpoint_from_its_making_to_its_end(
    server: WholeServer, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(capsys, "list") == "no endpoints\n"
    made = json.loads(await command(capsys, "create", receiver.url, "--events", "session.status, *", "--json"))
    endpoint_id = made["webhookEndpoint"]["id"]
    assert made["webhookEndpoint"]["eventTypes"] == ["session.status", "*"]
    assert receiver.url in await command(capsys, "list")
    tested = await command(capsys, "test", endpoint_id)
    assert "1 attempt\n" in tested
    assert "  200  " in tested
    assert (await receiver.wait_for(1))[0].headers["User-Agent"].startswith("visavis/")
    delivery_id = (await command(capsys, "deliveries", endpoint_id, "--status", "delivered")).split()[0]
    assert "  1. " in await command(capsys, "deliveries", delivery_id)
    assert "replay 1" in await command(capsys, "replay", delivery_id)
    await receiver.wait_for(2)
    assert await command(capsys, "replay", endpoint_id) == "0 events are being sent again\n"
    assert await command(capsys, "delete", endpoint_id) == f"{endpoint_id} removed\n"
    assert "no webhook endpoint with this id" in await command(capsys, "delete", endpoint_id, status=1)


async def test_what_cannot_work_is_told_in_a_sentence(
    server: WholeServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "url: is no web address" in await command(capsys, "create", "nowhere", status=1)
    assert "This API key is not known here" in await command(capsys, "list", "--key", "sk_test_wrong_key", status=1)
    assert "does not answer" in await command(capsys, "list", "--url", "http://127.0.0.1:9", status=1)
    monkeypatch.delenv(KEY_VARIABLE)
    assert f"Set {KEY_VARIABLE}" in await command(capsys, "list", status=1)
