"""``visavis listen``: events of a running server at a port of this machine."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks.webhooks import Webhook

from rtc_server.cli import main
from rtc_server.commands.listen import follow
from rtc_server.commands.rest import KEY_VARIABLE, RestClient, RestError
from tests.conftest import REPOSITORY
from tests.fakes.receiver import open_receiver
from tests.fakes.whole_server import SANDBOX_KEY, open_server

FLOW = [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}]


@contextlib.asynccontextmanager
async def listen(*options: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rtc_server", "listen", *options,
        cwd=REPOSITORY, stdout=PIPE, stderr=PIPE, env=os.environ | {KEY_VARIABLE: SANDBOX_KEY},
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def line_of(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    async with asyncio.timeout(20):
        return (await stream.readline()).decode().strip()


async def test_events_are_forwarded_signed_and_told(tmp_path: Path) -> None:
    async with (
        open_server(tmp_path) as server,
        open_receiver() as receiver,
        listen("--url", server.url, "--forward", receiver.url) as process,
    ):
        secret = (await line_of(process.stdout)).removeprefix("signing with ")
        assert await line_of(process.stderr) == f"listening to {server.url}"
        session_id = (await server.post("/sessions", {"flow": FLOW}))["session"]["id"]
        request = (await receiver.wait_for(1))[0]
        body = Webhook(secret).verify(request.body, request.headers)
        assert (body["sessionId"], body["status"]) == (session_id, "created")
        told = await line_of(process.stdout)
        assert all(word in told for word in ("session.status", body["id"], session_id, "created", "→ 200 in"))


async def test_a_broken_connection_is_taken_up_where_it_broke() -> None:
    asked: list[str] = []

    async def events(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Last-Event-ID", ""))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        number = len(asked)
        await response.write(b": comment\n\nretry: 2000\nid: 6\n\n" if number == 1 else b"")
        if number > 1:
            await response.write(f'id: {5 + number}\nevent: x\ndata: {{"id":"evt_{number}"}}\n\n'.encode())
        return response

    app = web.Application()
    app.router.add_get("/events", events)
    async with TestServer(app) as server, RestClient(str(server.make_url("/")), "sk_test_0123456789") as client:
        feed = follow(client, "current", "")
        async with asyncio.timeout(20):
            found = [await anext(feed), await anext(feed)]
        await feed.aclose()
    assert asked == ["", "6", "7"], "the position was told before the first event"
    assert [(event.position, event.body) for event in found] == [("7", b'{"id":"evt_2"}'), ("8", b'{"id":"evt_3"}')]


async def test_a_refused_key_ends_it(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server, RestClient(server.url, "sk_test_of_nobody") as client:
        with pytest.raises(RestError, match="not known here"):
            await anext(follow(client, "current", ""))


def test_a_secret_of_another_form_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["listen", "--key", "sk_test_0123456789", "--secret", "mine"]) == 1
    assert "whsec_" in capsys.readouterr().err
