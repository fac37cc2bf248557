"""What the person agrees to before anything is opened, and saying no."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COUNT_ASKING = """() => {
  window.asked = 0;
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => { window.asked += 1; return real(wanted); };
}"""


async def test_what_is_kept_is_said_and_one_press_agrees(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(COUNT_ASKING)
    await expect(page.get_by_text("Ava is an AI avatar")).to_be_visible()
    await expect(page.get_by_text("Sound and video are not recorded.")).to_be_visible()
    await expect(page.get_by_text("With “Continue” you agree to this.")).to_be_in_viewport()
    await page.get_by_text("Who gets it, and for how long").click()
    await expect(page.get_by_text("You can ask for a copy")).to_be_visible()
    assert await page.evaluate("asked") == 0
    assert server.consents == []

    await join(page, server)
    version = await page.evaluate("import('/static/session/opening.js').then((m) => m.CONSENT_VERSION)")
    assert server.consents == [{"version": version, "locale": "en"}]


async def test_customers_own_word_on_the_button_is_the_one_that_agrees(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["customization"] = {"permissionsPage": {"buttonText": "Let us go"}}
    page = await open_page(permissions=())
    await expect(page.get_by_text("With “Let us go” you agree to this.")).to_be_visible()


async def test_typing_and_a_flow_that_asks_by_itself_agree_as_well(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    assert len(server.consents) == 1
    server.opening["asksPermissions"] = True
    page = await open_page()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone", count=2)
    assert len(server.consents) == 2


async def test_consent_that_did_not_get_through_is_told_with_the_call(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await page.route("**/client/consent", lambda route: route.fulfill(status=503, body="{}"), times=1)
    await join_typing(page, server)
    async with asyncio.timeout(5):
        while not server.consents:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert server.consents[0]["locale"] == "en"


async def test_who_has_agreed_is_not_asked_again_unless_the_text_is_another(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    version = await page.evaluate("import('/static/session/opening.js').then((m) => m.CONSENT_VERSION)")
    server.opening["consent"] = {"version": version, "at": 1_790_000_000_000}
    page = await open_page(permissions=())
    await expect(page.get_by_text("Ava is an AI avatar")).to_be_visible()
    await expect(page.get_by_text("you agree to this")).to_have_count(0)
    await join_typing(page, server)
    assert server.consents == []
    server.opening["consent"]["version"] = "2001-01"
    page = await open_page(permissions=())
    await expect(page.get_by_text("you agree to this")).to_be_visible()


async def test_saying_no_leaves_with_nothing_opened(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(COUNT_ASKING)
    await page.get_by_role("button", name="No, leave").click()
    dialog = page.get_by_role("dialog", name="Leave without starting?")
    await expect(dialog).to_contain_text("Nothing has been recorded.")
    await dialog.get_by_role("button", name="Go back").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    await page.get_by_role("button", name="No, leave").click()
    await dialog.get_by_role("button", name="No, leave").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You did not take part")
    async with asyncio.timeout(5):
        await server.left.wait()
    assert server.consents == []
    assert await page.evaluate("asked") == 0
