"""The console under test with the pages that a test opens, none of which may report an error or break the policy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page

from rtc_server.staff.roles import Role
from tests.fakes.console_edge import ConsoleEdge
from tests.static.console_server import ScriptedCalls, console_server, open_console_page

HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
SUPERVISOR = (Role.SUPERVISOR, Role.ADMIN)


@dataclass
class Desk:
    """The console under test, and what its pages complained of."""

    edge: ConsoleEdge
    calls: ScriptedCalls
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    async def close(self) -> None:
        """Close its own pages; the browser has others."""
        for page in self.pages:
            await page.context.close()

    async def page(self, **options: Any) -> Page:
        """A page in a fresh profile."""
        page = await self.browser.new_page(**options)
        self.pages.append(page)
        page.set_default_timeout(10_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def signed_in(self, *roles: Role, path: str = "", **options: Any) -> Page:
        """A page of somebody new."""
        page = await self.page(**options)
        await open_console_page(page, self.edge, await self.edge.person(*roles, name="Mia Lopez"), path)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        refused_on_purpose = "Failed to load resource" in message.text and "/console/api/" in message.location["url"]
        if message.type in ("error", "warning") and not refused_on_purpose:
            self.complaints.append(f"{message.type}: {message.text}")


@asynccontextmanager
async def opened_desk(browser: Browser, folder: Path) -> AsyncIterator[Desk]:
    """A console of its own, its database in ``folder``."""
    calls = ScriptedCalls()
    async with console_server(folder, calls) as edge:
        desk = Desk(edge, calls, browser)
        yield desk
        await desk.close()
    assert desk.complaints == []
