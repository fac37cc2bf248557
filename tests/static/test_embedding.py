"""The page inside another one: the sample site, and a frame that keeps the microphone back."""

import json

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_embedding_page_hears_the_end_and_shows_the_report(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page("/demo")
    await page.get_by_role("button", name="Start the conversation").click()
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")
    await page.evaluate(
        """(message) => postMessage(message, '*')""",
        json.dumps({"message": "SESSION_FINISHED", "sessionId": "session-1", "status": "complete"}),
    )
    report = {"nodeReports": [{"nodeId": "payment", "outcome": "yes"}], "extractedData": {"name": "Ada Lovelace"}}
    server.demo_report = {"session": {"id": "session-1", "status": "complete", "report": report}}
    server.send("caption", id="1", speaker="avatar", text="Goodbye", final=True)
    await expect(frame.get_by_role("log")).to_contain_text("Goodbye")
    await expect(page.get_by_text("We have your answer")).to_have_count(0)  # Forged by the page itself: not believed.
    server.send("finished", status="complete", reason="end")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your answer.")
    await expect(page.locator(".report dl")).to_contain_text("Ada Lovelace")


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
