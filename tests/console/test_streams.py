"""Streams that are open end when their reader may no longer read them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientResponse

from rtc_server.console.resources import live
from rtc_server.staff.accounts import Change
from rtc_server.staff.roles import Role
from tests.fakes.console_edge import ConsoleEdge, Tab

Happening = Callable[[ConsoleEdge, Tab], Awaitable[object]]


async def disabled(edge: ConsoleEdge, tab: Tab) -> None:
    await edge.room.accounts.change(tab.staff_id, Change(disabled=True))


async def role_taken_away(edge: ConsoleEdge, tab: Tab) -> None:
    await edge.room.accounts.change(tab.staff_id, Change(roles=[Role.AUDITOR]))


async def reset(edge: ConsoleEdge, tab: Tab) -> None:
    await edge.room.accounts.reset(tab.staff_id)


async def signed_out_in_another_tab(_edge: ConsoleEdge, tab: Tab) -> None:
    assert (await tab.call("POST", "/sign-out")).status == 204


async def nobody_there(edge: ConsoleEdge, _tab: Tab) -> None:
    edge.pass_seconds(30 * 60)


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(live, "ASK_SECONDS", 0.02)


@pytest.mark.parametrize("happens", [disabled, role_taken_away, reset, signed_out_in_another_tab, nobody_there])
async def test_a_stream_ends_and_says_why(edge: ConsoleEdge, happens: Happening) -> None:
    tab = await edge.tab(Role.VIEWER)
    stream = await tab.call("GET", "/live")
    assert stream.status == 200
    await read_until(stream, b"event: list")
    await read_until(stream, b"still here")
    await happens(edge, tab)
    await read_until(stream, b"event: signed_out")
    async with asyncio.timeout(5):
        assert await stream.content.read() in (b"", b"data: {}\n\n", b"\n")
    assert (await tab.call("GET", "/live")).status in (401, 403)


async def test_reading_a_stream_is_no_sign_of_life(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    stream = await tab.call("GET", "/live")
    edge.pass_seconds(29 * 60)
    await read_until(stream, b"still here")
    edge.pass_seconds(60)
    await read_until(stream, b"event: signed_out")


async def read_until(stream: ClientResponse, words: bytes) -> None:
    """Read lines until one begins so; fails when the stream ends before, or after some seconds."""
    async with asyncio.timeout(5):
        async for line in stream.content:
            if words in line:
                return
    raise AssertionError(f"the stream ended without {words!r}")
