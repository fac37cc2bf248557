"""Bodies that come late, or not at all."""

import asyncio

import pytest

from rtc_server.api import body
from tests.api.conftest import KEY, Edge

HEAD = f"POST /sessions HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 50\r\n\r\n"


async def connect(edge: Edge) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = edge.client.make_url("/")
    return await asyncio.open_connection(url.host, url.port)


async def test_a_body_that_never_comes_is_given_up(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_TIMEOUT_SECONDS", 0.1)
    reader, writer = await connect(edge)
    writer.write(HEAD.encode() + b'{"flow"')
    async with asyncio.timeout(10):
        answer = await reader.read(4000)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"body_timeout"' in answer
    writer.close()


async def test_a_client_that_hangs_up_is_no_error(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="rtc_server")
    _, writer = await connect(edge)
    writer.write(HEAD.encode() + b'{"flow"')
    await writer.drain()
    writer.close()
    async with asyncio.timeout(10):
        while "POST /sessions" not in caplog.text:
            assert (await edge.call("GET", "/healthz")).status == 200
    assert " 499 " in caplog.text
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
