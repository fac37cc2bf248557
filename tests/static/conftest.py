"""One Chromium for all page tests; each test gets a fresh server and a fresh profile, and may leave no error behind."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

from tests.fakes.session_server import FakeSessionServer
from tests.static.browser import LAUNCH_FLAGS, chromium_path

OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium with a fake camera and microphone."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's 'chromium', or set CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=LAUNCH_FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[FakeSessionServer]:
    """A fresh stand-in for the session server."""
    async with FakeSessionServer() as fake:
        yield fake


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, server: FakeSessionServer) -> AsyncIterator[OpenPage]:
    """Opens the session page (or another path). At the end no page may have reported an error, broken the content
    security policy or asked another origin; refusals that a test asked the server for are no errors."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        refused_on_purpose = "Failed to load resource" in message.text and "/client/" in message.location["url"]
        if message.type in ("error", "warning") and not refused_on_purpose:
            complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def check_origin(request: Request) -> None:
        if not request.url.startswith((server.url, "data:", "blob:")):
            complaints.append(f"request to {request.url}")

    async def open_(
        path: str | None = None, *, permissions: tuple[str, ...] = ("microphone", "camera"), **options: object
    ) -> Page:
        context = await browser.new_context(permissions=list(permissions), **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("request", check_origin)
        await page.goto(server.page_url if path is None else server.url + path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def module_page(browser: Browser) -> AsyncIterator[Page]:
    """An empty document of the page's origin, for tests of pure modules; shared, as nothing in it changes."""
    async with FakeSessionServer() as server:
        page = await browser.new_page()
        await page.goto(server.url + "/static/shared/icon.svg")
        yield page
        await page.close()
