"""Bodies that come late, or not at all, and bodies that should not have come."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from rtc_server.api import body
from tests.api.conftest import FLOW, KEY, Edge

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


async def raw(edge: Edge, content: bytes, path: str = "/sessions") -> ClientResponse:
    headers = {"Content-Type": "application/json"}
    return await edge.call("POST", path, data=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"{", "invalid_json", "line 1, column 2"),
        (b"\xff\xfe", "invalid_json", "UTF-8"),
        (b"[]", "invalid_json", "an array"),
        (b"null", "invalid_json", "null"),
        (b'"text"', "invalid_json", "a string"),
        (b'{"metadata": NaN}', "invalid_json", "number"),
        (b'{"metadata": {"a": Infinity}}', "invalid_json", "number"),
        (b'{"metadata": {"a": 1e999}}', "invalid_json", "number"),
        (b'{"metadata": {"a": ' + b"9" * 5000 + b"}}", "invalid_json", "number"),
        (b'{"metadata": ' + b"[" * 100 + b"]" * 100 + b"}", "invalid_json", "64 levels"),
        (b"[" * 400_000, "invalid_json", ""),
        (b'{"clientReferenceId": "a\\u0000b"}', "invalid_value", "NUL"),
        (b'{"clientReferenceId": "\\ud800"}', "invalid_value", "surrogate"),
        (b'{"clientReferenceId": 7}', "wrong_type", "must be a string, not a number"),
        (b"", "parameter_missing", "flow"),
        (b"{}", "parameter_missing", "flow"),
    ],
)
async def test_strange_bodies_are_refused_with_a_reason(edge: Edge, content: bytes, code: str, words: str) -> None:
    response = await raw(edge, content)
    error = await edge.error(response, 400, code)
    assert error["type"] == "validation_error"
    assert words in json.dumps(error)


async def test_of_a_member_that_comes_twice_the_last_counts(edge: Edge) -> None:
    flow = json.dumps(FLOW).encode()
    response = await raw(edge, b'{"zone": "moon", "zone": "eu", "flow": ' + flow + b"}")
    assert response.status == 200
    assert (await response.json())["session"]["settings"]["zone"] == "eu"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_not_read(edge: Edge, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 50_000

    response = await edge.call("POST", "/sessions", data=pieces() if chunked else b" " * 2_000_000)
    await edge.error(response, 413, "body_too_large")


async def test_a_huge_query_is_refused_in_our_own_shape(edge: Edge) -> None:
    async with edge.client.session.get(f"{edge.client.make_url('/').origin()}/langs?a={'x' * 20_000}") as response:
        error = await edge.error(response, 400, "request_too_long")
    assert error["type"] == "validation_error"


@pytest.mark.parametrize("line", [b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"G\xffT / HTTP/1.1\r\n\r\n"])
async def test_what_is_no_http_is_answered_in_our_own_shape(
    edge: Edge, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await connect(edge)
    writer.write(line)
    async with asyncio.timeout(10):
        answer = await reader.read(4000)
    writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1.[01] 400 ", head)
    assert json.loads(content)["error"]["code"] == "malformed_request"
    assert "hello" not in caplog.text
