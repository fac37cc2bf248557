"""``python -m bench.page``: what the page weighs, when it paints, and what the avatar costs.

Files are counted as they come over the wire of the page's own server in Chromium, gzipped; a stage has what was not
there before it. The floor for the avatar is a page that shows nothing but a film of a talking head of the same size,
as a page would whose avatar comes from a server.
"""

import argparse
import asyncio
import base64
import gzip
import io
import os
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bench.page.screenshots import Shoot, begin, checks, join, nothing, scan, speak
from tests.fakes.session_server import STATIC, FakeSessionServer
from tests.static.browser import LAUNCH_FLAGS, SOFTWARE_GPU_FLAGS, chromium_path

OUT = Path("bench/out/page.md")
SLOWER = 4
"""A middling phone against this machine, as Lighthouse assumes it."""
WATCH_SECONDS = 5.0
FILM_SIZE, FILM_RATE, FILM_SECONDS = 512, 30, 8

COUNT_FRAMES = """() => {
  const real = requestAnimationFrame;
  window.frameTimes = [];
  window.requestAnimationFrame = (callback) => real((now) => {
    const began = performance.now();
    callback(now);
    window.frameTimes.push([now, performance.now() - began]);
  });
}"""
"""How long each animation frame's own code takes: the work of the page, and its submission to the GPU."""

PAINTS = """() => new Promise((resolve) => new PerformanceObserver((list) => resolve({
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
    largest: list.getEntries().at(-1).startTime,
  })).observe({ type: 'largest-contentful-paint', buffered: true }))"""


@dataclass(frozen=True)
class Motion:
    """What a page did in a few seconds."""

    cpu_share: float
    """Of one core, of its main thread."""
    frames_per_second: float
    frame_ms: Sequence[float]

    def row(self, name: str) -> str:
        """Of the table."""
        median, slow = ("–", "–")
        if self.frame_ms:
            median = f"{statistics.median(self.frame_ms):.2f}"
            slow = f"{statistics.quantiles([*self.frame_ms, *self.frame_ms], n=20)[-1]:.2f}"
        return f"| {name} | {100 * self.cpu_share:.1f} % | {self.frames_per_second:.0f} | {median} | {slow} |"


@asynccontextmanager
async def opened(browser: Browser, *, path: str = "", **context: Any) -> AsyncIterator[tuple[Page, FakeSessionServer]]:
    """The session page before a server of its own."""
    async with FakeSessionServer() as server:
        surroundings = await browser.new_context(
            viewport={"width": 1280, "height": 800}, permissions=["microphone", "camera"], **context
        )
        page = await surroundings.new_page()
        await page.add_init_script(f"({COUNT_FRAMES})()")
        await page.goto(server.page_url + path)
        yield page, server
        await surroundings.close()


async def weigh(browser: Browser) -> str:
    """Bytes by stage."""
    stages: dict[str, tuple[Shoot, bool]] = {
        "welcome screen, until it can be used": (nothing, False),
        "afterwards, ahead of time": (nothing, True),
        "device check": (begin, True),
        "call": (join, True),
        "face check": (checks(), True),
        "document": (scan, True),
    }
    lines = ["| loaded for | files | kB | kB gzipped |", "|---|---|---|---|"]
    known: set[str] = set()
    for name, (reach, idle) in stages.items():
        loaded = await _loaded(browser, reach, idle=idle)
        bodies = {path: body for path, body in loaded.items() if path not in known}
        known |= bodies.keys()
        lines.append(_weight(name, bodies))
    widget = {path.name: path.read_bytes() for path in (STATIC / "widget").glob("*.js")}
    return "\n".join([*lines, _weight("widget, on the partner's page", widget)])


async def _loaded(browser: Browser, reach: Shoot, *, idle: bool) -> dict[str, bytes]:
    """What came until a screen was reached; only what it needs where the browser has no spare moment, ``idle``."""
    async with FakeSessionServer() as server:
        context = await browser.new_context(permissions=["microphone", "camera"])
        page = await context.new_page()
        if not idle:
            await page.add_init_script("window.requestIdleCallback = () => 0")
        responses: list[Any] = []
        page.on("response", lambda response: responses.append(response))
        await page.goto(server.page_url)
        await page.get_by_role("button", name="Continue", exact=True).wait_for()
        await page.wait_for_load_state("networkidle")
        await reach(page, server)
        bodies = {}
        for response in responses:
            if response.ok and "/client/" not in response.url and not response.url.startswith("blob:"):
                bodies[response.url.removeprefix(server.url).split("?")[0]] = await response.body()
        await context.close()
    return bodies


