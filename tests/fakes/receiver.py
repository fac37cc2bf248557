"""A customer's server on loopback that receives webhooks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Received:
    """One request."""

    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    """A customer's server: answers as it is told and remembers what came."""

    url: str = ""
    answer: Callable[[int], web.Response] = lambda number: web.json_response({"received": True})
    """By the number of the request, 1, 2 …"""
    delay: float = 0.0
    requests: list[Received] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        async with self._news:
            self.requests.append(Received(dict(request.headers), body, time.monotonic()))
            number = len(self.requests)
            self._news.notify_all()
        await asyncio.sleep(self.delay)
        return self.answer(number)

    async def wait_for(self, count: int, timeout: float = 10.0) -> list[Received]:
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: len(self.requests) >= count)
        return self.requests


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens at ``url``."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver
