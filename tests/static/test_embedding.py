"""The page inside another one: a frame that keeps the microphone back."""

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_frame_without_permission_policy_explains_itself(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page("/demo")
    await page.evaluate(
        """(url) => {
          const frame = document.createElement('iframe');
          frame.src = url;
          frame.allow = "microphone 'none'; camera 'none'";
          frame.style.cssText = 'width:900px;height:700px';
          document.body.replaceChildren(frame);
        }""",
        server.page_url,
    )
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="Continue", exact=True).click()
    await expect(frame.get_by_role("alert")).to_contain_text("This site keeps the microphone from us")
    await expect(frame.get_by_role("button", name="Answer by typing")).to_be_visible()
