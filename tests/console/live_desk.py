"""A console over real sessions; only the person's page is in the test's hand."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse

from rtc_server.console.settings import ConsoleSettings
from rtc_server.rtc.messages import Caption
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.supervision import Supervision
from rtc_server.storage.ports import AuditQuery, SessionRecord
from tests.fakes.console_edge import ConsoleEdge, Tab, open_console
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, open_stage
from tests.scores.flows import strict_flow

PATIENCE_SECONDS = 5.0


class EventStream:
    """Server-sent events of one response, read in order."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self, *names: str) -> Any:
        """The data of the next event of one of these names; others are passed over."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                name, data = await self._one()
                if name in names:
                    return data

    async def _one(self) -> tuple[str, Any]:
        name, data = "", "{}"
        while line := (await self._response.content.readline()).decode().rstrip("\n"):
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
        if self._response.content.at_eof() and not name:
            raise EOFError("the stream has ended")
        return name, json.loads(data)

    async def ended(self) -> bool:
        """Whether the server ends the stream in good time."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._response.content.at_eof():
                await self._response.content.readline()
        return True


@dataclass(slots=True)
class LiveDesk:
    """Console and calls."""

    edge: ConsoleEdge
    stage: Stage

    async def call(self, **settings: Any) -> tuple[SessionRecord, FakePeer]:
        """A session whose first question has been asked."""
        record = await self.stage.create(strict_flow(), **settings)
        peer = await self.stage.join(record)
        await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
        return record, peer

    @asynccontextmanager
    async def stream(self, tab: Tab, path: str) -> AsyncIterator[EventStream]:
        """Events of a path."""
        response = await tab.call("GET", path)
        assert response.status == 200, await response.text()
        try:
            yield EventStream(response)
        finally:
            response.close()

    async def audited(self, session_id: str) -> list[str]:
        """Actions on a session, oldest first."""
        entries = await self.edge.stores.audit.entries(AuditQuery(session_id=session_id))
        return [entry.action for entry in reversed(entries)]

    async def until_audited(self, session_id: str, action: str) -> list[str]:
        """Wait until an action stands in the audit of a session; all of them."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while action not in (actions := await self.audited(session_id)):  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.02)
        return actions


@asynccontextmanager
async def open_desk(folder: Path, settings: ConsoleSettings | None = None) -> AsyncIterator[LiveDesk]:
    """Everything in ``folder``."""
    (folder / "static" / "console").mkdir(parents=True)
    (folder / "static" / "console" / "index.html").write_text("<!doctype html><title>Console</title>")
    async with open_stage(folder, {}, max_sessions=300) as stage:
        supervision = Supervision(stage.registry, Viewers(PeerPolicy()))
        async with open_console(folder, supervision, settings, stage.stores) as edge:
            yield LiveDesk(edge, stage)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(supervision.close(), PATIENCE_SECONDS)
