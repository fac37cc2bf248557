"""The page by keyboard, on small and large screens, and readable."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_leaving_by_keyboard_asks_first(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.keyboard.press("Escape")
    dialog = page.get_by_role("dialog", name="End the conversation?")
    await expect(dialog).to_be_visible()
    await expect(page.get_by_role("button", name="Keep talking")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("dialog").get_by_role("button", name="End conversation")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You ended the conversation")
    async with asyncio.timeout(5):
        await server.left.wait()


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
async def test_controls_are_large_enough_and_nothing_overflows(
    open_page: OpenPage, server: FakeSessionServer, size: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": size[0], "height": size[1]})
    await join(page, server)
    server.send("caption", id="1", speaker="avatar", text="word " * 60, final=True)
    await expect(page.locator(".caption")).to_be_visible()
    small, overflow = await page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('button, textarea')];
          const small = all.filter((e) => e.offsetParent && !e.closest('dialog')).filter((e) => {
            const { width, height } = e.getBoundingClientRect();
            return width < 44 || height < 44;
          });
          const dock = document.querySelector('.dock').getBoundingClientRect();
          const off = dock.left < 0 || dock.right > innerWidth || document.documentElement.scrollWidth > innerWidth;
          return [small.map((e) => e.className), off];
        }"""
    )
    assert small == []
    assert overflow is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_has_the_contrast_of_wcag_aa(open_page: OpenPage, scheme: str) -> None:
    page = await open_page(color_scheme=scheme)
    ratios = await page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const luminance = (name) => {
            const hex = style.getPropertyValue(name).trim().slice(1);
            const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
              .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const pairs = ['ink surface', 'ink-soft surface', 'ink-soft surface-2', 'on-accent accent', 'accent surface',
                         'ink accent-wash', 'accent accent-wash', 'danger surface', 'danger surface-2',
                         'warn warn-wash', 'ink stage-1', 'ink stage-2', 'ink-soft stage-1', 'accent stage-1',
                         'ink warn-wash'];
          return Object.fromEntries(pairs.map((pair) => pair.split(' ').map((name) => `--${name}`)).map(([a, b]) => {
            const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
            return [`${a} on ${b}`, (x + 0.05) / (y + 0.05)];
          }));
        }"""
    )
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}
