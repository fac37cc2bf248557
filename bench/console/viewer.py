"""``python -m bench.console.viewer``: what one more onlooker costs the server's processor.

This process is the server: one call of a real Chromium (640x480 at 15 a second, a fake microphone), whose
avatar speaks all the time, and onlookers who come and go. Windows without and with onlookers alternate, so that what
else goes on here falls on both.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerHandlers, PeerPolicy, PeerState
from rtc_server.rtc.viewer import Viewer
from tests.rtc.client import sine, until
from tests.static.browser import LAUNCH_FLAGS, chromium_path

PAGES = Path(__file__).parent / "viewer.html"
OUT = Path("bench/out/console_viewer.md")
GOAL_CORES = 0.03
SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class Options:
    """What is measured."""

    onlookers: int
    rounds: int
    seconds: float
    """Of a window."""
    microphone: bool
    """Whether onlookers send theirs."""


@dataclass(frozen=True)
class Window:
    """One stretch of measuring."""

    onlookers: int
    cores: float
    frames: float
    """A second and onlooker."""
    kilobits: float
    """A second and onlooker, as its page counted the video."""


class Server:
    """One call, and whoever looks on."""

    def __init__(self) -> None:
        self.hub = MediaHub()
        self.state = PeerState.CONNECTING
        handlers = PeerHandlers(
            audio=lambda samples, first: None,
            message=lambda message: None,
            state=self._moved,
            playback=lambda event: None,
            hub=self.hub,
        )
        self.peer = Peer(PeerPolicy(), handlers)
        self.viewers: list[Viewer] = []

    def _moved(self, state: PeerState) -> None:
        self.state = state

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=PAGES.read_text("utf-8"), content_type="text/html")

    async def offer(self, request: web.Request) -> web.Response:
        return web.Response(text=await self.peer.answer(await request.text()))

    async def watch(self, request: web.Request) -> web.Response:
        viewer = Viewer(PeerPolicy(), self.hub, on_state=lambda state: None, on_voice=lambda payload: None)
        self.viewers.append(viewer)
        return web.Response(text=await viewer.answer(await request.text()))

    async def leave(self) -> None:
        """Nobody looks on any more."""
        for viewer in self.viewers:
            await viewer.close()
        self.viewers.clear()

    async def speak(self) -> None:
        """The avatar talks without end."""
        number = 0
        while True:
            if self.peer.audio_out.speaking is None:
                number += 1
                noise = np.random.default_rng(number).normal(0, 0.02, 240_000).astype(np.float32)
                self.peer.audio_out.play(f"u{number}", sine(10, 24_000) * 0.3 + noise, 24_000, last=True)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Server, str]]:
    """The server on loopback."""
    server = Server()
    app = web.Application()
    app.add_routes([web.get("/", server.page), web.post("/offer", server.offer), web.post("/watch", server.watch)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield server, f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await server.leave()
        await server.peer.close()
        await runner.cleanup()


async def open_page(browser: Browser, address: str, script: str) -> Page:
    page = await browser.new_page()
    await page.goto(address)
    await page.evaluate(script)
    return page


async def measure(server: Server, browser: Browser, address: str, onlookers: int, options: Options) -> Window:
    """One window with so many onlookers, who are gone at its end."""
    script = f"watch({json.dumps(options.microphone)})"
    pages = [await open_page(browser, address, script) for _ in range(onlookers)]
    await asyncio.sleep(SETTLE_SECONDS)
    before = [json.loads(await page.evaluate("received()")) for page in pages]
    cpu, started = time.process_time(), time.monotonic()
    await asyncio.sleep(options.seconds)
    cpu, elapsed = time.process_time() - cpu, time.monotonic() - started
    after = [json.loads(await page.evaluate("received()")) for page in pages]
    frames = sum(b["frames"] - a["frames"] for a, b in zip(before, after, strict=True))
    octets = sum(b["bytes"] - a["bytes"] for a, b in zip(before, after, strict=True))
    for page in pages:
        await page.close()
    await server.leave()
    share = elapsed * max(1, onlookers)
    return Window(onlookers, cpu / elapsed, frames / share, octets * 8 / 1000 / share)


async def run(options: Options) -> list[Window]:
    """Windows without and with onlookers, in turn."""
    program = chromium_path()
    if program is None:
        sys.exit("no Chromium on this machine (Debian: apt install chromium)")
    windows: list[Window] = []
    async with serving() as (server, address), async_playwright() as playwright:
        arguments = [*LAUNCH_FLAGS, "--use-fake-ui-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        await open_page(browser, address, "call()")
        await until(lambda: server.state is PeerState.CONNECTED, timeout=15)
        speaking = asyncio.create_task(server.speak())
        await asyncio.sleep(SETTLE_SECONDS)
        for _ in range(options.rounds):
            for count in (0, options.onlookers):
                windows.append(await measure(server, browser, address, count, options))
                print(windows[-1], flush=True)
        speaking.cancel()
        await browser.close()
    return windows


def report(windows: Sequence[Window], onlookers: int) -> str:
    """The table, and what one onlooker costs."""
    without = statistics.mean(w.cores for w in windows if not w.onlookers)
    watched = [w for w in windows if w.onlookers]
    extra = (statistics.mean(w.cores for w in watched) - without) / onlookers
    lines = [
        "| onlookers | cores of the server | frames/s each | video kbit/s each |",
        "| --- | --- | --- | --- |",
        *(f"| {w.onlookers} | {w.cores:.3f} | {w.frames:.1f} | {w.kilobits:.0f} |" for w in windows),
        "",
        f"One more onlooker: **{extra:.4f} core** (goal: at most {GOAL_CORES}).",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.console.viewer", description=__doc__)
    parser.add_argument("--onlookers", type=int, default=3, help="how many at once (default 3)")
    parser.add_argument("--rounds", type=int, default=3, help="windows of each kind (default 3)")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a window (default 10)")
    parser.add_argument("--microphone", action="store_true", help="onlookers send their microphone all the time")
    options = Options(**vars(parser.parse_args()))
    windows = asyncio.run(run(options))
    text = report(windows, options.onlookers)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