def _weight(name: str, bodies: dict[str, bytes]) -> str:
    packed = sum(len(gzip.compress(body, 6)) for body in bodies.values())
    return f"| {name} | {len(bodies)} | {sum(map(len, bodies.values())) / 1000:.1f} | **{packed / 1000:.1f}** |"


async def paint(browser: Browser) -> str:
    """When the page shows something, on this machine and on one that is slower."""
    lines = ["| processor | cache | first paint ms | largest ms | welcome ms |", "|---|---|---|---|---|"]
    for slower in (1, SLOWER):
        async with opened(browser) as (page, _):
            session = await page.context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            for cache in ("cold", "warm"):
                await session.send("Network.setCacheDisabled", {"cacheDisabled": cache == "cold"})
                await page.reload()
                await page.get_by_role("button", name="Continue", exact=True).wait_for()
                welcome = await page.evaluate("performance.now()")
                paints = await page.evaluate(PAINTS)
                lines.append(
                    f"| {'this' if slower == 1 else f'÷ {slower}'} | {cache} | {paints['first'] or 0:.0f} | "
                    f"{paints['largest']:.0f} | {welcome:.0f} |"
                )
    return "\n".join(lines)


async def move(browser: Browser, software: Browser) -> str:
    """What the avatar costs, listening and speaking, flat and in three dimensions."""
    lines = ["| page | CPU of a core | frames/s | frame p50 ms | p95 |", "|---|---|---|---|---|"]
    for name, chromium, path in (("2-D", browser, ""), ("3-D, software rendering", software, "&avatar=3d")):
        for doing, reach in (("listening", join), ("speaking", speak)):
            async with opened(chromium, path=path) as (page, server):
                await reach(page, server)
                lines.append((await _watch(page)).row(f"{name}, {doing}"))
    page = await browser.new_page()
    await page.add_init_script(f"({COUNT_FRAMES})()")
    await page.goto("about:blank")  # The session page takes no markup as text.
    try:
        await page.set_content(f"<video autoplay loop muted width={FILM_SIZE} src='{_film()}'></video>")
        await page.wait_for_timeout(1_000)
        lines.append((await _watch(page)).row("floor: a film in place of an avatar"))
    finally:
        await page.close()
    return "\n".join(lines)


async def _watch(page: Page) -> Motion:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await page.evaluate("window.frameTimes = []")
    before = await _busy(session)
    await page.wait_for_timeout(WATCH_SECONDS * 1000)
    busy = await _busy(session) - before
    frames = await page.evaluate("window.frameTimes")
    spent: dict[float, float] = {}
    for at, took in frames:  # Callbacks of one frame have one time.
        spent[at] = spent.get(at, 0.0) + took
    return Motion(busy / WATCH_SECONDS, len(spent) / WATCH_SECONDS, list(spent.values()))


async def _busy(session: CDPSession) -> float:
    metrics = await session.send("Performance.getMetrics")
    return next(float(one["value"]) for one in metrics["metrics"] if one["name"] == "TaskDuration")


def _film() -> str:
    """A soft blob that moves about, as a data URL."""
    file = io.BytesIO()
    grid = np.mgrid[0:FILM_SIZE, 0:FILM_SIZE].astype(np.float32) / FILM_SIZE
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=FILM_RATE)
        stream.width = stream.height = FILM_SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(FILM_RATE * FILM_SECONDS):
            middle = 0.5 + 0.05 * np.sin(index / 9)
            shade = 200 * np.exp(-(((grid[0] - 0.5) ** 2 + (grid[1] - middle) ** 2) * 12))
            picture = np.repeat(shade.astype(np.uint8)[:, :, None], 3, axis=2)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FILM_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return "data:video/webm;base64," + base64.b64encode(file.getvalue()).decode()


async def measure() -> str:
    """The tables."""
    load = os.getloadavg()[0]
    async with async_playwright() as playwright:
        start = playwright.chromium.launch
        browser = await start(executable_path=chromium_path(), args=LAUNCH_FLAGS)
        software = await start(executable_path=chromium_path(), args=SOFTWARE_GPU_FLAGS)
        tables = [await weigh(browser), await paint(browser), await move(browser, software)]
        version = browser.version
        await browser.close()
        await software.close()
    head = f"load before: {load:.1f}, Chromium {version}, {os.cpu_count()} cores"
    return "\n\n".join([head, *tables]) + "\n"


def main() -> None:
    """Measure, print, and write the tables."""
    argparse.ArgumentParser(prog="python -m bench.page", description=__doc__).parse_args()
    report = asyncio.run(measure())
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
