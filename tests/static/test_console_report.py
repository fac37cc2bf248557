"""A report in the console: its pictures, opened with a reason, and its paper; and every dialog there is, before axe."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, expect

from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery, MediaRecord
from tests.insight.sessions import end_session
from tests.static.console_desk import SUPERVISOR, Desk, opened_desk
from tests.static.test_axe import findings
from tests.storage.records import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SESSION = "session-00001"
REPORT = f"/history/{SESSION}"

Open = Callable[[Page], Awaitable[object]]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(browser, tmp_path) as desk:
        await end_session(desk.edge.stores, 1)
        content = io.BytesIO()
        Image.new("RGB", (40, 30), "#336699").save(content, "JPEG")
        picture = MediaRecord("m_1", SESSION, "document.face", 0, "image/jpeg", len(content.getvalue()), START_MS)
        await desk.edge.stores.media.put(picture, content.getvalue())
        yield desk


async def test_a_picture_is_shown_after_a_reason_that_the_audit_keeps(desk: Desk) -> None:
    page = await desk.signed_in(Role.REVIEWER, path=REPORT)
    await page.get_by_role("button", name="Open …").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why do you open it?").fill("no")
    await dialog.get_by_role("button", name="Open").click()
    await expect(dialog.get_by_text("Write 5 characters or more.")).to_be_visible()
    assert await page.locator("main .media img").count() == 0
    await dialog.get_by_label("Why do you open it?").fill("Compared with the form")
    await dialog.get_by_role("button", name="Open").click()
    picture = page.get_by_role("img", name="document face")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 40
    (entry,) = await desk.edge.stores.audit.entries(AuditQuery(limit=1))
    told = {"media": "m_1", "kind": "document.face", "reason": "Compared with the form"}
    assert (entry.action, dict(entry.details)) == ("media.opened", told)
    await page.reload()
    await expect(page.get_by_text("Opened a picture or recording")).to_be_visible()
    await expect(picture).to_have_count(0)


async def test_the_report_is_saved_as_pdf(desk: Desk) -> None:
    page = await desk.signed_in(Role.REVIEWER, path=REPORT)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="PDF").click()
    saved = await download.value
    assert saved.suggested_filename == f"report-{SESSION}.pdf"
    content = await asyncio.to_thread((await saved.path()).read_bytes)
    assert content.startswith(b"%PDF-")


def button(name: str) -> Open:
    """Opens a dialog by a button of the view."""
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


async def own_password(page: Page) -> None:
    await page.locator("summary", has_text="Mia Lopez").click()
    await page.get_by_role("button", name="Change password").click()


async def invited(page: Page) -> None:
    await page.get_by_role("button", name="Add an account").click()
    await page.get_by_label("E-mail address").fill("new@example.org")
    await page.get_by_label("Name", exact=True).fill("Robin New")
    await page.get_by_role("button", name="Add", exact=True).click()


async def webhook(page: Page) -> None:
    await page.get_by_label("Webhook address").fill("https://127.0.0.1:9/alerts")
    await page.get_by_role("button", name="Save").click()


DIALOGS: dict[str, tuple[str, Open]] = {
    "Keys": ("/live", button("Keys")),
    "Change your password": ("/live", own_password),
    "Open document face": (REPORT, button("Open …")),
    "Add an account": ("/staff", button("Add an account")),
    "Edit Jo Park": ("/staff", button("Edit Jo Park")),
    "Reset Jo Park": ("/staff", button("Reset Jo Park")),
    "Disable Jo Park": ("/staff", button("Disable Jo Park")),
    "Hand this link over": ("/staff", invited),
    "What came of the test": ("/alerts", button("Send a test")),
    "Secret of the webhook": ("/alerts", webhook),
}
"""By title: the view, and how it is opened there. Those of a running session are in test_console_session.py."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_dialog(desk: Desk, scheme: Any) -> None:
    await desk.edge.person(Role.AGENT, name="Jo Park")
    page = await desk.signed_in(*SUPERVISOR, color_scheme=scheme)
    for title, (path, open_dialog) in DIALOGS.items():
        await page.goto(f"{desk.edge.origin}/console/#{path}")
        await page.reload()
        await open_dialog(page)
        dialog = page.get_by_role("dialog", name=title)
        await expect(dialog).to_be_visible()
        assert await findings(page) == [], title
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_sign_in_over_the_page(desk: Desk, scheme: Any) -> None:
    page = await desk.signed_in(Role.REVIEWER, path=REPORT, color_scheme=scheme)
    await page.get_by_role("button", name="PDF").wait_for()
    desk.edge.pass_seconds(3 * 3600)
    await page.get_by_role("button", name="PDF").click()
    await expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    assert await findings(page) == []
