"""Every page of the server in Chromium, with the headers that the real edge sends: nothing breaks, text stays text."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Response, expect

from tests.api.conftest import FLOW
from tests.fakes.api_server import KEY, api_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGES = ("/reference", "/sandbox/mailbox/page", "/?cs=")

TRY_SINKS = """() => {
  const attempts = {
    markup: () => { document.createElement("div").innerHTML = "<b>bold</b>"; },
    frame: () => { document.createElement("iframe").srcdoc = "<b>bold</b>"; },
    script: () => { document.createElement("script").text = "1"; },
    policy: () => { trustedTypes.createPolicy("default", {}); },
  };
  return Object.entries(attempts).filter(([, attempt]) => {
    try { attempt(); return true; } catch { return false; }
  }).map(([name]) => name);
}"""
"""Which ways from text to markup are open."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api_server(Path(tmp_path_factory.mktemp("headers"))) as url:
        yield url


async def new_session(api: str) -> dict[str, Any]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as client:
        answer = await client.post(f"{api}/sessions", json={"flow": FLOW})
        data: dict[str, Any] = await answer.json()
        return data


async def opened(browser: Browser, url: str) -> tuple[Page, Response, list[str]]:
    """The page, what it came with, and what it complained of."""
    page = await browser.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    response = await page.goto(url)
    assert response is not None
    return page, response, complaints


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_works_and_turns_no_text_into_markup(browser: Browser, api: str, path: str) -> None:
    secret = (await new_session(api))["clientSecret"]["secret"]
    page, response, complaints = await opened(browser, api + path.replace("cs=", f"cs={secret}"))
    assert "trusted-types 'none'" in (await response.all_headers())["content-security-policy"]
    await expect(page.get_by_role("heading").first, str(complaints)).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert [text for text in complaints if not missing_file(text)] == []
    assert await page.evaluate(TRY_SINKS) == []
    await page.close()


async def test_the_code_for_another_device_can_be_shown(browser: Browser, api: str) -> None:
    """An authorised picture reaches the page as a blob, which its policy has to allow."""
    secret = (await new_session(api))["clientSecret"]["secret"]
    page, _, _ = await opened(browser, f"{api}/?cs={secret}")
    side = await page.evaluate(
        """async (secret) => {
          const reply = await fetch("/client/handoff.svg", { headers: { Authorization: `Bearer ${secret}` } });
          const image = new Image();
          image.src = URL.createObjectURL(await reply.blob());
          await image.decode();
          return image.naturalWidth;
        }""",
        secret,
    )
    assert side > 30
    await page.close()


async def test_what_is_kept_is_not_sent_again(browser: Browser, api: str) -> None:
    """A reload asks for each file and gets none: their tags hold for the form that was sent."""
    page, _, _ = await opened(browser, f"{api}/reference")
    await expect(page.locator("article").first).to_be_visible()
    sent: list[asyncio.Task[dict[str, Any]]] = []
    page.on("requestfinished", lambda request: sent.append(asyncio.ensure_future(body_size(request))))
    await page.reload()
    await expect(page.locator("article").first).to_be_visible()
    sizes = {found["path"]: found["bytes"] for found in await asyncio.gather(*sent)}
    files = {path: size for path, size in sizes.items() if "/static/" in path}
    assert len(files) >= 5
    assert set(files.values()) == {0}, files
    await page.close()


async def body_size(request: Any) -> dict[str, Any]:
    return {"path": request.url, "bytes": (await request.sizes())["responseBodySize"]}


def missing_file(complaint: str) -> bool:
    """Heads and renderer are no part of this server; the page then draws its portrait."""
    return "404" in complaint and "Failed to load resource" in complaint
