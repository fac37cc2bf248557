"""From the welcome to the end by keyboard alone, without sound, and with what a screen reader is told."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FOCUS = """() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
  const ring = element.closest('.composer, .segment') ?? element;
  return { name: name.trim(), seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    || getComputedStyle(ring).boxShadow !== 'none' || getComputedStyle(ring).outlineStyle !== 'none' };
}"""


async def tab_to(page: Page, name: str, most: int = 15) -> list[str]:
    """Press Tab until this is focused; the names on the way. Each must be seen to have the focus."""
    names: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(FOCUS)
        assert focus["seen"], f"no sign of the focus on {focus['name']}"
        names.append(focus["name"])
        if focus["name"] == name:
            return names
    raise AssertionError(f"{name} is not reached by Tab: {names}")


async def test_whole_way_by_keyboard(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    order = await tab_to(page, "Continue")
    assert order == ["Who gets it, and for how long", "Continue on your phone", "Continue"]
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Ready when you are")).to_be_focused()
    order = await tab_to(page, "Start the conversation")
    assert order[:2] == ["Turn camera off", "Choose other devices"]
    await page.keyboard.press("Enter")
    await server.wait_for("microphone")
    await expect(page.get_by_role("heading", name="Talking with Ava")).to_be_focused()
    await tab_to(page, "Type your answer")
    await page.keyboard.type("Ada Lovelace")
    await page.keyboard.press("Enter")
    assert (await server.wait_for("text"))["text"] == "Ada Lovelace"
    server.send("finished", status="complete", reason="end")
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_captions_and_typing_alone_suffice(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")
    for number, question in enumerate(("What is your name?", "Is this your payment?")):
        server.send("caption", id=str(number), speaker="avatar", text=question, final=True)
        await expect(page.locator("p.caption")).to_have_text(question)
        await page.get_by_role("textbox", name="Type your answer").fill(f"Answer {number}")
        await page.keyboard.press("Enter")
        assert (await server.wait_for("text", count=number + 1))["text"] == f"Answer {number}"
    server.send("finished", status="complete", reason="end")
    await expect(page.get_by_text("Read what was said")).to_be_visible()


LISTEN = """() => {
  window.heard = [];
  const live = '[role=status], [role=alert], [role=log], [aria-live]';
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      const hidden = region?.closest('[hidden], [aria-hidden=true]');
      if (region && !hidden && region.textContent.trim()) heard.push(region.textContent.trim());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


async def test_by_ear_each_thing_is_told_once(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.preflight = {"transport": "udp", "roundTripMs": 30, "kilobitsPerSecond": 9_000}
    page = await open_page()
    await page.evaluate(LISTEN)
    await page.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_text("Your connection is good")).to_be_visible()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    server.send("state", state="listening")
    server.send("state", state="listening")
    server.send("problem", code="speech_not_understood", message="", recoverable=True)
    await expect(page.locator(".banner")).to_be_visible()
    heard: list[str] = await page.evaluate("heard")
    assert heard.count("Your camera works") == 1
    assert heard.count("Your connection is good") == 1
    assert heard.count("Listening") == 1
    assert len([words for words in heard if words.startswith("We could not understand speech")]) == 1
