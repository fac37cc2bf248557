"""Calls of flows against a real server on loopback."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rtc_server.outbound.external import HttpExternalCaller
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.outbound.ports import Scalar
from rtc_server.outbound.settings import ExternalSettings, OutboundSettings

SCALARS = {"plan": "gold", "age": 41, "score": 0.5, "member": True, "name": "Zoë"}


@dataclass
class Partner:
    """An integrator's server: answers from a list, the last answer stays."""

    answers: list[tuple[int, Any]] = field(default_factory=lambda: [(200, SCALARS)])
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""
    pause: float = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        """Note the request; say what comes next."""
        body = await request.json() if request.can_read_body else None
        self.requests.append((request.method, dict(request.query), body))
        await asyncio.sleep(self.pause)
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            return web.Response(status=status, text=answer, content_type="application/json")
        return web.json_response(answer, status=status)


@pytest.fixture
async def partner() -> AsyncIterator[Partner]:
    found = Partner()
    app = web.Application()
    app.router.add_route("*", "/check", found.handle)
    async with TestServer(app, host="127.0.0.1", skip_url_asserts=True) as server:
        found.url = f"http://localhost:{server.port}/check"
        yield found


@pytest.fixture
async def caller() -> AsyncIterator[HttpExternalCaller]:
    found = HttpExternalCaller(policy(), pause_seconds=0.01)
    yield found
    await found.close()


def policy(timeout_seconds: float = 2.0, **changes: Any) -> OutboundPolicy:
    usual: dict[str, Any] = {"allowed_hosts": ("localhost",), "allow_private": True, "allow_http": True}
    return OutboundPolicy(**usual | changes, timeout_seconds=timeout_seconds, max_response_bytes=20_000)


async def test_post_sends_json_and_get_the_query(partner: Partner, caller: HttpExternalCaller) -> None:
    variables: dict[str, Scalar | None] = {
        "name": "Zoë & co",
        "age": 41,
        "adult": True,
        "email": None,
    }
    variables["sessionId"] = "forged"
    answer = await caller.call("s1", f"{partner.url}?a=b", method="POST", variables=variables, tries=1)
    assert (answer.status, dict(answer.data), answer.error, answer.attempts) == (200, SCALARS, "", 1)
    await caller.call("s1", f"{partner.url}?a=b", method="GET", variables=variables, tries=1)
    assert partner.requests == [
        ("POST", {"a": "b", "sessionId": "s1"}, variables),
        ("GET", {"a": "b", "name": "Zoë & co", "age": "41", "adult": "true", "sessionId": "s1"}, None),
    ]


async def test_only_scalars_of_a_flat_object_are_used(partner: Partner, caller: HttpExternalCaller) -> None:
    body = (
        '{"ok": true, "nested": {"a": 1}, "list": [1], "none": null, "big": 1e999, "nan": NaN, "": 1, '
        '"huge": 1' + 300 * "0" + ', "half": "a\\ud800b", "nul": "a\\u0000b", "k' + 200 * "k" + '": 1}'
    )
    partner.answers = [(200, body)]
    answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=1)
    assert (dict(answer.data), answer.error) == ({"ok": True, "half": "ab", "nul": "ab"}, "")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, [1, 2], "not_an_object"),
        (200, "<html>", "not_an_object"),
        (200, "[" * 15_000, "not_an_object"),
        (200, "", ""),
        (202, "", ""),
        (404, {"plan": "gold"}, "http_status"),
        (302, {"plan": "gold"}, "http_status"),
        (200, json.dumps({"a": "x" * 30_000}), "too_large"),
    ],
)
async def test_answers_without_usable_data(
    partner: Partner, caller: HttpExternalCaller, status: int, body: Any, error: str
) -> None:
    partner.answers = [(status, body)]
    answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=3)
    assert (dict(answer.data), answer.error, answer.attempts) == ({}, error, 1)
    assert answer.status == (None if error == "too_large" else status)


async def test_server_errors_are_tried_again(partner: Partner, caller: HttpExternalCaller) -> None:
    partner.answers = [(500, {}), (503, {}), (200, SCALARS)]
    answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=3)
    assert (answer.status, answer.attempts, dict(answer.data)) == (200, 3, SCALARS)
    partner.answers = [(503, {})]
    answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=2)
    assert (answer.status, answer.attempts, answer.error) == (503, 2, "http_status")


async def test_silence_is_bounded_and_tried_again(partner: Partner) -> None:
    partner.pause = 5.0
    caller = HttpExternalCaller(policy(timeout_seconds=0.2), pause_seconds=0.01)
    started = time.monotonic()
    answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=2)
    assert (answer.status, answer.error, answer.attempts) == (None, "timeout", 2)
    assert 0.4 <= time.monotonic() - started < 1.5
    assert answer.milliseconds >= 400
    await caller.close()


async def test_hosts_that_are_not_listed_are_never_called(partner: Partner) -> None:
    for changes in ({"allowed_hosts": ()}, {"allowed_hosts": ("other.example",)}, {"allow_private": False}):
        caller = HttpExternalCaller(policy(**changes))
        answer = await caller.call("s1", partner.url, method="POST", variables={}, tries=3)
        assert (answer.status, answer.error, answer.attempts) == (None, "not_allowed", answer.attempts)
        assert answer.attempts <= 1
        await caller.close()
    assert partner.requests == []


async def test_a_url_that_is_none(caller: HttpExternalCaller) -> None:
    answer = await caller.call("s1", "localhost/check", method="GET", variables={}, tries=3)
    assert (answer.error, answer.attempts) == ("not_a_url", 0)


async def test_nobody_there(caller: HttpExternalCaller, unused_tcp_port: int) -> None:
    url = f"http://localhost:{unused_tcp_port}/"
    answer = await caller.call("s1", url, method="GET", variables={}, tries=3)
    assert (answer.status, answer.error, answer.attempts) == (None, "connection_failed", 3)


def test_settings_make_the_policy() -> None:
    hosts = ExternalSettings(allowed_hosts=" api.example.org, *.Shop.example ,").hosts()
    assert hosts == ("api.example.org", "*.shop.example")
    made = OutboundSettings(allow_http=True).policy(timeout_seconds=3, max_response_bytes=9, allowed_hosts=hosts)
    assert made == OutboundPolicy(hosts, False, True, 3, 9)


@pytest.mark.parametrize(
    ("hosts", "fine"),
    [
        ("", True),
        ("api.example.org, *.shop.example,10.0.0.5, ::1, localhost", True),
        ("https://api.example.org", False),
        ("api.example.org/hook", False),
        ("api.example.org:8443", False),
        ("*", False),
        ("api.*.org", False),
        ("bücher.example", False),
    ],
)
def test_a_list_of_hosts_is_checked(hosts: str, fine: bool) -> None:
    problem = ExternalSettings(allowed_hosts=hosts).problem()
    assert (problem is None) is fine
    assert problem is None or problem[0] == "allowed_hosts"
