"""The page to read the API, in a browser, on the real server: search, keyboard, deep links, calls to copy."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from rtc_server.api.routes import OPERATIONS
from tests.fakes.api_server import KEY, api_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api_server(Path(tmp_path_factory.mktemp("reference"))) as url:
        yield url


async def opened(browser: Browser, url: str, **options: Any) -> tuple[Page, list[str]]:
    page = await browser.new_page(**options)
    page.set_default_timeout(10_000)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if request.url.split("/")[2] not in url else None)
    await page.goto(url)
    await expect(page.locator("article").first).to_be_visible()
    return page, complaints


async def test_every_operation_is_shown_and_nothing_comes_from_elsewhere(browser: Browser, api: str) -> None:
    page, complaints = await opened(browser, f"{api}/reference")
    ids = await page.locator("article").evaluate_all("articles => articles.map((article) => article.id)")
    assert sorted(ids) == sorted(operation.operation_id for operation in OPERATIONS)
    assert await page.locator("nav li").count() == len(OPERATIONS)
    assert complaints == []
    await page.close()


async def test_search_and_open_by_keyboard(browser: Browser, api: str) -> None:
    page, complaints = await opened(browser, f"{api}/reference")
    await page.keyboard.press("/")
    await page.keyboard.type("replace key")
    await expect(page.locator("nav li:visible")).to_have_count(1)
    await expect(page.get_by_role("status")).to_have_text("1 found")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{api}/reference#rotateApiKey")
    await expect(page.locator("#rotateApiKey")).to_be_focused()
    await page.keyboard.press("/")
    await page.keyboard.press("Escape")
    await expect(page.locator("nav li:visible")).to_have_count(len(OPERATIONS))
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("nav a").first).to_be_focused()
    assert complaints == []
    await page.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_deep_link_shows_its_operation_and_nothing_overflows(browser: Browser, api: str, width: int) -> None:
    page, _ = await opened(browser, f"{api}/reference#createFlow", viewport={"width": width, "height": 800})
    await expect(page.locator("#createFlow")).to_be_focused()
    await expect(page.locator("#createFlow h3")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.close()


@pytest.mark.parametrize("operation", ["createSession", "createFlow", "checkFlow", "createApiKey"])
async def test_the_shown_call_works(browser: Browser, api: str, operation: str) -> None:
    page, _ = await opened(browser, f"{api}/reference")
    call = await page.locator(f"#{operation} pre").first.inner_text()
    address = re.search(r'curl -X POST "([^"]+)"', call)
    body = re.search(r"-d '(.*)'$", call, re.DOTALL)
    assert address is not None
    assert body is not None
    headers = {"Authorization": f"Bearer {KEY}"}
    response = await page.request.post(address[1], data=json.loads(body[1]), headers=headers)
    assert response.status == 200, await response.text()
    await page.close()
