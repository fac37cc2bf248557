"""Server-sent events (WHATWG HTML §9.2): how many streams there may be, how they are written, how they end."""

import asyncio
import collections
import contextlib
import json
from collections.abc import AsyncIterator, Iterator

from aiohttp import web

from rtc_server.api.errors import ApiError, retry_after
from rtc_server.storage.outbox import Outbox
from rtc_server.storage.ports import Json

MAX_STREAMS_PER_KEY = 5
MAX_STREAMS = 200
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 5.0
"""How often a stream looks without news: another process may have written events."""
RECONNECT_MS = 2_000
MIME_TYPE = "text/event-stream"
_HEADERS = {"Content-Type": MIME_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Streams:
    """The open streams of a server."""

    def __init__(self) -> None:
        self._open: collections.Counter[str] = collections.Counter()
        self._bells: set[asyncio.Event] = set()
        self.closing = False

    async def close(self, _app: web.Application) -> None:
        """``on_shutdown``: let all of them end."""
        self.closing = True
        for bell in self._bells:
            bell.set()

    @contextlib.contextmanager
    def place(self, key_id: str, outbox: Outbox) -> Iterator[asyncio.Event]:
        """A place for one more stream of a key; the event rings when there may be news. Raises ApiError 429."""
        if self._open[key_id] >= MAX_STREAMS_PER_KEY or self._open.total() >= MAX_STREAMS:
            message = f"There are too many open streams; a key may have {MAX_STREAMS_PER_KEY} at once."
            raise ApiError(429, "too_many_streams", message, headers=retry_after(RECONNECT_MS / 1000))
        bell = asyncio.Event()
        silence = outbox.on_news(bell.set)
        self._bells.add(bell)
        self._open[key_id] += 1
        try:
            yield bell
        finally:
            silence()
            self._bells.discard(bell)
            self._open[key_id] -= 1
            self._open += collections.Counter()  # forgets keys without streams

    async def waits(
        self, bell: asyncio.Event, request: web.Request, response: web.StreamResponse
    ) -> AsyncIterator[None]:
        """One turn at once, then one whenever there may be news; heartbeats in between.

        Ends with the server, and when the client has gone.
        """
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + HEARTBEAT_SECONDS
        while not self.closing and request.transport is not None:
            bell.clear()
            yield
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), LOOK_SECONDS)
            if loop.time() >= beat_at:
                await response.write(b": still here\n\n")
                beat_at = loop.time() + HEARTBEAT_SECONDS


STREAMS: web.AppKey[Streams] = web.AppKey("visavis_streams", Streams)


async def open_stream(request: web.Request, position: int) -> web.StreamResponse:
    """A response that stays open. Clients that are cut off come back after ``RECONNECT_MS`` and go on from there."""
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    await response.write(f"retry: {RECONNECT_MS}\nid: {position}\n\n".encode())
    return response


async def send(response: web.StreamResponse, sequence: int, name: str, body: Json) -> None:
    """One event; JSON without line breaks needs no more than one line."""
    text = json.dumps(body, separators=(",", ":"), allow_nan=False)
    await response.write(f"id: {sequence}\nevent: {name}\ndata: {text}\n\n".encode())
