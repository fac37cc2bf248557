"""Events as a list and as a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from rtc_server.api.resources.events import Feed
from rtc_server.api.streams import MAX_STREAMS_PER_KEY
from rtc_server.storage.ports import EventRecord
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server

FLOW = [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as running:
        yield running


@asynccontextmanager
async def stream(server: WholeServer, path: str, **headers: str) -> AsyncIterator[ClientResponse]:
    headers |= {"Accept": "text/event-stream"}
    response = await server.call("GET", path, headers=headers)
    assert response.status == 200, await response.text()
    assert response.content_type == "text/event-stream"
    yield response
    response.close()


async def read(response: ClientResponse, count: int) -> list[dict[str, Any]]:
    """The next events: ``{id, event, data}``."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            block = (await response.content.readuntil(b"\n\n")).decode().strip()
            fields = dict(line.split(": ", 1) for line in block.splitlines())
            if "data" in fields:
                found.append(fields | {"data": json.loads(fields["data"])})
    return found


async def new_session(server: WholeServer) -> str:
    session_id: str = (await server.post("/sessions", {"flow": FLOW}))["session"]["id"]
    return session_id


def statuses(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["status"] for event in events]


async def test_a_sessions_events_are_a_list_in_order(server: WholeServer) -> None:
    session_id = await new_session(server)
    await server.simulate(session_id)
    answer = await server.get(f"/sessions/{session_id}/events")
    assert [event["status"] for event in answer["events"]] == ["created", "inProgress", "complete"]
    assert not answer["hasMore"]
    assert {event["sessionId"] for event in answer["events"]} == {session_id}


async def test_a_session_stream_tells_what_happens_and_ends_with_it(server: WholeServer) -> None:
    session_id = await new_session(server)
    async with stream(server, f"/sessions/{session_id}/events") as response:
        first = await read(response, 1)
        await server.simulate(session_id)
        rest = await read(response, 2)
        async with asyncio.timeout(5):
            assert (await response.content.read()).strip() == b""
    assert statuses(first + rest) == ["created", "inProgress", "complete"]
    assert {event["event"] for event in first + rest} == {"session.status"}


@pytest.mark.parametrize("path", ["/events", "/sessions/{}/events"])
async def test_a_revoked_key_is_told_nothing_more(server: WholeServer, path: str) -> None:
    session_id = await new_session(server)
    made = await server.post("/api-keys", {"scopes": ["sessions:read", "webhooks:read"]})
    async with stream(server, path.format(session_id), Authorization=f"Bearer {made['key']}") as response:
        await server.call("DELETE", f"/api-keys/{made['apiKey']['id']}")
        await server.simulate(session_id)
        async with asyncio.timeout(5):
            assert b"complete" not in await response.content.read()


async def test_a_stream_goes_on_where_it_was_cut(server: WholeServer) -> None:
    session_id = await new_session(server)
    async with stream(server, f"/sessions/{session_id}/events") as response:
        first = (await read(response, 1))[0]
    await server.simulate(session_id)
    async with stream(server, f"/sessions/{session_id}/events", **{"Last-Event-ID": first["id"]}) as response:
        rest = await read(response, 2)
    assert statuses(rest) == ["inProgress", "complete"]
    headers = {"Accept": "text/event-stream", "Last-Event-ID": rest[-1]["id"]}
    response = await server.call("GET", f"/sessions/{session_id}/events", headers=headers)
    assert response.status == 204


async def test_an_owner_sees_all_of_its_sessions_and_nobody_elses(server: WholeServer) -> None:
    async with (
        stream(server, "/events") as mine,
        stream_of(server, OTHER_KEY) as other,
        stream_of(server, PRODUCTION_KEY) as production,
    ):
        one, two = await new_session(server), await new_session(server)
        await server.post("/sessions", {"flow": FLOW}, key=OTHER_KEY)
        await server.post("/sessions", {"flow": FLOW}, key=PRODUCTION_KEY)
        seen = [event["data"]["sessionId"] for event in await read(mine, 2)]
        assert seen == [one, two]
        for theirs in (other, production):
            assert (await read(theirs, 1))[0]["data"]["sessionId"] not in seen


@asynccontextmanager
async def stream_of(server: WholeServer, key: str) -> AsyncIterator[ClientResponse]:
    response = await server.call("GET", "/events", key=key)
    assert response.status == 200
    yield response
    response.close()


async def test_the_payload_style_is_that_of_a_webhook(server: WholeServer) -> None:
    session_id = await new_session(server)
    async with stream(server, "/events?payloadStyle=legacy&after=0") as response:
        await server.simulate(session_id)
        event = (await read(response, 1))[0]
    assert event["event"] == event["data"]["type"] == "session.completed"
    assert event["data"]["data"]["session"]["status"] == "complete"


async def test_a_key_has_only_so_many_streams(server: WholeServer) -> None:
    responses = [await server.call("GET", "/events") for _ in range(MAX_STREAMS_PER_KEY)]
    refused = await server.call("GET", "/events")
    assert refused.status == 429
    assert (await refused.json())["error"]["code"] == "too_many_streams"
    assert refused.headers["Retry-After"]
    responses[0].close()
    async with asyncio.timeout(10):
        while (again := await server.call("GET", "/events")).status != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for response in (*responses, again):
        response.close()


@pytest.mark.parametrize("last", ["evt_x", "-1", "9" * 30])
async def test_a_position_that_is_none_is_refused(server: WholeServer, last: str) -> None:
    response = await server.call("GET", "/events", headers={"Last-Event-ID": last})
    assert response.status == 400


async def test_an_event_that_shows_up_late_is_told_once() -> None:
    """PostgreSQL gives out numbers before it commits, so 2 can become visible after 3."""
    visible = [1, 3]

    async def read_events(after: int) -> list[EventRecord]:
        return [EventRecord(f"evt_{n}", "t", True, "", "x", 0, {}, n) for n in sorted(visible) if n > after]

    feed = Feed(read_events, 0)
    assert [event.sequence for event in await feed.next()] == [1, 3]
    visible.append(2)
    assert [event.sequence for event in await feed.next()] == [2]
    assert await feed.next() == []
