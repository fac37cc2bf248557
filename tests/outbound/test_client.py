"""The guarded client against real servers on loopback."""

import asyncio
import gzip
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import abc, web
from aiohttp.test_utils import BaseTestServer, TestServer

from rtc_server.outbound.client import GuardedResolver, OutboundError, call, open_client, read_bounded
from rtc_server.outbound.policy import OutboundPolicy

OPEN = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=2.0)
BOMB = gzip.compress(bytes(50_000_000))


class Names(abc.AbstractResolver):
    """Answers look-ups from a list; the last answer stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.lookups = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[abc.ResolveResult]:
        """Whatever comes next."""
        self.lookups += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            abc.ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to release."""


async def echo(request: web.Request) -> web.Response:
    return web.json_response({"headers": dict(request.headers), "body": await request.text()})


async def bomb(request: web.Request) -> web.Response:
    return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})


async def huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(65_536))


async def to(request: web.Request) -> web.Response:
    raise web.HTTPFound(request.query["url"])


async def cookie(request: web.Request) -> web.Response:
    response = web.json_response({"cookies": dict(request.cookies)})
    response.set_cookie("seen", "1")
    return response


@pytest.fixture
async def server() -> AsyncIterator[BaseTestServer]:
    app = web.Application()
    app.router.add_route("*", "/echo", echo)
    app.router.add_get("/bomb", bomb)
    app.router.add_get("/huge", huge)
    app.router.add_get("/to", to)
    app.router.add_get("/cookie", cookie)
    async with TestServer(app, skip_url_asserts=True) as running:
        yield running


async def fails(client: aiohttp.ClientSession, url: str, max_response_bytes: int = 1000) -> str:
    """The code with which a GET comes to nothing."""
    with pytest.raises(OutboundError) as caught:
        await call(client, "GET", url, max_response_bytes=max_response_bytes)
    assert url not in str(caught.value)
    return caught.value.code


async def test_an_allowed_address_is_called(server: BaseTestServer) -> None:
    async with open_client(OPEN) as client:
        url = str(server.make_url("/echo"))
        answer = await call(client, "POST", url, max_response_bytes=10_000, json={"a": 1}, headers={"X-A": "b"})
    assert answer.status == 200
    assert answer.json()["body"] == '{"a": 1}'
    assert answer.json()["headers"]["X-A"] == "b"
    assert answer.headers["content-type"].startswith("application/json")


async def test_private_addresses_are_refused_by_default(server: BaseTestServer) -> None:
    policy = OutboundPolicy(allow_http=True)
    async with open_client(policy) as client:
        assert await fails(client, str(server.make_url("/echo"))) == "address_not_allowed"
        assert await fails(client, f"http://localhost:{server.port}/echo") == "address_not_allowed"


async def test_a_name_for_a_private_address_is_refused(server: BaseTestServer) -> None:
    for address in ("127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"):
        async with open_client(OutboundPolicy(allow_http=True), Names([address])) as client:
            assert await fails(client, f"http://inside.example:{server.port}/echo") == "address_not_allowed"


async def test_what_was_judged_is_what_is_connected_to(server: BaseTestServer) -> None:
    """DNS rebinding: the name changes its mind between the look-up and the next one."""
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    headers = {"Connection": "close"}
    async with open_client(OPEN, names) as client:
        url = f"http://rebinding.example:{server.port}/echo"
        answer = await call(client, "GET", url, max_response_bytes=1000, headers=headers)
        assert (answer.status, names.lookups) == (200, 1)
        assert await fails(client, url) == "address_not_allowed"


async def test_of_several_addresses_only_the_allowed_are_tried() -> None:
    resolver = GuardedResolver(OutboundPolicy(), Names(["10.0.0.1", "93.184.216.34", "::1"]))
    assert [found["host"] for found in await resolver.resolve("mixed.example")] == ["93.184.216.34"]


async def test_a_name_that_is_none_is_unresolvable() -> None:
    async with open_client(OPEN) as client:
        assert await fails(client, "http://no-such-name.invalid/") == "unresolvable"


async def test_the_last_gate_is_the_socket(server: BaseTestServer) -> None:
    """Even a request that passes all else is not connected to a refused address."""
    async with open_client(OutboundPolicy()) as client:
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.get(server.make_url("/echo"), middlewares=())


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://2130706433/", "https://user:pw@a.example"])
async def test_a_redirect_leads_nowhere_else(server: BaseTestServer, target: str) -> None:
    async with open_client(OPEN) as client:
        url = server.make_url("/to").with_query(url=target)
        answer = await call(client, "GET", str(url), max_response_bytes=1000)
        assert answer.status == 302
        with pytest.raises((OutboundError, aiohttp.InvalidURL)):
            await client.get(url, allow_redirects=True)


@pytest.mark.parametrize("path", ["/bomb", "/huge"])
async def test_an_answer_that_is_too_long_is_cut_off(server: BaseTestServer, path: str) -> None:
    started = time.monotonic()
    async with open_client(OPEN) as client:
        assert await fails(client, str(server.make_url(path)), 100_000) == "too_large"
    assert time.monotonic() - started < 2.0


async def test_a_body_up_to_the_limit_is_read_whole(server: BaseTestServer) -> None:
    async with open_client(OPEN) as client, client.get(server.make_url("/bomb")) as response:
        assert len(await read_bounded(response, 50_000_000)) == 50_000_000


async def test_cookies_are_not_kept(server: BaseTestServer) -> None:
    async with open_client(OPEN) as client:
        url = str(server.make_url("/cookie"))
        await call(client, "GET", url, max_response_bytes=1000)
        assert (await call(client, "GET", url, max_response_bytes=1000)).json() == {"cookies": {}}


async def test_a_proxy_of_the_environment_is_not_used(server: BaseTestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with open_client(OPEN) as client:
        answer = await call(client, "GET", str(server.make_url("/echo")), max_response_bytes=1000)
        assert answer.status == 200


Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def drip_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def half_a_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    writer.close()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (silence, "timeout"),
        (drip_headers, "timeout"),
        (drip_body, "timeout"),
        (nonsense, "bad_response"),
        (hang_up, "connection_failed"),
        (half_a_body, "bad_response"),
    ],
)
async def test_bad_servers_cost_no_more_than_the_time_limit(reply: Reply, code: str) -> None:
    listener = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    policy = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=0.3)
    started = time.monotonic()
    async with open_client(policy) as client:
        assert await fails(client, f"http://127.0.0.1:{port}/") == code
        assert time.monotonic() - started < 1.5
    listener.close()


async def test_a_server_that_does_not_speak_tls(server: BaseTestServer) -> None:
    async with open_client(OPEN) as client:
        assert await fails(client, f"https://127.0.0.1:{server.port}/") == "tls_failed"


async def test_a_closed_port() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with open_client(OPEN) as client:
            assert await fails(client, f"http://127.0.0.1:{unused.getsockname()[1]}/") == "connection_failed"
