"""Keeps a caller connected: dials, dials again with the same page id when the connection dies, hangs up."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from aiortc import MediaStreamTrack

from rtc_server.caller.connection import Connection, ConnectionHandlers, Network
from rtc_server.caller.server_calls import CallFailed, Json, ServerCalls
from rtc_server.rtc.messages import Camera, Microphone

REDIAL_AFTER = (0.0, 0.3, 1.2, 2.7, 4.8, 7.0)
"""Waits before the attempts to connect (docs/protocol.md)."""
FINAL_CODES = {"client_secret_unknown", "client_secret_expired", "session_finished", "invalid_sdp", "busy"}
"""Refusals after which dialling again is of no use."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How to connect."""

    network: Network | None = None
    """None: as it is."""
    camera: Callable[[], MediaStreamTrack] | None = None
    """Makes a camera for each connection; None: none."""


class Link:
    """The current connection, if there is one. ``handlers.dead`` is called when a connection dies."""

    def __init__(self, server: ServerCalls, handlers: ConnectionHandlers, options: LinkOptions) -> None:
        self._server = server
        self._handlers = ConnectionHandlers(handlers.message, handlers.audio, handlers.playback, self._on_dead)
        self._tell_dead = handlers.dead
        self._options = options
        self._page_id = uuid.uuid4().hex
        self._ice_servers: list[Json] = []
        self._all: list[Connection] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.current: Connection | None = None
        self.joined_at = 0.0
        """When the current connection came about, on the loop's clock."""
        self.reconnects = 0
        self.failure: CallFailed | None = None
        """Why there will be no connection any more; None while there may be."""

    async def open(self, ice_servers: list[Json]) -> None:
        """Connect for the first time. Raises CallFailed."""
        self._ice_servers = ice_servers
        await self._connect()

    def drop_after(self, seconds: float) -> None:
        """Close the connection then, as a reload of the page does, and dial again."""
        self._start(self._drop(seconds))

    async def close(self, *, leave: bool) -> None:
        """Hang up; with ``leave`` the server is told that the person ends the session."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if leave and self.current is not None:
            with contextlib.suppress(CallFailed):  # a server that is gone needs no farewell
                await self._server.leave(self.current.peer_id)
        for connection in self._all:
            await connection.close()

    async def _connect(self) -> None:
        problem = ""
        for delay in REDIAL_AFTER:
            await asyncio.sleep(delay)
            camera = self._options.camera() if self._options.camera is not None else None
            connection = Connection(self._server, self._ice_servers, self._handlers, self._options.network, camera)
            self._all.append(connection)
            try:
                await connection.dial(self._page_id)
            except CallFailed as error:
                if error.code in FINAL_CODES:
                    raise
                problem = str(error)
            except TimeoutError:
                problem = "the server answered, but no connection came about; is UDP blocked between the two?"
            else:
                self.current, self.joined_at = connection, asyncio.get_running_loop().time()
                connection.send(Microphone("live"))
                connection.send(_described(camera))
                return
            await connection.close()
        raise CallFailed(f"no connection after {len(REDIAL_AFTER)} attempts: {problem}")

    async def _drop(self, after: float) -> None:
        await asyncio.sleep(after)
        connection, self.current = self.current, None
        if connection is not None:
            await connection.close()
            await self._reconnect()

    async def _reconnect(self) -> None:
        self.reconnects += 1
        try:
            await self._connect()
        except CallFailed as error:
            self.failure = error

    def _on_dead(self) -> None:
        if self.current is not None and not self._closed:
            self.current = None
            self._start(self._reconnect())
        self._tell_dead()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _described(camera: MediaStreamTrack | None) -> Camera:
    """What a page would say of it; its name is nobody's business."""
    return Camera("absent" if camera is None else "live", "", 0, 0, 0.0)
