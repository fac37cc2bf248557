"""Settings for hearing and reading, and the languages of the page."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def settings(page: Page) -> None:
    """Open the sheet in the call, by keyboard."""
    await page.get_by_role("button", name="Settings", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Settings")).to_be_focused()


async def font_size(page: Page, selector: str) -> float:
    """Size of the text in px."""
    size: float = await page.locator(selector).first.evaluate(
        "(element) => parseFloat(getComputedStyle(element).fontSize)"
    )
    return size


async def test_larger_text_by_keyboard_alone(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("caption", id="1", speaker="avatar", text="Hello there.", final=True)
    before = [await font_size(page, ".caption"), await font_size(page, ".lines .words")]
    await settings(page)
    await page.get_by_role("radio", name="Normal").first.focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Largest")).to_be_checked()
    after = [await font_size(page, ".caption"), await font_size(page, ".lines .words")]
    assert all(large > 1.5 * small for small, large in zip(before, after, strict=True))
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Settings", exact=True)).to_be_focused()


async def test_high_contrast_and_captions_are_switches(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("caption", id="1", speaker="avatar", text="Hello there.", final=True)
    await settings(page)
    await page.get_by_role("switch", name="High contrast").focus()
    await page.keyboard.press("Space")
    assert await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == "#000"
    captions = page.get_by_role("switch", name="Captions")
    await expect(captions).to_be_checked()
    await captions.click()
    await expect(page.locator("p.caption")).to_be_hidden()


async def test_pace_is_told_and_told_again_after_a_reconnect_and_a_reload(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await settings(page)
    await page.get_by_role("radio", name="Slower").check(force=True)
    first = await server.wait_for("pace")
    assert (first["speechRate"], first["extraTime"]) == (0.85, False)
    await page.get_by_role("switch", name="More time to answer").click()
    second = await server.wait_for("pace", count=2)
    assert (second["speechRate"], second["extraTime"]) == (0.85, True)

    await server.drop()
    assert await server.wait_for("pace", count=3) == second
    await page.reload()
    await join_typing(page, server)
    assert await server.wait_for("pace", count=4) == second


async def test_usual_pace_needs_no_word(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    await server.wait_for("statistics")
    assert not any(message["type"] == "pace" for message in server.messages)


async def test_junk_that_the_tab_kept_is_no_setting(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.evaluate(
        "(kept) => sessionStorage.setItem('visavis.comfort', kept)",
        '{"captionSize": "<b>", "speechRate": 9, "extraTime": "yes"}',
    )
    await page.reload()
    await join_typing(page, server)
    await settings(page)
    await expect(page.get_by_role("radio", name="Normal").first).to_be_checked()
    await expect(page.get_by_role("switch", name="More time to answer")).not_to_be_checked()
    await page.evaluate("sessionStorage.setItem('visavis.comfort', 'null')")
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")


async def test_page_works_where_storage_is_blocked(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page("/static/shared/icon.svg")
    await page.context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    await page.goto(server.page_url)
    await join(page, server)
    await settings(page)
    await page.get_by_role("radio", name="Faster").check(force=True)
    assert (await server.wait_for("pace"))["speechRate"] == 1.15


async def test_language_is_chosen_where_there_is_more_than_one(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["languages"] = [{"id": "en", "title": "English"}, {"id": "de", "title": "Deutsch"}]
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.get_by_role("button", name="Language", exact=True).click()
    await page.get_by_role("combobox", name="Language").select_option("de")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    assert len(server.offers) == 1, "the call goes on"


async def test_language_chosen_before_the_call_is_the_one_that_is_asked_for(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["languages"] = [{"id": "en", "title": "English"}, {"id": "de", "title": "Deutsch"}]
    page = await open_page(permissions=())
    await page.get_by_role("combobox", name="Language").select_option("de")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.locator(".actions .secondary").first.click()
    await server.wait_for("microphone")
    assert server.offers[0]["language"] == "de"


async def test_one_language_needs_no_choice(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["languages"] = [{"id": "en", "title": "English"}]
    page = await open_page(permissions=())
    await expect(page.get_by_role("combobox", name="Language")).to_be_hidden()
    await join_typing(page, server)
    await expect(page.get_by_role("button", name="Language", exact=True)).to_be_hidden()


async def test_sheet_steps_aside_for_a_check(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    await settings(page)
    server.show_check("r1")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("region", name="Face check")).to_be_visible()


async def test_switch_of_language_keeps_sheet_and_focus(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["languages"] = [{"id": "en", "title": "English"}, {"id": "de", "title": "Deutsch"}]
    page = await open_page(permissions=())
    await join_typing(page, server)
    await settings(page)
    await page.get_by_role("combobox", name="Language").select_option("de")
    await expect(page.get_by_role("dialog", name="Einstellungen")).to_be_visible()
    await expect(page.get_by_role("dialog").get_by_role("combobox", name="Sprache")).to_be_focused()


@pytest.mark.parametrize("size", [(320, 256), (320, 200), (844, 390)])
async def test_every_screen_can_be_used_when_enlarged_to_400_percent(
    open_page: OpenPage, server: FakeSessionServer, size: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": size[0], "height": size[1]})
    overflow = "document.documentElement.scrollWidth > innerWidth"
    await page.get_by_role("button", name="Continue", exact=True).click()
    assert await page.evaluate(overflow) is False
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    await settings(page)
    await page.get_by_role("radio", name="Largest").check(force=True)
    await page.get_by_role("button", name="Continue on your phone").scroll_into_view_if_needed()
    await expect(page.get_by_role("button", name="Continue on your phone")).to_be_in_viewport()
    await page.get_by_role("button", name="Close settings").click()
    await expect(page.get_by_role("textbox", name="Type your answer")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(overflow) is False
