"""The whole server, as far as nothing else covers it: its end."""

import asyncio
import os
import signal
import socket

import aiohttp
import pytest
from aiohttp import web

from rtc_server import app as server
from rtc_server.settings import Settings


async def test_a_request_that_hangs_does_not_keep_the_rest_from_an_orderly_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2 * server.REQUEST_SECONDS < server.SHUTDOWN_SECONDS / 2, "the sessions need time too"
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.1)
    monkeypatch.setattr(server, "SHUTDOWN_SECONDS", 5.0)
    forced: list[str] = []
    monkeypatch.setattr(server, "_end_by_force", lambda: forced.append("ended by force"))
    begun, cleaned, ready = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def clean(_app: web.Application) -> None:
        cleaned.set()

    app = web.Application()
    app.router.add_get("/", hang)
    app.on_cleanup.append(clean)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = asyncio.create_task(server.serve(Settings(host="127.0.0.1", port=port), app, ready.set))
    async with asyncio.timeout(10), aiohttp.ClientSession() as client:
        await ready.wait()
        request = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
        await begun.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
        await asyncio.gather(request, return_exceptions=True)
    assert cleaned.is_set()
    assert forced == []
