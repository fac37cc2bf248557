"""Coloured light on the whole screen: only after a warning, only with the person's consent, in exact time."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY, join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COLOURS = ["#ff0000", "#00ff00", "#0000ff"]
SEEN = ["rgb(255, 0, 0)", "rgb(0, 255, 0)", "rgb(0, 0, 255)"]
SYMBOL_MS = 300

RECORD = """() => {
  window.shown = [];
  const light = document.querySelector('.flash-light');
  new MutationObserver(() => {
    const colour = light.style.backgroundColor;
    if (colour && colour !== window.shown.at(-1)?.[0]) window.shown.push([colour, performance.now()]);
  }).observe(light, { attributes: true, attributeFilter: ['style'] });
}"""


async def want_flash(page: Page, server: FakeSessionServer, *, symbol_ms: int = SYMBOL_MS) -> None:
    """Have a check shown, and then the colours wanted."""
    await join(page, server)
    await page.evaluate(RECORD)
    server.show_check("r1")
    await expect(page.locator(".check")).to_be_visible()
    send_flash(server, symbol_ms=symbol_ms)


def send_flash(server: FakeSessionServer, *, symbol_ms: int = SYMBOL_MS) -> None:
    """Want the colours shown."""
    server.send("showFlash", requestId="r1", colours=COLOURS, symbolMs=symbol_ms)


async def shown(page: Page) -> list[Any]:
    """(colour, milliseconds) of each colour that was on the screen."""
    found: list[Any] = await page.evaluate("shown")
    return found


async def test_colours_are_shown_after_consent_in_exact_time(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await want_flash(page, server)
    dialog = page.get_by_role("dialog", name="May your screen light up?")
    await expect(dialog).to_contain_text("photosensitive epilepsy")
    await expect(dialog.get_by_role("button", name="Skip")).to_be_focused()
    assert await shown(page) == []
    await dialog.get_by_role("button", name="Show it").click()
    await expect(page.locator(".flash-light")).to_be_visible()
    covered, oval = await page.evaluate(
        """[document.querySelector('.flash-light').getBoundingClientRect().width === innerWidth,
            document.querySelector('.flash-oval').checkVisibility()]"""
    )
    assert covered
    assert oval
    answer = await server.wait_for("flashShown")
    colours = await shown(page)
    assert [colour for colour, _ in colours] == SEEN
    began = colours[0][1]
    for index, (_, at) in enumerate(colours):
        # A frame of the display, and what a busy machine adds.
        assert -20 <= at - began - index * SYMBOL_MS < 150
    assert answer["requestId"] == "r1"
    assert 3 * SYMBOL_MS <= answer["startedMsAgo"] < 3 * SYMBOL_MS + 250
    await expect(page.locator("dialog.flash")).to_be_hidden()
    await expect(page.locator(".check")).to_be_visible()

    send_flash(server)
    await server.wait_for("flashShown", count=2)
    assert [colour for colour, _ in await shown(page)] == SEEN * 2, "the choice is remembered"


@pytest.mark.parametrize("way", ["Skip", "Escape"])
async def test_who_skips_sees_nothing_and_is_not_asked_again(
    open_page: OpenPage, server: FakeSessionServer, way: str
) -> None:
    page = await open_page()
    await want_flash(page, server)
    dialog = page.get_by_role("dialog", name="May your screen light up?")
    await expect(dialog).to_be_visible()
    if way == "Skip":
        await page.keyboard.press("Enter")  # The focus is on "Skip".
    else:
        await page.keyboard.press("Escape")
    declined = {"type": "flashDeclined", "requestId": "r1", "reason": "photosensitivity"}
    assert await server.wait_for("flashDeclined") == declined
    await expect(dialog).to_be_hidden()
    send_flash(server)
    assert await server.wait_for("flashDeclined", count=2) == declined
    assert await shown(page) == []
    await expect(page.locator(".check")).to_be_visible()


async def test_escape_stops_the_light(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await want_flash(page, server, symbol_ms=4_000)
    await page.get_by_role("button", name="Show it").click()
    await page.wait_for_function("() => shown.length === 1")
    await page.keyboard.press("Escape")
    assert (await server.wait_for("flashDeclined"))["reason"] == "photosensitivity"
    await expect(page.locator("dialog.flash")).to_be_hidden()
    await expect(page.locator(".check")).to_be_visible()
    assert await page.evaluate("document.querySelector('.flash-light').style.backgroundColor") == ""
    assert [message["type"] for message in server.messages].count("cancelCheck") == 0


async def test_without_an_answer_nothing_is_shown(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(HURRY)
    await want_flash(page, server)
    await expect(page.get_by_text("we go on without it in")).to_be_visible()
    assert (await server.wait_for("flashDeclined"))["reason"] == "unavailable"
    await expect(page.locator("dialog.flash")).to_be_hidden()
    assert await shown(page) == []
    send_flash(server)
    await expect(page.get_by_role("button", name="Show it")).to_be_visible()  # Nobody has said no.


async def test_reduced_motion_declines_at_once(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(reduced_motion="reduce")
    await want_flash(page, server)
    assert (await server.wait_for("flashDeclined"))["reason"] == "reduced_motion"
    await expect(page.locator("dialog.flash")).to_be_hidden()
    assert await shown(page) == []


async def test_faster_than_three_flashes_a_second_is_never_shown(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await want_flash(page, server, symbol_ms=100)
    assert (await server.wait_for("flashDeclined"))["reason"] == "unavailable"
    assert await shown(page) == []


async def test_end_of_the_check_takes_the_light_away(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await want_flash(page, server, symbol_ms=4_000)
    await page.get_by_role("button", name="Show it").click()
    await page.wait_for_function("() => shown.length === 1")
    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.locator("dialog.flash")).to_be_hidden()
    await expect(page.locator(".check")).to_be_hidden()
    answers = [m for m in server.messages if m["type"] in ("flashShown", "flashDeclined")]
    assert answers == [], "a check that is over wants no answer"
