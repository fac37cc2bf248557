"""The real console (routes, headers, database) for page tests; the running sessions are what a test says they are."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from rtc_server.api.ports import CallError
from rtc_server.console.ports import AgentRef, Listener, Watch
from rtc_server.staff.totp import code_at
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import Json
from rtc_server.storage.stores import open_stores
from tests.conftest import REPOSITORY
from tests.fakes.console_edge import PASSWORD, SERVER_KEY, ConsoleEdge, Person, open_console

STATES = ("speaking", "listening", "hearing", "thinking", "waiting", "checking", "away", "held", "connecting")


def summary(number: int, **changes: Any) -> Json:
    """A running session in one line; its neighbours differ."""
    now = int(time.time() * 1000)
    risky = number % 7 == 3
    return {
        "id": f"session-{number:04}",
        "tenant": "default",
        "sandbox": number % 5 == 0,
        "clientReferenceId": f"customer {number:03}",
        "flowId": "flow-1",
        "startedAt": now - number * 7_000,
        "language": "en",
        "avatarId": "ava",
        "state": STATES[number % len(STATES)],
        "nodeId": ("welcome", "document", "face", "confirm")[number % 4],
        "nodeType": ("conversation", "document_scan", "liveness_detection", "conversation")[number % 4],
        "nodeSince": now,
        "waitingSince": None if number % len(STATES) == 0 else now - (number % 50) * 1_000,
        "attempts": number % 3,
        "risk": {"level": "high" if risky else "none", "reasons": ["liveness_attack"] if risky else []},
        "network": {"quality": ("good", "fair", "poor", "unknown")[number % 4], "roundTripMs": 40},
        "device": {"browser": "Chrome", "os": "Windows", "mobile": number % 2 == 0},
        "agents": [{"id": "stf_1", "name": "Mia Lopez", "mode": "watching", "since": now}] if number % 11 == 4 else [],
        "recording": number % 4 == 1,
    } | changes


class ScriptedCalls:
    """``Supervision`` over summaries that a test sets."""

    def __init__(self) -> None:
        self._summaries: dict[str, Json] = {}
        self._listeners: list[Callable[[str], None]] = []

    def set(self, *changed: Json) -> None:
        """These run, as they say."""
        for one in changed:
            self._summaries[one["id"]] = one
            for listener in list(self._listeners):
                listener(one["id"])

    def end(self, session_id: str) -> None:
        """This one runs no longer."""
        del self._summaries[session_id]
        for listener in list(self._listeners):
            listener(session_id)

    def summaries(self) -> list[Json]:
        return list(self._summaries.values())

    def summary(self, session_id: str) -> Json | None:
        return self._summaries.get(session_id)

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def watch(self, session_id: str, agent: AgentRef, listener: Listener) -> Watch:
        raise _not_live()

    async def act(self, session_id: str, agent: AgentRef, act: Json) -> None:
        raise _not_live()

    async def media(self, session_id: str, agent: AgentRef, sdp: str) -> Json:
        raise _not_live()

    async def leave_media(self, session_id: str, agent: AgentRef, viewer_id: str) -> None:
        raise _not_live()


def _not_live() -> CallError:
    return CallError("not_live", "This session does not run here.", 409)


@asynccontextmanager
async def console_server(folder: Path, calls: ScriptedCalls) -> AsyncIterator[ConsoleEdge]:
    """Our own pages; the database in ``folder``."""
    stores = await open_stores(f"sqlite:///{folder / 'visavis.db'}", MediaFiles(folder / "media", SERVER_KEY))
    try:
        async with open_console(REPOSITORY, calls, shared=stores) as edge:
            yield edge
    finally:
        await stores.close()


async def fill_sign_in(page: Page, edge: ConsoleEdge, person: Person, password: str = PASSWORD) -> None:
    """Fill the form that is shown, with the code of this moment, and send it; a code counts once, so time goes on."""
    edge.pass_seconds(30)
    form = page.locator("form").last
    await form.get_by_label("E-mail address").fill(person.staff.email)
    await form.get_by_label("Password").fill(password)
    await form.get_by_label("Code").fill(code_at(person.secret, edge.clock[0]))
    await form.get_by_role("button", name="Sign in").click()


async def open_console_page(page: Page, edge: ConsoleEdge, person: Person, path: str = "") -> None:
    """Open the console and sign in; ``path`` is what stands behind ``#``."""
    await page.goto(f"{edge.origin}/console/{path and '#' + path}")
    await fill_sign_in(page, edge, person)
    await page.get_by_role("navigation", name="Console").wait_for()
