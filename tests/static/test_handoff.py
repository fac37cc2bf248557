"""Going on with a phone, and coming back."""

import cv2
import numpy as np
import pytest
import zxingcpp
from playwright.async_api import Page, expect

from rtc_server.api.resources.client_handoff import qr_code
from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def open_code(page: Page) -> None:
    """The dialog with the code, from the welcome."""
    await page.get_by_role("button", name="Continue on your phone").click()


async def test_link_is_shown_as_a_code_and_to_copy(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=("clipboard-read", "clipboard-write"))
    await open_code(page)
    dialog = page.get_by_role("dialog", name="Continue on your phone")
    await page.wait_for_function("() => document.querySelector('.code-picture[src]')?.naturalWidth > 0")
    await expect(dialog.get_by_role("textbox")).to_have_value(server.page_url)
    await dialog.get_by_role("button", name="Copy link").click()
    await expect(dialog).to_contain_text("Copied. Open it on your phone.")
    assert await page.evaluate("navigator.clipboard.readText()") == server.page_url
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")


async def test_without_a_code_or_a_clipboard_the_link_is_there_to_copy_by_hand(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await page.route("**/client/handoff.svg", lambda route: route.fulfill(status=404, body="{}"))
    await page.evaluate(
        "() => { navigator.clipboard.writeText = async () => { throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    await open_code(page)
    dialog = page.get_by_role("dialog", name="Continue on your phone")
    await expect(dialog).to_contain_text("The code cannot be shown just now.")
    await dialog.get_by_role("button", name="Copy link").click()
    await expect(dialog).to_contain_text("The link is selected.")
    assert await page.evaluate("getSelection().toString() || document.activeElement.value") == server.page_url


async def test_page_follows_the_phone_to_the_end(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.evaluate(HURRY)
    await open_code(page)
    server.opening["session"]["status"] = "inProgress"
    await expect(page.get_by_role("heading", level=1)).to_have_text("It goes on over there")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    server.refusal = (409, {"code": "session_finished", "status": "complete", "reason": "end"}, {})
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")


async def test_session_can_be_taken_back(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.evaluate(HURRY)
    await open_code(page)
    server.opening["session"]["status"] = "inProgress"
    await page.get_by_role("button", name="Continue here instead").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    await page.wait_for_timeout(800)  # Longer than the page, hurried, would take to ask again.
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


async def test_page_that_was_replaced_in_the_call_sees_the_end_as_well(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.evaluate(HURRY)
    server.send("replaced")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The conversation continues elsewhere")
    server.refusal = (409, {"code": "session_finished", "status": "incomplete", "reason": "silence"}, {})
    await expect(page.get_by_role("heading", level=1)).to_have_text("We did not hear from you")


async def test_a_link_that_runs_out_meanwhile_ends_the_asking(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.evaluate(HURRY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/client/session" in request.url else None)
    server.refusal = (410, {"code": "client_secret_expired"}, {})
    server.send("replaced")
    async with page.expect_response("**/client/session"):
        pass
    await page.wait_for_timeout(2_500)
    assert len(asked) == 1
    await expect(page.get_by_role("heading", level=1)).to_have_text("The conversation continues elsewhere")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_code_on_the_screen_can_be_read(open_page: OpenPage, server: FakeSessionServer, scheme: str) -> None:
    page = await open_page(permissions=(), color_scheme=scheme)
    link = "https://talk.example.org/?cs=" + "cs_0123456789abcdefghijklmnopqrstuvwxyzABCDEF"
    code = qr_code(link)
    await page.route("**/client/handoff.svg", lambda route: route.fulfill(body=code, content_type="image/svg+xml"))
    await open_code(page)
    await page.wait_for_function("() => document.querySelector('.code-picture[src]')?.naturalWidth > 0")
    picture = cv2.imdecode(np.frombuffer(await page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [link]
