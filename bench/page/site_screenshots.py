"""Render the pages around the session page: the sample partner in its three variants, the widget on a site of another
origin, the API reference, the sandbox's mailbox.

python -m bench.page.site_screenshots [--only widget-modal,reference] [--out bench/out/sites]
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from rtc_server.api.reference import document
from rtc_server.api.routes import OPERATIONS
from tests.fakes.partner_site import PartnerSite
from tests.fakes.session_server import FakeSessionServer
from tests.static.browser import LAUNCH_FLAGS, chromium_path
from tests.static.test_demo import CALLS, Northbank

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")

ARTICLE = """<main style="max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui">
<h1>Shop</h1><p>Before we send your order we would like to know that it is you.</p>{0}
<p>Thank you for your patience.</p></main>"""

MAIL = [
    {
        "id": f"msg_{number}", "sessionId": "session-1", "channel": channel, "to": recipient,
        "subject": subject, "text": text, "html": "", "createdAt": 1_790_000_000_000 + number * 60_000,
    }
    for number, (channel, recipient, subject, text) in enumerate([
        ("email", "ada@example.org", "Your code is 482913", "Your code is 482913. It is good for ten minutes."),
        ("sms", "+46701740605", "", "Your code is 117204."),
    ])
]  # fmt: skip

Shoot = Callable[[Page, FakeSessionServer, PartnerSite], Awaitable[None]]


async def _demo(page: Page, server: FakeSessionServer, variant: str) -> Northbank:
    bank = Northbank(server.page_url)
    await page.route(CALLS, bank.answer)
    await page.goto(f"{server.url}/demo")
    if variant:
        await page.get_by_role("radio", name=variant).check()
    return bank


def demo(variant: str = "", *, talking: bool = False, ended: bool = False) -> Shoot:
    """The sample partner's site."""

    async def shoot(page: Page, server: FakeSessionServer, site: PartnerSite) -> None:
        bank = await _demo(page, server, variant)
        if not (talking or ended):
            return
        bank.receive("created")
        await page.get_by_role("button", name="Start the conversation").click()
        await page.frame_locator("iframe").get_by_role("button", name="Continue without microphone").click()
        await server.wait_for("microphone")
        server.send("node", nodeId="payment", nodeType="conversation")
        server.send("state", state="speaking")
        server.send("caption", id="1", speaker="avatar", text="Do you want to send 250 euros to Ada?", final=True)
        if ended:
            server.send("finished", status="complete", reason="end")
            bank.receive("complete")
            await page.get_by_role("heading", name="Thank you").wait_for()
        await page.wait_for_timeout(1_200)

    return shoot


def widget(attributes: str = "", *, allow: bool = True, opened: bool = True) -> Shoot:
    """The widget, or a bare frame without ``allow``, on a site of another origin."""

    async def shoot(page: Page, server: FakeSessionServer, site: PartnerSite) -> None:
        server.opening["embedders"] = [site.url]
        site.head = f'<script type="module" src="{server.url}/static/widget/visavis-session.js"></script>'
        element = f'<visavis-session src="{server.page_url}" {attributes}></visavis-session>'
        if not allow:
            element = (
                f'<iframe src="{server.page_url}" style="inline-size: 100%; block-size: 640px; border: 0"></iframe>'
            )
        site.body = ARTICLE.format(element)
        await page.goto(site.url)
        if opened:
            await page.frame_locator("iframe").get_by_role("button").first.wait_for()
        if not allow:
            await page.frame_locator("iframe").get_by_role("button", name="Continue", exact=True).click()
        await page.wait_for_timeout(800)

    return shoot


async def reference(page: Page, server: FakeSessionServer, site: PartnerSite) -> None:
    """The API reference."""
    await page.route(
        "**/openapi.json", lambda route: route.fulfill(body=document(OPERATIONS, ""), content_type="application/json")
    )
    await page.goto(f"{server.url}/static/reference/index.html")
    await page.get_by_role("heading").first.wait_for()
    await page.wait_for_timeout(600)


async def mailbox(page: Page, server: FakeSessionServer, site: PartnerSite) -> None:
    """The sandbox's mailbox with two messages."""
    await page.route("**/sandbox/mailbox*", lambda route: route.fulfill(json={"messages": MAIL}))
    await page.goto(f"{server.url}/static/mailbox/index.html")
    await page.get_by_label("Test key").fill("sk_test_0123456789abcdef")
    await page.get_by_role("button", name="Show messages").click()
    await page.get_by_text("482913").first.wait_for()
    await page.wait_for_timeout(400)


SCREENS: dict[str, Shoot] = {
    "demo": demo(),
    "demo-widget": demo("Widget in the page", talking=True),
    "demo-modal": demo("Widget over the page", talking=True),
    "demo-iframe": demo("Plain iframe", talking=True),
    "demo-ended": demo("Widget in the page", ended=True),
    "widget": widget(),
    "widget-modal": widget('mode="modal" open'),
    "widget-tokens": widget('theme="dark" logo="/logo.svg"'),
    "frame-without-allow": widget(allow=False),
    "reference": reference,
    "mailbox": mailbox,
}


async def shoot(browser: Browser, name: str, size: str, scheme: Any, folder: Path) -> None:
    """One picture."""
    width, height = SIZES[size]
    async with FakeSessionServer() as server, PartnerSite() as site:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, permissions=["microphone", "camera"]
        )
        context.set_default_timeout(10_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: print(f"{name}: {error}", file=sys.stderr))
        await SCREENS[name](page, server, site)
        await page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")
        await context.close()


async def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SCREENS), help="screens, with commas between them")
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--schemes", default=",".join(SCHEMES))
    parser.add_argument("--out", type=Path, default=Path("bench/out/sites"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_FLAGS)
        for name in arguments.only.split(","):
            for size in arguments.sizes.split(","):
                for scheme in arguments.schemes.split(","):
                    await shoot(browser, name, size, scheme, arguments.out)
        await browser.close()
    print(f"pictures in {arguments.out}")


if __name__ == "__main__":
    asyncio.run(main())
