"""Somebody from the support team looks on or talks: the person's page says so, to the eye and to screen readers."""

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_page_says_who_is_there_and_when_they_have_gone(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await join_typing(page, server)
    company = page.get_by_role("status").filter(has_text="support team")
    await expect(company).to_have_count(0)
    server.send("agent", mode="watching", name="Mara")
    await expect(company).to_have_text("Mara from the support team is with you")
    server.send("agent", mode="speaking", name="Mara")
    await expect(company).to_have_text("Mara from the support team is talking to you")
    server.send("agent", mode="none", name="")
    await expect(company).to_have_count(0)


async def test_a_name_is_text_and_nothing_else(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join_typing(page, server)
    server.send("agent", mode="watching", name="<img src=x onerror=alert(1)>")
    await expect(page.get_by_text("<img src=x onerror=alert(1)> from the support team is with you")).to_be_visible()
    assert await page.locator("img[src=x]").count() == 0
