"""The sandbox's mailbox in Chromium, on the real HTTP edge and a real store."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar
from rtc_server.api.routes import setup
from rtc_server.demo.mailbox import demo_mailbox
from rtc_server.notify.wording import email_body, email_subject
from rtc_server.storage.ports import MailboxMessage
from rtc_server.storage.stores import Stores, open_stores
from tests.api.conftest import KEY, START_MS, FakeCalls
from tests.conftest import REPOSITORY
from tests.storage.records import session_record

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = "<p>Your code is 113355.</p><script>parent.document.title = 'taken'</script><img src=x onerror=alert(1)>"


@dataclass
class Mailbox:
    """The edge under test, what it holds, and what the pages complained of."""

    stores: Stores
    url: str
    browser: Browser
    pages: list[Page] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def put(self, number: int, code: str, *, html: str = "", sms: bool = False) -> None:
        """A message arrives, numbered by time."""
        values = {"otp": code, "code": code, "userName": "Robin", "companyName": "Example Bank"}
        text, own_html = email_body("", values, 300, "en")
        await self.stores.mailbox.add_message(
            MailboxMessage(
                id=f"msg_{number}",
                tenant="default",
                session_id="session-00001",
                channel="sms" if sms else "email",
                recipient="+15125550123" if sms else f"robin{number}@example.org",
                subject="" if sms else email_subject("Example Bank", "en"),
                text=f"{code} is your code." if sms else text,
                html="" if sms else html or own_html,
                created_at=START_MS + number,
            )
        )

    async def open(self, path: str = "/sandbox/mailbox/page", **options: Any) -> Page:
        """A page in a fresh profile."""
        page = await self.browser.new_page(**options)
        page.set_default_timeout(10_000)
        self.pages.append(page)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self.url + path)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    async def open_with_key(self, **options: Any) -> Page:
        """A page that shows the messages."""
        page = await self.open(**options)
        await page.get_by_label("Test key").fill(KEY)
        await page.get_by_role("button", name="Show messages").click()
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def mailbox(tmp_path: Path, browser: Browser) -> AsyncIterator[Mailbox]:
    stores = await open_stores(f"sqlite:///{tmp_path / 'visavis.db'}")
    key = await ensure_bootstrap_key(stores.keys, KEY)
    await stores.sessions.create_session(session_record(1, tenant=key.tenant, sandbox=True))
    context = ApiContext(
        stores=stores,
        calls=FakeCalls(),
        check_flow=check_flow,
        server_key=b"k" * 32,
        avatars={"ava": Avatar("ava", "Ava", "ava")},
        default_avatar_id="ava",
        static_folder=REPOSITORY / "static",
    )
    app = web.Application()
    setup(app, context)
    demo_mailbox(KEY)(app)
    async with TestServer(app) as server:
        found = Mailbox(stores, str(server.make_url("")).rstrip("/"), browser)
        yield found
        for page in found.pages:
            await page.close()
    await stores.close()


async def test_messages_appear_by_themselves_and_can_be_read(mailbox: Mailbox) -> None:
    page = await mailbox.open_with_key()
    await expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    await mailbox.put(1, "482913")
    await expect(page.get_by_role("heading", name="Your verification code for Example Bank")).to_be_visible()
    await expect(page.locator("article .code")).to_contain_text("482913")
    await expect(page.frame_locator("iframe").locator(".code")).to_have_text("482913")
    await mailbox.put(2, "7788", sms=True)
    await expect(page.get_by_role("status")).to_contain_text("2 messages")
    await page.get_by_role("button", name=re.compile("Text message to")).click()
    await expect(page.locator("article .code")).to_contain_text("7788")
    await expect(page.locator("iframe")).to_have_count(0)
    assert KEY not in await page.content()
    assert mailbox.complaints == []


async def test_the_styles_of_a_mail_are_shown(mailbox: Mailbox) -> None:
    await mailbox.put(1, "482913")
    page = await mailbox.open_with_key(color_scheme="dark")
    code = page.frame_locator("iframe").locator(".code")
    assert await code.evaluate("element => getComputedStyle(element).fontSize") == "32px"
    body = page.frame_locator("iframe").locator("body")
    assert await body.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(17, 19, 24)"
    assert mailbox.complaints == []


async def test_what_is_in_a_mail_runs_nothing(mailbox: Mailbox) -> None:
    await mailbox.put(1, "113355", html=HOSTILE)
    page = await mailbox.open_with_key()
    await expect(page.frame_locator("iframe").get_by_text("Your code is 113355.")).to_be_visible()
    assert await page.title() == "Sandbox mailbox · Visavis"
    assert mailbox.complaints != []  # the browser says what it refused
    assert all("sandbox" in text or "Content Security Policy" in text or "404" in text for text in mailbox.complaints)


async def test_a_wrong_key_is_told_beside_the_field(mailbox: Mailbox) -> None:
    page = await mailbox.open()
    await page.get_by_label("Test key").fill("sk_test_wrong_key_000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("This API key is not known here.")
    await expect(page.get_by_label("Test key")).to_be_focused()
    await expect(page.get_by_label("Test key")).to_have_value("")


async def test_the_list_can_be_filtered(mailbox: Mailbox) -> None:
    await mailbox.put(1, "482913")
    await mailbox.put(2, "7788", sms=True)
    page = await mailbox.open_with_key()
    await page.get_by_label("Filter").fill("ROBIN1")
    await expect(page.locator(".entry")).to_have_count(1)
    await expect(page.locator("article")).to_contain_text("robin1@example.org")
    await page.get_by_label("Filter").fill("nobody")
    await expect(page.get_by_role("heading", name="Nothing here fits")).to_be_visible()
    await expect(page.locator("article")).to_have_count(0)
    await expect(page.get_by_label("Filter")).to_be_focused()


async def test_the_demo_needs_no_key(mailbox: Mailbox) -> None:
    await mailbox.put(1, "482913")
    page = await mailbox.open("/demo/mailbox/")
    await expect(page.locator("article .code")).to_contain_text("482913")
    assert mailbox.complaints == []


async def test_a_server_out_of_reach_is_told_and_asked_again(mailbox: Mailbox) -> None:
    page = await mailbox.open_with_key()
    await page.route("**/sandbox/mailbox", lambda route: route.abort())
    await expect(page.get_by_role("status")).to_contain_text("does not answer")
    await page.unroute("**/sandbox/mailbox")
    await mailbox.put(1, "482913")
    await expect(page.locator("article .code")).to_contain_text("482913")
    await expect(page.get_by_role("status")).to_contain_text("1 message")


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
async def test_it_fits_every_screen(mailbox: Mailbox, size: tuple[int, int]) -> None:
    await mailbox.put(1, "482913")
    page = await mailbox.open_with_key(viewport={"width": size[0], "height": size[1]})
    await expect(page.locator("article .code")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await page.evaluate(
        "[...document.querySelectorAll('button, input')].filter((e) => e.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
