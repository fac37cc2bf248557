"""How a test walks from the welcome into the call."""

from playwright.async_api import Page

from tests.fakes.session_server import FakeSessionServer


async def join(page: Page, server: FakeSessionServer) -> None:
    """From the welcome to the call, by voice."""
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")


async def join_typing(page: Page, server: FakeSessionServer) -> None:
    """From the welcome to the call, without a microphone."""
    await page.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")


HURRY = """() => {
  const real = window.setTimeout;
  window.setTimeout = (call, ms, ...more) => real(call, ms >= 1500 ? ms / 5 : ms, ...more);
}"""
"""Let the page's longer timers run five times as fast."""
