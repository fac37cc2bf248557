"""A console without calls in progress."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from rtc_server.api.ports import CallError
from rtc_server.console.ports import AgentRef, Listener, Watch
from rtc_server.storage.ports import Json
from tests.fakes.console_edge import ConsoleEdge, open_console


def _not_live() -> CallError:
    return CallError("not_live", "This session does not run here.", 409)


class NoCalls:
    """``Supervision`` of a server on which nothing runs."""

    def summaries(self) -> list[Json]:
        return []

    def summary(self, session_id: str) -> Json | None:
        return None

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        return lambda: None

    def watch(self, session_id: str, agent: AgentRef, listener: Listener) -> Watch:
        raise _not_live()

    async def act(self, session_id: str, agent: AgentRef, act: Json) -> None:
        raise _not_live()

    async def media(self, session_id: str, agent: AgentRef, sdp: str) -> Json:
        raise _not_live()

    async def leave_media(self, session_id: str, agent: AgentRef, viewer_id: str) -> None:
        raise _not_live()


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[ConsoleEdge]:
    """A console on a database of its own."""
    (tmp_path / "static" / "console").mkdir(parents=True)
    (tmp_path / "static" / "console" / "index.html").write_text("<!doctype html><title>Console</title>")
    async with open_console(tmp_path, NoCalls()) as console:
        yield console
