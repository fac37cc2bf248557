"""One session in a fresh headless Chromium whose microphone is a WAV file."""

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Playwright

from bench.voice_to_voice.analysis import Recording, Turn, turns
from bench.voice_to_voice.clips import Microphone
from bench.voice_to_voice.targets import Heard, Target
from tests.static.browser import LAUNCH_FLAGS, chromium_path

PAGE = Path(__file__).resolve().parent / "page.html"
CONNECT_SECONDS = 15.0
_SETTLE_SECONDS = 1.5


@dataclass(slots=True)
class Session:
    """What one session with one server gave."""

    target: str
    turns: list[Turn]
    heard: Heard
    seconds: float
    cpu_seconds: float
    cpu_by_role: dict[str, float]
    rss_mib: float
    connect_seconds: float
    jitter_buffer_ms: float


class PageHost:
    """Serves the page and forwards its offer to the target of the moment, so that all are called alike."""

    def __init__(self) -> None:
        self.target: Target | None = None
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """On a free loopback port."""
        app = web.Application()
        app.add_routes([web.get("/", self._page), web.post("/offer", self._offer)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """Close it."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    async def _offer(self, request: web.Request) -> web.Response:
        assert self.target is not None, "set before the page is opened"
        answer = await self.target.answer((await request.json())["sdp"])
        return web.json_response({"sdp": answer, "type": "answer"})


async def session(playwright: Playwright, host: PageHost, target: Target, microphone: Microphone) -> Session:
    """Call, listen to the end, and analyse. Raises what Chromium or the analysis raise."""
    host.target = target
    await target.prepare()
    flags = [
        *LAUNCH_FLAGS,
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone.file}%noloop",
    ]
    browser = await playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    try:
        page = await browser.new_page()
        await page.goto(host.url)
        before, started = await target.usage(), time.monotonic()
        await page.evaluate("call()")
        await page.wait_for_function("connected()", timeout=1000 * CONNECT_SECONDS)
        connect_seconds = time.monotonic() - started
        await asyncio.sleep(max(0.0, microphone.seconds - connect_seconds))
        after, seconds = await target.usage(), time.monotonic() - started
        recorded: dict[str, Any] = json.loads(await page.evaluate("hangUp()"))
    finally:
        await browser.close()
    await asyncio.sleep(_SETTLE_SECONDS)
    found = turns(Recording(recorded["microphone"]), Recording(recorded["voice"]), microphone.clips)
    spent = {
        role: after["threads"].get(role, 0.0) - before["threads"].get(role, 0.0)
        for role in after["threads"].keys() | before["threads"].keys()
    }
    return Session(
        target.name,
        found,
        await target.heard(),
        seconds,
        after["cpuSeconds"] - before["cpuSeconds"],
        spent,
        after["rssMib"],
        connect_seconds,
        recorded["jitterBufferMs"] or 0.0,
    )
