"""One's own account in the console: set up by its link, signed in, its password changed; and how the page looks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from rtc_server.staff.roles import Role
from rtc_server.staff.totp import code_at
from tests.fakes.console_edge import PASSWORD
from tests.static.console_desk import Desk, opened_desk
from tests.static.console_server import fill_sign_in, open_console_page
from tests.static.test_axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENTENCE = "my first sentence that nobody guesses"
SHADE = """() => document.body.computedStyleMap().get("background-color").toString()"""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(browser, tmp_path) as desk:
        yield desk


async def set_up(desk: Desk, **options: Any) -> Page:
    """The page behind an invitation."""
    _, token = await desk.edge.room.accounts.invite("ada@example.org", "Ada Lund", (Role.AGENT,), ("*",))
    page = await desk.page(**options)
    await page.goto(f"{desk.edge.origin}/console/#setup={token}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Ada Lund")
    return page


async def finish(desk: Desk, page: Page) -> None:
    """Fill everything in rightly, and send it."""
    await page.get_by_label("Password").fill(SENTENCE)
    await page.get_by_label("The same once more").fill(SENTENCE)
    secret = await page.locator(".secret code").inner_text()
    await page.get_by_label("Code").fill(code_at(secret, desk.edge.clock[0]))
    await page.get_by_role("button", name="Finish").click()


async def test_an_account_is_set_up_with_a_code_and_recovery_codes_that_are_shown_once(desk: Desk) -> None:
    page = await set_up(desk)
    picture = page.get_by_alt_text("QR code for the authenticator app")
    assert await picture.evaluate("(image) => image.complete && image.naturalWidth > 0")
    await finish(desk, page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    codes = await page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 8
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing")
    assert codes[0] not in await page.content()


async def test_rules_of_passwords_are_said_at_their_fields(desk: Desk) -> None:
    page = await set_up(desk)
    password, again = page.get_by_label("Password"), page.get_by_label("The same once more")
    await page.get_by_role("button", name="Finish").click()
    await expect(page.get_by_text("Fill this in.")).to_have_count(3)
    await password.fill("short")
    await again.fill("shorter")
    await page.get_by_label("Code").fill("000000")
    await page.get_by_role("button", name="Finish").click()
    await expect(page.get_by_text("Take 12 characters or more.")).to_be_visible()
    await expect(page.get_by_text("The two are not the same.")).to_be_visible()
    for wanted in ("passwordpassword", SENTENCE):
        await password.fill(wanted)
        await again.fill(wanted)
        await page.get_by_role("button", name="Finish").click()
        told = "is one of those that are tried first" if wanted != SENTENCE else "not the code that the app shows now"
        await expect(page.get_by_text(told)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_before_anybody_is_signed_in(desk: Desk, scheme: Any) -> None:
    page = await set_up(desk, color_scheme=scheme)
    assert await findings(page) == []
    await finish(desk, page)
    await page.locator(".codes").wait_for()
    assert await findings(page) == []
    await page.get_by_role("button", name="Go to sign-in").click()
    await page.get_by_label("Password").wait_for()
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Fill this in.").first).to_be_visible()
    assert await findings(page) == []


async def test_the_password_is_changed_by_keyboard_from_the_menu_at_ones_name(desk: Desk) -> None:
    person = await desk.edge.person(Role.AGENT, name="Mia Lopez")
    page = await desk.page()
    await open_console_page(page, desk.edge, person)
    menu = page.locator("summary", has_text="Mia Lopez")
    await menu.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Change password")).to_be_hidden()
    await expect(menu).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Change your password")
    await dialog.get_by_label("Current password").fill("not the password")
    await dialog.get_by_label("New password").fill(SENTENCE)
    await dialog.get_by_label("The same once more").fill(SENTENCE)
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("This is not your current password.")).to_be_visible()
    await expect(dialog.get_by_label("Current password")).to_be_focused()
    assert await findings(page) == []
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await page.reload()
    await page.get_by_role("navigation", name="Console").wait_for()
    await page.get_by_role("button", name="Sign out").click()
    await fill_sign_in(page, desk.edge, person, password=SENTENCE)
    await page.get_by_role("navigation", name="Console").wait_for()


async def test_a_view_that_comes_late_takes_the_focus_only_from_who_waits_for_it(desk: Desk) -> None:
    person = await desk.edge.person(Role.AGENT, name="Mia Lopez")
    page = await desk.page()
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/views/live.js", held.put_nowait)
    await open_console_page(page, desk.edge, person)
    menu = page.locator("summary", has_text="Mia Lopez")
    async with asyncio.timeout(10):
        live = await held.get()
    await menu.focus()
    await live.continue_()
    await expect(page).to_have_title("Live · Visavis")
    await expect(menu).to_be_focused()
    await page.get_by_role("navigation", name="Console").get_by_role("link", name="Fleet").click()
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_colours_follow_the_system_or_the_choice_which_is_kept(desk: Desk) -> None:
    page = await desk.signed_in(Role.AGENT, color_scheme="light")
    light = await page.evaluate(SHADE)
    await page.get_by_label("Colours").select_option("dark")
    dark = await page.evaluate(SHADE)
    assert dark != light
    await page.reload()
    await page.get_by_role("navigation", name="Console").wait_for()
    assert await page.evaluate(SHADE) == dark
    await page.get_by_label("Colours").select_option("system")
    assert await page.evaluate(SHADE) == light
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(SHADE) == dark


async def test_the_first_stop_of_the_keyboard_skips_the_navigation(desk: Desk) -> None:
    page = await desk.signed_in(Role.AGENT)
    skip = page.get_by_role("button", name="Skip to the content")
    await expect(skip).not_to_be_in_viewport()
    await page.locator("button, a, input, select, summary, [tabindex='0']").first.focus()
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.querySelector('main').contains(document.activeElement)")
