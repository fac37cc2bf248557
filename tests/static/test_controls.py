"""What the customer wants of the bar of buttons and of the captions (contract §2.6, check C23)."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALL = ["Mute microphone", "Turn camera off", "Hide captions", "Hide transcript", "Settings", "End conversation"]


async def bar(page: Page) -> list[str]:
    """Names of the visible buttons."""
    buttons = await page.locator(".dock button:visible").all()
    return [str(await button.get_attribute("aria-label")) for button in buttons]


async def in_call(open_page: OpenPage, server: FakeSessionServer, controls: dict[str, Any]) -> Page:
    server.opening["customization"] = {"controls": controls}
    if "captionsOpenedByDefault" in controls:
        server.opening["captions"] = controls["captionsOpenedByDefault"]
    page = await open_page()
    await join(page, server)
    return page


async def test_all_buttons_without_a_wish(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await in_call(open_page, server, {})
    assert await bar(page) == ALL


@pytest.mark.parametrize(
    ("controls", "names"),
    [
        ({"buttons": ["microphone", "close"]}, [ALL[0], ALL[4], ALL[5]]),
        ({"buttons": ["captions", "language"]}, [ALL[2], ALL[3], "Settings"]),
        ({"buttons": []}, []),
        ({"showUxControls": False}, []),
        ({"showUxControls": False, "buttons": ["microphone"]}, []),
    ],
)
async def test_buttons_are_chosen(
    open_page: OpenPage, server: FakeSessionServer, controls: dict[str, Any], names: list[str]
) -> None:
    page = await in_call(open_page, server, controls)
    assert await bar(page) == names
    if not names:
        await expect(page.locator(".dock")).to_be_hidden()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_visible()  # leaving stays possible


@pytest.mark.parametrize("opened", [True, False])
async def test_captions_and_transcript_open_as_wished(
    open_page: OpenPage, server: FakeSessionServer, opened: bool
) -> None:
    page = await in_call(open_page, server, {"captionsOpenedByDefault": opened})
    await expect(page.locator(".app")).to_have_attribute("data-transcript", "open" if opened else "closed")
    server.send("caption", id="1", speaker="avatar", text="Hello there.", final=True)
    await expect(page.locator("p.caption")).to_be_visible(visible=opened)
    await page.get_by_role("button", name="Hide transcript" if opened else "Show transcript").first.click()
    await expect(page.locator(".app")).to_have_attribute("data-transcript", "closed" if opened else "open")


async def test_the_bar_hides_by_itself_and_comes_back(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await in_call(open_page, server, {"autoHide": True})
    await page.mouse.move(5, 5)
    await page.evaluate("document.activeElement.blur()")
    dock = page.locator(".dock")
    await expect(dock).to_have_css("opacity", "0", timeout=8_000)
    await page.mouse.move(40, 40)
    await expect(dock).to_have_css("opacity", "1")


async def test_the_bar_stays_where_nobody_wants_it_hidden(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await in_call(open_page, server, {"autoHide": False})
    await page.evaluate("document.activeElement.blur()")
    await expect(page.locator(".dock.idle")).to_have_count(1, timeout=8_000)
    await expect(page.locator(".dock")).to_have_css("opacity", "1")
