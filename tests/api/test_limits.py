"""How often one may call."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from rtc_server.api.access.limits import MAX_BUCKETS, Buckets, LimitSettings, address_of
from rtc_server.api.context import CONTEXT
from rtc_server.api.routes import setup
from tests.api.conftest import KEY, OTHER_KEY, Edge

Limited = Callable[..., AbstractAsyncContextManager[Edge]]


@pytest.fixture
def limited(edge: Edge) -> Limited:
    """The same edge with other limits."""

    @asynccontextmanager
    async def opened(trusted_proxy: bool = False, **limits: int) -> AsyncIterator[Edge]:
        context = edge.client.app[CONTEXT]
        app = web.Application()
        settings = LimitSettings(**limits)
        setup(app, dataclasses.replace(context, limits=settings, trusted_proxy=trusted_proxy))
        async with TestClient(TestServer(app)) as client:
            yield dataclasses.replace(edge, client=client)

    return opened


async def test_replies_say_what_is_left(edge: Edge) -> None:
    for remaining in (99, 98):
        response = await edge.call("GET", "/langs")
        assert response.headers["X-RateLimit-Limit"] == "100"
        assert response.headers["X-RateLimit-Remaining"] == str(remaining)
        assert edge.clock[0] / 1000 <= int(response.headers["X-RateLimit-Reset"]) <= edge.clock[0] / 1000 + 3
    response = await edge.call("GET", "/sessions/nothing")
    assert response.status == 404
    assert response.headers["X-RateLimit-Remaining"] == "97"
    assert (await edge.call("GET", "/langs", key=OTHER_KEY)).headers["X-RateLimit-Limit"] == "1000"
    assert "X-RateLimit-Limit" not in (await edge.client.get("/langs")).headers


async def test_too_many_calls_of_a_key(limited: Limited) -> None:
    async with limited(sandbox_per_minute=3) as edge:
        for _ in range(3):
            assert (await edge.call("GET", "/langs")).status == 200
        response = await edge.call("GET", "/langs")
        error = await edge.error(response, 429, "rate_limit_exceeded")
        assert error["type"] == "rate_limit_error"
        assert 1 <= int(response.headers["Retry-After"]) <= 20
        assert response.headers["X-RateLimit-Remaining"] == "0"
        assert (await edge.call("GET", "/langs", key=OTHER_KEY)).status == 200


async def test_a_flood_without_a_key_is_stopped_by_address_and_harms_no_key_in_use(limited: Limited) -> None:
    async with limited(failures_per_minute=3) as edge:
        assert (await edge.call("GET", "/langs")).status == 200
        for _ in range(3):
            assert (await edge.call("GET", "/langs", key="sk_test_of_nobody")).status == 401
        await edge.error(await edge.call("GET", "/langs", key="sk_test_of_nobody"), 429, "rate_limit_exceeded")
        await edge.error(await edge.client.get("/langs"), 429, "rate_limit_exceeded")
        await edge.error(await edge.call("GET", "/client/session", key="cs" + "0" * 32), 429, "rate_limit_exceeded")
        assert (await edge.call("GET", "/langs")).status == 200


async def test_behind_a_trusted_proxy_the_address_is_the_callers(limited: Limited) -> None:
    async with limited(trusted_proxy=True, failures_per_minute=1) as edge:
        for address, status in (("192.0.2.1", 401), ("192.0.2.1", 429), ("192.0.2.2", 401)):
            response = await edge.client.get("/langs", headers={"X-Forwarded-For": f"203.0.113.9, {address}"})
            assert response.status == status


async def test_a_page_has_its_own_limit(limited: Limited) -> None:
    async with limited(page_per_minute=2) as edge:
        one = (await edge.create())["clientSecret"]["secret"]
        other = (await edge.create())["clientSecret"]["secret"]
        for _ in range(2):
            assert (await edge.call("GET", "/client/session", key=one)).status == 200
        await edge.error(await edge.call("GET", "/client/session", key=one), 429, "rate_limit_exceeded")
        assert (await edge.call("GET", "/client/session", key=other)).status == 200


async def test_zero_is_no_limit(limited: Limited) -> None:
    async with limited(sandbox_per_minute=0, failures_per_minute=0) as edge:
        for key, status in ((KEY, 200), ("sk_test_of_nobody", 401)) * 5:
            response = await edge.call("GET", "/langs", key=key)
            assert response.status == status
            assert "X-RateLimit-Limit" not in response.headers


def test_tokens_flow_back_steadily() -> None:
    now = [0.0]
    buckets = Buckets(60, lambda: now[0])
    for _ in range(60):
        allowance = buckets.take("a")
        assert allowance is not None
        assert allowance.wait == 0
    refused = buckets.take("a")
    assert refused is not None
    assert (refused.remaining, refused.wait, refused.full_after) == (0, 1.0, 60.0)
    now[0] = 0.75
    assert buckets.wait("a") == 0.25
    now[0] = 1.0
    allowed = buckets.take("a")
    assert allowed is not None
    assert allowed.wait == 0
    now[0] = 1_000_000.0
    full = buckets.take("a")
    assert full is not None
    assert full.remaining == 59


def test_the_table_is_bounded() -> None:
    buckets = Buckets(1, lambda: 0.0)
    buckets.take("first")
    assert buckets.wait("first") > 0
    for number in range(MAX_BUCKETS):
        buckets.take(str(number))
    assert buckets.wait("first") == 0  # forgotten
    assert buckets.wait(str(MAX_BUCKETS - 1)) > 0


@pytest.mark.parametrize(
    ("header", "address"), [("1.2.3.4", "1.2.3.4"), ("6.6.6.6, 1.2.3.4", "1.2.3.4"), ("x" * 500, "x" * 64)]
)
def test_the_proxy_is_believed_only_when_it_is_ours(header: str, address: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": header})
    assert address_of(request, trusted_proxy=True) == address
    assert address_of(request, trusted_proxy=False) == (request.remote or "")
