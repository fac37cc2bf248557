"""One-time codes out of the sandbox's mailbox, from a real server on loopback."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rtc_server.caller import mailbox
from rtc_server.caller.mailbox import newest_code
from rtc_server.caller.server_calls import CallFailed, Target


async def serve(messages: list[dict[str, str]]) -> TestServer:
    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer sk_test_key"
        assert request.query["sessionId"] == "s1"
        return web.json_response({"messages": messages})

    app = web.Application()
    app.router.add_get("/sandbox/mailbox", answer)
    server = TestServer(app)
    await server.start_server()
    return server


async def test_the_newest_code_is_taken() -> None:
    server = await serve([{"text": "Your code is 482913."}, {"text": "Your code is 111111."}])
    target = Target(str(server.make_url("")), "cs", "sk_test_key")
    assert await newest_code(target, "s1") == "482913"
    await server.close()


async def test_a_code_that_never_comes_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "WAIT_SECONDS", 0.3)
    server = await serve([{"text": "Order 12 of 2026-11-22 has been sent."}])
    with pytest.raises(CallFailed, match="no one-time code came"):
        await newest_code(Target(str(server.make_url("")), "cs", "sk_test_key"), "s1")
    await server.close()


async def test_without_a_key_there_is_no_mailbox() -> None:
    with pytest.raises(CallFailed, match="API key of the sandbox"):
        await newest_code(Target("http://127.0.0.1:9", "cs"), "s1")
