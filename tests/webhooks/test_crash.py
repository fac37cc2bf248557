"""Power cuts: wherever a server dies between the end of a session and its webhook, the next one makes good."""

import asyncio
import collections
import hashlib
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
from tests.conftest import REPOSITORY
from tests.fakes.receiver import Receiver
from tests.storage.records import open_store

KILLS = int(os.environ.get("VISAVIS_TEST_KILLS", "20"))
"""On SQLite; half as many on PostgreSQL."""
CLEAN_EVERY = 10


@dataclass
class Series:
    """Lives and deaths of one server on one database."""

    child: Process
    database: str
    durable: str
    sessions: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    """Those that the server may have died over."""
    deaths: collections.Counter[str] = field(default_factory=collections.Counter)
    """By the point at which the server died."""

    async def live(self, kill_at: tuple[str, int] | None, **order: Any) -> dict[str, int]:
        """One life of the server: how often each point was reached; empty when it came to a violent end.

        ``kill_at``: at which point, and at which of its occurrences.
        """
        order |= {"database": self.database, "durable": self.durable, "kill_at": kill_at, "finish": self.unfinished}
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(json.dumps({"create": []} | order).encode() + b"\n")
        async with asyncio.timeout(60):
            answer = json.loads(await self.child.stdout.readline())
        if answer["ended"] == -signal.SIGKILL:
            assert kill_at is not None
            self.deaths[kill_at[0]] += 1
            return {}
        assert answer["ended"] == 0, answer
        self.unfinished.clear()
        points: dict[str, int] = json.loads(answer["text"])
        return points

    async def live_with_new_session(self, kill_at: tuple[str, int] | None) -> dict[str, int]:
        """A life in which one more session ends."""
        name = f"session-{len(self.sessions)}"
        self.sessions.append(name)
        self.unfinished.append(name)
        return await self.live(kill_at, create=[name])

    async def die(self, kills: int) -> None:
        """Die at every kind of point in turn, first at their first occurrence, with a whole life now and then."""
        await self.live_with_new_session(None)  # makes the tables of DBOS
        points = await self.live_with_new_session(None)
        order = [
            (label, occurrence)
            for occurrence in range(1, max(points.values()) + 1)
            for label in sorted(points, key=lambda label: hashlib.sha256(label.encode()).digest())
            if points[label] >= occurrence
        ]
        for kill_at in order:
            if self.deaths.total() == kills:
                break
            await self.live_with_new_session(kill_at)
            if len(self.unfinished) >= CLEAN_EVERY:
                assert await self.live(None)
        assert await self.live(None)


@asynccontextmanager
async def open_series(database: str, durable: str, hook: str) -> AsyncIterator[Series]:
    command = (sys.executable, "-m", "tests.webhooks.crash_child")
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=REPOSITORY)
    try:
        series = Series(child, database, durable)
        await series.live(None, hook=hook)
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


def now_and_then_broken(number: int) -> web.Response:
    """So that durable waits are on the way, too."""
    return web.Response(status=500 if number % 4 == 0 else 200)


async def test_no_webhook_is_lost_wherever_the_server_dies(receiver: Receiver, tmp_path: Path) -> None:
    database, durable = f"sqlite:///{tmp_path / 'visavis.db'}", f"sqlite:///{tmp_path / 'webhooks.db'}"
    receiver.answer = now_and_then_broken
    async with open_series(database, durable, receiver.url) as series:
        await series.die(KILLS)
        await check_nothing_is_lost(series, receiver)
    assert series.deaths.total() == KILLS
    print(f"{KILLS} deaths at {len(series.deaths)} kinds of points: {sorted(series.deaths)}")


async def test_no_webhook_is_lost_on_postgresql(receiver: Receiver, postgres_url: str) -> None:
    receiver.answer = now_and_then_broken
    async with open_series(postgres_url, postgres_url, receiver.url) as series:
        await series.die(KILLS // 2)
        await check_nothing_is_lost(series, receiver)
    assert series.deaths.total() == KILLS // 2
    print(f"{KILLS // 2} deaths at {len(series.deaths)} kinds of points: {sorted(series.deaths)}")
