"""The sample partner's site in Chromium; its own server's answers are set by the test, the session page is real."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.test_axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CALLS = re.compile(r"/demo/(session|events|report)\b")
FINISHED = json.dumps({"message": "SESSION_FINISHED", "sessionId": "session-1", "status": "complete"})


@dataclass
class Northbank:
    """What the site's own server answers."""

    link: str
    problem: str = ""
    """Why no session can be opened; empty when it can."""
    events: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    away: bool = False
    report: dict[str, Any] = field(
        default_factory=lambda: {
            "nodeReports": [{"nodeId": "payment", "outcome": "yes"}],
            "extractedData": {"name": "Ada <b>Lovelace</b>"},
        }
    )
    status: str = "complete"

    def receive(self, status: str) -> None:
        """A webhook comes."""
        number = len(self.events) + 1
        event = {"id": f"evt_{number}", "type": "session.status", "status": status}
        self.events.append(event | {"createdAt": number, "receivedAt": 1_790_000_000_000 + number})

    async def answer(self, route: Route) -> None:
        """Answer a call of the page."""
        path = route.request.url.partition("/demo/")[2].partition("?")[0]
        if self.problem and path == "session":
            await route.fulfill(status=502, json={"error": {"message": self.problem}})
        elif self.away and path == "events":
            await route.abort()
        else:
            session = {"id": "session-1", "status": self.status, "report": self.report}
            answers = {
                "session": {"url": self.link, "sessionId": "session-1"},
                "events": {"events": self.events, "refused": self.refused},
                "report": {"session": session},
            }
            await route.fulfill(json=answers[path])


@pytest_asyncio.fixture(loop_scope="session")
async def bank(server: FakeSessionServer) -> Northbank:
    return Northbank(server.page_url)


async def visit(open_page: OpenPage, bank: Northbank, variant: str = "", **options: Any) -> Page:
    """The site, with a way of embedding chosen."""
    page = await open_page("/demo", permissions=(), **options)
    await page.route(CALLS, bank.answer)
    if variant:
        await page.get_by_role("radio", name=variant).check()
    return page


async def talk(page: Page, server: FakeSessionServer) -> None:
    """Into the call, by typing."""
    await page.get_by_role("button", name="Start the conversation").click()
    await page.frame_locator("iframe").get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")


@pytest.mark.parametrize("variant", ["Widget in the page", "Widget over the page", "Plain iframe"])
async def test_from_the_offer_to_the_report(
    open_page: OpenPage, server: FakeSessionServer, bank: Northbank, variant: str
) -> None:
    page = await visit(open_page, bank, variant)
    bank.receive("created")
    await talk(page, server)
    await page.evaluate("(message) => postMessage(message, '*')", FINISHED)
    server.send("node", nodeId="payment", nodeType="conversation")
    server.send("caption", id="1", speaker="avatar", text="Goodbye <i>you</i>", final=True)
    await expect(page.frame_locator("iframe").locator("body")).to_contain_text("Goodbye")
    assert await findings(page) == []
    await expect(page.get_by_role("heading", name="Thank you")).to_have_count(0)  # Forged by the page: not believed.
    server.send("finished", status="complete", reason="end")
    bank.receive("complete")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Thank you. That was all we need.")
    await expect(heading).to_be_focused()
    await expect(page.locator(".report dl")).to_contain_text("Ada <b>Lovelace</b>")
    await expect(page.locator("#panel-events li")).to_contain_text(["created", "complete"])
    heard = page.locator("#panel-messages li")
    if variant == "Plain iframe":
        await expect(heard).to_contain_text(["SESSION_FINISHED"])
    else:
        await expect(heard.filter(has_text="payment (conversation)")).to_have_count(1)
        await expect(heard.filter(has_text="avatar: Goodbye <i>you</i>")).to_have_count(1)
        await expect(heard.last).to_contain_text("finished")
    assert await findings(page) == []
    await page.get_by_role("button", name="Start over").click()
    await expect(page.get_by_role("radio", name=variant)).to_be_checked()
    await expect(heard).to_have_count(0)


@pytest.mark.parametrize(
    ("variant", "line"),
    [("Widget in the page", "<visavis-session"), ("over the page", 'mode="modal" open'), ("Plain iframe", "<iframe")],
)
async def test_the_code_is_that_of_the_variant(open_page: OpenPage, bank: Northbank, variant: str, line: str) -> None:
    page = await visit(open_page, bank, variant)
    await expect(page.locator("#panel-code pre")).to_contain_text(line)
    await expect(page.locator("#panel-code pre")).to_contain_text("showResult")


async def test_the_choices_keep_the_focus(open_page: OpenPage, bank: Northbank) -> None:
    page = await visit(open_page, bank)
    await page.get_by_role("radio", name="Confirm a payment").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Open an account")).to_be_focused()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("your account is open")


async def test_failures_of_the_own_server_are_told(
    browser: Browser, server: FakeSessionServer, bank: Northbank
) -> None:
    page = await browser.new_page()  # Not `open_page`, which takes a failed call for a fault of the page.
    await page.goto(f"{server.url}/demo")
    await page.route(CALLS, bank.answer)
    bank.problem = "The server is full."
    start = page.get_by_role("button", name="Start the conversation")
    await start.click()
    await expect(page.get_by_role("alert")).to_have_text("The session could not be opened. The server is full.")
    await expect(start).to_be_focused()
    bank.problem, bank.away = "", True
    await start.click()
    note = page.locator("#panel-events").get_by_role("status")
    await expect(note).to_have_text("The site’s own server does not answer. Trying again…")
    bank.away, bank.refused = False, 2
    await expect(note).to_have_text("2 requests had no valid signature and were refused.")
    await page.close()


async def test_a_window_that_is_closed_can_be_opened_again(
    open_page: OpenPage, server: FakeSessionServer, bank: Northbank
) -> None:
    page = await visit(open_page, bank, "Widget over the page")
    await page.get_by_role("button", name="Start the conversation").click()
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    await page.get_by_role("dialog").get_by_role("button").first.click()
    await page.get_by_role("button", name="Go on").click()
    await expect(frame.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    await expect(page.get_by_role("button", name="Go on")).to_be_hidden()


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
async def test_it_fits_every_screen(open_page: OpenPage, bank: Northbank, size: tuple[int, int]) -> None:
    page = await visit(open_page, bank, viewport={"width": size[0], "height": size[1]})
    await expect(page.get_by_role("button", name="Start the conversation")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await page.evaluate(
        """[...document.querySelectorAll('button, .choice label, a')]
          .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.textContent)"""
    )
    assert small == []
