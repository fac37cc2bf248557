"""What axe-core finds on our pages, by the rules of WCAG 2.2 (AA) that a machine can check and its good practices."""

from collections.abc import Awaitable, Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.api_server import api_server
from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FINDINGS = """async (rules) => (await axe.run(document, { runOnly: rules })).violations
  .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`)"""

Step = Callable[[Page, FakeSessionServer], Awaitable[None]]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api_server(Path(tmp_path_factory.mktemp("axe"))) as url:
        yield url


async def welcome(page: Page, _server: FakeSessionServer) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")


async def ready(page: Page, _server: FakeSessionServer) -> None:
    await page.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ready when you are")


async def call(page: Page, server: FakeSessionServer) -> None:
    await join(page, server)
    server.send("caption", id="1", speaker="avatar", text="Hello, what is your name?", final=True)
    await expect(page.locator(".caption")).to_be_visible()


async def field(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    server.ask_input("request-1", "email")
    await expect(page.get_by_role("textbox", name="Your e-mail address")).to_be_visible()


async def asked_about_recording(page: Page, server: FakeSessionServer) -> None:
    server.opening["recording"] = ["userVideo", "avatarAudio"]
    await page.reload()
    await expect(page.get_by_role("checkbox")).to_be_visible()


async def recording(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    server.send("recording", state="on")
    await expect(page.get_by_role("button", name="Recording", exact=True)).to_be_visible()


async def stopping(page: Page, server: FakeSessionServer) -> None:
    await recording(page, server)
    await page.get_by_role("button", name="Recording", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def check(page: Page, server: FakeSessionServer) -> None:
    await join(page, server)
    server.show_check("request-1")
    await expect(page.locator(".check")).to_be_visible()


async def document(page: Page, server: FakeSessionServer) -> None:
    await join(page, server)
    server.show_document("request-1")
    await expect(page.get_by_role("region", name="Your document")).to_be_visible()


async def leaving(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def ended(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    server.send("finished", status="complete", reason="end")
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")


async def settings(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    await page.get_by_role("button", name="Settings", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def handoff(page: Page, _server: FakeSessionServer) -> None:
    await page.get_by_role("button", name="Continue on your phone").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def replaced(page: Page, server: FakeSessionServer) -> None:
    await join_typing(page, server)
    server.send("replaced")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The conversation continues elsewhere")


async def findings(page: Page) -> list[str]:
    """Each rule that is broken, with its elements."""
    source = files(axe).joinpath("axe.min.js").read_text(encoding="utf-8")
    await page.evaluate(source)
    found: list[str] = await page.evaluate(FINDINGS, RULES)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "step",
    [
        welcome, asked_about_recording, ready, call, recording, stopping, field, check, document, settings, handoff,
        leaving, replaced, ended,
    ],
)  # fmt: skip
async def test_the_session_page(open_page: OpenPage, server: FakeSessionServer, step: Step, scheme: str) -> None:
    page = await open_page(color_scheme=scheme, reduced_motion="reduce")
    await step(page, server)
    assert await findings(page) == []


@pytest.mark.parametrize(
    ("status", "code"), [(503, "busy"), (410, "client_secret_expired"), (401, "client_secret_unknown")]
)
async def test_a_page_that_cannot_go_on(open_page: OpenPage, server: FakeSessionServer, status: int, code: str) -> None:
    server.refusal = (status, {"code": code}, {"Retry-After": "30"})
    page = await open_page()
    await expect(page.locator(".seal")).to_be_visible()
    assert await findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/reference", "/sandbox/mailbox/page"])
async def test_pages_for_developers(browser: Browser, api: str, path: str, scheme: Literal["light", "dark"]) -> None:
    page = await browser.new_page(color_scheme=scheme)
    await page.goto(api + path)
    await expect(page.get_by_role("heading").first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert await findings(page) == []


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
@pytest.mark.parametrize("path", ["/demo", "/static/mailbox/index.html"])
async def test_our_other_pages(open_page: OpenPage, path: str, options: dict[str, Any]) -> None:
    page = await open_page(path, **options)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await findings(page) == []
