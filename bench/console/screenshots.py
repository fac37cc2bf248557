"""Render every view of the console, on a desktop and a tablet, light and dark, with invented data.

python -m bench.console.screenshots [--only live,session] [--sizes desktop] [--schemes dark] [--out bench/out/console]
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench.console.archive import NOW_MS, fill_archive
from bench.console.crowd import link_static
from bench.console.invented import WATCHED, InventedFloor
from rtc_server.console.access import COOKIE
from rtc_server.staff.roles import Role
from tests.fakes.console_edge import ConsoleEdge, open_console
from tests.static.browser import LAUNCH_FLAGS, chromium_path

SIZES = {"desktop": (1440, 900), "tablet": (1024, 768), "upright": (768, 1024)}
SCHEMES = ("light", "dark")
SETTLE_MS = 900

FILM = """async () => {
  const picture = new Image();
  picture.src = "/static/session/avatar/portraits/leo.webp";
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const brush = canvas.getContext("2d");
  const draw = () => {
    brush.fillStyle = "#b9a58f";
    brush.fillRect(0, 0, 640, 480);
    brush.drawImage(picture, 80, 0, 480, 480);
  };
  setInterval(draw, 66);
  draw();
  const video = document.querySelector("video");
  if (video) {
    video.srcObject = canvas.captureStream(15);
    await video.play();
  }
}"""
"""A drawn person in place of the camera, over which nothing comes here."""


@dataclass
class Set:
    """What pictures are taken of."""

    edge: ConsoleEdge
    floor: InventedFloor
    token: str
    reported: str
    """Id of the session with a full report."""
    setup: str
    """Token of a link that sets an account up."""


Act = Callable[[Page, Set], Awaitable[None]]


async def nothing(page: Page, scene: Set) -> None:
    """As it loads."""


async def watch(page: Page, scene: Set) -> None:
    """A session with its picture."""
    await page.locator("video").first.wait_for()
    await page.wait_for_timeout(SETTLE_MS)
    await page.evaluate(FILM)


async def hold(page: Page, scene: Set) -> None:
    """The same in the hands of an agent."""
    staff = await scene.edge.room.accounts.everybody()
    mine = next(account for account in staff if account.name == "Robin Vale")
    scene.floor.holder = {"id": mine.id, "name": mine.name, "since": NOW_MS - 21_000}
    await page.reload()
    await watch(page, scene)


async def choose(page: Page, scene: Set) -> None:
    """The same with a node of the flow chosen."""
    await watch(page, scene)
    await page.locator(".flow .node.taken").first.click()


async def menu(page: Page, scene: Set) -> None:
    """What stands at one's name."""
    await page.locator("summary", has_text="Robin Vale").click()


async def password(page: Page, scene: Set) -> None:
    """Changing one's own password."""
    await menu(page, scene)
    await page.get_by_role("button", name="Change password").click()


async def keys(page: Page, scene: Set) -> None:
    """The list of keys over the live list."""
    await page.locator(".rows > .row").first.wait_for()
    await page.keyboard.press("?")


async def play(page: Page, scene: Set) -> None:
    """A recording that was opened with a reason."""
    await page.get_by_role("button", name="Play …").click()
    await page.get_by_label("Why do you open it?").fill("Compare with the complaint of the customer")
    await page.get_by_role("dialog").get_by_role("button", name="Play", exact=True).click()
    await page.get_by_role("button", name="Play", exact=True).click()
    await page.locator(".player").scroll_into_view_if_needed()


SCREENS: dict[str, tuple[str, Act]] = {
    "sign-in": ("", nothing),
    "set-up": ("#setup={setup}", nothing),
    "live": ("#/live", nothing),
    "menu": ("#/live", menu),
    "password": ("#/live", password),
    "keys": ("#/live", keys),
    "session": (f"#/live/{WATCHED}", watch),
    "node": (f"#/live/{WATCHED}", choose),
    "held": (f"#/live/{WATCHED}", hold),
    "reviews": ("#/reviews", nothing),
    "history": ("#/history", nothing),
    "report": ("#/history/{reported}", nothing),
    "recording": ("#/history/{reported}", play),
    "fleet": ("#/fleet", nothing),
    "alerts": ("#/alerts", nothing),
    "staff": ("#/staff", nothing),
    "audit": ("#/audit", nothing),
}
"""Address and what is done there."""
SIGNED_OUT = ("sign-in", "set-up")


async def shoot(browser: Browser, scene: Set, name: str, size: str, scheme: Any, options: argparse.Namespace) -> None:
    """One picture."""
    width, height = SIZES[size]
    scene.floor.holder = None
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, permissions=["microphone"]
    )
    context.set_default_timeout(10_000)
    if name not in SIGNED_OUT:
        cookie: Any = {"name": COOKIE, "value": scene.token, "url": scene.edge.origin.replace("http:", "https:")}
        await context.add_cookies([cookie | {"secure": True, "httpOnly": True, "sameSite": "Strict"}])
    page = await context.new_page()
    page.on("pageerror", lambda error: print(f"{name}: {error}", file=sys.stderr))
    page.on("console", lambda message: _complain(name, message.type, message.text))
    await page.clock.install(time=NOW_MS / 1000)
    address, act = SCREENS[name]
    await page.goto(f"{scene.edge.origin}/console/{address.format(setup=scene.setup, reported=scene.reported)}")
    await page.locator("h1").first.wait_for()
    await act(page, scene)
    await page.wait_for_timeout(SETTLE_MS)
    await page.screenshot(path=options.out / f"{name}-{size}-{scheme}.png", full_page=options.whole)
    await context.close()


def _complain(name: str, kind: str, text: str) -> None:
    """Say what a page complains of; that nobody is signed in is no fault."""
    if kind in ("error", "warning") and "401" not in text:
        print(f"{name}: {text}", file=sys.stderr)


@asynccontextmanager
async def opened_set() -> AsyncIterator[Set]:
    """A console with an invented day behind it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        link_static(folder)
        floor = InventedFloor(NOW_MS)
        async with open_console(folder, floor) as edge:
            edge.clock[0] = NOW_MS - 60_000
            reported = await fill_archive(edge)
            roles = (Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)
            robin = await edge.person(*roles, email="robin@northbank.example", name="Robin Vale")
            edge.clock[0] = NOW_MS
            tab = await edge.sign_in(robin)
            _, setup = await edge.room.accounts.invite("ada@northbank.example", "Ada Lund", (Role.AGENT,), ("*",))
            try:
                yield Set(edge, floor, tab.token, reported, setup)
            finally:
                await floor.close()


async def run(options: argparse.Namespace) -> None:
    """All pictures that are wanted."""
    options.out.mkdir(parents=True, exist_ok=True)
    async with opened_set() as scene, async_playwright() as playwright:
        flags = [*LAUNCH_FLAGS, "--use-fake-ui-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        for name in options.only.split(","):
            for size in options.sizes.split(","):
                for scheme in options.schemes.split(","):
                    try:
                        await shoot(browser, scene, name, size, scheme, options)
                    except Exception as error:  # the other pictures are wanted all the same
                        print(f"{name} {size} {scheme}: {error}", file=sys.stderr)
        await browser.close()
    print(f"pictures in {options.out}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SCREENS), help="views, with commas between them")
    parser.add_argument("--sizes", default=",".join(SIZES), help=f"of {', '.join(SIZES)}")
    parser.add_argument("--schemes", default=",".join(SCHEMES))
    parser.add_argument("--whole", action="store_true", help="the whole page, also what has to be scrolled to")
    parser.add_argument("--out", type=Path, default=Path("bench/out/console"))
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
