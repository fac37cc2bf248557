"""What is fetched when: little before the welcome, the rest after it; and what does not come can be tried again."""

import gzip
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Response, expect

from tests.fakes.session_server import FakeSessionServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST_LOAD_BYTES = 60_000
"""Gzipped: page, style sheets, modules, texts and portrait."""

NEVER_IDLE = "window.requestIdleCallback = () => 0"


@pytest_asyncio.fixture(loop_scope="session")
async def busy_page(browser: Browser) -> AsyncIterator[Page]:
    """A page of a browser that is never idle: it loads only what is asked for."""
    context = await browser.new_context(permissions=["microphone", "camera"])
    context.set_default_timeout(10_000)
    page = await context.new_page()
    await page.add_init_script(NEVER_IDLE)
    yield page
    await context.close()


async def test_first_load_is_light(busy_page: Page, server: FakeSessionServer) -> None:
    responses: list[Response] = []
    busy_page.on("response", lambda response: responses.append(response))
    await busy_page.goto(server.page_url)
    await expect(busy_page.get_by_role("button", name="Continue", exact=True)).to_be_enabled()
    await busy_page.wait_for_load_state("networkidle")
    files = {
        response.url.removeprefix(server.url): len(gzip.compress(await response.body(), 6))
        for response in responses
        if "/client/" not in response.url
    }
    assert any(path.endswith("/portraits/ava.webp") for path in files)
    assert not any(path.endswith(("/before_call.js", "/in_call.js", "/living.js", "/embed.js")) for path in files)
    assert sum(files.values()) < FIRST_LOAD_BYTES, files


async def test_rest_is_fetched_once_the_welcome_is_on_the_screen(browser: Browser, server: FakeSessionServer) -> None:
    page = await (await browser.new_context()).new_page()
    await page.goto(server.page_url)
    await page.wait_for_function("() => document.querySelector('visavis-avatar').shown === 'portrait'")
    started = await page.evaluate(
        """() => Object.fromEntries(performance.getEntriesByType('resource')
          .map(({ name, startTime }) => [name.split('/').at(-1), startTime]))"""
    )
    painted = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    for name in ("before_call.js", "in_call.js", "document.css", "living.js"):
        assert started[name] > max(painted, started["ava.webp"])
    await page.context.close()


async def test_who_presses_at_once_gets_on(busy_page: Page, server: FakeSessionServer) -> None:
    await busy_page.goto(server.page_url)
    await busy_page.get_by_role("button", name="Continue", exact=True).click()
    await expect(busy_page.locator(".app")).to_have_attribute("data-screen", "ready")
    assert await busy_page.locator(".preview").evaluate("(element) => getComputedStyle(element).position") == "relative"
    await busy_page.get_by_role("button", name="Start the conversation").click()
    await expect(busy_page.locator(".app")).to_have_attribute("data-screen", "call")
    assert await busy_page.locator(".dock").evaluate("(element) => getComputedStyle(element).display") == "flex"


@pytest.mark.parametrize(
    ("file", "button"),
    [
        ("before_call.js", "Continue"),
        ("handoff.js", "Continue"),
        ("styles/preflight.css", "Continue"),
        ("in_call.js", "Continue without microphone"),
        ("styles/call.css", "Continue without microphone"),
    ],
)
async def test_part_that_does_not_load_can_be_tried_again(
    busy_page: Page, server: FakeSessionServer, file: str, button: str
) -> None:
    address = f"**/static/session/{file}"
    await busy_page.route(address, lambda route: route.abort("internetdisconnected"))
    await busy_page.goto(server.page_url)
    await busy_page.get_by_role("button", name=button, exact=True).click()
    await expect(busy_page.get_by_role("heading", name="We cannot reach the service")).to_be_visible()
    await busy_page.unroute(address)
    await busy_page.get_by_role("button", name="Try again").click()
    await busy_page.get_by_role("button", name=button, exact=True).click()
    screen = "ready" if button == "Continue" else "call"
    await expect(busy_page.locator(".app")).to_have_attribute("data-screen", screen)
