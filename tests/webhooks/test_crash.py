"""Power cuts: wherever a server dies between the end of a session and its webhook, the next one makes good."""

import asyncio
import collections
import itertools
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select

from rtc_server.storage.schema import deliveries
from rtc_server.storage.sql import open_store
from tests.conftest import REPOSITORY
from tests.fakes.receiver import Receiver

KILLS = int(os.environ.get("VISAVIS_TEST_KILLS", "30"))
"""On SQLite; half as many on PostgreSQL."""
CLEAN_EVERY = 10
STRIDE = 79


@dataclass
class Series:
    """Lives and deaths of one server on one database."""

    child: Process
    database: str
    durable: str
    sessions: list[str] = field(default_factory=list)
    deaths: collections.Counter[str] = field(default_factory=collections.Counter)
    """By the point at which the server died."""
    unfinished: list[str] = field(default_factory=list)
    points: int = 0
    """On the way of the first session, which nothing interrupts."""

    async def live(self, kill_at: int, **order: Any) -> bool:
        """One life; whether it came to a violent end."""
        order |= {"database": self.database, "durable": self.durable, "kill_at": kill_at}
        order |= {"finish": self.unfinished} | {"create": order.get("create", [])}
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(60):
            answer = json.loads(await self.child.stdout.readline())
        if answer["ended"] == -signal.SIGKILL:
            self.deaths[answer["text"]] += 1
            return True
        assert answer["ended"] == 0, answer
        self.unfinished.clear()
        self.points = self.points or (int(answer["text"]) if order["create"] else 0)
        return False

    async def die(self, kills: int) -> None:
        """Die at points all over the way, again and again, with a whole life now and then."""
        for number in itertools.count():
            if self.deaths.total() == kills:
                break
            self.unfinished.append(f"session-{number}")
            self.sessions.append(f"session-{number}")
            # The way of one session has some 200 points; a prime stride reaches all of them in time.
            kill_at = 1 + (number - 1) * STRIDE % max(1, self.points) if number else 0
            await self.live(kill_at, create=[self.sessions[-1]])
            if len(self.unfinished) >= CLEAN_EVERY:
                assert not await self.live(0)
        assert not await self.live(0)


@asynccontextmanager
async def open_series(database: str, durable: str, hook: str) -> AsyncIterator[Series]:
    command = (sys.executable, "-m", "tests.webhooks.crash_child")
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=REPOSITORY)
    try:
        series = Series(child, database, durable)
        assert not await series.live(0, hook=hook)
        yield series
    finally:
        assert child.stdin is not None
        child.stdin.close()
        async with asyncio.timeout(10):
            await child.wait()


async def check_nothing_is_lost(series: Series, receiver: Receiver) -> None:
    """Every change of every session arrived, always under the id that is stored, and says what is stored."""
    arrived: dict[str, list[dict[str, Any]]] = {}
    for request in receiver.requests:
        body = json.loads(request.body)
        assert request.headers["webhook-id"] == body["id"]
        arrived.setdefault(body["id"], []).append(body)
    store = await open_store(series.database)
    try:
        for session_id in series.sessions:
            record = await store.session(session_id)
            assert record is not None
            assert record.status == "complete"
            events = await store.events(session_id)
            assert [event.data["status"] for event in events] == ["created", "complete"], session_id
            assert len(await store.journal(session_id)) == 1
            for event in events:
                bodies = arrived.pop(event.id)
                assert all(body == bodies[0] for body in bodies)
                assert bodies[0]["sessionId"] == session_id
                assert bodies[0]["status"] == event.data["status"]
        async with store.database.read() as connection:
            states = set(await connection.scalars(select(deliveries.c.status)))
    finally:
        await store.close()
    assert states == {"delivered"}
    assert arrived == {}, "an event that is not stored"


def check_that_death_came_everywhere(deaths: collections.Counter[str]) -> None:
    """The sweep must have reached each part of the way, or it proves little."""
    places = " | ".join(deaths)
    for place in ("sessions", "events", "deliveries", "delivery_attempts", "COMMIT", "HTTP", "workflow_status"):
        assert place in places, f"no death at {place}: {places}"


def now_and_then_broken(number: int) -> web.Response:
    """So that durable waits are on the way, too."""
    return web.Response(status=500 if number % 4 == 0 else 200)


async def test_no_webhook_is_lost_wherever_the_server_dies(receiver: Receiver, tmp_path: Path) -> None:
    database, durable = f"sqlite:///{tmp_path / 'visavis.db'}", f"sqlite:///{tmp_path / 'webhooks.db'}"
    receiver.answer = now_and_then_broken
    async with open_series(database, durable, receiver.url) as series:
        await series.die(KILLS)
        await check_nothing_is_lost(series, receiver)
    print(f"{series.deaths.total()} deaths: {dict(series.deaths)}")  # for those who run it with more
    if KILLS >= 100:
        check_that_death_came_everywhere(series.deaths)


async def test_no_webhook_is_lost_on_postgresql(receiver: Receiver, postgres_url: str) -> None:
    receiver.answer = now_and_then_broken
    async with open_series(postgres_url, postgres_url, receiver.url) as series:
        await series.die(KILLS // 2)
        await check_nothing_is_lost(series, receiver)
